"""A ledger that sees all banks at once and follows every single paisa, written without any of our own arithmetic.

Each account is a pile of segments, the newest on top; a payment takes from the top and keeps the order; a hold takes
its segments out of the pile; a release puts them back on top with their past forgotten. Slow and obvious.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

Past = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """Some paise that stayed together, and every payment they travelled in with their offset in it, oldest first."""

    size: int
    past: Past = ()

    def split(self, bottom: int) -> tuple[Segment, Segment]:
        """The lowest paise, and the rest."""
        rest = tuple((payment, lo + bottom) for payment, lo in self.past)
        return replace(self, size=bottom), Segment(self.size - bottom, rest)

    def lo_in(self, payment: str) -> int | None:
        """Where in that payment these paise begin, if they were part of it."""
        return dict(self.past).get(payment)


class Omniscient:
    """Accounts, and what left them for good by what way."""

    def __init__(self) -> None:
        self.piles: dict[str, list[Segment]] = {}
        self.held: list[tuple[str, Segment]] = []
        self.ended: list[tuple[str, Segment, str]] = []  # gone, released, restored; with whom it was restored to

    def available(self, account: str) -> int:
        """Paise that can be spent."""
        return sum(segment.size for segment in self.piles.get(account, []))

    def take(self, account: str, paise: int) -> list[Segment]:
        """Take from the top of the pile; what is taken keeps its order, lowest first."""
        pile, taken = self.piles[account], []
        while paise:
            top = pile.pop()
            if top.size > paise:
                below, top = top.split(top.size - paise)
                pile.append(below)
            taken.insert(0, top)
            paise -= top.size
        return taken

    def pay(self, frm: str, to: str, paise: int, payment: str) -> None:
        """Move paise; they become that payment's, in order."""
        offset = 0
        for segment in self.take(frm, paise):
            self.piles.setdefault(to, []).append(replace(segment, past=(*segment.past, (payment, offset))))
            offset += segment.size

    def spend(self, account: str, paise: int) -> None:
        """Paise leave the banks."""
        self.ended += [("gone", segment, "") for segment in self.take(account, paise)]

    def hold(self, account: str, payment: str, lo: int, hi: int) -> None:
        """Paise `[lo, hi)` of a payment are kept; they must lie in this very account, credited by that payment."""
        found = self._cut_out(self.piles[account], payment, lo, hi, newest=True)
        assert sum(segment.size for segment in found) == hi - lo, f"{payment} [{lo}, {hi}) is not all in {account}"
        self.held += [(account, segment) for segment in found]

    def end(self, payment: str, lo: int, hi: int, how: str, whose: str = "") -> None:
        """Held paise of a payment are released (back on top of their pile) or restored."""
        segments = [segment for _, segment in self.held]
        accounts = dict(zip(map(id, segments), (account for account, _ in self.held), strict=True))
        account = next(accounts[id(one)] for one in segments if one.past and one.past[-1][0] == payment)
        found = self._cut_out(segments, payment, lo, hi, newest=True)
        assert sum(segment.size for segment in found) == hi - lo, f"{payment} [{lo}, {hi}) is not held"
        rest = [one for one in segments if id(one) not in accounts]  # parts of segments that were cut
        self.held = [(accounts.get(id(one), account), one) for one in segments if one not in rest]
        self.held += [(account, one) for one in rest]
        self.ended += [(how, segment, whose) for segment in found]
        if how == "released":
            self.piles[account].append(Segment(hi - lo))

    def states(self, payment: str, lo: int, hi: int) -> dict[str, list[tuple[int, int]]]:
        """Where the paise of a payment are now: here, held, gone, released, restored:<whose>."""
        found: dict[str, list[tuple[int, int]]] = {}
        everything = [("here", segment, "") for pile in self.piles.values() for segment in pile]
        everything += [("held", segment, "") for _, segment in self.held] + self.ended
        for state, segment, whose in everything:
            start = segment.lo_in(payment)
            if start is None:
                continue
            part = (max(lo, start), min(hi, start + segment.size))
            if part[0] < part[1]:
                found.setdefault(f"{state}:{whose}" if whose else state, []).append(part)
        return {state: _joined(parts) for state, parts in found.items()}

    @staticmethod
    def _cut_out(pile: list[Segment], payment: str, lo: int, hi: int, *, newest: bool) -> list[Segment]:
        """Remove the parts of the pile that are these paise (of the payment that brought them), and return them."""
        found: list[Segment] = []
        kept: list[Segment] = []
        for segment in pile:
            mine = segment.past and segment.past[-1][0] == payment
            start = segment.past[-1][1] if mine else 0
            a, b = max(lo, start), min(hi, start + segment.size)
            if not mine or a >= b:
                kept.append(segment)
                continue
            below, rest = segment.split(a - start) if a > start else (None, segment)
            part, above = rest.split(b - a) if b - a < rest.size else (rest, None)
            found.append(part)
            kept += [one for one in (below, above) if one is not None]
        pile[:] = kept
        return found


def _joined(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for lo, hi in sorted(parts):
        if joined and joined[-1][1] == lo:
            joined[-1] = (joined[-1][0], hi)
        else:
            joined.append((lo, hi))
    return joined
