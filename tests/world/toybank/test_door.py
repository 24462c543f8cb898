"""The toy banks over HTTP: payments, liens, refunds, refusals, and being killed."""

from __future__ import annotations

import csv
import random
import threading
from pathlib import Path

from world.toybank.conftest import RunningToyBank

COLUMNS = ["posted_at", "tx_ref", "bank", "account", "side", "amount_paise", "channel"]
COLUMNS += ["counterparty_bank", "counterparty_account"]


def send(bank: RunningToyBank, id: str, paise: int, **more: object) -> dict[str, object]:
    """Asha pays Balu by UPI."""
    answer: dict[str, object] = bank.do(
        "/banks/A/transfers",
        id=id,
        from_account="asha",
        to_bank="B",
        to_account="balu",
        amount_paise=paise,
        channel="UPI",
        **more,
    )
    return answer


def test_a_payment_is_a_debit_here_and_a_credit_there_with_one_reference(toybank: RunningToyBank) -> None:
    sent = send(toybank, "p1", 40_000)

    debit = toybank.get("/banks/A/postings")["postings"][0]
    credit = toybank.get("/banks/B/postings")["postings"][0]
    assert sent["state"] == "delivered"
    assert debit["tx_ref"] == credit["tx_ref"] == sent["tx_ref"]
    assert (debit["side"], debit["balance_after_paise"], debit["counterparty_account"]) == ("D", 60_000, "balu")
    assert (credit["side"], credit["balance_after_paise"], credit["counterparty_bank"]) == ("C", 40_000, "A")
    assert (debit["position"], debit["seq"], credit["position"]) == (1, 1, 1)


def test_the_same_id_again_pays_once_and_other_content_is_refused(toybank: RunningToyBank) -> None:
    first, second = send(toybank, "p1", 40_000), send(toybank, "p1", 40_000)

    assert first == second
    status, problem = toybank.ask(
        "POST",
        "/banks/A/transfers",
        id="p1",
        from_account="asha",
        to_bank="B",
        to_account="balu",
        amount_paise=40_001,
        channel="UPI",
    )
    assert (status, problem["code"]) == (409, "same_id_other_content")
    assert toybank.get("/banks/B/accounts/balu")["balance_paise"] == 40_000


def test_money_under_a_lien_cannot_be_spent_until_it_is_lifted(toybank: RunningToyBank) -> None:
    send(toybank, "p1", 40_000)
    lien = toybank.do("/banks/B/liens", id="h1", account="balu", amount_paise=30_000)
    assert (lien["amount_paise"], lien["position"], lien["lien_reference"]) == (30_000, 1, "B-LIEN-1")
    assert toybank.get("/banks/B/accounts/balu")["available_paise"] == 10_000

    status, problem = toybank.ask(
        "POST", "/banks/B/debits", id="d1", account="balu", amount_paise=10_001, channel="ATM"
    )
    assert (status, problem["code"]) == (409, "insufficient_funds")
    assert toybank.do("/banks/B/liens/h1/lift", id="l1", amount_paise=5_000)["amount_paise"] == 25_000
    assert toybank.do("/banks/B/liens/h1/lift", id="l1", amount_paise=5_000)["amount_paise"] == 25_000
    toybank.do("/banks/B/debits", id="d1", account="balu", amount_paise=15_000, channel="ATM", detail="ATM-7")
    assert toybank.get("/banks/B/accounts/balu")["available_paise"] == 0


def test_a_lien_never_takes_more_than_is_available(toybank: RunningToyBank) -> None:
    send(toybank, "p1", 40_000)

    assert toybank.do("/banks/B/liens", id="h1", account="balu", amount_paise=90_000)["amount_paise"] == 40_000
    assert toybank.do("/banks/B/liens", id="h2", account="balu", amount_paise=1)["amount_paise"] == 0


def test_a_bank_told_to_breach_pays_through_its_liens(toybank: RunningToyBank) -> None:
    send(toybank, "p1", 40_000)
    toybank.do("/banks/B/liens", id="h1", account="balu", amount_paise=40_000)
    toybank.do("/banks/B/switches", liens_hold=False)

    toybank.do("/banks/B/debits", id="d1", account="balu", amount_paise=15_000, channel="ATM")

    assert toybank.get("/banks/B/accounts/balu")["available_paise"] == -15_000


def test_money_under_a_lien_is_paid_back_in_one_step(toybank: RunningToyBank) -> None:
    send(toybank, "p1", 40_000)
    toybank.do("/banks/B/liens", id="h1", account="balu", amount_paise=40_000)

    paid = [
        toybank.do("/banks/B/payouts", id="r1", lien_id="h1", amount_paise=25_000, to_bank="A", to_account="asha")
        for _ in range(2)
    ]

    assert paid[0] == paid[1]
    assert paid[0]["payment"]["payer_bank"] == "B"
    assert toybank.get("/banks/A/accounts/asha")["balance_paise"] == 85_000
    assert toybank.get("/banks/B/liens/h1")["amount_paise"] == 15_000


