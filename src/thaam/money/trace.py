"""One claim followed through many accounts, from the disputed debit to where every paisa is at the cut.

The trace knows postings only through an Index: who debited and credited a payment, and what one
account did with paise of one credit (a hop). It goes hop by hop, so the answer lists how far from
the victim each payment is. Nothing here knows of other claims: the answer does not depend on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

from thaam.money import ranges as sets
from thaam.money.lots import Hop
from thaam.money.ranges import Ranges
from thaam.money.terminals import Terminal

K = TypeVar("K")


class Rule(StrEnum):
    """Which paise of an account a debit takes."""

    LIFO = "lifo"
    FIFO = "fifo"


class Unknown(StrEnum):
    """Why a trail stops without an end."""

    NOT_IN_FILE = "not_in_file"
    IN_FLIGHT = "in_flight"
    POOL = "pool"
    HOP_LIMIT = "hop_limit"
    ORDER_INCONSISTENT = "order_inconsistent"


class DebitAt(NamedTuple):
    """The debit row of a payment: the `n`th posting of its account (from 1), and the kind of end it is, if any."""

    account: int
    n: int
    terminal: Terminal | None


class CreditAt(NamedTuple):
    """A credit row of a payment: the `n`th posting of its account, carrying paise `[lo, hi)` of the payment."""

    account: int
    n: int
    lo: int
    hi: int


class Index(Protocol):
    """Postings of many accounts. Payments and accounts are small ints here; rows of an account count from 1."""

    def amount(self, payment: int) -> int:
        """Paise of the whole payment."""

    def debit(self, payment: int) -> DebitAt | None:
        """Its debit row, None when it is not in the file."""

    def credits(self, payment: int) -> Sequence[CreditAt]:
        """Its credit rows, bottom up; empty when none is in the file."""

    def is_pool(self, account: int) -> bool:
        """True when the account was declared to hold many people's money."""

    def last(self, account: int, cut: int | None) -> int:
        """How many postings of the account count at the cut: those up to the last one whose running-maximum
        time is not after it. None is the end of the file."""

    def hop(self, rule: Rule, account: int, n: int, ranges: Ranges, last: int) -> Hop:
        """What the account did with paise of the credit in its `n`th posting, as of its `last`th.

        `Out.source` is the outgoing payment.
        """


class Carried(NamedTuple):
    """Paise `[lo, hi)` of a payment carry the claim, `hop` steps from the victim (the disputed debit is 1)."""

    payment: int
    lo: int
    hi: int
    hop: int


class Lying(NamedTuple):
    """Paise `[lo, hi)` of a payment are still in an account at the cut."""

    account: int
    payment: int
    lo: int
    hi: int


class Ended(NamedTuple):
    """Paise `[lo, hi)` of a payment left what banks can be asked about."""

    kind: Terminal
    payment: int
    lo: int
    hi: int


class Lost(NamedTuple):
    """Paise `[lo, hi)` of a payment cannot be followed from this file."""

    reason: Unknown
    payment: int
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Trail:
    """The answer to one claim. Held, terminal and unknown paise together are the claimed ones, exactly."""

    claimed: int
    payments: tuple[Carried, ...]
    held: tuple[Lying, ...]
    terminal: tuple[Ended, ...]
    unknown: tuple[Lost, ...]

    def totals(self) -> dict[str, int]:
        """Paise claimed, held, terminal, unknown."""
        return {
            "claimed": self.claimed,
            "held": sum(part.hi - part.lo for part in self.held),
            "terminal": sum(part.hi - part.lo for part in self.terminal),
            "unknown": sum(part.hi - part.lo for part in self.unknown),
        }


class TotalsDiffer(AssertionError):
    """Held, terminal and unknown do not make the claimed sum: the answer must not be used."""


