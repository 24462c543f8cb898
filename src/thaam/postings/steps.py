"""The pile of an account without refunds and holds: two lists instead of a row object a posting."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from thaam.money.rows import Head, Kind, Release, Row


class ReadOnly(TypeError):
    """A pile read from a finished file takes no more rows."""


class Steps:
    """The pile of an account that only ever received and paid: levels and their next smaller ones, as two lists."""

    def __init__(self, signed: list[int], payments: list[int], *, opening: int, opening_stated: bool) -> None:
        self._signed = signed
        self._payments = payments
        self._levels = list(accumulate(signed, initial=opening))[1:]
        self._below, self._lower = _smaller(self._levels)
        self.head = Head(opening, len(signed), 0, opening_stated)

    def row(self, k: int) -> Row:
        """Row `k`, made when asked for."""
        signed = self._signed[k - 1]
        kind = Kind.CREDIT if signed > 0 else Kind.DEBIT
        return Row(
            k,
            kind,
            self._levels[k - 1],
            abs(signed),
            self._payments[k - 1],
            k,
            0,
            0,
            0,
            self._below[k - 1],
            self._lower[k - 1],
        )

    def next_cut(self, after: int) -> int:
        """There are no cuts here."""
        return 0

    def releases(self, hold: int) -> Sequence[Release]:
        """There are no holds here."""
        return ()

    def append(self, row: Row) -> None:
        """Refused: this pile is complete."""
        raise ReadOnly

    def link(self, k: int, below: int) -> None:
        """Refused: this pile is complete."""
        raise ReadOnly

    def keep_release(self, hold: int, release: Release) -> None:
        """Refused: this pile is complete."""
        raise ReadOnly


def _smaller(levels: list[int]) -> tuple[list[int], list[int]]:
    """For each level the numbers (from 1) of the next smaller one and of the last one not larger, 0 for none."""
    below = [0] * len(levels)
    lower = [0] * len(levels)
    waiting: list[int] = []
    for i, level in enumerate(levels):
        while waiting and levels[waiting[-1]] > level:
            below[waiting.pop()] = i + 1
        if waiting:
            lower[i] = waiting[-1] + 1
        waiting.append(i)
    return below, lower
