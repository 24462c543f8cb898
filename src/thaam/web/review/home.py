"""The month at a glance: five numbers, where the money is, how fast, the districts. All from one frozen snapshot."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe

from thaam.journal.ids import new_id
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight import speed
from thaam.oversight.charts.money import Outcome, outcome_bar
from thaam.oversight.charts.places import Interval, Tile, interval_chart, tile_map
from thaam.oversight.charts.time import golden_curve, heat_grid
from thaam.oversight.models import Snapshot
from thaam.oversight.tables import (
    Figures,
    Table,
    channel_table,
    check_together,
    complaints_behind,
    district_table,
    withdrawn_count,
)
from thaam.oversight.taking import take_snapshot
from thaam.parties.districts import districts, states
from thaam.parties.models import Bank
from thaam.web.review.grid import place_of
from thaam.web.shared.audience import for_review, officer_of
from thaam.web.shared.context import lang_of

STEPS = (12, 18, 25, 32)
DAYS = (Text("सोम", "Mon"), Text("मंगल", "Tue"), Text("बुध", "Wed"), Text("गुरु", "Thu"), Text("शुक्र", "Fri"),
        Text("शनि", "Sat"), Text("रवि", "Sun"))  # fmt: skip
CHANNELS = {
    "phone": Text("1930 हेल्पलाइन", "1930 helpline"),
    "web": Text("वेब", "Web"),
    "desk": Text("थाना / हेल्प डेस्क", "Station / help desk"),
    "bank": Text("बैंक शाखा", "Bank branch"),
}
NOT_SETTLED = Text("ज़िला तय नहीं", "District not settled")


@for_review
def home(request: HttpRequest) -> HttpResponse:
    """The review of one snapshot: the newest, or the one named by `?snapshot=`."""
    snapshot = chosen(request)
    if snapshot is None:
        return render(request, "review/none.html", {"tab": "home"})
    lang = lang_of(request)
    table, channels = district_table(snapshot), channel_table(snapshot)
    check_together([table, channels])
    names = {bank.code: bank.name(lang) for bank in Bank.objects.all()}
    league = speed.bank_league(snapshot)
    scale = max((row.reported for row in table.rows.values()), default=0)
    context = {
        "tab": "home",
        "snapshot": snapshot,
        "snapshots": Snapshot.objects.order_by("-taken_at")[:24],
        "place": states()[snapshot.state_code].name(lang) if snapshot.state_code else "",
        "total": table.total,
        "half_held_minutes": _minutes(speed.median_held_after_s(snapshot)),
        "withdrawn": withdrawn_count(snapshot),
        "rows": [row_of(key, row, scale, lang) for key, row in sorted_rows(table)],
        "total_bar": bar_of(table.total, table.total.reported, lang),
        "not_reported": [districts()[code].name(lang) for code in table.not_reported],
        "channels": [(CHANNELS[key].in_(lang), row) for key, row in channels.rows.items()],
        "tiles": mark_safe(_tiles(snapshot, table, lang)),
        "banks_chart": mark_safe(_banks(league, names, lang)),
        "league": [(names.get(each.bank, each.bank), each) for each in league],
        "curve": mark_safe(golden_curve(speed.golden_curve(snapshot), title=_CURVE.in_(lang))),
        "delays": speed.golden_curve(snapshot),
        "heat": mark_safe(
            heat_grid(speed.week_of_hours(snapshot), days=[day.in_(lang) for day in DAYS], title=_HEAT.in_(lang))
        ),
    }
    return render(request, "review/home.html", context)


@for_review
def behind(request: HttpRequest, name: str) -> HttpResponse:
    """The complaints a number is made of, with the same total: `?district=378`, `?channel=web`, `?bank=SBIN`."""
    snapshot = Snapshot.objects.filter(name=name).first()
    if snapshot is None:
        raise Http404(name)
    where: dict[str, Any] = {}
    if district := request.GET.get("district"):
        where["district_code"] = int(district) if district.isascii() and district.isdigit() else None
    if channel := request.GET.get("channel"):
        where["channel"] = channel[:8]
    if bank := request.GET.get("bank"):
        where["payer_bank"] = bank[:24]
    rows = complaints_behind(snapshot, **where)
    context = {
        "tab": "home",
        "snapshot": snapshot,
        "complaints": rows[:500],
        "count": rows.count(),
        "total": sum(row.reported_paise for row in rows),
    }
    return render(request, "review/behind.html", context)


@for_review
def take(request: HttpRequest) -> HttpResponse:
    """Freeze the present month (by default), by POST: figures are read from what was frozen, never live."""
    if request.method != "POST":
        return redirect("review:home")
    officer = officer_of(request)
    now = dt.datetime.now(tz=dt.UTC)
    today = now.astimezone(IST).date()
    from_on = _day(request.POST.get("from_on", "")) or today.replace(day=1)
    to_on = _day(request.POST.get("to_on", "")) or today + dt.timedelta(days=1)
    if from_on < to_on:
        take_snapshot(
            snapshot_id=request.POST.get("id") or new_id(),
            from_on=from_on,
            to_on=to_on,
            state_code=state_code_of(officer.office.state if officer.office else ""),
            by=f"officer:{officer.pk}",
            at=now,
        )
    return redirect("review:home")


@for_review
def definitions(request: HttpRequest) -> HttpResponse:
    """What every figure means, and what is never added to what."""
    return render(request, "review/definitions.html", {"tab": "definitions"})


def chosen(request: HttpRequest) -> Snapshot | None:
    """The snapshot a page is about."""
    wanted = request.GET.get("snapshot", "")[:16]
    found = Snapshot.objects.order_by("-taken_at")
    return (found.filter(name=wanted).first() if wanted else None) or found.first()


def state_code_of(name: str) -> int | None:
    """The LGD code of a state by its English or Hindi name."""
    return next((c for c, s in states().items() if name and name.casefold() in (s.name_en.casefold(), s.name_hi)), None)


def sorted_rows(table: Table) -> list[tuple[Any, Figures]]:
    """Districts by what was reported, "not settled" last."""
    return sorted(table.rows.items(), key=lambda item: (item[0] is None, -item[1].reported))


def row_of(key: Any, row: Figures, scale: int, lang: str) -> dict[str, Any]:
    """One line of the district table."""
    name = districts()[key].name(lang) if isinstance(key, int) else NOT_SETTLED.in_(lang)
    return {"key": key, "name": name, "f": row, "bar": bar_of(row, scale, lang), "few": row.complaints < 20}


def bar_of(row: Figures, scale: int, lang: str) -> Any:
    """Where the money of a row is, on the table's common scale."""
    unexplained = row.unexplained + row.seen + row.returned
    outcome = Outcome(held=row.held_ever, due=row.asked, gone=row.gone, unexplained=unexplained)
    return mark_safe(outcome_bar(outcome, scale_paise=scale, title=_BAR.in_(lang)))


