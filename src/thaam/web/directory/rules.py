"""The rulebook for everybody to read, and the calendar of holidays for the directory's keeper to add to."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.clocks.calendar import NoSource, add_holiday, drop_holiday
from thaam.clocks.models import Holiday, Moved
from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.rulebook.clocks import shipped_holidays
from thaam.rulebook.law_names import named_in_hindi
from thaam.rulebook.rules import NoSuchJurisdiction, place_of, places, rule, rules_in_force
from thaam.web.shared.audience import for_citizens, for_directory, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import number_of, one_line


def _place(said: str | None) -> str:
    return said if said in places() else "IN"


@for_citizens
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule in force in a place today: its value, since when, and on what authority."""
    chosen = _place(request.GET.get("place"))
    today = in_ist(datetime.now(tz=UTC)).date()
    found = rules_in_force(jurisdiction=chosen, on=today)
    lang = lang_of(request)
    context = {
        "chosen": chosen,
        "places": [(code, place_of(code)) for code in places() if not code.startswith("DRILL")],
        "rules": [
            (each, each.amount_in(lang), place_of(each.jurisdiction), each.source_hi or named_in_hindi(each.source))
            for each in found
        ],
    }
    return render(request, "directory/rules.html", context)


@for_directory
def calendar(request: HttpRequest) -> HttpResponse:
    """Holidays added here; a new one reckons every running clock anew and shows what moved."""
    now = datetime.now(tz=UTC)
    by = f"officer:{officer_of(request).pk}"
    wrong: Text | None = None
    if request.method == "POST" and "drop" in request.POST:
        found = Holiday.objects.filter(pk=number_of(request.POST.get("drop"))).first()
        moved = drop_holiday(holiday=found, by=by, at=now) if found else []
        _say(request, len(moved))
        return redirect("directory:calendar")
    if request.method == "POST":
        try:
            _, moved = add_holiday(
                jurisdiction=_place(request.POST.get("place")),
                day=date.fromisoformat(request.POST.get("day", "")),
                title=one_line(request.POST.get("title"), most=120),
                source=one_line(request.POST.get("source"), most=200),
                by=by,
                at=now,
            )
            _say(request, len(moved))
            return redirect("directory:calendar")
        except NoSource as slip:
            wrong = slip.text
        except (ValueError, NoSuchJurisdiction):
            wrong = Text("तारीख चुनें।", "Choose the day.")
    context = {
        "tab": "calendar",
        "wrong": wrong,
        "typed": request.POST,
        "places": [(code, place_of(code)) for code in places() if not code.startswith("DRILL")],
        "holidays": [(each, place_of(each.jurisdiction)) for each in Holiday.objects.order_by("-day")[:100]],
        "shipped": [
            (day, place_of(place), source) for day, place, source in shipped_holidays(since=in_ist(now).date())
        ],
        "moves": [(each, _title(each)) for each in Moved.objects.select_related("clock").order_by("-at")[:50]],
    }
    return render(request, "directory/calendar.html", context, status=422 if wrong else 200)


def _title(moved: Moved) -> Text:
    clock = moved.clock
    return rule(clock.name, jurisdiction=clock.jurisdiction, on=clock.started_at).title


def _say(request: HttpRequest, count: int) -> None:
    text = Text(f"{count} चलती समय-सीमाएँ बदलीं।", f"{count} running clocks moved.")
    messages.success(request, text.in_(lang_of(request)))