def trace(
    index: Index, *, payment: int, ranges: Iterable[tuple[int, int]], rule: Rule, cut: int | None, max_hops: int | None
) -> Trail:
    """Follow paise `ranges` of a payment until the cut (a time of the index; None: the end of the file).

    A payment of hop `max_hops + 1` is listed, not followed. Raises TotalsDiffer rather than give an
    answer that does not add up.
    """
    claimed = sets.normalise(ranges)
    walk = _Walk(index, rule, cut)
    layer: dict[int, Ranges] = {payment: claimed}
    hop = 1
    while layer:
        arriving: dict[int, list[tuple[int, int]]] = {}
        for carrier in layer:
            walk.follow(carrier, layer[carrier], hop, arriving, beyond=max_hops is not None and hop > max_hops)
        layer = {carrier: sets.normalise(pieces) for carrier, pieces in arriving.items()}
        hop += 1
    trail = Trail(
        sets.total(claimed),
        tuple(walk.payments),
        tuple(Lying(*key, lo, hi) for key, (lo, hi) in _merged(walk.held)),
        tuple(Ended(*key, lo, hi) for key, (lo, hi) in _merged(walk.terminal)),
        tuple(Lost(*key, lo, hi) for key, (lo, hi) in _merged(walk.unknown)),
    )
    totals = trail.totals()
    if totals["held"] + totals["terminal"] + totals["unknown"] != totals["claimed"]:
        raise TotalsDiffer(f"payment {payment}: {totals}")
    return trail


class _Walk:
    """What one trace has found so far."""

    def __init__(self, index: Index, rule: Rule, cut: int | None) -> None:
        self.index = index
        self.rule = rule
        self.cut = cut
        self.seen: dict[int, Ranges] = {}
        self.payments: list[Carried] = []
        self.held: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self.terminal: dict[tuple[Terminal, int], list[tuple[int, int]]] = {}
        self.unknown: dict[tuple[Unknown, int], list[tuple[int, int]]] = {}

    def follow(
        self, payment: int, ranges: Ranges, hop: int, arriving: dict[int, list[tuple[int, int]]], *, beyond: bool
    ) -> None:
        """List one payment's paise and send them on: to an end, to an unknown, or through its payee's account."""
        self.payments += [Carried(payment, lo, hi, hop) for lo, hi in ranges]
        # Money cannot come back into a payment it already went through: the rows are not in a possible order.
        seen = self.seen.get(payment)
        if seen:
            again = sets.intersect(ranges, seen)
            self._lose(Unknown.ORDER_INCONSISTENT, payment, again)
            ranges = sets.subtract(ranges, again)
        self.seen[payment] = sets.union(seen, ranges) if seen else ranges
        debit = self.index.debit(payment)
        if debit is not None and debit.terminal:
            if self._counts(debit.account, debit.n):
                self._add(self.terminal, (debit.terminal, payment), ranges)
            else:
                self._lose(Unknown.IN_FLIGHT, payment, ranges)
            return
        if beyond:
            self._lose(Unknown.HOP_LIMIT, payment, ranges)
            return
        for credit in self.index.credits(payment):
            part = sets.intersect(ranges, ((credit.lo, credit.hi),))
            if part:
                ranges = sets.subtract(ranges, part)
                self._through(payment, credit, part, arriving)
        self._lose(Unknown.NOT_IN_FILE, payment, ranges)

    def _through(
        self, payment: int, credit: CreditAt, part: Ranges, arriving: dict[int, list[tuple[int, int]]]
    ) -> None:
        """Paise of a payment in the account of one of its credits."""
        last = self.index.last(credit.account, self.cut)
        if credit.n > last:
            self._lose(Unknown.IN_FLIGHT, payment, part)
            return
        if self.index.is_pool(credit.account):
            self._lose(Unknown.POOL, payment, part)
            return
        hop = self.index.hop(self.rule, credit.account, credit.n, sets.shift(part, -credit.lo), last)
        here = [(lies.lo + credit.lo, lies.hi + credit.lo) for lies in hop.here]
        self._add(self.held, (credit.account, payment), here)
        self._add(self.terminal, (Terminal.OVERDRAFT_REPAID, payment), sets.shift(hop.overdraft, credit.lo))
        for out in hop.outs:
            arriving.setdefault(out.source, []).append((out.child_lo, out.child_lo + out.hi - out.lo))

    def _counts(self, account: int, n: int) -> bool:
        """True when a posting is not after the cut."""
        return n <= self.index.last(account, self.cut)

    def _lose(self, reason: Unknown, payment: int, ranges: Ranges) -> None:
        self._add(self.unknown, (reason, payment), ranges)

    @staticmethod
    def _add(found: dict[K, list[tuple[int, int]]], key: K, ranges: Sequence[tuple[int, int]]) -> None:
        if ranges:
            found.setdefault(key, []).extend(ranges)


def _merged(found: dict[K, list[tuple[int, int]]]) -> list[tuple[K, tuple[int, int]]]:
    """Touching ranges under one key joined; keys in the order they were found."""
    return [(key, pair) for key, pieces in found.items() for pair in sets.normalise(pieces)]
