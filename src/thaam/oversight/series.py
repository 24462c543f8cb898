"""Month by month: the newest whole-month snapshot of each month, and why a number moved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from thaam.oversight.models import Snapshot, Summed
from thaam.oversight.places import Scope
from thaam.oversight.tables import Figures, figures_of
from thaam.oversight.taking import month_of

MONTHS = 13


@dataclass(frozen=True, slots=True)
class Month:
    """One month as its newest snapshot has it; `figures` of a scope. None: no snapshot was taken (not zero)."""

    first: dt.date
    snapshot: Snapshot
    figures: Figures
    half_held_after_s: int | None
    by_district: dict[int | None, Figures]

    @property
    def within_60s(self) -> float | None:
        """Share of calls answered within 60 s, as frozen."""
        value = self.snapshot.beside.get("helpline", {}).get("within_60s_pct")
        return float(value) if value is not None else None


def months_up_to(snapshot: Snapshot, scope: Scope, count: int = MONTHS) -> list[Month | None]:
    """The months that end with the snapshot's own, oldest first; a month without a snapshot is None.

    The snapshot asked about stands for its own month, whole or not. Two queries.
    """
    last = snapshot.from_on.replace(day=1)
    newest: dict[dt.date, Snapshot] = {}
    taken = Snapshot.objects.filter(
        state_code=snapshot.state_code, from_on__gte=_back(last, count - 1), from_on__lt=last
    ).order_by("taken_at")
    for each in taken:
        if month := month_of(each):
            newest[month] = each
    newest[last] = snapshot
    sums: dict[Any, dict[str, dict[str, Summed]]] = {}
    for row in Summed.objects.filter(snapshot__in=newest.values(), axis__in=("all", "district", "division")):
        sums.setdefault(str(row.snapshot_id), {}).setdefault(row.axis, {})[row.key] = row
    months = (_back(last, back) for back in range(count - 1, -1, -1))
    return [_month(first, newest[first], sums, scope) if first in newest else None for first in months]


def why_moved(now: Month, before: Month | None, figure: str) -> list[tuple[int, int]]:
    """The up to three districts that moved a figure most against the month before: (code, difference in paise)."""
    if before is None:
        return []
    moved = []
    for code in {*now.by_district, *before.by_district} - {None}:
        here, there = now.by_district.get(code, Figures()), before.by_district.get(code, Figures())
        if (difference := getattr(here, figure) - getattr(there, figure)) and code is not None:
            moved.append((code, difference))
    whole = getattr(now.figures, figure) - getattr(before.figures, figure)
    pushing = [one for one in moved if (one[1] > 0) == (whole > 0)]
    return sorted(pushing, key=lambda one: (-abs(one[1]), one[0]))[:3]


def _month(first: dt.date, snapshot: Snapshot, sums: dict[Any, Any], scope: Scope) -> Month:
    mine = sums.get(str(snapshot.pk), {})
    districts = {int(key) if key else None: figures_of(row) for key, row in mine.get("district", {}).items()}
    if scope.codes is None:
        whole = mine.get("all", {}).get("")
        figures, half = (figures_of(whole), whole.half_held_after_s) if whole else (Figures(), None)
        return Month(first, snapshot, figures, half, districts)
    districts = {code: row for code, row in districts.items() if code in scope.codes}
    figures = Figures()
    for row in districts.values():
        figures = figures.plus(row)
    axis, key = ("division", scope.division) if scope.division else ("district", str(scope.codes[0]))
    found = mine.get(axis, {}).get(key)
    return Month(first, snapshot, figures, found.half_held_after_s if found else None, districts)


def _back(first: dt.date, months: int) -> dt.date:
    number = first.year * 12 + first.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
