"""Follow a claim's paise down the lines: where does each of them stand, and which payments did they pass? Pure.

Level by level, so that each level is one read. A range of a payment that a claim reaches twice cannot be true: the
second time it is `unexplained: order_inconsistent`, and the walk ends there, so a circle ends too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from thaam.money import ranges as sets
from thaam.money.partition import Partition, State
from thaam.money.ranges import NONE, Ranges

PaymentKey = Any
_LEAVES = {state.value: state for state in State}
NOT_ASKED = "not_asked"
# Money in these states is lost to the victim, so that money from elsewhere may make good for it.
LOST = frozenset({State.GONE, State.UNEXPLAINED, State.SEEN, State.RELEASED})


@dataclass(frozen=True, slots=True)
class Known:
    """A line, as much of it as the walk needs."""

    lo: int
    hi: int
    kind: str
    order: Any = None
    why: str = ""
    child: PaymentKey = None
    child_lo: int = 0
    until_at: dt.datetime | None = None
    claim: Any = None


@dataclass(frozen=True, slots=True)
class Pass:
    """Paise `[lo, hi)` of a payment are `[root_lo, ...)` of the claim, `hop` payments from the victim."""

    payment: PaymentKey
    lo: int
    hi: int
    root_lo: int
    hop: int
    parent: PaymentKey = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Paise that go no further: their state, why, and where they are."""

    state: State
    why: str
    payment: PaymentKey
    lo: int
    hi: int
    root_lo: int
    hop: int
    order: Any = None
    until_at: dt.datetime | None = None

    @property
    def paise(self) -> int:
        """How many."""
        return self.hi - self.lo


@dataclass(slots=True)
class Walk:
    """Everything one claim's paise passed and where they ended."""

    amount_paise: int
    root_lo: int
    passes: list[Pass] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def recover(self, ranges: Ranges) -> None:
        """Paise of the claim `[0, amount_paise)` that came back out of other money are `restored`, wherever they went.

        What is held, returned or restored on the claim's own trail stays so: nothing comes back twice.
        """
        if not ranges:
            return
        mine = sets.shift(ranges, self.root_lo)
        pieces: list[Piece] = []
        for piece in self.pieces:
            here: Ranges = ((piece.root_lo, piece.root_lo + piece.paise),)
            back = sets.intersect(here, mine) if piece.state in LOST else NONE
            pieces += [_cut(piece, lo, hi, State.RESTORED, "recovery") for lo, hi in back]
            pieces += [_cut(piece, lo, hi, piece.state, piece.why) for lo, hi in sets.subtract(here, back)]
        self.pieces = pieces

    def give_up(self, why: str) -> None:
        """Nobody will be asked about open ends any more: they are unexplained, and nobody's turn."""
        self.pieces = [
            replace(piece, state=State.UNEXPLAINED, why=why) if piece.why == NOT_ASKED else piece
            for piece in self.pieces
        ]

    def partition(self) -> Partition:
        """The account of the claim, in its own paise `[0, amount_paise)`. Raises DoesNotAddUp."""
        parts: dict[State, list[tuple[int, int]]] = {state: [] for state in State}
        for piece in self.pieces:
            start = piece.root_lo - self.root_lo
            parts[piece.state].append((start, start + piece.paise))
        return Partition(self.amount_paise, {state: sets.normalise(pairs) for state, pairs in parts.items()})

    def pieces_of(self, state: State, why: str | None = None) -> list[Piece]:
        """The pieces in a state, biggest first."""
        found = [piece for piece in self.pieces if piece.state is state and why in (None, piece.why)]
        return sorted(found, key=lambda piece: (-piece.paise, piece.hop, str(piece.payment), piece.lo))


def _cut(piece: Piece, root_lo: int, root_hi: int, state: State, why: str) -> Piece:
    lo = piece.lo + root_lo - piece.root_lo
    return replace(piece, state=state, why=why, root_lo=root_lo, lo=lo, hi=lo + root_hi - root_lo)


