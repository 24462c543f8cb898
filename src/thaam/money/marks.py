"""What may be done to held paise. Marks on them exclude each other's acts, so that an objection and a restoration of
the same paise cannot race: whoever comes second is refused until the first is decided.

Pure values: the verbs of the hold book ask here before they write, and so does the model in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Ranges


class Standing(StrEnum):
    """How a held paisa stands: every one of them in exactly one of these."""

    FREE = "free"  # held, nothing else said of it
    CONTESTED = "contested"  # under an objection
    PROMISED = "promised"  # earmarked for a restoration that waits for its second officer
    BEING_PAID = "being_paid"  # the bank is ordered to pay it to a victim
    GOING_BACK = "going_back"  # the bank is ordered to give it to the holder


class NotHeld(ValueError):
    """Some of these paise are not held, or on their way out already."""


class Contested(ValueError):
    """Some of these paise are under objection: the decision on it comes first."""


class Promised(ValueError):
    """Some of these paise are promised to a restoration: decide that first."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Held paise of one hold and what lies on them; every mark lies inside `held`."""

    held: Ranges = NONE
    contested: Ranges = NONE
    earmarked: Ranges = NONE
    going: Ranges = NONE  # ordered back to the holder
    paying: Ranges = NONE  # ordered to a victim; inside `earmarked`


def releasable(marks: Marks, wanted: Ranges, *, decides: bool) -> Ranges:
    """Of `wanted`, what a release order may name now; none of it when all is on its way already.

    `decides` says that this order decides the objection. Raises NotHeld, Promised, Contested.
    """
    mine = sets.intersect(wanted, marks.held)
    if mine == NONE:
        raise NotHeld(str(wanted))
    if not sets.disjoint(mine, marks.earmarked):
        raise Promised(str(mine))
    if not decides and not sets.disjoint(mine, marks.contested):
        raise Contested(str(mine))
    return sets.subtract(mine, marks.going)


def check_promise(marks: Marks, wanted: Ranges) -> None:
    """Whether these paise can be promised to a restoration. Raises NotHeld, Contested, Promised."""
    if not wanted or not sets.covers(sets.subtract(marks.held, marks.going), wanted):
        raise NotHeld(str(wanted))
    if not sets.disjoint(wanted, marks.contested):
        raise Contested(str(wanted))
    if not sets.disjoint(wanted, marks.earmarked):
        raise Promised(str(wanted))


def check_payment(marks: Marks, wanted: Ranges) -> None:
    """Whether promised paise can be ordered paid. Raises NotHeld unless all are promised, Contested."""
    if not sets.covers(marks.earmarked, wanted):
        raise NotHeld(str(wanted))
    if not sets.disjoint(wanted, marks.contested):
        raise Contested(str(wanted))


def standings(marks: Marks) -> dict[Standing, Ranges]:
    """Held paise by how they stand: the parts are disjoint and make up `held`."""
    left, parts = marks.held, dict.fromkeys(Standing, NONE)
    for standing, ranges in (
        (Standing.GOING_BACK, marks.going),
        (Standing.BEING_PAID, marks.paying),
        (Standing.CONTESTED, marks.contested),
        (Standing.PROMISED, marks.earmarked),
    ):
        parts[standing] = sets.intersect(left, ranges)
        left = sets.subtract(left, ranges)
    parts[Standing.FREE] = left
    return parts