def test_a_payment_in_flight_arrives_later_or_comes_back(toybank: RunningToyBank) -> None:
    assert send(toybank, "late", 10_000, delay_seconds=3600)["state"] == "in_flight"
    assert toybank.get("/banks/B/accounts/balu")["balance_paise"] == 0

    assert toybank.do("/banks/A/transfers/late/bring-back")["state"] == "returned"

    back = toybank.get("/banks/A/postings")["postings"][-1]
    assert back["tx_ref"] == back["reverses_tx_ref"] + "/R1"
    assert toybank.get("/banks/A/accounts/asha")["balance_paise"] == 100_000


def test_a_payment_to_an_account_that_does_not_exist_comes_back(toybank: RunningToyBank) -> None:
    sent = toybank.do(
        "/banks/A/transfers",
        id="p1",
        from_account="asha",
        to_bank="B",
        to_account="nobody",
        amount_paise=100,
        channel="IMPS",
    )

    assert sent["state"] == "returned"
    assert toybank.get("/banks/A/accounts/asha")["balance_paise"] == 100_000


def test_refunds_name_the_payment_and_never_exceed_it(toybank: RunningToyBank) -> None:
    sent = send(toybank, "p1", 40_000)
    toybank.do("/banks/B/refunds", id="f1", tx_ref=sent["tx_ref"], amount_paise=15_000)
    second = toybank.do("/banks/B/refunds", id="f2", tx_ref=sent["tx_ref"], amount_paise=5_000)

    assert second["tx_ref"] == f"{sent['tx_ref']}/R2"
    status, problem = toybank.ask("POST", "/banks/B/refunds", id="f3", tx_ref=sent["tx_ref"], amount_paise=20_001)
    assert (status, problem["code"]) == (409, "more_than_left")
    assert toybank.get("/banks/A/postings")["postings"][-1]["reverses_tx_ref"] == sent["tx_ref"]


def test_mobiles_are_compared_by_their_ten_digits(toybank: RunningToyBank) -> None:
    path = "/banks/B/accounts/balu/mobile-matches"
    assert toybank.do(path, mobile="09876500002")["matches"] is True
    assert toybank.do(path, mobile="9876500003")["matches"] is False


def test_a_request_that_is_not_right_is_refused_by_name(toybank: RunningToyBank) -> None:
    for amount in (0, -1, 1.5, True, "10", None, 10**16):
        status, problem = toybank.ask(
            "POST", "/banks/A/debits", id="x", account="asha", amount_paise=amount, channel="ATM"
        )
        assert (status, problem["code"]) == (400, "bad_request"), amount
    assert toybank.ask("GET", "/banks/Z")[0] == 404
    assert toybank.ask("GET", "/nothing")[0] == 404
    assert toybank.ask("POST", "/banks/A/debits")[0] == 400


def test_loading_a_file_keeps_its_order_and_opens_what_it_needs(toybank: RunningToyBank, tmp_path: Path) -> None:
    rows = [
        ("2026-01-01T10:00:00+05:30", "t1", "A", "x", "D", 700, "UPI", "B", "y"),
        ("2026-01-01T09:00:00+05:30", "t1", "B", "y", "C", 700, "UPI", "A", "x"),
        ("2026-01-01T09:00:00+05:30", "t2", "B", "y", "D", 300, "ATM", "", ""),
        ("2026-01-01T09:00:00+05:30", "t3", "Z", "q", "D", 300, "ATM", "", ""),
    ]
    path = tmp_path / "postings.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows)

    for _ in range(2):
        done = toybank.do("/load", id="first", postings=str(path))

    assert done == {"id": "first", "rows": {"A": 1, "B": 2}, "rows_of_other_banks": 1}
    assert toybank.get("/banks/A/accounts/x")["opening_paise"] == 700
    assert [p["balance_after_paise"] for p in toybank.get("/banks/B/postings")["postings"]] == [700, 400]


def test_killed_at_any_moment_it_loses_nothing_and_does_nothing_twice(toybank: RunningToyBank) -> None:
    toybank.do("/banks/A/accounts", account="rich", holder="R", opening_paise=10_000_000)
    choose = random.Random(7)
    wanted = [f"k{n}" for n in range(120)]

    def pay_all() -> None:
        for id in wanted:
            try:
                toybank.ask(
                    "POST",
                    "/banks/A/transfers",
                    id=id,
                    from_account="rich",
                    to_bank="B",
                    to_account="balu",
                    amount_paise=1_000,
                    channel="UPI",
                )
            except (OSError, ValueError, Exception):
                return

    for _ in range(4):
        payer = threading.Thread(target=pay_all)
        payer.start()
        threading.Event().wait(choose.uniform(0.02, 0.15))
        toybank.kill()
        payer.join()
        toybank.start()
    pay_all()

    assert toybank.get("/banks/A/accounts/rich")["balance_paise"] == 10_000_000 - 120_000
    assert toybank.get("/banks/B/accounts/balu")["balance_paise"] == 120_000
    positions = [p["position"] for p in toybank.get("/banks/B/postings?limit=1000")["postings"]]
    assert positions == list(range(1, 121))
