"""The helpline monitored: service figures of a snapshot, the week's shape, how many people each hour needs, the roster
and the watchdog."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.coordination.models import Shift
from thaam.coordination.roster import NotOfTheDesk, set_shift
from thaam.helpline.asked import waiting_calls
from thaam.helpline.store import FILE, CallStore
from thaam.journal.ids import new_id
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight import watching
from thaam.oversight.models import Snapshot
from thaam.oversight.people_needed import staffing_of
from thaam.oversight.places import scope_of
from thaam.oversight.tables import channel_table, figures_of
from thaam.parties.models import Officer
from thaam.web.review import drawing
from thaam.web.review.home import about, chosen
from thaam.web.shared.audience import for_review, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import day_or_none, number_of

_WHO_WRONG = Text("कौन बैठेगा, चुनिए।", "Choose who sits.")


@for_review
def page(request: HttpRequest) -> HttpResponse:
    """Offered, answered, abandoned, waits; calls to complaints to first hold; staffing; callbacks owed now."""
    snapshot = chosen(request)
    if snapshot is None:
        return render(request, "review/none.html", {"tab": "helpline"})
    lang, scope = lang_of(request), scope_of(officer_of(request).office)
    figures = snapshot.beside.get("helpline") or {}
    now = dt.datetime.now(tz=dt.UTC)
    lost, asked = lost_callers(now), waiting_calls(now)
    by_phone = channel_table(snapshot).rows.get("phone")
    context = about(request, snapshot, scope, "helpline") | {
        "calls": figures,
        "by_phone": by_phone,
        "half_held": _half_held(snapshot),
        "drawings": [
            drawing.heat(snapshot, scope, lang, calls=True),
            drawing.run(
                snapshot,
                scope,
                lang,
                "within_60s",
                Text("60 सेकंड में उठी कॉल, माह दर माह", "Calls answered in 60 s, by month"),
                Text("कॉल का हिस्सा, %", "Share of calls, %"),
            ),
        ]
        if figures
        else [],
        "staffing": figures.get("staffing") or staffing_of(figures),
        "lost": lost[:50],
        "asked": asked[:50],
        "owed": len(lost) + len(asked),
    }
    return render(request, "review/helpline.html", context)


def _half_held(snapshot: Snapshot) -> int | None:
    row = snapshot.sums.filter(axis="channel", key="phone").first()
    return row.half_held_after_s if row and figures_of(row).complaints else None


def lost_callers(now: dt.datetime) -> list[dict[str, Any]]:
    """Callers of the last day who gave up and did not get through since: they are owed a call."""
    if not (settings.DATA / FILE).exists():
        return []
    since = round((now - dt.timedelta(days=1)).timestamp() * 1000)
    with CallStore(settings.DATA) as store:
        found = store.abandoned_callers(since)
    return [{"number": number, "at": dt.datetime.fromtimestamp(at / 1000, dt.UTC)} for number, at in found]


@for_review
def roster(request: HttpRequest) -> HttpResponse:
    """Who sits on each turn of the coming week; an empty turn stands out. POST adds one officer to one turn."""
    officer = officer_of(request)
    now = dt.datetime.now(tz=dt.UTC)
    today = now.astimezone(IST).date()
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        who = Officer.objects.filter(pk=number_of(request.POST.get("officer"))).first()
        turn, on = request.POST.get("turn", ""), day_or_none(request.POST.get("on", ""))
        if who is None or on is None or turn not in Shift.Turn.values:
            wrong["officer"] = _WHO_WRONG
        else:
            try:
                set_shift(
                    shift_id=new_id(), on=on, turn=Shift.Turn(turn), officer=who, by=f"officer:{officer.pk}", at=now
                )
                return redirect("review:roster")
            except NotOfTheDesk as refused:
                wrong["officer"] = refused.text
    days = [today + dt.timedelta(days=n) for n in range(8)]
    seated: dict[tuple[dt.date, str], list[Officer]] = {}
    for shift in Shift.objects.filter(on__in=days).select_related("officer").order_by("at"):
        seated.setdefault((shift.on, shift.turn), []).append(shift.officer)
    lang = lang_of(request)
    context = {
        "tab": "helpline",
        "turns": [(name, words.in_(lang)) for name, _, _, words in watching.TURNS],
        "days": [
            {"on": day, "turns": [seated.get((day, name), []) for name, _, _, _ in watching.TURNS]} for day in days
        ],
        "officers": Officer.objects.filter(role__in=("operator", "supervisor"), is_active=True).order_by("username"),
        "wrong": wrong,
        "today": today,
    }
    return render(request, "review/roster.html", context, status=422 if wrong else 200)


@for_review
def watch(request: HttpRequest) -> HttpResponse:
    """What is down now, and what was told of in the last days."""
    now = dt.datetime.now(tz=dt.UTC)
    office = officer_of(request).office
    context = {
        "tab": "helpline",
        "down": watching.down_now(now),
        "last_call": watching.last_call_at(),
        "told": office.alerts.order_by("-at")[:30] if office else [],
    }
    return render(request, "review/watch.html", context)
