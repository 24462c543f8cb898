"""One account under the rule "last in, first out", exact to the paisa.

Picture the account as a pile of paise. A credit lays its paise on top; a debit takes from the top.
The *level* is the height of the pile: postings so far, less what our holds keep aside, plus the
opening. A paisa never changes its level while it lies in the pile (except when a hold below it is
lifted out, and then everything above sinks by the same amount), so "what became of paise lo..hi of
this credit" needs no replay: it needs only the later rows whose level is lower than those paise.

    credit 100 (T1)   level 100   T1 lies in [0, 100)
    credit  40 (T2)   level 140   T2 lies in [100, 140)
    debit   60 (T3)   level  80   takes [80, 140): the top 20 of T1 are the bottom 20 of T3, all of T2 its top 40
    credit  10 (T4)   level  90   T4 lies in [80, 90); what became of T1 and T2 is not touched by it

Three kinds of row change the pile (why this rule: docs/decisions/0006):

* CREDIT  money came in. A release to the holder is also a CREDIT: the released paise come back on top.
* DEBIT   money went out: everything above the level after it. Paisa `x` of the pile is paisa
          `x - level_after + child_lo` of the outgoing payment, so the bottom leaves as the bottom.
* CUT     `[bottom, top)` was taken out of the middle: kept by a hold, or sent back by a refund that
          names the payment it gives back. What lay above sinks by the size of the cut.

Each row knows the next row with a smaller level (`below`), as far as the next CUT. A hop follows
those pointers and so reads only the rows that take something, not the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from thaam.money import ranges as sets
from thaam.money.ranges import Range, Ranges
from thaam.money.rows import Kind, Release, Row, Rows


class Here(NamedTuple):
    """Paise `[lo, hi)` of the credit that still lie in the pile, from `level` up."""

    lo: int
    hi: int
    level: int


class Out(NamedTuple):
    """Paise `[lo, hi)` of the credit that left in row `k`, as paise from `child_lo` up of `source`.

    `given_back` is true when they left in a refund of the very payment they came in with.
    """

    lo: int
    hi: int
    source: int
    child_lo: int
    k: int
    given_back: bool = False


class Held(NamedTuple):
    """Paise `[lo, hi)` of the credit that a hold keeps since row `k`."""

    lo: int
    hi: int
    hold: int
    k: int


class Hop(NamedTuple):
    """What became of some paise of one credit; the four parts together are the paise asked about."""

    here: tuple[Here, ...]
    outs: tuple[Out, ...]
    held: tuple[Held, ...]
    overdraft: Ranges

    def accounted(self) -> int:
        """Paise in all parts: equals what was asked, always."""
        parts: tuple[Here | Out | Held, ...] = (*self.here, *self.outs, *self.held)
        return sum(part.hi - part.lo for part in parts) + sets.total(self.overdraft)


class GivenBack(NamedTuple):
    """Paise `[lo, hi)` of the credit in row `credit_k` go back as paise from `child_lo` up of a refund."""

    credit_k: int
    lo: int
    hi: int
    child_lo: int


class NotHere(ValueError):
    """A hold was asked for paise that no longer lie in the account."""


class NotHeld(ValueError):
    """A release names paise that the hold does not keep."""


P = TypeVar("P", Here, Out, Held)
_Segment = tuple[int, int, int]  # bottom level, top level, own offset of the bottom paisa


class Pile:
    """The verbs of one account. Every verb appends rows through `rows`; nothing is ever rewritten."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    @property
    def last_k(self) -> int:
        """Number of the last row."""
        return self.rows.head.last_k

    # Money in and out ---------------------------------------------------------------------------

    def credit(self, *, amount: int, source: int, stamp: int) -> Row:
        """Lay `amount` paise on top. Returns the row; its paise lie in `[level - amount, level)`."""
        head = self.rows.head
        return self._append(Kind.CREDIT, head.level + amount, amount, source, stamp)

    def debit(self, *, amount: int, source: int, stamp: int, child_lo: int = 0) -> Row:
        """Take `amount` paise from the top; the lowest of them is paisa `child_lo` of the payment."""
        head = self.rows.head
        return self._append(Kind.DEBIT, head.level - amount, amount, source, stamp, child_lo=child_lo)

    def refund(self, *, parts: Iterable[GivenBack], source: int, stamp: int) -> None:
        """Paise of a payment go back to their sender in payment `source`.

        Specific identification: what of them still lies here is cut out, top piece first; then each
        piece that has left already is made up from the top of the pile, top piece first.
        """
        parts = tuple(parts)
        here: list[tuple[Here, int]] = []
        missing: list[tuple[int, int]] = []  # as paise of the refund
        for credit_k, lo, hi, child_lo in parts:
            found = self.hop(credit_k=credit_k, ranges=((lo, hi),)).here
            here += [(piece, child_lo + piece.lo - lo) for piece in found]
            gone = sets.subtract(((lo, hi),), ((piece.lo, piece.hi) for piece in found))
            missing += sets.shift(gone, child_lo - lo)
        for piece, child_lo in sorted(here, key=lambda found: -found[0].level):
            self._cut(piece, source=source, hold=0, stamp=stamp, child_lo=child_lo)
        for lo, hi in reversed(sets.normalise(missing)):
            self.debit(amount=hi - lo, source=source, stamp=stamp, child_lo=lo)

    # Holds --------------------------------------------------------------------------------------

    def hold(self, *, credit_k: int, ranges: Iterable[Range], hold: int, stamp: int) -> None:
        """Keep these paise of a credit aside: one CUT a piece, the topmost first.

        Raises NotHere, with nothing written, unless all of them still lie in the account.
        """
        wanted = sets.normalise(ranges)
        here = self.hop(credit_k=credit_k, ranges=wanted).here
        if sum(part.hi - part.lo for part in here) != sets.total(wanted):
            raise NotHere(f"of {wanted} only {[(part.lo, part.hi) for part in here]} still lies in the account")
        for piece in sorted(here, key=lambda part: -part.level):
            self._cut(piece, source=0, hold=hold, stamp=stamp, child_lo=0)

    def release(self, *, credit_k: int, ranges: Iterable[Range], hold: int, stamp: int) -> Row:
        """Give held paise of a credit back to the holder: they come back on top, lowest first.

        Raises NotHeld, with nothing written, unless the hold keeps all of them.
        """
        wanted = sets.normalise(ranges)
        kept = self.hop(credit_k=credit_k, ranges=wanted).held
        mine = sets.normalise((part.lo, part.hi) for part in kept if part.hold == hold)
        if not wanted or mine != wanted:
            raise NotHeld(f"the hold keeps {mine} of {wanted}")
        amount = sets.total(wanted)
        row = self._append(Kind.CREDIT, self.rows.head.level + amount, amount, 0, stamp, hold=hold)
        offset = 0
        for lo, hi in wanted:
            self.rows.keep_release(hold, Release(row.k, credit_k, lo, hi, offset))
            offset += hi - lo
        return row

    # One hop ------------------------------------------------------------------------------------

    def hop(self, *, credit_k: int, ranges: Iterable[Range], up_to_k: int | None = None) -> Hop:
        """What became of paise `ranges` of the credit in row `credit_k`, as of row `up_to_k` (default: now).

        Sum of the parts = sum of the ranges, to the paisa. Reads, never writes.
        """
        last = self.rows.head.last_k if up_to_k is None else up_to_k
        here: list[Here] = []
        outs: list[Out] = []
        held: list[Held] = []
        overdraft: list[Range] = []
        # (row where the paise were laid, ranges as own offsets there, offset of the claim's credit minus own offset)
        waiting: list[tuple[int, Ranges, int]] = [(credit_k, sets.normalise(ranges), 0)]
        while waiting:
            k, own, shift = waiting.pop()
            laid = self.rows.row(k)
            segments, repaid = self._lie(laid, own)
            overdraft += [(lo + shift, hi + shift) for lo, hi in repaid]
            sunk = self._sink(segments, after=laid, last=last)
            here += sunk.here if not shift else [_moved(part, shift) for part in sunk.here]
            outs += sunk.outs if not shift else [_moved(part, shift) for part in sunk.outs]
            for part in sunk.held:
                kept, back = still_kept(self.rows.releases(part.hold), credit_k, _moved(part, shift), last)
                held += kept
                waiting += back
        return Hop(
            tuple(sorted(here)),
            tuple(sorted(outs)),
            tuple(sorted(held)),
            sets.normalise(overdraft),
        )

    def _lie(self, row: Row, own: Ranges) -> tuple[list[_Segment], list[Range]]:
        """Where a credit laid these paise; what lay below level 0 of a stated opening repaid an overdraft."""
        base = row.level - row.amount
        segments: list[_Segment] = []
        repaid: list[Range] = []
        for lo, hi in own:
            floor = -base if self.rows.head.opening_stated and base < 0 else 0  # own offset that lies at level 0
            if lo < floor:
                repaid.append((lo, min(hi, floor)))
                lo = min(hi, floor)
            if lo < hi:
                segments.append((base + lo, base + hi, lo))
        return segments, repaid

    def _sink(self, segments: list[_Segment], *, after: Row, last: int) -> Hop:
        """Follow the pile downwards from row `after`: the smaller levels, and every CUT on the way."""
        outs: list[Out] = []
        held: list[Held] = []
        cut_k = self.rows.next_cut(after.k)
        k = after.below
        while segments:
            if cut_k and (not k or k > cut_k):
                k = cut_k
            if not k or k > last:
                break
            row = self.rows.row(k)
            if row.kind is Kind.CUT:
                segments = _lift(segments, row, outs, held)
                cut_k = self.rows.next_cut(k)
            else:
                _take(segments, row, outs)
            k = row.below
        here = tuple(Here(own, own + top - bottom, bottom) for bottom, top, own in segments)
        return Hop(here, tuple(outs), tuple(held), ())

    # Rows ---------------------------------------------------------------------------------------

    def _cut(self, piece: Here, *, source: int, hold: int, stamp: int, child_lo: int) -> Row:
        """Take one piece out of the pile. A CUT starts a new stretch: no pointer reaches across it,
        because the levels on its two sides are not the same coordinate."""
        head, size = self.rows.head, piece.hi - piece.lo
        head.open_k = 0
        return self._append(
            Kind.CUT, head.level - size, size, source, stamp, child_lo=child_lo, bottom=piece.level, hold=hold
        )

    def _append(
        self, kind: Kind, level: int, amount: int, source: int, stamp: int, *, child_lo: int = 0, bottom: int = 0,
        hold: int = 0,
    ) -> Row:  # fmt: skip
        """Write one row and settle the pointers: each row is passed over once, so n rows cost n steps."""
        head = self.rows.head
        head.last_k += 1
        k = head.last_k
        if kind is Kind.DEBIT:
            while head.open_k:
                above = self.rows.row(head.open_k)
                if above.level <= level:
                    break
                self.rows.link(above.k, k)
                head.open_k = above.lower
        row = Row(k, kind, level, amount, source, stamp, child_lo, bottom, hold, 0, head.open_k)
        head.level, head.open_k = level, k
        self.rows.append(row)
        return row


