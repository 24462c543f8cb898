"""The drill's own arithmetic; the drill itself is run by `./run thaam drill` and in long mode."""

import json

import pytest

from thaam.cli.drill import KEYS
from thaam.cli.drilling.checking import Findings, _check_states
from thaam.cli.drilling.figures import percentile
from thaam.cli.drilling.filing import Queue
from thaam.cli.drilling.replaying import (
    differences,
    held_of_trace,
    joined,
    read_claims,
    without_returned,
    write_accounts,
)
from thaam.cli.main import main

NOTHING: dict[str, tuple] = dict.fromkeys(
    ("asked", "held", "seen", "gone", "returned", "restored", "released", "unexplained"), ()
)


def problems_of(amount: int, **states: tuple) -> list[str]:
    found = Findings()
    _check_states(found, "claim", amount, NOTHING | states)
    return found.problems


def test_an_account_that_adds_up_is_fine():
    assert problems_of(100, held=((0, 40), (60, 100)), gone=((40, 60),)) == []


@pytest.mark.parametrize(
    "states",
    [
        {"held": ((0, 99),)},
        {"held": ((0, 60),), "gone": ((50, 100),)},
        {"held": ((0, 40),), "gone": ((50, 100),)},
        {"held": ((0, 101),)},
    ],
)
def test_a_paisa_in_no_state_or_in_two_is_found(states: dict[str, tuple]):
    assert problems_of(100, **states)


def test_percentiles_are_nearest_rank():
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([], 0.5) is None


def test_ranges_that_touch_are_one():
    assert joined([(5, 9), (0, 5), (20, 30)]) == ((0, 9), (20, 30))


def test_a_difference_between_trace_and_banks_is_a_sentence():
    answers = [{"claim_id": "C1", "held": [{"tx_ref": "a", "lo": 0, "hi": 5}, {"tx_ref": "a", "lo": 5, "hi": 9}]}]
    traced = held_of_trace(answers)
    assert differences(traced, {("C1", "a"): ((0, 9),)}) == []
    assert len(differences(traced, {("C1", "a"): ((0, 8),)})) == 1
    assert len(differences(traced, {("C1", "b"): ((0, 9),)})) == 2


def test_what_a_refund_gave_back_is_no_difference():
    traced = {("C1", "a"): ((0, 9),), ("C1", "b"): ((0, 5),)}
    held = {("C1", "a"): ((0, 9),)}
    assert differences(without_returned(traced, held, {"C1": 5}), held) == []
    assert differences(without_returned(traced, held, {"C1": 4}), held)
    assert differences(without_returned(traced, {("C1", "c"): ((0, 1),)}, {"C1": 99}), {("C1", "c"): ((0, 1),)})


def test_a_turn_comes_when_all_before_have_sent_or_given_up():
    queue = Queue()
    queue.pass_on(1)
    with queue.turn(0):
        pass
    with queue.turn(2):
        pass


def test_claims_are_filed_in_the_order_of_their_reports(tmp_path):
    postings = tmp_path / "postings.csv"
    postings.write_text(
        "posted_at,tx_ref,bank,account,side,amount_paise,channel,counterparty_bank,counterparty_account\n"
        "2025-10-01T10:00:00+05:30,111111111111,DEMO1,01000001,D,5000,UPI,DEMO2,02000001\n"
        "2025-10-01T10:00:00+05:30,111111111111,DEMO2,02000001,C,5000,UPI,DEMO1,01000001\n"
        "2025-10-01T11:00:00+05:30,222222222222,DEMO2,02000001,D,4000,UPI,DEMO1,01000002\n"
        "2025-10-01T11:00:00+05:30,222222222222,DEMO1,01000002,C,4000,UPI,DEMO2,02000001\n"
    )
    claims = tmp_path / "claims.csv"
    claims.write_text(
        "claim_id,tx_ref,amount_paise,reported_at\n"
        "late,111111111111,5000,\n"
        "second,222222222222,4000,2025-10-03T10:00:00+05:30\n"
        "first,111111111111,5000,2025-10-02T10:00:00+05:30\n"
    )
    rows = read_claims(postings=postings, claims=claims, district="Drill")
    assert [row.claim_id for row in rows] == ["first", "second", "late"]
    assert rows[0].report.payee_account == "02000001"
    write_accounts(postings=postings, claims=claims, accounts=None, out=tmp_path / "accounts.csv")
    told = (tmp_path / "accounts.csv").read_text()
    assert "DEMO1,01000001,5000," in told
    assert "DEMO2,02000001,0," in told


def test_postings_without_claims_are_refused(tmp_path, capsys):
    assert main(["drill", "--postings", str(tmp_path / "p.csv")]) == 2
    assert "--claims" in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.req("S1.3")
def test_a_whole_system_accounts_for_every_rupee(capsys):
    assert main(["drill", "--banks", "3", "--complaints", "5", "--seed", "7", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(KEYS) <= set(told)
    assert told["claimed_paise"] == sum(told[f"{state}_paise"] for state in NOTHING)
    assert told["double_held_paise"] == 0
