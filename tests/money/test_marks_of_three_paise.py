"""Every way three paise can stand, and every set of them one can ask for: the marks against ifs on single paise."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from thaam.money import ranges as sets
from thaam.money.marks import (
    Contested,
    Marks,
    NotHeld,
    Promised,
    Standing,
    check_payment,
    check_promise,
    releasable,
    standings,
)
from thaam.money.ranges import Ranges

PAISE = range(3)
ORDERS = ("", "earmarked", "paying", "going")  # at most one order or promise lies on a paisa; what is paid was promised
WAYS: list[frozenset[str]] = [frozenset()] + [
    frozenset({"held", order, *({"earmarked"} if order == "paying" else ()), contested} - {""})
    for order in ORDERS
    for contested in ("", "contested")
]


def ranges_of(paise: list[int]) -> Ranges:
    return sets.normalise((each, each + 1) for each in paise)


def accounts() -> Iterator[tuple[dict[int, frozenset[str]], Marks]]:
    """Three paise with what lies on each, and the same as marks."""
    for ways in product(WAYS, repeat=len(PAISE)):
        on = dict(zip(PAISE, ways, strict=True))
        yield (
            on,
            Marks(
                **{
                    mark: ranges_of([each for each in PAISE if mark in on[each]])
                    for mark in ("held", "contested", "earmarked", "going", "paying")
                }
            ),
        )


def subsets() -> Iterator[list[int]]:
    for chosen in product([False, True], repeat=len(PAISE)):
        yield [each for each in PAISE if chosen[each]]


def refused(act: object, *args: object, **named: object) -> object:
    """What an act answers, or the name of its refusal."""
    try:
        return act(*args, **named)  # type: ignore[operator]
    except (NotHeld, Promised, Contested) as refusal:
        return type(refusal)


def any_of(on: dict[int, frozenset[str]], paise: list[int], mark: str) -> bool:
    return any(mark in on[each] for each in paise)


@pytest.mark.parametrize("decides", [True, False])
def test_a_release_may_name_what_is_held_and_not_promised_and_contested_only_by_its_decision(decides: bool) -> None:
    for on, marks in accounts():
        for wanted in subsets():
            held = [each for each in wanted if "held" in on[each]]
            expected: object = ranges_of([each for each in held if "going" not in on[each]])
            if not held:
                expected = NotHeld
            elif any_of(on, held, "earmarked"):
                expected = Promised
            elif not decides and any_of(on, held, "contested"):
                expected = Contested
            assert refused(releasable, marks, ranges_of(wanted), decides=decides) == expected, (on, wanted)


def test_a_promise_needs_paise_that_are_held_free_and_going_nowhere() -> None:
    for on, marks in accounts():
        for wanted in subsets():
            expected: object = None
            if not wanted or any("held" not in on[each] or "going" in on[each] for each in wanted):
                expected = NotHeld
            elif any_of(on, wanted, "contested"):
                expected = Contested
            elif any_of(on, wanted, "earmarked"):
                expected = Promised
            assert refused(check_promise, marks, ranges_of(wanted)) == expected, (on, wanted)


def test_a_payment_needs_paise_that_were_promised_and_that_nobody_contests() -> None:
    for on, marks in accounts():
        for wanted in subsets():
            expected: object = None
            if any("earmarked" not in on[each] for each in wanted):
                expected = NotHeld
            elif any_of(on, wanted, "contested"):
                expected = Contested
            assert refused(check_payment, marks, ranges_of(wanted)) == expected, (on, wanted)


def test_every_held_paisa_stands_in_exactly_one_way_the_nearest_to_leaving_first() -> None:
    order = (
        ("going", Standing.GOING_BACK),
        ("paying", Standing.BEING_PAID),
        ("contested", Standing.CONTESTED),
        ("earmarked", Standing.PROMISED),
        ("held", Standing.FREE),
    )
    for on, marks in accounts():
        expected: dict[Standing, list[int]] = {standing: [] for standing in Standing}
        for each in PAISE:
            way = next((standing for mark, standing in order if mark in on[each]), None)
            if way:
                expected[way].append(each)
        assert standings(marks) == {standing: ranges_of(paise) for standing, paise in expected.items()}
