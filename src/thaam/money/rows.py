"""The rows of one account's pile (thaam.money.lots says what they mean), and where they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class Kind(IntEnum):
    """What a row does to the pile."""

    CREDIT = 1
    DEBIT = 2
    CUT = 3


@dataclass(slots=True)
class Row:
    """One change of the pile. `k` counts the rows of the account from 1, without gaps.

    `level` is the height after the row. `source` is the caller's handle of the posting (or of the
    refund payment of a CUT), `hold` the caller's handle of the hold of a CUT or a release, 0 where
    there is none. `below` is the next row with a smaller level, `lower` the last one before with a level not
    larger, both in the same stretch between two CUTs, 0 where there is none. `stamp` is the caller's position.
    """

    k: int
    kind: Kind
    level: int
    amount: int
    source: int
    stamp: int
    child_lo: int = 0
    bottom: int = 0
    hold: int = 0
    below: int = 0
    lower: int = 0


@dataclass(frozen=True, slots=True)
class Release:
    """Held paise given back: row `k` laid `[credit_lo, credit_hi)` of the credit `credit_k` on top,
    as its own paise from `offset` up."""

    k: int
    credit_k: int
    credit_lo: int
    credit_hi: int
    offset: int


@dataclass(slots=True)
class Head:
    """Where an account stands: height of the pile, number of rows, the topmost row that nothing has
    gone under since the last CUT, and whether its opening was stated (else it is implied, and no
    overdraft can be told from money that was there before)."""

    level: int = 0
    last_k: int = 0
    open_k: int = 0
    opening_stated: bool = False


class Rows(Protocol):
    """Where the rows of one account are kept: lists in memory, a table in SQLite."""

    head: Head

    def row(self, k: int) -> Row:
        """Row `k`, `1 <= k <= head.last_k`."""

    def append(self, row: Row) -> None:
        """Keep a new row; its `k` is `head.last_k`, already raised."""

    def link(self, k: int, below: int) -> None:
        """Set `below` of row `k`; done at most once a row."""

    def next_cut(self, after: int) -> int:
        """The first CUT with `k > after`, 0 if none."""

    def releases(self, hold: int) -> Sequence[Release]:
        """What was released of a hold."""

    def keep_release(self, hold: int, release: Release) -> None:
        """Remember a part of a release."""
