"""One account under the rule "first in, first out" (Clayton's rule), exact to the paisa.

Picture the account as a queue on an endless ruler. A credit lays its paise at the back; a debit takes
them from the front, oldest first, and paisa `x` of the ruler leaves as the paisa of the payment that
is as far from its start as `x` is from the front. Holds and refunds cut paise out of the middle: they
stay on the ruler as holes, and later debits step over them. Released paise join again at the back.

    credit 100 (T1)   T1 has [0, 100) of the ruler      front 0, back 100
    credit  40 (T2)   T2 has [100, 140)                 front 0, back 140
    debit   60 (T3)   takes [0, 60), all of it T1's     front 60: the bottom 60 of T1 are T3, paisa by paisa
    hold    10 of T1  [60, 70) becomes a hole           the next debit starts at 70

Under this rule the opening matters: money that was there before leaves first. The holding rule of
Thaam is LIFO (thaam.money.lots); this one answers courts that demand Clayton's rule (docs/decisions/0006).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable
from typing import NamedTuple

from thaam.money import ranges as sets
from thaam.money.lots import GivenBack, Held, Here, Hop, NotHeld, NotHere, Out, still_kept
from thaam.money.ranges import Range, Ranges
from thaam.money.rows import Release


class Taken(NamedTuple):
    """`[start, end)` of the ruler left in row `k`: as paise from `child_lo` up of payment `source`, or to a hold."""

    start: int
    end: int
    source: int
    child_lo: int
    k: int
    hold: int = 0
    cut: bool = False


class Queue:
    """The verbs of one account. `opening` is what lay there before the first row (with a sanctioned limit added);
    when it is stated, a debit beyond the back of the queue is an overdraft, which the next credit repays."""

    def __init__(self, *, opening: int = 0) -> None:
        self.front = 0
        self.back = opening
        self.last_k = 0
        self._laid: dict[int, tuple[int, int]] = {}  # row of a credit -> its place on the ruler, the front at the time
        self._debits: list[Taken] = []  # ascending on the ruler, because the front only moves up
        self._cuts: list[Taken] = []  # ascending too; a new one is put in its place
        self._releases: dict[int, list[Release]] = {}

    # Money in and out ---------------------------------------------------------------------------

    def credit(self, *, amount: int) -> int:
        """Lay `amount` paise at the back. Returns the row number."""
        self.last_k += 1
        self._laid[self.last_k] = (self.back, self.front)
        self.back += amount
        return self.last_k

    def debit(self, *, amount: int, source: int, child_lo: int = 0) -> int:
        """Take `amount` paise from the front, stepping over holes. Returns the row number."""
        self.last_k += 1
        hole = bisect_right(self._cuts, self.front, key=lambda cut: cut.end)
        while amount:
            if hole < len(self._cuts) and self._cuts[hole].start <= self.front:
                self.front = self._cuts[hole].end
                hole += 1
                continue
            size = amount if hole == len(self._cuts) else min(amount, self._cuts[hole].start - self.front)
            self._debits.append(Taken(self.front, self.front + size, source, child_lo, self.last_k))
            self.front += size
            child_lo += size
            amount -= size
        return self.last_k

    def refund(self, *, parts: Iterable[GivenBack], source: int) -> None:
        """Paise of a payment go back to their sender in payment `source`.

        What of them is still in the queue is cut out; then what has left is made up from the front,
        lowest missing piece first.
        """
        missing: list[Range] = []  # as paise of the refund
        for credit_k, lo, hi, child_lo in tuple(parts):
            found = self.hop(credit_k=credit_k, ranges=((lo, hi),)).here
            for piece in found:
                self._cut(piece, source=source, child_lo=child_lo + piece.lo - lo)
            gone = sets.subtract(((lo, hi),), ((piece.lo, piece.hi) for piece in found))
            missing += sets.shift(gone, child_lo - lo)
        for lo, hi in sets.normalise(missing):
            self.debit(amount=hi - lo, source=source, child_lo=lo)

    # Holds --------------------------------------------------------------------------------------

    def hold(self, *, credit_k: int, ranges: Iterable[Range], hold: int) -> None:
        """Keep these paise of a credit aside. Raises NotHere, with nothing written, unless all are in the queue."""
        wanted = sets.normalise(ranges)
        here = self.hop(credit_k=credit_k, ranges=wanted).here
        if sum(part.hi - part.lo for part in here) != sets.total(wanted):
            raise NotHere(f"of {wanted} only {[(part.lo, part.hi) for part in here]} is still in the account")
        for part in here:
            self._cut(part, hold=hold)

    def release(self, *, credit_k: int, ranges: Iterable[Range], hold: int) -> int:
        """Give held paise back to the holder: they join again at the back. Raises NotHeld, with nothing written."""
        wanted = sets.normalise(ranges)
        kept = self.hop(credit_k=credit_k, ranges=wanted).held
        mine = sets.normalise((part.lo, part.hi) for part in kept if part.hold == hold)
        if not wanted or mine != wanted:
            raise NotHeld(f"the hold keeps {mine} of {wanted}")
        k = self.credit(amount=sets.total(wanted))
        offset = 0
        for lo, hi in wanted:
            self._releases.setdefault(hold, []).append(Release(k, credit_k, lo, hi, offset))
            offset += hi - lo
        return k

    # One hop ------------------------------------------------------------------------------------

    def hop(self, *, credit_k: int, ranges: Iterable[Range], up_to_k: int | None = None, shift: int = 0) -> Hop:
        """What became of paise `ranges` of the credit in row `credit_k`, as of row `up_to_k` (default: now).

        `shift` asks as if the opening had been that much larger; it is right only for an account
        without cuts, where nothing but the place of the credits depends on the opening. Reads only.
        """
        last = self.last_k if up_to_k is None else up_to_k
        here: list[Here] = []
        outs: list[Out] = []
        held: list[Held] = []
        overdraft: list[Range] = []
        waiting: list[tuple[int, Ranges, int]] = [(credit_k, sets.normalise(ranges), 0)]
        while waiting:
            k, own, moved = waiting.pop()
            place, front = self._laid[k][0] + shift, self._laid[k][1]
            for lo, hi in own:
                if lo < front - place:  # the front was ahead of the back: these paise repaid an overdraft
                    overdraft.append((lo + moved, min(hi, front - place) + moved))
                    lo = min(hi, front - place)
                left: Ranges = ((lo, hi),) if lo < hi else ()
                for taken in self._over(place + lo, place + hi) if left else ():
                    if taken.k > last:
                        continue
                    a, b = max(lo, taken.start - place), min(hi, taken.end - place)
                    left = sets.subtract(left, ((a, b),))
                    child_lo = taken.child_lo + place + a - taken.start
                    if taken.hold:
                        part = Held(a + moved, b + moved, taken.hold, taken.k)
                        kept, back = still_kept(self._releases.get(taken.hold, ()), credit_k, part, last)
                        held += kept
                        waiting += back
                    else:
                        outs.append(Out(a + moved, b + moved, taken.source, child_lo, taken.k, taken.cut))
                here += [Here(a + moved, b + moved, place + a) for a, b in left]
        return Hop(
            tuple(sorted(here, key=lambda p: p.lo)),
            tuple(sorted(outs, key=lambda p: p.lo)),
            tuple(sorted(held, key=lambda p: p.lo)),
            sets.normalise(overdraft),
        )

    def feeds(self, *, first: int, last: int, ranges: Iterable[Range], shift: int) -> list[tuple[int, int, int, int]]:
        """Where paise `ranges` of the payment that left in rows `first..last` came from.

        Rows of (lo, hi, row of the credit or 0 for money that was there before, own offset there).
        """
        found: list[tuple[int, int, int, int]] = []
        laid = list(self._laid.items())
        for taken in (*self._debits, *self._cuts):
            if not first <= taken.k <= last:
                continue
            size = taken.end - taken.start
            for lo, hi in sets.intersect(ranges, ((taken.child_lo, taken.child_lo + size),)):
                start = taken.start + lo - taken.child_lo
                while lo < hi:
                    at = bisect_right(laid, start, key=lambda item: item[1][0] + shift) - 1
                    end = laid[at + 1][1][0] + shift if at + 1 < len(laid) else max(start, self.back + shift)
                    end = end if start < end else start + hi - lo  # beyond the back of the queue: an overdraft
                    step = min(hi - lo, end - start)
                    known = at >= 0 and laid[at][0] < taken.k and start < self.back + shift
                    k, place = (laid[at][0], laid[at][1][0] + shift) if known else (0, start)
                    found.append((lo, lo + step, k, start - place))
                    lo, start = lo + step, start + step
        return found

    def _over(self, start: int, end: int) -> list[Taken]:
        """Everything ever taken from `[start, end)` of the ruler."""
        found: list[Taken] = []
        for taken in (self._debits, self._cuts):
            i = bisect_right(taken, start, key=lambda t: t.end)
            j = bisect_left(taken, end, lo=i, key=lambda t: t.start)
            found += taken[i:j]
        return found

    def _cut(self, part: Here, *, source: int = 0, child_lo: int = 0, hold: int = 0) -> None:
        self.last_k += 1
        place = part.level
        insort(
            self._cuts,
            Taken(place, place + part.hi - part.lo, source, child_lo, self.last_k, hold, cut=True),
            key=lambda cut: cut.start,
        )
