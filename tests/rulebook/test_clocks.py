"""Clocks end when a reader of the rule would say they end: holidays, bank Saturdays, pauses."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.rulebook import clocks
from thaam.rulebook.rules import Rule


def clock(value: int, unit: str) -> Rule:
    return Rule("any", "IN", value, unit, dt.date(2026, 1, 1), None, "test", "policy", Text(hi="क", en="a"))


def india(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=IST)


def test_plain_days_run_to_the_second():
    start = india(2026, 11, 25, 10, 30)
    assert clocks.due_at("hold_expiry", jurisdiction="IN-CG", start=start) == start + dt.timedelta(days=90)


def test_banking_days_jump_sunday_the_fourth_saturday_and_a_holiday():
    friday = india(2026, 11, 27, 15, 0)  # 28 November 2026 is a fourth Saturday
    assert clocks.end_of(clock(2, "banking_days"), jurisdiction="IN", start=friday) == india(2026, 12, 1, 23, 59, 59)
    day_before_guru_nanak = india(2026, 11, 23, 9, 0)  # 24 November is a holiday
    end = clocks.end_of(clock(1, "working_days"), jurisdiction="IN", start=day_before_guru_nanak)
    assert end == india(2026, 11, 25, 23, 59, 59)


def test_a_state_day_is_a_holiday_in_that_state_only():
    assert not clocks.is_open(dt.date(2026, 12, 18), jurisdiction="IN-CG")
    assert clocks.is_open(dt.date(2026, 12, 18), jurisdiction="IN-MP")


def test_a_pause_moves_the_end_by_its_length_and_overlapping_pauses_count_once():
    start = india(2026, 6, 1)
    pauses = [(india(2026, 6, 3), india(2026, 6, 5)), (india(2026, 6, 4), india(2026, 6, 6))]
    end = clocks.end_of(clock(7, "days"), jurisdiction="IN", start=start, pauses=pauses)
    assert end == india(2026, 6, 11)


def test_a_pause_after_the_end_changes_nothing():
    start = india(2026, 6, 1)
    end = clocks.end_of(
        clock(7, "days"), jurisdiction="IN", start=start, pauses=[(india(2026, 6, 9), india(2026, 7, 9))]
    )
    assert end == india(2026, 6, 8)


def test_an_amount_is_not_a_clock():
    with pytest.raises(clocks.NotAClock):
        clocks.due_at("hold_floor", jurisdiction="IN", start=india(2026, 6, 1))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dates(dt.date(2026, 1, 2), dt.date(2027, 6, 1)), st.integers(1, 40), st.booleans())
def test_the_last_day_is_open_and_the_open_days_between_are_counted(day, count, banking):
    last = clocks.add_days(day, count, jurisdiction="IN-CG", banking=banking)
    between = [day + dt.timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert clocks.is_open(last, jurisdiction="IN-CG", banking=banking)
    assert sum(clocks.is_open(d, jurisdiction="IN-CG", banking=banking) for d in between) == count
