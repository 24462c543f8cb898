"""The month at a glance: five numbers, three lists, where the money is, how fast, the districts. One snapshot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.coordination.meetings import open_decisions
from thaam.language import dates, rupees
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight import alerts, tables
from thaam.oversight.charts.time import spark
from thaam.oversight.definitions import DEFINITIONS, VERSION
from thaam.oversight.figures import CHANNELS, NOT_SETTLED, STEPS, name_of_district
from thaam.oversight.models import Snapshot, Summed
from thaam.oversight.modus import modus_name
from thaam.oversight.places import Scope, population, scope_of, state_code_of
from thaam.oversight.reckoning import DELAYS
from thaam.oversight.series import Month, months_up_to, why_moved
from thaam.oversight.speed import DELAYS as DELAY_WORDS
from thaam.oversight.tables import Figures, Table
from thaam.oversight.taking import month_of, take_snapshot
from thaam.web.review import drawing
from thaam.web.shared.audience import for_review, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import day_or_none, id_or_new, number_of

SHOWN = 100


@for_review
def home(request: HttpRequest) -> HttpResponse:
    """The review of one snapshot: the newest whole month, or the one named by `?snapshot=`."""
    snapshot = chosen(request)
    if snapshot is None:
        return render(request, "review/none.html", {"tab": "home"})
    lang, scope = lang_of(request), scope_of(officer_of(request).office)
    months = months_up_to(snapshot, scope)
    now = dt.datetime.now(tz=dt.UTC)
    table = tables.district_table(snapshot, scope.codes)
    if scope.whole:
        tables.all_tables(snapshot)
    calls = bool(snapshot.beside.get("helpline"))
    numbers = five_numbers(months, lang)
    for number in numbers[:4]:
        number["opens"] = "?step=restored" if number is numbers[2] else "?all=1"
    context = about(request, snapshot, scope, "home") | {
        "total": table.total,
        "numbers": numbers,
        "rows": rows_of(table, lang),
        "total_bar": drawing.bar_of(table.total, table.total.reported, lang),
        "not_reported": [name_of_district(code).in_(lang) for code in table.not_reported],
        "withdrawn": tables.withdrawn_count(snapshot),
        "channels": [(key, CHANNELS[key].in_(lang), row) for key, row in tables.channel_table(snapshot).rows.items()],
        "channels_total": tables.channel_table(snapshot).total,
        "drawings": [
            drawing.tiles(snapshot, scope, lang),
            drawing.banks(snapshot, scope, lang),
            drawing.heat(snapshot, scope, lang, calls=calls),
            drawing.curve(snapshot, scope, lang),
        ],
        "silent": alerts.silent_banks(now, scope),
        "ageing": alerts.ageing_holds(now, scope),
        "objections": alerts.overdue_objections(now, scope),
        "mine": open_decisions(office=officer_of(request).office).order_by("due_on")[:5],
        "today": now.astimezone(IST).date(),
    }
    return render(request, "review/home.html", context)


def about(request: HttpRequest, snapshot: Snapshot, scope: Scope, tab: str) -> dict[str, Any]:
    """What every page of a snapshot shows at its head."""
    lang = lang_of(request)
    return {
        "tab": tab,
        "snapshot": snapshot,
        "snapshots": Snapshot.objects.only("name", "from_on").order_by("-from_on", "-taken_at")[:40],
        "place": scope.name.in_(lang),
        "whole": scope.whole,
        "period": period_of(snapshot, lang),
        "closed": month_of(snapshot) is not None,
    }


def five_numbers(months: list[Month | None], lang: str) -> list[dict[str, Any]]:
    """Reported, held, returned, half the holds, calls in 60 s: value, thirteen months, last month, last year, why."""
    now = months[-1]
    assert now is not None
    before = months[-2]
    minutes = [None if m is None or m.half_held_after_s is None else m.half_held_after_s / 60 for m in months]
    percents = {
        name: [None if m is None else getattr(m.figures, f"{name}_percent") for m in months]
        for name in ("held", "returned")
    }
    reported = [None if m is None else m.figures.reported for m in months]
    within = [None if m is None else m.within_60s for m in months]
    return [
        _number("", Text("रिपोर्ट हुआ", "Reported"), rupees.short(now.figures.reported, lang), "", reported, months, lang,
                lambda v: rupees.short(int(v), lang), _why(now, before, "reported", lang)),
        _number("held", Text("रोका गया", "Held"), rupees.short(now.figures.held_ever, lang),
                _pct(now.figures.held_percent), percents["held"], months, lang,
                lambda v: f"{v:.0f} %", _why(now, before, "held_ever", lang)),
        _number("back", Text("रोके हुए में से लौटाया गया", "Of held money, returned"),
                rupees.short(now.figures.restored, lang), _pct(now.figures.returned_percent), percents["returned"],
                months, lang, lambda v: f"{v:.0f} %", _why(now, before, "restored", lang)),
        _number("", Text("शिकायत से रोक, आधे मामले", "Report to hold, half of them"), _min(minutes[-1]),
                ("मिनट" if lang != "en" else "min") if minutes[-1] is not None else "", minutes, months, lang,
                lambda v: f"{_min(v)} {'min' if lang == 'en' else 'मि'}", _why_slow(now, before, lang)),
        _number("", Text("60 सेकंड में उठी कॉल", "Calls answered in 60 s"),
                "—" if within[-1] is None else f"{within[-1]:.0f}", "%" if within[-1] is not None else "", within,
                months, lang, lambda v: f"{v:.0f} %", ""),
    ]  # fmt: skip


def _number(
    tone: str, label: Text, value: str, unit: str, line: Any, months: list[Month | None], lang: str, say: Any, why: str
) -> dict[str, Any]:
    from django.utils.safestring import mark_safe

    last, year = months[-2], months[0]
    return {
        "tone": tone,
        "label": label.in_(lang),
        "value": value,
        "unit": unit,
        "spark": mark_safe(spark(line, title=label.in_(lang))),
        "last": f"{_month_name(last.first, lang)} {say(line[-2])}" if last and line[-2] is not None else "—",
        "year": f"{_month_name(year.first, lang)} {say(line[0])}" if year and line[0] is not None else "",
        "why": why,
    }


def _why(now: Month, before: Month | None, figure: str, lang: str) -> str:
    found = why_moved(now, before, figure)
    return ", ".join(
        f"{name_of_district(code).in_(lang)} {'+' if paise > 0 else '−'}{rupees.short(abs(paise), lang)}"
        for code, paise in found
    )


def _why_slow(now: Month, before: Month | None, lang: str) -> str:
    """The districts whose half moved most, with at least 20 complaints."""
    if before is None:
        return ""
    here, there = tables.halves_of(now.snapshot, "district"), tables.halves_of(before.snapshot, "district")
    moved = []
    for code, row in now.by_district.items():
        held, earlier = here.get(str(code), (0, None))[1], there.get(str(code), (0, None))[1]
        if code is not None and row.complaints >= 20 and held is not None and earlier is not None:
            moved.append((held - earlier, code))
    down = (now.half_held_after_s or 0) <= (before.half_held_after_s or 0)
    moved = sorted((one for one in moved if (one[0] < 0) == down), key=lambda one: -abs(one[0]))[:3]
    return ", ".join(f"{name_of_district(code).in_(lang)} {'−' if s < 0 else '+'}{abs(s) // 60}" for s, code in moved)


def rows_of(table: Table, lang: str) -> list[dict[str, Any]]:
    """Lines of the district table, largest first, "not settled" last; per lakh of people where known."""
    scale = max((row.reported for row in table.rows.values()), default=0)
    return [
        {
            "key": "none" if key is None else str(key),
            "name": (NOT_SETTLED if key is None else name_of_district(key)).in_(lang),
            "f": row,
            "bar": drawing.bar_of(row, scale, lang),
            "few": row.complaints < 20,
            "people": population().get(key or 0),
        }
        for key, row in sorted(table.rows.items(), key=lambda item: (item[0] is None, -item[1].reported))
    ]


@for_review
def behind(request: HttpRequest, name: str) -> HttpResponse:
    """The complaints a number is made of, with the same total: `?district=378`, `?channel=web`, `?bank=SBIN`, ..."""
    snapshot = Snapshot.objects.filter(name=name).first()
    if snapshot is None:
        raise Http404(name)
    axis, key, where, words = _filter_of(request)
    scope = scope_of(officer_of(request).office)
    if scope.codes is None:
        row = Summed.objects.filter(snapshot=snapshot, axis=axis, key=key).first()
        figures = tables.figures_of(row) if row else Figures()
    else:
        figures = tables.sum_behind(snapshot, codes=scope.codes, **where)
    page = number_of(request.GET.get("page"), otherwise=1)
    page = min(max(page, 1), 1 + max(0, figures.complaints - 1) // SHOWN)
    listed = tables.complaints_behind(snapshot, codes=scope.codes, **where)
    found = list(listed[(page - 1) * SHOWN : page * SHOWN])
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "tab": "home",
        "snapshot": snapshot,
        "complaints": found,
        "f": figures,
        "what": words.in_(lang_of(request)),
        "place": "" if scope.whole else scope.name.in_(lang_of(request)),
        "page": page,
        "pages": 1 + max(0, figures.complaints - 1) // SHOWN,
        "query": query.urlencode(),
    }
    return render(request, "review/behind.html", context)


def _filter_of(request: HttpRequest) -> tuple[str, str, dict[str, Any], Text]:
    """(axis, key, filter, words) of the one thing asked for; without any, everything."""
    get = request.GET
    if district := get.get("district"):
        code = number_of(district) or None
        words = name_of_district(code) if code is None or code in _known() else Text("?", "?")
        return "district", "" if code is None else str(code), {"district_code": code}, words
    if channel := get.get("channel"):
        return "channel", channel[:8], {"channel": channel[:8]}, CHANNELS.get(channel, Text(channel, channel))
    if bank := get.get("bank"):
        return "bank", bank[:24], {"payer_bank": bank[:24]}, Text(bank[:24], bank[:24])
    if "modus" in get:
        return "modus", get["modus"][:24], {"modus": get["modus"][:24]}, modus_name(get["modus"])
    if (step := get.get("step")) in STEPS:
        wanted: dict[str, Any] = {"restored_paise__gt": 0}
        if step != "restored":
            wanted = {"restored_paise": 0}
            wanted |= {"held_paise": 0, "released_paise": 0} if step == "reported" else {"held_after_s__isnull": False}
        return "step", str(step), wanted, STEPS[str(step)]
    if (delay := get.get("delay", "")).isdecimal() and int(delay) < len(DELAYS):
        at = int(delay)
        wanted = {"reported_after_s__gte": DELAYS[at]}
        if at + 1 < len(DELAYS):
            wanted["reported_after_s__lt"] = DELAYS[at + 1]
        return "delay", delay, wanted, DELAY_WORDS[at]
    return "all", "", {}, Text("सब शिकायतें", "All complaints")


def _known() -> dict[int, Any]:
    from thaam.parties.districts import districts

    return dict(districts())


@for_review
def take(request: HttpRequest) -> HttpResponse:
    """Freeze the present month (by default), by POST: figures are read from what was frozen, never live."""
    if request.method != "POST":
        return redirect("review:home")
    officer = officer_of(request)
    now = dt.datetime.now(tz=dt.UTC)
    today = now.astimezone(IST).date()
    from_on = day_or_none(request.POST.get("from_on", "")) or today.replace(day=1)
    to_on = (day_or_none(request.POST.get("last_on", "")) or today) + dt.timedelta(days=1)
    if from_on < to_on:
        taken = take_snapshot(
            snapshot_id=id_or_new(request.POST.get("id")),
            from_on=from_on,
            to_on=to_on,
            state_code=state_code_of(officer.office.state if officer.office else ""),
            by=f"officer:{officer.pk}",
            at=now,
        )
        return redirect(f"/{lang_of(request)}/review/?snapshot={taken.name}")
    return redirect("review:home")


@for_review
def snapshots(request: HttpRequest) -> HttpResponse:
    """Every snapshot with its digest: what was frozen, when, and by which definitions."""
    return render(
        request, "review/snapshots.html", {"tab": "snapshots", "all": Snapshot.objects.order_by("-taken_at")[:200]}
    )


@for_review
def definitions(request: HttpRequest) -> HttpResponse:
    """What every figure means, and what is never added to what."""
    context = {"tab": "definitions", "definitions": DEFINITIONS, "version": VERSION}
    return render(request, "review/definitions.html", context)


def chosen(request: HttpRequest) -> Snapshot | None:
    """The snapshot a page is about: the one named, else the newest that covers a whole month, else the newest."""
    wanted = request.GET.get("snapshot", "")[:16]
    found = Snapshot.objects.order_by("-from_on", "-taken_at")
    if wanted and (named := found.filter(name=wanted).first()):
        return named
    newest = list(found.defer("beside")[:12])
    return next((each for each in newest if month_of(each)), newest[0] if newest else None)


def period_of(snapshot: Snapshot, lang: str) -> str:
    """मई 2026, or the two days."""
    if first := month_of(snapshot):
        return f"{_month_name(first, lang)} {first.year}"
    last = snapshot.to_on - dt.timedelta(days=1)
    return f"{snapshot.from_on:%d.%m.%Y} – {last:%d.%m.%Y}"


def _month_name(first: dt.date, lang: str) -> str:
    return (dates.MONTHS_EN if lang == "en" else dates.MONTHS_HI)[first.month - 1]


def _pct(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} %"


def _min(minutes: float | None) -> str:
    if minutes is None:
        return "—"
    return f"{minutes:.0f}" if minutes >= 10 else f"{minutes:.1f}"
