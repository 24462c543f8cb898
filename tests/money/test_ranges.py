"""Sets of paise behave as sets of ints."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.money import ranges as sets

pairs = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


def paise(ranges: object) -> set[int]:
    return {i for lo, hi in ranges for i in range(lo, hi)}  # type: ignore[attr-defined]


def is_normal(ranges: sets.Ranges) -> bool:
    return all(lo < hi for lo, hi in ranges) and all(a[1] < b[0] for a, b in itertools.pairwise(ranges))


@given(pairs)
def test_normalising_keeps_the_paise_and_joins_what_touches(one: list) -> None:
    assert paise(sets.normalise(one)) == paise(one)
    assert is_normal(sets.normalise(one))


@given(pairs, pairs)
def test_the_operations_are_those_of_sets(one: list, other: list) -> None:
    a, b = paise(one), paise(other)
    for found, expected in (
        (sets.union(one, other), a | b),
        (sets.intersect(one, other), a & b),
        (sets.subtract(one, other), a - b),
    ):
        assert paise(found) == expected
        assert is_normal(found)
    assert sets.total(one) == len(a)
    assert sets.disjoint(one, other) == (not a & b)
    assert sets.covers(one, other) == (b <= a)


@given(pairs, st.integers(-3, 100))
def test_top_and_bottom_take_the_highest_and_the_lowest(one: list, size: int) -> None:
    ordered = sorted(paise(one))
    wanted = max(0, size)
    assert paise(sets.top(one, size)) == set(ordered[max(0, len(ordered) - wanted) :])
    assert paise(sets.bottom(one, size)) == set(ordered[:wanted])


@given(pairs, st.integers(0, 9))
def test_shifting_moves_every_paisa(one: list, by: int) -> None:
    assert paise(sets.shift(one, by)) == {i + by for i in paise(one)}


@pytest.mark.parametrize(("lo", "hi"), [(-1, 2), (2, 2), (3, 2)])
def test_what_is_not_a_range_is_refused(lo: int, hi: int) -> None:
    sets.check_range(0, 1)
    with pytest.raises(sets.BadRange):
        sets.check_range(lo, hi)


def test_sets_that_only_touch_have_no_paisa_in_common() -> None:
    assert sets.intersect([(0, 5)], [(5, 9)]) == ()
    assert sets.subtract([(0, 5)], [(5, 9)]) == ((0, 5),)
    assert sets.normalise([(0, 5), (5, 9)]) == ((0, 9),)


def test_top_and_bottom_go_on_to_the_next_range_for_the_rest_only() -> None:
    ranges = [(0, 10), (20, 25), (30, 33)]
    assert sets.top(ranges, 6) == ((22, 25), (30, 33))
    assert sets.bottom(ranges, 12) == ((0, 10), (20, 22))
    assert (sets.top(ranges, 1), sets.bottom(ranges, 1)) == (((32, 33),), ((0, 1),))
    assert (sets.top(ranges, 4), sets.bottom(ranges, 11)) == (((24, 25), (30, 33)), ((0, 10), (20, 21)))
    assert sets.normalise([(5, 5)]) == sets.normalise([(6, 5)]) == ()
    assert sets.top(ranges, 0) == sets.bottom(ranges, 0) == sets.top(ranges, -1) == ()
