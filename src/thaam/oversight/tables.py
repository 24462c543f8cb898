"""The tables of a review: every total is the sum of its rows, place and channel are never mixed, "—" is not 0.

A table is checked when it is built: a table whose parts and total differ does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from thaam.oversight.models import STATES, Counted, Snapshot
from thaam.parties.districts import districts

NOT_SETTLED = None  # the key of complaints whose place is not known
SMALL = 5


class DoesNotAddUp(Exception):
    """Parts and total differ. `by` is total minus parts, in the unit of the figure."""

    def __init__(self, what: str, by: int) -> None:
        super().__init__(f"{what}: total and parts differ by {by}")
        self.what, self.by = what, by


@dataclass(frozen=True, slots=True)
class Figures:
    """One row: complaints counted and paise reported, in the eight states. `same_day` is a part of what was held."""

    complaints: int = 0
    reported: int = 0
    held: int = 0
    restored: int = 0
    released: int = 0
    gone: int = 0
    asked: int = 0
    unexplained: int = 0
    seen: int = 0
    returned: int = 0
    same_day: int = 0

    def __post_init__(self) -> None:
        parts = sum(getattr(self, state) for state in STATES)
        if parts != self.reported:
            raise DoesNotAddUp("reported", self.reported - parts)
        if self.same_day > self.held_ever:
            raise DoesNotAddUp("held the same day", self.held_ever - self.same_day)

    @property
    def held_ever(self) -> int:
        """Everything a bank held at some time: still held, restored or released. Restored is a part of it."""
        return self.held + self.restored + self.released

    @property
    def held_later(self) -> int:
        """Held, but not within a day of the report."""
        return self.held_ever - self.same_day

    @property
    def rest(self) -> int:
        """What is neither held, gone nor awaited: seen, returned by the rail, not explained."""
        return self.seen + self.returned + self.unexplained

    @property
    def held_percent(self) -> float | None:
        """Share of the reported sum that was held; None when nothing was reported."""
        return 100 * self.held_ever / self.reported if self.reported else None

    @property
    def restored_percent(self) -> float | None:
        """Share of the reported sum that is back with victims."""
        return 100 * self.restored / self.reported if self.reported else None

    def plus(self, other: Figures) -> Figures:
        """Both together."""
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by key with their sum. `not_reported` are keys that exist but have no row: shown as "—", not as 0."""

    snapshot: str
    axis: str
    rows: dict[Any, Figures]
    total: Figures
    not_reported: tuple[Any, ...] = field(default=())

    def __post_init__(self) -> None:
        summed = Figures()
        for row in self.rows.values():
            summed = summed.plus(row)
        for name in Figures.__dataclass_fields__:
            if getattr(summed, name) != getattr(self.total, name):
                raise DoesNotAddUp(f"{self.axis} {name}", getattr(self.total, name) - getattr(summed, name))

    def for_the_public(self, *, smallest: int = SMALL) -> Table:
        """Rows of fewer than `smallest` complaints joined under "other", so that no single person shows.

        When what is joined would still be small, the smallest remaining row joins it too.
        """
        small = [key for key, row in self.rows.items() if 0 < row.complaints < smallest]
        others = sorted((row.complaints, str(key), key) for key, row in self.rows.items() if key not in small)
        while small and sum(self.rows[key].complaints for key in small) < smallest and others:
            small.append(others.pop(0)[2])
        if not small:
            return self
        joined = Figures()
        for key in small:
            joined = joined.plus(self.rows[key])
        kept = {key: row for key, row in self.rows.items() if key not in small}
        return replace(self, rows={**kept, "other": joined})


def district_table(snapshot: Snapshot) -> Table:
    """By district (LGD code), with "place not settled" under None; districts of the state without a row are named."""
    table = _by(snapshot, "district_code")
    expected = [code for code, d in districts().items() if d.state_code == snapshot.state_code]
    return replace(table, not_reported=tuple(code for code in expected if code not in table.rows))


def channel_table(snapshot: Snapshot) -> Table:
    """By the way the report came in: web, phone, desk, bank."""
    return _by(snapshot, "channel")


def bank_table(snapshot: Snapshot) -> Table:
    """By the victim's bank."""
    return _by(snapshot, "payer_bank")


def complaints_behind(snapshot: Snapshot, **where: Any) -> QuerySet[Counted]:
    """The complaints a figure is made of, e.g. district_code=378: every number opens this list."""
    return Counted.objects.filter(snapshot=snapshot, withdrawn=False, **where).order_by("-reported_paise", "complaint")


def _by(snapshot: Snapshot, axis: str) -> Table:
    counted = Counted.objects.filter(snapshot=snapshot, withdrawn=False)
    rows = {row.pop(axis): Figures(**row) for row in counted.values(axis).annotate(**_SUMS).order_by(axis)}
    whole = counted.aggregate(**_SUMS)
    return Table(snapshot.name, axis, rows, Figures(**{name: value or 0 for name, value in whole.items()}))


_SUMS: dict[str, Any] = {
    "complaints": Count("id"),
    "reported": Sum("reported_paise"),
    "same_day": Sum("same_day_paise"),
    **{state: Sum(f"{state}_paise") for state in STATES},
}


def withdrawn_count(snapshot: Snapshot) -> int:
    """Complaints taken back: counted apart, in no sum of money."""
    return Counted.objects.filter(Q(withdrawn=True), snapshot=snapshot).count()


def check_together(tables: Iterable[Table]) -> None:
    """All tables of one publication carry the same total. Raises DoesNotAddUp."""
    tables = list(tables)
    for table in tables[1:]:
        for name in Figures.__dataclass_fields__:
            if getattr(table.total, name) != getattr(tables[0].total, name):
                by = getattr(table.total, name) - getattr(tables[0].total, name)
                raise DoesNotAddUp(f"{table.axis} against {tables[0].axis}: {name}", by)
