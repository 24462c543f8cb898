"""Answers that give amounts only: a clerk, a spreadsheet, a bank without a node.

Such an answer says "60 went on in this payment" but not which 60 paise. The platform keeps one
allocation for every outgoing payment, over all claims: each line takes the highest paise of it that
no line took before. Taking each victim's own top paise instead would mark some paise twice and leave
others never asked for. Ranges found this way are shown as `assigned`, never as `exact`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Range, Ranges


class RangesKind(StrEnum):
    """Whether the bank named the paise or we assigned them."""

    EXACT = "exact"
    ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True)
class Assigned:
    """Paise of the outgoing payment a line took; `over_explained` of its amount found none left."""

    ranges: Ranges
    over_explained: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """Which paise of one outgoing payment are explained already, over all claims."""

    amount_paise: int
    taken: Ranges = NONE

    def assign(self, paise: int) -> tuple[Allocation, Assigned]:
        """The highest `paise` not taken yet. A line for more than is left is flagged, not refused."""
        free = sets.subtract(((0, self.amount_paise),), self.taken)
        got = sets.top(free, paise)
        return (
            Allocation(self.amount_paise, sets.union(self.taken, got)),
            Assigned(got, paise - sets.total(got)),
        )

    def mark(self, ranges: Sequence[Range]) -> Allocation:
        """Paise an exact answer named; they are not assigned again."""
        return Allocation(self.amount_paise, sets.union(self.taken, ranges))


class MoreThanAsked(ValueError):
    """The lines of an answer add up to more than was asked."""


def divide(asked: Sequence[Range], amounts: Sequence[int]) -> tuple[tuple[Ranges, ...], Ranges]:
    """Which of the asked paise each line of an amount-only answer speaks of, the first line the highest.

    Lines come in the order in which the money left, what is still there last: under the holding rule
    what left first had been on top. Second part: what no line explains. Raises MoreThanAsked.
    """
    left = sets.normalise(asked)
    if sum(amounts) > sets.total(left):
        raise MoreThanAsked(f"lines of {sum(amounts)} paise for {sets.total(left)} asked")
    lines: list[Ranges] = []
    for paise in amounts:
        lines.append(sets.top(left, paise))
        left = sets.subtract(left, lines[-1])
    return tuple(lines), left
