"""The rules of money, law and time a message keeps on both sides: one that breaks a rule cannot be made."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from thaam.wire import messages as m
from thaam.wire import problems
from thaam.wire.fields import InvalidMessage
from thaam.wire.problems import Problem
from wire_cast import ALL, AT, BASIS, DAY, DEBIT, DEVI, EXAMPLES, HOLD, HOLD_ANSWER, HOUR, LINES, ONWARD, uid

EXAMPLE = {type(each).__name__: each for each in EXAMPLES}


def problem_of(make: Any) -> tuple[Problem, str]:
    with pytest.raises(InvalidMessage) as why:
        make()
    return why.value.problem, why.value.pointer


@pytest.mark.parametrize("lo, hi", [(5, 5), (6, 5), (-1, 5)])
def test_a_range_is_never_empty_or_negative(lo: int, hi: int) -> None:
    assert problem_of(lambda: m.Range(lo, hi))[0] in (problems.BAD_RANGES, problems.BAD_VALUE)


@pytest.mark.parametrize("amount", [0, -1, 2**53, True, 1.0, "1"])
def test_an_amount_is_a_positive_whole_number_of_paise(amount: Any) -> None:
    problem, pointer = problem_of(lambda: replace(DEBIT, amount_paise=amount))
    assert pointer == "/amount_paise"
    assert problem in (problems.AMOUNT_NOT_POSITIVE, problems.NUMBER_TOO_LARGE, problems.WRONG_TYPE)


@pytest.mark.parametrize(
    ("ranges", "amount", "problem"),
    [
        (((0, 10), (10, 20)), 21, problems.AMOUNT_DIFFERS),
        (((0, 10), (5, 20)), 25, problems.BAD_RANGES),
        (((10, 20), (0, 10)), 20, problems.BAD_RANGES),
        (((0, 1_00_000_01),), 1_00_000_01, problems.BAD_RANGES),
        ((), 10, problems.EMPTY_ORDER),
        (((0, 10),), 0, problems.AMOUNT_NOT_POSITIVE),
    ],
)
def test_asked_ranges_are_sorted_apart_inside_the_payment_and_add_up(
    ranges: tuple[tuple[int, int], ...], amount: int, problem: Problem
) -> None:
    assert problem_of(lambda: replace(HOLD, ranges=m.ranges_of(ranges), amount_paise=amount))[0] == problem


@pytest.mark.req("S1.7")
@pytest.mark.parametrize("name", ["ranges", "amount_paise", "basis", "issued_by", "issued_at", "expires_at"])
def test_a_hold_order_cannot_be_made_without_amount_basis_officer_time_or_expiry(name: str) -> None:
    assert problem_of(lambda: replace(HOLD, **{name: None})) == (problems.EMPTY_ORDER, f"/{name}")


@pytest.mark.parametrize("name", ["execute_before", "expires_at"])
def test_times_come_after_the_order_was_issued(name: str) -> None:
    assert problem_of(lambda: replace(HOLD, **{name: AT})) == (problems.BAD_TIMES, f"/{name}")
    assert problem_of(lambda: replace(HOLD, **{name: AT.replace(tzinfo=None) + DAY}))[0] == problems.BAD_VALUE
    india = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert problem_of(lambda: replace(HOLD, **{name: (AT + DAY).astimezone(india)}))[0] == problems.BAD_VALUE


def test_a_restoration_needs_a_second_officer() -> None:
    restore = EXAMPLE["RestoreOrder"]
    assert problem_of(lambda: replace(restore, approved_by=DEVI))[0] == problems.SAME_OFFICER
    done = EXAMPLE["RestoreDone"]
    other = replace(done.payment, amount_paise=1)  # type: ignore[union-attr]
    assert problem_of(lambda: replace(done, payment=other))[0] == problems.AMOUNT_DIFFERS


def test_an_amendment_changes_something_and_follows_the_first_revision() -> None:
    amend = EXAMPLE["AmendOrder"]
    assert problem_of(lambda: replace(amend, revision=1))[0] == problems.BAD_REVISION
    assert problem_of(lambda: replace(amend, provisional=None, expires_at=None))[0] == problems.NOTHING_CHANGED
    assert problem_of(lambda: replace(amend, expires_at=amend.issued_at))[0] == problems.BAD_TIMES  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"kind": "terminal", "terminal_kind": "CASH_ATM"}, problems.PARTICULARS_MISSING),
        ({"kind": "terminal", "terminal_kind": "CASH_ATM", "particulars": "  "}, problems.BAD_VALUE),
        ({"kind": "terminal", "particulars": "ATM 7"}, problems.BAD_LINE),
        ({"kind": "terminal", "terminal_kind": "ATM", "particulars": "ATM 7"}, problems.BAD_VALUE),
        ({"kind": "onward", "payment": ONWARD}, problems.BAD_LINE),
        ({"kind": "onward", "child_lo": 0}, problems.BAD_LINE),
        ({"kind": "onward", "payment": ONWARD, "child_lo": 69_999_95}, problems.BAD_RANGES),
        ({"kind": "seen"}, problems.BAD_LINE),
        ({"kind": "seen", "reason": "not_found"}, problems.BAD_LINE),
        ({"kind": "unexplained"}, problems.BAD_LINE),
        ({"kind": "unexplained", "reason": "floor"}, problems.BAD_LINE),
        ({"kind": "unexplained", "reason": "lost"}, problems.BAD_VALUE),
        ({"kind": "held", "reason": "floor"}, problems.BAD_LINE),
        ({"kind": "held", "payment": ONWARD}, problems.BAD_LINE),
        ({"kind": "held", "terminal_kind": "CASH_ATM"}, problems.BAD_LINE),
        ({"kind": "returned", "lien_reference": "L-1"}, problems.BAD_LINE),
        ({"kind": "frozen"}, problems.BAD_VALUE),
        ({"kind": "held", "hi": 0}, problems.BAD_RANGES),
    ],
)
def test_a_line_carries_what_its_kind_needs_and_nothing_else(line: dict[str, Any], problem: Problem) -> None:
    assert problem_of(lambda: m.Line(**{"lo": 0, "hi": 10, **line}))[0] == problem


@pytest.mark.parametrize("kind", ["CASH_ATM", "PURCHASE", "CHEQUE", "LIEN_BREACHED"])
def test_a_terminal_line_may_say_exactly_that_the_bank_has_no_record(kind: str) -> None:
    assert m.Line("terminal", 0, 10, terminal_kind=kind, particulars="not recorded").amount_paise == 10


@pytest.mark.req("S1.13")
def test_lines_must_partition_what_was_asked_to_the_paisa() -> None:
    m.check_balances(HOLD, HOLD_ANSWER)
    for lines in (
        LINES[:-1],
        LINES[1:],
        LINES[:2] + LINES[3:],
        (*LINES[:-1], replace(LINES[-1], hi=LINES[-1].hi + 1)),
        (*LINES[:-1], replace(LINES[-1], hi=LINES[-1].hi - 1)),
    ):
        told = replace(HOLD_ANSWER, lines=lines)
        assert problem_of(lambda told=told: m.check_balances(HOLD, told))[0] == problems.LINES_DO_NOT_BALANCE
    assert problem_of(lambda: m.check_balances(replace(HOLD, id=uid(77)), HOLD_ANSWER))[0] == problems.UNKNOWN_ORDER


def test_an_answer_to_an_amended_order_balances_against_the_ranges_that_stand() -> None:
    half = (m.Range(20_000_00, 60_000_00),)
    told = replace(HOLD_ANSWER, revision=2, replaces=1, order_revision=2, lines=LINES[1:2])
    m.check_balances(HOLD, told, ranges=half)
    assert problem_of(lambda: m.check_balances(HOLD, told))[0] == problems.LINES_DO_NOT_BALANCE


@pytest.mark.parametrize("lines", [(), (LINES[1], LINES[0]), (LINES[0], LINES[0])])
def test_lines_that_overlap_or_are_out_of_order_are_refused_at_once(lines: tuple[m.Line, ...]) -> None:
    assert problem_of(lambda: replace(HOLD_ANSWER, lines=lines))[0] == problems.LINES_DO_NOT_BALANCE


@pytest.mark.parametrize(("revision", "replaces"), [(1, 1), (2, None), (2, 2), (2, 3)])
def test_a_later_answer_names_the_earlier_one_it_replaces(revision: int, replaces: int | None) -> None:
    assert problem_of(lambda: replace(HOLD_ANSWER, revision=revision, replaces=replaces))[0] == problems.BAD_REVISION


def test_nothing_is_said_of_a_payment_that_was_not_found_nor_found_without_saying_what() -> None:
    assert problem_of(lambda: m.Located(uid(1), uid(2), AT, False, DEBIT, "acct", None))[0] == problems.BAD_VALUE
    assert problem_of(lambda: m.InformationAnswer(uid(1), uid(2), AT, True, None, ()))[0] == problems.BAD_VALUE
    assert problem_of(lambda: m.CustomerReport(uid(1), AT, (), "9000000001", None, None))[0] == problems.BAD_VALUE


def test_a_list_where_a_tuple_belongs_or_a_foreign_object_is_a_wrong_type() -> None:
    assert problem_of(lambda: replace(HOLD, ranges=[m.Range(0, 1)]))[0] == problems.WRONG_TYPE  # type: ignore[arg-type]
    assert problem_of(lambda: replace(HOLD, payment=BASIS))[0] == problems.WRONG_TYPE  # type: ignore[arg-type]
    assert problem_of(lambda: replace(HOLD, provisional=1))[0] == problems.WRONG_TYPE  # type: ignore[arg-type]


@pytest.mark.parametrize("words", ["\x00", "a\x1b[2J", "\ud800", "\ufeffa", "", "   ", "x" * 121])
def test_words_carry_nothing_a_terminal_or_a_database_chokes_on(words: str) -> None:
    assert problem_of(lambda: replace(BASIS, authority=words))[0] == problems.BAD_VALUE


def test_ranges_and_pairs_are_the_same_thing_on_both_sides() -> None:
    pairs = ((0, 10), (20, 30))
    assert m.pairs_of(m.ranges_of(pairs)) == pairs
    assert [tuple(each) for each in m.ranges_of(pairs)] == list(pairs)
    assert m.total_paise(ALL) == 1_00_000_00


def test_a_freeze_becomes_a_hold_with_an_end() -> None:
    freeze = EXAMPLE["FreezeToHoldOrder"]
    assert problem_of(lambda: replace(freeze, expires_at=None))[0] == problems.MISSING_FIELD
    assert problem_of(lambda: replace(freeze, amount_paise=1))[0] == problems.AMOUNT_DIFFERS
    assert problem_of(lambda: replace(EXAMPLE["OwnHold"], expires_at=AT - HOUR))[0] == problems.BAD_TIMES
