"""Amount-only answers take paise nobody took before, the highest first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.money import ranges as sets
from thaam.money.allocation import Allocation, MoreThanAsked, RangesKind, divide


def test_two_victims_whose_money_left_as_one_payment_get_different_paise() -> None:
    """60 + 40 leaving as one payment of 100: each victim's own top paise would mark 60-100 twice."""
    first, sixty = Allocation(100).assign(60)
    second, forty = first.assign(40)
    assert (sixty.ranges, forty.ranges) == (((40, 100),), ((0, 40),))
    third, none = second.assign(5)
    assert (none.ranges, none.over_explained) == ((), 5)
    assert third == second


def test_paise_an_exact_answer_named_are_not_assigned_again() -> None:
    _, got = Allocation(100).mark([(70, 100)]).assign(50)
    assert (got.ranges, got.over_explained) == (((20, 70),), 0)
    assert [str(kind) for kind in RangesKind] == ["exact", "assigned"]


@given(st.integers(1, 100), st.lists(st.integers(0, 40), max_size=8))
def test_lines_never_share_a_paisa_and_say_what_they_could_not_find(amount: int, lines: list) -> None:
    allocation, taken = Allocation(amount), sets.NONE
    for paise in lines:
        allocation, got = allocation.assign(paise)
        assert sets.disjoint(taken, got.ranges)
        assert sets.total(got.ranges) + got.over_explained == paise
        taken = sets.union(taken, got.ranges)
    assert taken == allocation.taken
    assert sets.total(taken) == min(amount, sum(lines))


def test_what_left_first_was_on_top_and_what_stayed_lies_below() -> None:
    lines, rest = divide([(0, 50), (60, 100)], [30, 20, 25])
    assert lines == (((70, 100),), ((40, 50), (60, 70)), ((15, 40),))
    assert rest == ((0, 15),)
    with pytest.raises(MoreThanAsked):
        divide([(0, 10)], [11])


def test_lines_may_explain_all_that_was_asked() -> None:
    assert divide([(0, 10)], [4, 6]) == ((((6, 10),), ((0, 6),)), ())
