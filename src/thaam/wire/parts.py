"""The parts messages are made of: ranges of paise, the identity of a payment, the basis and the lines of an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from thaam.wire import problems
from thaam.wire.fields import MAX_INTEGER, InvalidMessage, check_object
from thaam.wire.words import (
    SEEN_REASONS,
    UNEXPLAINED_REASONS,
    Bank,
    Id,
    Jurisdiction,
    LineKind,
    LineReason,
    Paise,
    PaiseOrZero,
    Rail,
    Reference,
    Short,
    TerminalKind,
)

# Where a message names ranges without their payment: inside any payment there can be.
WHOLE = MAX_INTEGER


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Paise `[lo, hi)` inside one payment; never empty. Iterates as `lo, hi`."""

    lo: PaiseOrZero
    hi: PaiseOrZero

    def __post_init__(self) -> None:
        check_object(self)
        if self.lo >= self.hi:
            raise InvalidMessage(problems.BAD_RANGES, "", "lo must be below hi")

    def __iter__(self) -> Iterator[int]:
        yield self.lo
        yield self.hi


def ranges_of(pairs: Iterable[tuple[int, int]]) -> tuple[Range, ...]:
    """Ranges of the wire from the `(lo, hi)` pairs of the money core."""
    return tuple(Range(lo, hi) for lo, hi in pairs)


def pairs_of(ranges: Iterable[Range]) -> tuple[tuple[int, int], ...]:
    """`(lo, hi)` pairs for the money core."""
    return tuple((each.lo, each.hi) for each in ranges)


def total_paise(ranges: Iterable[Range]) -> int:
    """How many paise the ranges hold together."""
    return sum(each.hi - each.lo for each in ranges)


def check_ranges(ranges: tuple[Range, ...], amount_paise: int, *, within: int, at: str = "/ranges") -> None:
    """Raises InvalidMessage unless the ranges are sorted, apart, inside `[0, within)` and add up to the amount."""
    check_apart(ranges, within=within, at=at)
    if total_paise(ranges) != amount_paise:
        raise InvalidMessage(
            problems.AMOUNT_DIFFERS, "/amount_paise", f"the ranges hold {total_paise(ranges)} paise, not {amount_paise}"
        )


def check_apart(ranges: tuple[Range, ...], *, within: int, at: str = "/ranges") -> None:
    """Raises InvalidMessage unless the ranges are at least one, sorted, disjoint and inside `[0, within)`."""
    if not ranges:
        raise InvalidMessage(problems.BAD_RANGES, at, "at least one range")
    end = 0
    for i, each in enumerate(ranges):
        if each.lo < end:
            raise InvalidMessage(problems.BAD_RANGES, f"{at}/{i}", "ranges must be sorted and must not overlap")
        end = each.hi
    if end > within:
        raise InvalidMessage(problems.BAD_RANGES, f"{at}/{len(ranges) - 1}", f"beyond the payment's {within} paise")


def check_after(first: dt.datetime, second: dt.datetime, at: str) -> None:
    """Raises InvalidMessage unless `second` is later than `first`."""
    if second <= first:
        raise InvalidMessage(problems.BAD_TIMES, at, "must be later than the time before it")


@dataclass(frozen=True, slots=True)
class PaymentId:
    """The identity of a payment between banks: rail, reference, Indian calendar day, whole amount, both banks."""

    rail: Rail
    reference: Reference
    date: dt.date
    amount_paise: Paise
    payer_bank: Bank
    payee_bank: Bank | None = None

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class Basis:
    """Under which law, by which authority, and under which complaint or court number."""

    jurisdiction: Jurisdiction
    section: Short
    authority: Short
    reference: Short

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class IssuedBy:
    """The officer who answers for an order, and their office."""

    office: Short
    officer: Short

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class HoldShown:
    """What one side has of a hold: the order, its revision, and the paise held now, none when it knows no such hold."""

    hold_order_id: Id
    revision: PaiseOrZero
    ranges: tuple[Range, ...]

    def __post_init__(self) -> None:
        check_object(self)
        if self.ranges:
            check_apart(self.ranges, within=WHOLE)


# Which members a line of each kind must carry, and which it may.
_LINE_MUST: dict[str, frozenset[str]] = {
    "held": frozenset(),
    "onward": frozenset({"payment", "child_lo"}),
    "terminal": frozenset({"terminal_kind"}),
    "seen": frozenset({"reason"}),
    "returned": frozenset(),
    "unexplained": frozenset({"reason"}),
}
_LINE_MAY: dict[str, frozenset[str]] = {
    "held": frozenset({"lien_reference", "hold_order_id"}),
    "onward": frozenset({"particulars"}),
    "terminal": frozenset({"payment", "particulars", "child_lo"}),
    "seen": frozenset({"particulars"}),
    "returned": frozenset({"payment", "particulars", "child_lo"}),
    "unexplained": frozenset({"payment", "particulars", "child_lo"}),
}
_LINE_MEMBERS = (
    "payment", "child_lo", "terminal_kind", "particulars", "reason", "lien_reference", "hold_order_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What became of paise `[lo, hi)` of the asked payment.

    `onward`: they are paise `[child_lo, child_lo + hi - lo)` of `payment`. `terminal` needs its particulars (ATM and
    time, merchant, cheque number), or exactly "not recorded". `hold_order_id` on a held line names an earlier order
    under which the same paise were already held.
    """

    kind: LineKind
    lo: PaiseOrZero
    hi: PaiseOrZero
    payment: PaymentId | None = None
    child_lo: PaiseOrZero | None = None
    terminal_kind: TerminalKind | None = None
    particulars: Short | None = None
    reason: LineReason | None = None
    lien_reference: Reference | None = None
    hold_order_id: Id | None = None

    def __post_init__(self) -> None:
        check_object(self)
        if self.lo >= self.hi:
            raise InvalidMessage(problems.BAD_RANGES, "/lo", "lo must be below hi")
        if self.kind == "terminal" and self.particulars is None:
            raise InvalidMessage(problems.PARTICULARS_MISSING, "/particulars", "say where, or exactly 'not recorded'")
        must, may = _LINE_MUST[self.kind], _LINE_MAY[self.kind]
        for name in _LINE_MEMBERS:
            given = getattr(self, name) is not None
            if name in must and not given:
                raise InvalidMessage(problems.BAD_LINE, f"/{name}", f"a line '{self.kind}' needs it")
            if given and name not in must | may:
                raise InvalidMessage(problems.BAD_LINE, f"/{name}", f"a line '{self.kind}' does not carry it")
        reasons = {"seen": SEEN_REASONS, "unexplained": UNEXPLAINED_REASONS}.get(self.kind, ())
        if self.reason is not None and self.reason not in reasons:
            raise InvalidMessage(problems.BAD_LINE, "/reason", "one of " + ", ".join(reasons))
        self._check_child()

    def _check_child(self) -> None:
        if self.child_lo is None:
            return
        if self.payment is None:
            raise InvalidMessage(problems.BAD_LINE, "/child_lo", "child_lo needs its payment")
        if self.child_lo + self.hi - self.lo > self.payment.amount_paise:
            raise InvalidMessage(problems.BAD_RANGES, "/child_lo", "beyond the amount of the payment it went into")

    @property
    def amount_paise(self) -> int:
        """How many paise the line speaks of."""
        return self.hi - self.lo
