"""A debit's paise are in exactly one of eight states, or there is no partition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.money.partition import DoesNotAddUp, Partition, State

moves = st.lists(st.tuples(st.integers(0, 49), st.integers(1, 50), st.sampled_from(list(State))), max_size=12)


def test_there_are_eight_states_and_a_new_debit_is_asked() -> None:
    assert [str(state) for state in State] == [
        "asked", "held", "seen", "gone", "returned", "restored", "released", "unexplained",
    ]  # fmt: skip
    assert Partition.whole(100).totals() == {**dict.fromkeys(State, 0), State.ASKED: 100}


@given(moves)
def test_however_paise_move_each_stays_in_one_state_and_none_is_lost(steps: list) -> None:
    partition = Partition.whole(50)
    states = [State.ASKED] * 50
    for lo, hi, to in steps:
        if lo < hi:
            partition = partition.moved([(lo, hi)], to)
            states[lo:hi] = [to] * (hi - lo)
    assert [partition.state_of(i) for i in range(50)] == states
    assert sum(partition.totals().values()) == 50
    assert {state: states.count(state) for state in State} == partition.totals()


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {State.HELD: ((0, 9),)},
        {State.HELD: ((0, 11),)},
        {State.HELD: ((0, 6),), State.GONE: ((5, 10),)},
        {State.HELD: ((0, 5),), State.GONE: ((6, 10),)},
        {State.HELD: ((-1, 9),)},
    ],
)
def test_parts_that_do_not_make_the_whole_are_refused(parts: dict) -> None:
    with pytest.raises(DoesNotAddUp):
        Partition(10, parts)


def test_a_debit_of_nothing_and_paise_outside_it_are_refused() -> None:
    with pytest.raises(DoesNotAddUp, match="at least one paisa, not 0"):
        Partition.whole(0)
    with pytest.raises(DoesNotAddUp, match=r"\(\(5, 11\),\) is not inside the debit"):
        Partition.whole(10).moved([(5, 11)], State.HELD)
    with pytest.raises(DoesNotAddUp, match="paisa 10 is outside"):
        Partition.whole(10).state_of(10)


def test_a_debit_of_one_paisa_is_a_debit() -> None:
    assert Partition.whole(1).moved([(0, 1)], State.HELD).paise(State.HELD) == 1
