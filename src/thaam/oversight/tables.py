"""The tables of a review: every total is the sum of its rows, place and channel are never mixed, "—" is not 0.

A table is checked when it is built: a table whose parts and total differ does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, QuerySet, Sum

from thaam.oversight.models import STATES, Counted, Snapshot, Summed
from thaam.oversight.places import districts_of

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
    def returned_percent(self) -> float | None:
        """Share of the held sum that is back with victims; None when nothing was held."""
        return 100 * self.restored / self.held_ever if self.held_ever else None

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


def district_table(snapshot: Snapshot, codes: Iterable[int] | None = None) -> Table:
    """By district (LGD code), with "place not settled" under None; districts without a row are named, not zero.

    With `codes` only those districts, and their sum.
    """
    table = _by(snapshot, "district")
    rows = {int(key) if key else None: row for key, row in table.rows.items()}
    expected = districts_of(snapshot.state_code)
    if codes is not None:
        expected = list(codes)
        rows = {key: row for key, row in rows.items() if key in expected}
    missing = tuple(code for code in expected if code not in rows)
    return Table(snapshot.name, "district", rows, _sum(rows) if codes is not None else table.total, missing)


def channel_table(snapshot: Snapshot) -> Table:
    """By the way the report came in: web, phone, desk, bank."""
    return _by(snapshot, "channel")


def bank_table(snapshot: Snapshot) -> Table:
    """By the victim's bank."""
    return _by(snapshot, "bank")


def modus_table(snapshot: Snapshot) -> Table:
    """By the trick told."""
    return _by(snapshot, "modus")


def delay_table(snapshot: Snapshot) -> Table:
    """By the delay of the report (steps of reckoning.DELAYS)."""
    table = _by(snapshot, "delay")
    return replace(table, rows={int(key): row for key, row in sorted(table.rows.items())})


def step_table(snapshot: Snapshot) -> Table:
    """By how far the money came: reported only, held, or returned in part or whole."""
    return _by(snapshot, "step")


def all_tables(snapshot: Snapshot) -> list[Table]:
    """Every way the complaints are parted. Each sums to the same whole; raises DoesNotAddUp when one does not."""
    tables = [
        make(snapshot) for make in (district_table, channel_table, bank_table, modus_table, delay_table, step_table)
    ]
    check_together(tables)
    return tables


def counts_by_district_and_channel(snapshot: Snapshot) -> dict[int | None, dict[str, int]]:
    """Complaints of each district by channel."""
    found: dict[int | None, dict[str, int]] = {}
    for key, n in Summed.objects.filter(snapshot=snapshot, axis="district_channel").values_list("key", "complaints"):
        code, _, channel = key.partition("|")
        found.setdefault(int(code) if code else None, {})[channel] = n
    return found


def halves_of(snapshot: Snapshot, axis: str) -> dict[str, tuple[int | None, int | None]]:
    """Medians by key: seconds from the fraud to the report, and from the report to the first hold."""
    rows = Summed.objects.filter(snapshot=snapshot, axis=axis)
    return {
        key: (told, held) for key, told, held in rows.values_list("key", "half_reported_after_s", "half_held_after_s")
    }


def complaints_behind(snapshot: Snapshot, *, codes: Iterable[int] | None = None, **where: Any) -> QuerySet[Counted]:
    """The complaints a figure is made of, e.g. district_code=378: every number opens this list. With `codes` only those
    of these districts."""
    found = Counted.objects.filter(snapshot=snapshot, withdrawn=False, **where)
    if codes is not None:
        found = found.filter(district_code__in=list(codes))
    return found.order_by("-reported_paise")


def sum_behind(snapshot: Snapshot, *, codes: Iterable[int], **where: Any) -> Figures:
    """The sum of those complaints, counted now: for an office that reviews some districts."""
    listed = complaints_behind(snapshot, codes=codes, **where).order_by()
    names = [name for name in Figures.__dataclass_fields__ if name != "complaints"]
    sums = listed.aggregate(complaints=Count("id"), **{name: Sum(f"{name}_paise", default=0) for name in names})
    return Figures(**{name: int(value) for name, value in sums.items()})


def withdrawn_count(snapshot: Snapshot) -> int:
    """Complaints taken back: counted apart, in no sum of money."""
    row = Summed.objects.filter(snapshot=snapshot, axis="withdrawn").first()
    return row.complaints if row else 0


def figures_of(row: Summed) -> Figures:
    """A stored sum as figures, which cannot be built unless they add up."""
    return Figures(
        complaints=row.complaints,
        reported=row.reported_paise,
        same_day=row.same_day_paise,
        **{state: getattr(row, f"{state}_paise") for state in STATES},
    )


_PARTED = ("district", "channel", "bank", "modus", "delay", "step")


def _by(snapshot: Snapshot, axis: str) -> Table:
    """One way to part a snapshot. All are read in one query and kept with the snapshot at hand: its sums are frozen,
    and a page draws the same table several times."""
    kept: dict[str, Table] = snapshot.__dict__.setdefault("_parted", {})
    if not kept:
        rows: dict[str, dict[Any, Figures]] = {name: {} for name in _PARTED}
        total = Figures()
        for row in Summed.objects.filter(snapshot=snapshot, axis__in=("all", *_PARTED)).order_by("key"):
            if row.axis == "all":
                total = figures_of(row)
            else:
                rows[row.axis][row.key] = figures_of(row)
        for name in _PARTED:
            kept[name] = Table(snapshot.name, name, rows[name], total)
    return kept[axis]


def _sum(rows: dict[Any, Figures]) -> Figures:
    total = Figures()
    for row in rows.values():
        total = total.plus(row)
    return total


def check_together(tables: Iterable[Table]) -> None:
    """All tables of one publication carry the same total. Raises DoesNotAddUp."""
    tables = list(tables)
    for table in tables[1:]:
        for name in Figures.__dataclass_fields__:
            if getattr(table.total, name) != getattr(tables[0].total, name):
                by = getattr(table.total, name) - getattr(tables[0].total, name)
                raise DoesNotAddUp(f"{table.axis} against {tables[0].axis}: {name}", by)
