"""What holds cost people who were in the right, published by bank, unit and month; and how often reports were right.

Nobody is named; a group of fewer than five holds is shown as such and not split further.
"""

from __future__ import annotations

import csv
import statistics
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.grievances.harm import HarmOfGroup, accuracy_by_channel, harm_by_bank, harm_by_unit, harms, share_of_balance
from thaam.language.dates import IST, in_ist
from thaam.language.text import Text
from thaam.parties.models import Bank, Office
from thaam.web.shared.audience import for_citizens

FEW = 5
SHARES_MAX = 500
CHANNELS = {
    "web": Text("वेब से", "by web"),
    "phone": Text("1930 पर फ़ोन से", "by phone to 1930"),
    "1930": Text("1930 से", "by 1930"),
    "helpline": Text("1930 से", "by 1930"),
    "desk": Text("हेल्प डेस्क से", "at a help desk"),
    "station": Text("थाने में", "at a station"),
    "branch": Text("बैंक शाखा में", "at a bank branch"),
    "bank": Text("बैंक शाखा में", "at a bank branch"),
}


def _month(typed: str, now: datetime) -> date:
    """The first day of the month asked for (`2026-11`), the present one without."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        return in_ist(now).date().replace(day=1)


def _period(first: date) -> tuple[datetime, datetime]:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    begin, end = (datetime(day.year, day.month, day.day, tzinfo=IST).astimezone(UTC) for day in (first, after))
    return begin, end


@for_citizens
def harm(request: HttpRequest) -> HttpResponse:
    """The month's meter: minutes, share of balance, cleared or not, time to clear; by bank and unit."""
    now = datetime.now(tz=UTC)
    first = _month(request.GET.get("month", ""), now)
    begin, end = _period(first)
    found = harms(from_at=begin, to_at=end, at=now)
    wrong = [each for each in found if each.minutes_to_clear is not None]
    shares = [share for each in found[:SHARES_MAX] if (share := share_of_balance(each)) is not None]
    banks = {bank.pk: bank for bank in Bank.objects.all()}
    units = {office.code: office for office in Office.objects.all()}
    before = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    context: dict[str, Any] = {
        "first": first,
        "before": before,
        "holds": len(found),
        "wrong": len(wrong),
        "median_clear": statistics.median(each.minutes_to_clear for each in wrong if each.minutes_to_clear)
        if wrong
        else None,
        "median_share": 100 * statistics.median(shares) if shares else None,
        "rupee_days": round(sum(each.cleared_rupee_minutes for each in found) / 1440),
        "banks": [(banks.get(row.name), row) for row in harm_by_bank(from_at=begin, to_at=end, at=now)],
        "units": [(units.get(row.name), row) for row in harm_by_unit(from_at=begin, to_at=end, at=now)],
        "channels": [
            (CHANNELS.get(row.channel, Text(row.channel, row.channel)), row)
            for row in accuracy_by_channel(from_at=begin, to_at=end)
        ],
        "few": FEW,
    }
    return render(request, "citizen/harm.html", context)


@for_citizens
def harm_csv(request: HttpRequest) -> HttpResponse:
    """The same as open data: one row a bank and a unit."""
    now = datetime.now(tz=UTC)
    first = _month(request.GET.get("month", ""), now)
    begin, end = _period(first)
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(
        [
            "month",
            "group",
            "name",
            "holds",
            "cleared_holds",
            "cleared_rupees",
            "cleared_rupee_minutes",
            "median_minutes",
        ]
    )
    for kind, groups in (
        ("bank", harm_by_bank(from_at=begin, to_at=end, at=now)),
        ("unit", harm_by_unit(from_at=begin, to_at=end, at=now)),
    ):
        for row in groups:
            rows.writerow([f"{first:%Y-%m}", kind, row.name, *_cells(row)])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="thaam-harm-{first:%Y-%m}.csv"'
    return answer


def _cells(row: HarmOfGroup) -> list[object]:
    if row.holds < FEW:
        return [f"<{FEW}", "", "", "", ""]
    return [
        row.holds, row.cleared_holds, row.cleared_paise // 100, round(row.cleared_rupee_minutes),
        row.median_minutes_to_clear if row.median_minutes_to_clear is not None else "",
    ]  # fmt: skip
