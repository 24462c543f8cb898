"""Paise followed down the lines end in exactly one state each, whatever the lines say."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thaam.chase.walking import NOT_ASKED, Known, walk
from thaam.money.partition import State

NOW = dt.datetime(2026, 11, 25, 6, 30, tzinfo=dt.UTC)


def follow(lines, *, amount=100, lo=0, claim="a", at=NOW, withdrawn=False):
    return walk(
        claim=claim,
        payment="p",
        lo=lo,
        hi=amount,
        lines_of=lambda ids: {i: sorted(lines.get(i, []), key=lambda line: line.lo) for i in ids},
        at=at,
        withdrawn=withdrawn,
    )


def paise(found):
    return {state: n for state, n in found.partition().totals().items() if n}


def test_what_nobody_was_asked_about_is_asked_for():
    found = follow({})
    assert paise(found) == {State.ASKED: 100}
    assert found.pieces[0].why == NOT_ASKED


def test_money_that_hopped_on_is_followed_to_where_it_is():
    lines = {
        "p": [Known(0, 30, "held", order=1), Known(30, 100, "onward", child="q", child_lo=1000)],
        "q": [Known(1000, 1050, "held", order=2), Known(1050, 1070, "gone", why="CASH_ATM")],
    }
    found = follow(lines)
    assert paise(found) == {State.HELD: 80, State.GONE: 20}
    assert {(step.payment, step.lo, step.hi, step.root_lo, step.hop) for step in found.passes} == {
        ("p", 0, 100, 0, 1),
        ("q", 1000, 1070, 30, 2),
    }


def test_a_claim_on_the_top_paise_leaves_the_others_out():
    lines = {"p": [Known(0, 60, "held", order=1), Known(60, 100, "gone", why="CASH_ATM")]}
    assert paise(follow(lines, lo=50)) == {State.HELD: 10, State.GONE: 40}


@pytest.mark.req("S0.8")
def test_money_that_comes_round_in_a_circle_is_counted_once():
    lines = {
        "p": [Known(0, 100, "onward", child="q", child_lo=0)],
        "q": [Known(0, 100, "onward", child="p", child_lo=0)],
    }
    found = follow(lines)
    assert paise(found) == {State.UNEXPLAINED: 100}
    assert found.pieces[0].why == "order_inconsistent"


def test_two_sources_of_one_paisa_are_not_both_believed():
    lines = {
        "p": [Known(0, 50, "onward", child="q", child_lo=0), Known(50, 100, "onward", child="q", child_lo=20)],
        "q": [Known(0, 100, "held", order=1)],
    }
    assert paise(follow(lines)) == {State.HELD: 70, State.UNEXPLAINED: 30}


@pytest.mark.req("S1.7")
def test_a_hold_past_its_end_is_not_held_whatever_is_written():
    lines = {"p": [Known(0, 100, "held", order=1, until_at=NOW)]}
    assert paise(follow(lines, at=NOW - dt.timedelta(seconds=1))) == {State.HELD: 100}
    assert paise(follow(lines, at=NOW)) == {State.RELEASED: 100}


def test_what_was_restored_to_somebody_else_is_gone_for_this_victim():
    lines = {"p": [Known(0, 100, "restored", claim="b")]}
    assert paise(follow(lines, claim="b")) == {State.RESTORED: 100}
    assert paise(follow(lines, claim="a")) == {State.GONE: 100}


def test_a_withdrawn_claim_holds_nothing_but_keeps_what_happened():
    lines = {"p": [Known(0, 30, "held", order=1), Known(30, 60, "gone", why="CASH_ATM"), Known(60, 70, "asked")]}
    assert paise(follow(lines, withdrawn=True)) == {State.RELEASED: 70, State.GONE: 30}


KINDS = ["held", "onward", "seen", "gone", "returned", "restored", "released", "unexplained", "asked"]
line = st.tuples(
    st.integers(0, 90), st.integers(1, 60), st.sampled_from(KINDS), st.sampled_from("pqr"), st.integers(0, 90)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from("pqr"), st.lists(line, max_size=6), max_size=3))
def test_any_set_of_lines_accounts_for_every_paisa_once(drawn):
    lines = {}
    for payment, rows in drawn.items():
        end = 0
        for lo, size, kind, child, child_lo in sorted(rows):
            if lo >= end:
                end = lo + size
                onward = {"child": child, "child_lo": child_lo} if kind == "onward" else {}
                lines.setdefault(payment, []).append(Known(lo, end, kind, **onward))
    account = follow(lines).partition()  # cannot be built unless it adds up
    assert sum(account.totals().values()) == 100
