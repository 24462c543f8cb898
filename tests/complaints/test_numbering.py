"""A number read over the phone shows its own mistakes."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import NOON
from thaam.complaints.numbering import check_digit, grouped, is_number, number_for

SLOW_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
numbers = st.uuids().map(lambda one: number_for(one, at=NOON))


def test_the_published_example_of_the_scheme_comes_out():
    assert check_digit("236") == "3"  # the worked example of the Verhoeff scheme
    assert check_digit("12345") == "1"


@SLOW_MACHINE
@given(numbers, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_found(number, place, by):
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert is_number(number) and not is_number(wrong)


@SLOW_MACHINE
@given(numbers, st.integers(0, 9))
def test_two_neighbours_exchanged_are_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_number(swapped)


def test_the_month_is_the_month_in_india():
    new_year_in_india = dt.datetime(2026, 12, 31, 18, 30, tzinfo=dt.UTC)
    assert number_for("x", at=new_year_in_india).startswith("2701")


@pytest.mark.parametrize("wrong", ["", "2611", "2611000000a", "२६११०००००००"])
def test_what_is_no_number_is_no_number(wrong):
    assert not is_number(wrong)


def test_it_is_printed_four_four_three():
    assert grouped("26110123457") == "2611 0123 457"
