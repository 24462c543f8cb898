"""The account of one debit: every one of its paise in exactly one of eight states, always.

A Partition cannot be built with a paisa missing or counted twice; a figure read from it therefore
adds up, or there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from thaam.money import ranges as sets
from thaam.money.ranges import Range, Ranges


class State(StrEnum):
    """Where a paisa stands. These eight words and no others, on every page and in every table."""

    ASKED = "asked"  # an order is owed, written, or its answer due; includes in flight
    HELD = "held"  # a bank keeps it by our order
    SEEN = "seen"  # still in an account, deliberately not held: floor, merchant, exempt minimum, watched
    GONE = "gone"  # left the banks: cash, purchase, fee, crypto, abroad
    RETURNED = "returned"  # came back by the rail or from the payee
    RESTORED = "restored"  # paid back by order
    RELEASED = "released"  # given to the account holder, with a reason
    UNEXPLAINED = "unexplained"  # not found, banks disagree, outside the network, pool, order inconsistent


class DoesNotAddUp(ValueError):
    """The parts are not a partition: a paisa is missing, outside the debit, or in two states."""


@dataclass(frozen=True, slots=True)
class Partition:
    """The paise `[0, amount_paise)` of a debit, divided among the eight states.

    `parts` has an entry for every state (an empty set where there is none). Raises DoesNotAddUp
    when the parts overlap or do not make the whole.
    """

    amount_paise: int
    parts: Mapping[State, Ranges]

    def __post_init__(self) -> None:
        if self.amount_paise <= 0:
            raise DoesNotAddUp(f"a debit has at least one paisa, not {self.amount_paise}")
        full = {state: sets.normalise(self.parts.get(state, ())) for state in State}
        counted = sum(sets.total(ranges) for ranges in full.values())
        union = sets.union(*full.values())
        if union != ((0, self.amount_paise),) or counted != self.amount_paise:
            raise DoesNotAddUp(f"the states cover {union} with {counted} paise; the debit is [0, {self.amount_paise})")
        object.__setattr__(self, "parts", MappingProxyType(full))

    @classmethod
    def whole(cls, amount_paise: int, state: State = State.ASKED) -> Partition:
        """A debit of which every paisa is in `state`."""
        return cls(amount_paise, {state: ((0, amount_paise),)})

    def ranges(self, state: State) -> Ranges:
        """Which paise are in `state`."""
        return self.parts[state]

    def paise(self, state: State) -> int:
        """How many paise are in `state`."""
        return sets.total(self.parts[state])

    def totals(self) -> dict[State, int]:
        """Paise in each of the eight states; the values add up to `amount_paise`."""
        return {state: self.paise(state) for state in State}

    def state_of(self, paisa: int) -> State:
        """The one state of one paisa. Raises DoesNotAddUp when it is outside the debit."""
        for state, ranges in self.parts.items():
            if any(lo <= paisa < hi for lo, hi in ranges):
                return state
        raise DoesNotAddUp(f"paisa {paisa} is outside the debit [0, {self.amount_paise})")

    def moved(self, ranges: Iterable[Range], to: State) -> Partition:
        """The partition after these paise, whatever they were, became `to`.

        Raises DoesNotAddUp when a range lies outside the debit.
        """
        moving = sets.normalise(ranges)
        if not sets.covers(((0, self.amount_paise),), moving):
            raise DoesNotAddUp(f"{moving} is not inside the debit [0, {self.amount_paise})")
        parts = {state: sets.subtract(had, moving) for state, had in self.parts.items()}
        parts[to] = sets.union(parts[to], moving)
        return Partition(self.amount_paise, parts)
