"""The pile of one account kept in plain lists: for a trace in memory, and for tests."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from thaam.money.rows import Head, Kind, Release, Row


class RowList:
    """Rows of one account in memory."""

    def __init__(self, *, opening: int = 0, opening_stated: bool = False) -> None:
        self.head = Head(level=opening, opening_stated=opening_stated)
        self._rows: list[Row] = []
        self._cuts: list[int] = []
        self._releases: dict[int, list[Release]] = {}

    def row(self, k: int) -> Row:
        """Row `k`."""
        return self._rows[k - 1]

    def append(self, row: Row) -> None:
        """Keep a new row."""
        self._rows.append(row)
        if row.kind is Kind.CUT:
            self._cuts.append(row.k)

    def link(self, k: int, below: int) -> None:
        """Set the next smaller row of row `k`."""
        self._rows[k - 1].below = below

    def next_cut(self, after: int) -> int:
        """The first CUT after row `after`, 0 if none."""
        at = bisect_right(self._cuts, after)
        return self._cuts[at] if at < len(self._cuts) else 0

    def releases(self, hold: int) -> Sequence[Release]:
        """What was released of a hold."""
        return self._releases.get(hold, ())

    def keep_release(self, hold: int, release: Release) -> None:
        """Remember a part of a release."""
        self._releases.setdefault(hold, []).append(release)