LinesOf = Callable[[Iterable[PaymentKey]], Mapping[PaymentKey, Sequence[Known]]]


def walk(
    *, claim: Any, payment: PaymentKey, lo: int, hi: int, lines_of: LinesOf, at: dt.datetime, withdrawn: bool = False
) -> Walk:
    """Follow paise `[lo, hi)` of `payment` as of `at`. `lines_of` gives the lines of payments, sorted by `lo`.

    A held line past its `until_at` counts as released. The paise of a withdrawn claim are released wherever
    they were asked for or held: a hold that stands there stands for somebody else.
    """
    found = Walk(amount_paise=hi - lo, root_lo=lo)
    reached: dict[PaymentKey, Ranges] = {}
    level = [Pass(payment, lo, hi, lo, 1)]
    while level:
        lines = lines_of({step.payment for step in level})
        below: list[Pass] = []
        for step in level:
            for part in _first_time(step, reached, found):
                found.passes.append(part)
                _split(part, lines.get(part.payment, ()), found, below, claim=claim, at=at, withdrawn=withdrawn)
        level = below
    return found


def _first_time(step: Pass, reached: dict[PaymentKey, Ranges], found: Walk) -> list[Pass]:
    """The parts of a step not reached before; the rest is order_inconsistent."""
    mine: Ranges = ((step.lo, step.hi),)
    before = reached.get(step.payment, NONE)
    reached[step.payment] = sets.union(before, mine)
    for lo, hi in sets.intersect(mine, before):
        found.pieces.append(
            Piece(State.UNEXPLAINED, "order_inconsistent", step.payment, lo, hi, step.root_lo + lo - step.lo, step.hop)
        )
    return [
        Pass(step.payment, lo, hi, step.root_lo + lo - step.lo, step.hop, step.parent)
        for lo, hi in sets.subtract(mine, before)
    ]


def _split(
    step: Pass, lines: Sequence[Known], found: Walk, below: list[Pass], *, claim: Any, at: dt.datetime, withdrawn: bool
) -> None:
    """Divide one pass by the lines of its payment: what goes on joins the next level, the rest are pieces."""
    here = step.lo
    for line in lines:
        lo, hi = max(line.lo, here), min(line.hi, step.hi)
        if lo >= hi:
            continue
        if here < lo:
            found.pieces.append(_piece(step, here, lo, _not_asked(withdrawn)))
        root_lo = step.root_lo + lo - step.lo
        if line.kind == "onward":
            start = line.child_lo + lo - line.lo
            below.append(Pass(line.child, start, start + hi - lo, root_lo, step.hop + 1, step.payment))
        else:
            state, why = _state_of(line, claim, at, withdrawn)
            until_at = line.until_at if state is State.HELD else None
            found.pieces.append(Piece(state, why, step.payment, lo, hi, root_lo, step.hop, line.order, until_at))
        here = hi
    if here < step.hi:
        found.pieces.append(_piece(step, here, step.hi, _not_asked(withdrawn)))


def _piece(step: Pass, lo: int, hi: int, state_why: tuple[State, str]) -> Piece:
    return Piece(*state_why, step.payment, lo, hi, step.root_lo + lo - step.lo, step.hop)


def _not_asked(withdrawn: bool) -> tuple[State, str]:
    return (State.RELEASED, "withdrawn") if withdrawn else (State.ASKED, NOT_ASKED)


def _state_of(line: Known, claim: Any, at: dt.datetime, withdrawn: bool) -> tuple[State, str]:
    if line.kind == "held" and line.until_at is not None and at >= line.until_at:
        return State.RELEASED, "expired"
    if withdrawn and line.kind in ("asked", "held"):
        return State.RELEASED, "withdrawn"
    if line.kind == "restored" and line.claim is not None and line.claim != claim:
        return State.GONE, "REPAID_TO_OTHER_VICTIM"
    return _LEAVES[line.kind], line.why
