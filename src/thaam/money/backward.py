"""The way back: from paise that lie or left somewhere to the credits they came with, and on to the victims.

Under LIFO the paise at a level were laid there by the last credit that crossed that level; the way
back follows the pointers to the previous smaller level, as the way forward follows the next ones. So
every trail can be walked in both directions, and either way gives the same paise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from thaam.money import ranges as sets
from thaam.money.ranges import Range, Ranges
from thaam.money.rows import Kind, Row, Rows
from thaam.money.trace import Carried, DebitAt, Index, Rule

OPENING = 0  # in place of a row: the paise were there before the first posting


class Fed(NamedTuple):
    """Paise `[lo, hi)` asked about came with the credit in row `k`, as its paise from `credit_lo` up."""

    lo: int
    hi: int
    k: int
    credit_lo: int


def fed_by_rows(rows: Rows, *, first: int, last: int, ranges: Iterable[Range]) -> list[Fed]:
    """Where paise `ranges` of the payment that left in rows `first..last` came from, under LIFO."""
    fed: list[Fed] = []
    wanted = sets.normalise(ranges)
    for k in range(first, last + 1):
        row = rows.row(k)
        lowest = row.bottom if row.kind is Kind.CUT else row.level
        mine = sets.intersect(wanted, ((row.child_lo, row.child_lo + row.amount),))
        segments = [(lowest + lo - row.child_lo, lowest + hi - row.child_lo, lo) for lo, hi in mine]
        fed += laid_by(rows, segments, before=k)
    return fed


def laid_by(rows: Rows, segments: Sequence[tuple[int, int, int]], *, before: int) -> list[Fed]:
    """Which credits laid the paise at these levels (bottom, top, own offset), seen just before row `before`."""
    fed: list[Fed] = []
    left = sorted(segments)
    if rows.head.opening_stated:  # nothing lies below zero: a debit took the bank's own money there
        left, owed = _split(left, 0)
        fed += [Fed(own, own + top - bottom, OPENING, 0) for bottom, top, own in owed]
    k = before - 1
    while left and k:
        row = rows.row(k)
        if row.kind is Kind.CREDIT:
            left = _take(left, row, fed)
            k -= 1
        elif row.kind is Kind.CUT:
            above, below = _split(left, row.bottom)
            left = [*below, *((bottom + row.amount, top + row.amount, own) for bottom, top, own in above)]
            k -= 1
        elif row.lower:
            left = _take(left, rows.row(row.lower + 1), fed)
            k = row.lower
        else:
            k = _cut_before(rows, k)  # nothing in this stretch was lower: it lay here when the stretch began
            if not k:
                first = rows.row(1)
                left = _take(left, first, fed) if first.kind is Kind.CREDIT else left
    fed += [Fed(own, own + top - bottom, OPENING, 0) for bottom, top, own in left]
    return fed


def _take(left: list[tuple[int, int, int]], row: Row, fed: list[Fed]) -> list[tuple[int, int, int]]:
    """What of these levels the credit laid is found; the rest lay there before."""
    base = row.level - row.amount
    above, below = _split(left, base)
    fed += [Fed(own, own + top - bottom, row.k, bottom - base) for bottom, top, own in above]
    return below


def _split(
    left: Iterable[tuple[int, int, int]], level: int
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]:
    """Segments above and below a level."""
    above: list[tuple[int, int, int]] = []
    below: list[tuple[int, int, int]] = []
    for bottom, top, own in left:
        if bottom < level:
            below.append((bottom, min(top, level), own))
        if top > level:
            start = max(bottom, level)
            above.append((start, top, own + start - bottom))
    return above, below


def _cut_before(rows: Rows, k: int) -> int:
    """The last CUT before row `k`, 0 if none."""
    found = 0
    while (cut := rows.next_cut(found)) and cut < k:
        found = cut
    return found


class Feed(NamedTuple):
    """Paise `[lo, hi)` asked about are paise from `payment_lo` up of `payment`; None: of the opening."""

    lo: int
    hi: int
    payment: int | None
    payment_lo: int


class BackIndex(Index, Protocol):
    """An index that can also be asked backwards."""

    def feeds(self, rule: Rule, debit: DebitAt, ranges: Ranges, last: int) -> Sequence[Feed]:
        """Where paise of the payment that left in a debit came from."""


class SourceKind(StrEnum):
    """Where a way back ends."""

    OPENING = "opening"  # money the account had before the file begins, or lent by the bank
    OUTSIDE = "outside"  # a payment whose debit is not in the file, or only after the cut
    POOL = "pool"  # a payment out of an account that holds many people's money: lots do not say whose


class Source(NamedTuple):
    """Paise `[lo, hi)` of `payment`: there the way back ends (OUTSIDE, POOL), or they left an account that had them
    before the file begins (OPENING)."""

    kind: SourceKind
    payment: int
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Origin:
    """The way back from some paise: all payments on it (`hop` counts backwards from 1) and where it ends."""

    payments: tuple[Carried, ...]
    sources: tuple[Source, ...]


def trace_back(index: BackIndex, *, payment: int, ranges: Iterable[Range], rule: Rule, cut: int | None) -> Origin:
    """Follow paise of a payment back, through its payer's account and on, to where the file begins.

    Every payment that fed it is listed with the very paise that did. A disputed debit on the way is a
    victim; the way goes on behind it, because stolen money may have been stolen before.
    """
    payments: list[Carried] = []
    ends: dict[tuple[SourceKind, int], list[Range]] = {}
    seen: dict[int, Ranges] = {}
    layer: dict[int, Ranges] = {payment: sets.normalise(ranges)}
    hop = 1
    while layer:
        coming: dict[int, list[Range]] = {}
        for carrier, paise in layer.items():
            payments += [Carried(carrier, lo, hi, hop) for lo, hi in paise]
            paise = sets.subtract(paise, seen.get(carrier, ()))
            seen[carrier] = sets.union(seen.get(carrier, ()), paise)
            debit = index.debit(carrier)
            last = 0 if debit is None else index.last(debit.account, cut)
            if debit is None or debit.n > last:  # the two banks' clocks may differ: credited, not yet debited
                ends.setdefault((SourceKind.OUTSIDE, carrier), []).extend(paise)
                continue
            if index.is_pool(debit.account):
                ends.setdefault((SourceKind.POOL, carrier), []).extend(paise)
                continue
            for feed in index.feeds(rule, debit, paise, last):
                if feed.payment is None:
                    ends.setdefault((SourceKind.OPENING, carrier), []).append((feed.lo, feed.hi))
                else:
                    piece = (feed.payment_lo, feed.payment_lo + feed.hi - feed.lo)
                    coming.setdefault(feed.payment, []).append(piece)
        layer = {carrier: sets.normalise(pieces) for carrier, pieces in coming.items()}
        hop += 1
    sources = [Source(*key, lo, hi) for key, pieces in ends.items() for lo, hi in sets.normalise(pieces)]
    return Origin(tuple(payments), tuple(sources))
