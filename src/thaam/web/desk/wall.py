"""The wall of the control room, read from six metres: this hour as stopped lines, silent banks, the hour's money.

One line a complaint, from the fraud to now: dots until it was reported, solid while banks are asked, an upright where
money stopped. No ranking of people; nothing flashes; red only for a bank that has not answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.chase.models import Chase
from thaam.complaints.models import Complaint, Debit
from thaam.helpline.asked import waiting_calls
from thaam.helpline.ringing import calls_this_hour
from thaam.holds.models import Hold
from thaam.journal.hints import stream_url_for
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.web.desk.figures import standings_of, sum_of
from thaam.web.desk.queue import waiting
from thaam.web.shared.audience import for_operators
from thaam.web.shared.banks import names_of
from thaam.web.shared.context import lang_of

LINES_MAX = 20
MINUTES_MAX = 160
SILENT_MINUTES = 30
LEFT, WIDTH, ROW = 90.0, 640.0, 33.0
"""The drawing: where minute zero is, how wide `MINUTES_MAX` is, how high a line."""


@dataclass(frozen=True, slots=True)
class WallLine:
    """One complaint as a line: x positions in the drawing, its tone, its sum and the bank asked last."""

    y: float
    clock: datetime
    told_x: float
    end_x: float
    stopped: bool
    late: bool
    gone: bool
    onward: bool
    weight: float
    bank: str
    paise: int


def _x(minutes: float) -> float:
    return LEFT + WIDTH * max(0.0, min(minutes, MINUTES_MAX)) / MINUTES_MAX


def _lines(complaints: list[Complaint], *, lang: str, now: datetime) -> list[WallLine]:
    chases = Chase.objects.in_bulk([each.pk for each in complaints])
    paid: dict[Any, datetime] = {}
    for complaint_id, at in Debit.objects.filter(complaint__in=complaints).values_list("complaint_id", "paid_at"):
        paid[complaint_id] = min(at, paid.get(complaint_id, at))
    asked: dict[str, tuple[str, datetime, bool]] = {}
    numbers = {each.number: each.pk for each in complaints}
    for reference, bank, at, state in (
        Hold.objects.filter(reference__in=numbers, secured=False)
        .order_by("asked_at")
        .values_list("reference", "bank_id", "asked_at", "state")
    ):
        asked[reference] = (bank, at, state == "asked")
    names = names_of({bank for bank, _, _ in asked.values()}, lang)
    lines = []
    for row, standing in enumerate(standings_of(complaints, at=now)):
        complaint = standing.complaint
        start = paid.get(complaint.pk, complaint.filed_at)
        chase = chases.get(complaint.pk)
        held_at = chase.first_held_at if chase else None
        bank, asked_at, open_ = asked.get(complaint.number, ("", now, False))
        end = held_at or (chase.quiet_at if chase and chase.quiet_at else now)
        lines.append(
            WallLine(
                y=44 + row * ROW,
                clock=complaint.filed_at,
                told_x=_x((complaint.filed_at - start).total_seconds() / 60),
                end_x=max(
                    _x((end - start).total_seconds() / 60), _x((complaint.filed_at - start).total_seconds() / 60) + 6
                ),
                stopped=bool(standing.totals.get("held")),
                late=open_ and now - asked_at > timedelta(minutes=SILENT_MINUTES),
                gone=bool(standing.totals.get("gone")),
                onward=bool(standing.totals.get("asked")),
                weight=8
                if standing.claimed_paise >= 1_00_000_00
                else 5.5
                if standing.claimed_paise >= 40_000_00
                else 3.5,
                bank=names.get(bank, bank),
                paise=standing.claimed_paise,
            )
        )
    return lines


def _silent(*, lang: str, now: datetime) -> list[dict[str, Any]]:
    """Banks with an order that waits longer than half an hour: how many, how much, how long.

    An order that lapsed or was cancelled unanswered is nobody's turn any more.
    """
    since = now - timedelta(minutes=SILENT_MINUTES)
    found: dict[str, dict[str, Any]] = {}
    owed = Order.objects.filter(kind="HoldOrder", state=Order.State.OPEN).values("pk")
    for hold in Hold.objects.filter(state="asked", asked_at__lte=since, pk__in=owed).order_by("asked_at")[:200]:
        row = found.setdefault(hold.bank_id, {"count": 0, "paise": 0, "since": hold.asked_at})
        row["count"] += 1
        row["paise"] += sum(hi - lo for lo, hi in hold.asked)
    names = names_of(set(found), lang)
    rows = [
        {**row, "name": names[code], "long": _how_long(int((now - row["since"]).total_seconds() // 60))}
        for code, row in found.items()
    ]
    return sorted(rows, key=lambda row: row["since"])[:3]


def _how_long(minutes: int) -> tuple[int, Text]:
    """A number that can be read from six metres, and its unit: minutes, after two hours hours, after two days days."""
    if minutes < 120:
        return minutes, Text("मि", "min")
    if minutes < 48 * 60:
        return minutes // 60, Text("घंटे", "hours")
    return minutes // (24 * 60), Text("दिन", "days")


@for_operators
def wallboard(request: HttpRequest) -> HttpResponse:
    """The wall; refreshes itself by hints."""
    now, lang = datetime.now(tz=UTC), lang_of(request)
    hour = list(Complaint.objects.filter(filed_at__gte=now - timedelta(hours=1)).order_by("-filed_at")[:200])
    holds = list(Hold.objects.filter(asked_at__gte=now - timedelta(hours=1)).values_list("asked_at", "answered_at"))
    answered = [(done - asked).total_seconds() for asked, done in holds if done]
    sums = sum_of(standings_of(hour, at=now))
    first, asked_calls = waiting().first(), waiting_calls(now)
    lines = _lines(hour[:LINES_MAX], lang=lang, now=now)
    context = {
        "lines": lines,
        "hidden_count": max(len(hour) - LINES_MAX, 0),
        "height": 44 + max(len(lines), 1) * ROW,
        "ticks": [(minutes, _x(minutes)) for minutes in (0, 30, 60, 90, 120, 150)],
        "golden_x": _x(60),
        "hour_count": len(hour),
        "sums": sums,
        "waiting_count": waiting().count() + len(asked_calls),
        "waiting_since": min(
            [*([first.filed_at] if first else []), *(each.asked_at for each in asked_calls)], default=None
        ),
        "asked_count": len(holds),
        "answered_count": len(answered),
        "median_seconds": round(median(answered)) if answered else None,
        "silent": _silent(lang=lang, now=now),
        "lines_now": calls_this_hour(now) if settings.TELEPHONY_SECRET else None,
        "stream_url": stream_url_for(["complaint:filed", "hold:asked", "hold:held", "chase:advanced"]),
        "theme": "dark",
    }
    return render(request, "desk/wall.html", context)