_BAR = Text("पैसा कहाँ है", "Where the money is")
_CURVE = Text("शिकायत में देर और रोकी गई रकम", "Delay of the report and the share held")
_HEAT = Text("शिकायतें, दिन × घंटा", "Complaints by day and hour")


def _tiles(snapshot: Snapshot, table: Table, lang: str) -> str:
    tiles = []
    for code, (row, column) in place_of(snapshot.state_code).items():
        figures = table.rows.get(code)
        percent = figures.held_percent if figures else None
        name = districts()[code].name(lang).split("-")[0][:10]
        tiles.append(Tile(name, row, column, percent, figures.complaints if figures else 0))
    title = Text("ज़िलेवार: बताई गई रकम में से रोकी गई, %", "By district: share of the reported sum held, %")
    return tile_map(tiles, bounds=STEPS, title=title.in_(lang))


def _banks(league: list[speed.BankSpeed], names: dict[str, str], lang: str) -> str:
    rows = [
        Interval(names.get(b.bank, b.bank), b.median_minutes, b.p90_minutes or b.median_minutes, b.n, "")
        for b in league
        if b.median_minutes is not None
    ]
    title = Text("बैंकों के जवाब का समय, मिनट: आधे और 90 %", "Banks' time to answer, minutes: half and 90 %")
    return interval_chart(rows, limit_minutes=60, title=title.in_(lang))


def _minutes(seconds: float | None) -> str:
    if seconds is None:
        return "—"
    return f"{seconds / 60:.0f}" if seconds >= 600 else f"{seconds / 60:.1f}"


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
