"""Guesses are counted for all processes together, and a window ends."""

import datetime as dt

import pytest

from cast import NOON
from thaam.parties.guessing import count_guess, forget_guesses, uncount_guess

pytestmark = pytest.mark.django_db
WINDOW = dt.timedelta(minutes=15)


def count(at=NOON, key="status:10.0.0.1"):
    return count_guess(key=key, at=at, within=WINDOW)


def test_every_try_counts_and_another_address_has_its_own_count():
    assert [count(), count(), count()] == [1, 2, 3]
    assert count(key="status:10.0.0.2") == 1


def test_the_window_ends_and_a_right_one_is_given_back():
    assert [count(), count()] == [1, 2]
    uncount_guess(key="status:10.0.0.1")
    assert count() == 2
    assert count(at=NOON + WINDOW) == 1


def test_old_counts_are_forgotten():
    count()
    assert forget_guesses(before=NOON) == 0
    assert forget_guesses(before=NOON + WINDOW) == 1