def _moved(part: P, shift: int) -> P:
    """The same part in offsets of the credit that was asked about."""
    return part._replace(lo=part.lo + shift, hi=part.hi + shift)


def still_kept(
    releases: Iterable[Release], credit_k: int, part: Held, last: int
) -> tuple[list[Held], list[tuple[int, Ranges, int]]]:
    """Which of these held paise their hold still keeps, and where the released ones came back to.

    Second part: (row of the release, own offsets there, what to add to them to be offsets of the credit).
    """
    back: list[tuple[int, Ranges, int]] = []
    given: list[Range] = []
    for release in releases:
        lo, hi = max(part.lo, release.credit_lo), min(part.hi, release.credit_hi)
        if release.credit_k == credit_k and part.k < release.k <= last and lo < hi:
            shift = release.credit_lo - release.offset
            back.append((release.k, ((lo - shift, hi - shift),), shift))
            given.append((lo, hi))
    left = sets.subtract(((part.lo, part.hi),), given)
    return [Held(lo, hi, part.hold, part.k) for lo, hi in left], back


def _take(segments: list[_Segment], row: Row, outs: list[Out]) -> None:
    """A debit: everything above its level leaves. `segments` are ascending and stay so."""
    while segments and segments[-1][1] > row.level:
        bottom, top, own = segments.pop()
        start = max(row.level, bottom)
        outs.append(Out(own + start - bottom, own + top - bottom, row.source, start - row.level + row.child_lo, row.k))
        if start > bottom:
            segments.append((bottom, start, own))


def _lift(segments: list[_Segment], row: Row, outs: list[Out], held: list[Held]) -> list[_Segment]:
    """A cut: below it nothing changes, inside it goes to the hold or the refund, above it sinks."""
    low, high = row.bottom, row.bottom + row.amount
    left: list[_Segment] = []
    for bottom, top, own in segments:
        if bottom < low:
            left.append((bottom, min(top, low), own))
        start, end = max(bottom, low), min(top, high)
        if start < end:
            lo, hi = own + start - bottom, own + end - bottom
            if row.hold:
                held.append(Held(lo, hi, row.hold, row.k))
            else:
                outs.append(Out(lo, hi, row.source, start - low + row.child_lo, row.k, given_back=True))
        if top > high:
            start = max(bottom, high)
            left.append((start - row.amount, top - row.amount, own + start - bottom))
    return left
