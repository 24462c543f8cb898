"""How a file is read where two sane people might read it differently: small files, answers worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from thaam.cli.main import main

HEAD = "posted_at,tx_ref,bank,account,side,amount_paise,channel,counterparty_account,seq,reverses_tx_ref"
STOLEN = ["10:00 T1 Asha D 100 UPI Balu", "10:00 T1 Balu C 100 UPI Asha"]


def row(text: str) -> str:
    """`HH:MM tx account side paise channel counterparty seq reverses` as a line; `-` and what is left out: empty."""
    cells = ["" if cell == "-" else cell for cell in [*text.split(), *["-"] * 9][:9]]
    at, tx, account, side, paise, channel, other, seq, reverses = cells
    return f"2026-03-01T{at}:00+05:30,{tx},B,{account},{side},{paise},{channel},{other},{seq},{reverses}"


class Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, rows: list[str], *options: str, claim: str = "C,T1,100,", accounts: str = "") -> set[tuple]:
        return self.raw("\n".join([HEAD, *map(row, rows)]) + "\n", *options, claim=claim, accounts=accounts)

    def raw(self, text: str, *options: str, claim: str = "C,T1,100,", accounts: str = "") -> set[tuple]:
        for name, content in (
            ("p", text),
            ("c", f"claim_id,tx_ref,amount_paise,reported_at\n{claim}\n"),
            ("a", f"bank,account,opening_paise,limit_paise,class\n{accounts}\n"),
        ):
            (self.folder / f"{name}.csv").write_bytes(content.encode())
        p, c, a, out = (str(self.folder / name) for name in ("p.csv", "c.csv", "a.csv", "out"))
        assert main(["trace", p, "--claims", c, "--accounts", a, "--out", out, *options]) == 0
        answer = json.loads(Path(out).read_text(encoding="utf-8"))
        found = {("held", part["account"], part["tx_ref"], part["lo"], part["hi"]) for part in answer["held"]}
        for what, word in (("terminal", "kind"), ("unknown", "reason")):
            found |= {(part[word], part["tx_ref"], part["lo"], part["hi"]) for part in answer[what]}
        return found


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def test_rows_of_one_moment_stand_in_the_order_of_the_file_unless_seq_says_otherwise(read: Reader) -> None:
    """Balu gets 40 of his own and pays 30 in the same minute: out of whichever came last."""
    own, cash = "10:00 T2 Balu C 40 UPI x", "10:00 T3 Balu D 30 ATM"
    assert read([*STOLEN, own, cash]) == {("held", "Balu", "T1", 0, 100)}
    assert read([*STOLEN, cash, own]) == {("held", "Balu", "T1", 0, 70), ("CASH_ATM", "T3", 0, 30)}
    seq = ["10:00 T1 Asha D 100 UPI Balu 1", "10:00 T2 Balu C 40 UPI x 8", "10:00 T3 Balu D 30 ATM - 7"]
    assert read([*seq, "10:00 T1 Balu C 100 UPI Asha 5"]) == {
        ("held", "Balu", "T1", 0, 70), ("CASH_ATM", "T3", 0, 30),
    }  # fmt: skip


def test_several_credits_take_the_payment_bottom_up_in_the_order_of_the_file(read: Reader) -> None:
    credits = ["10:05 T1 Charu C 30 UPI Asha 9", "10:01 T1 Balu C 50 UPI Asha 2"]
    assert read(["10:00 T1 Asha D 100 UPI - 1", *credits]) == {
        ("held", "Charu", "T1", 0, 30), ("held", "Balu", "T1", 30, 80), ("not_in_file", "T1", 80, 100),
    }  # fmt: skip
    assert read(["10:00 T1 Asha D 100 UPI - 1", *credits], "--as-of", "2026-03-01T10:02:00+05:30") == {
        ("in_flight", "T1", 0, 30), ("held", "Balu", "T1", 30, 80), ("not_in_file", "T1", 80, 100),
    }  # fmt: skip


def test_each_refund_takes_the_next_lower_paise_and_others_money_once_they_are_gone(read: Reader) -> None:
    """40 leave as cash, the top ones. 50 are sent back: the highest 50 of T1, of which [50, 60) are there and go; for
    [60, 100) the next from the top go, [10, 50). 10 more are sent back: [40, 50) are gone, so [0, 10) go."""
    rows = [
        *STOLEN, "10:01 T2 Balu D 40 ATM",
        "10:02 R1 Balu D 50 UPI Asha - T1", "10:02 R1 Asha C 50 UPI Balu - T1",
        "10:03 R2 Balu D 10 UPI Asha - T1", "10:03 R2 Asha C 10 UPI Balu - T1",
    ]  # fmt: skip
    assert read(rows) == {("CASH_ATM", "T2", 0, 40), ("held", "Asha", "R1", 0, 50), ("held", "Asha", "R2", 0, 10)}


def test_a_reversal_whose_debit_no_bank_reports_does_not_explain_the_payment(read: Reader) -> None:
    rows = ["10:00 T1 Asha D 100 UPI Balu", "10:01 R1 Asha C 100 UPI Balu - T1", "10:02 T2 Asha D 100 ATM"]
    assert read(rows) == {("not_in_file", "T1", 0, 100)}


def test_a_transfer_inside_a_bank_is_followed_when_it_names_an_account_and_an_end_when_it_does_not(
    read: Reader,
) -> None:
    for channel, kind in (("INTERNAL", "INTERNAL_GL"), ("CARD", "CARD_OR_LOAN")):
        named = [f"10:01 T2 Balu D 100 {channel} Charu", f"10:01 T2 Charu C 100 {channel} Balu"]
        assert read([*STOLEN, *named]) == {("held", "Charu", "T2", 0, 100)}
        assert read([*STOLEN, named[0].replace("Charu", "-"), named[1]]) == {(kind, "T2", 0, 100)}


def test_a_purchase_ends_the_trail_although_the_shop_has_a_credit_row(read: Reader) -> None:
    shop = ["10:01 T2 Balu D 100 POS Shop", "10:01 T2 Shop C 100 POS Balu", "10:02 T3 Shop D 100 ATM"]
    assert read([*STOLEN, *shop]) == {("PURCHASE", "T2", 0, 100)}
    assert read([*STOLEN, *shop], "--max-hops", "1") == {("PURCHASE", "T2", 0, 100)}


def test_a_row_behind_a_later_one_counts_only_when_that_one_does(read: Reader) -> None:
    """The clock of Balu's bank ran back: the cash of 10:01 stands behind a row of 10:09."""
    rows = [*STOLEN, "10:09 T2 Balu C 5 UPI x", "10:01 T3 Balu D 30 ATM"]
    assert read(rows, "--as-of", "2026-03-01T10:05:00+05:30") == {("held", "Balu", "T1", 0, 100)}
    assert read(rows, "--as-of", "2026-03-01T10:09:00+05:30") == {
        ("held", "Balu", "T1", 0, 75), ("CASH_ATM", "T3", 0, 25),
    }  # fmt: skip


def test_a_stated_opening_tells_overdraft_from_money_that_was_there(read: Reader) -> None:
    rows = ["09:00 T0 Balu D 30 UPI x", *STOLEN]
    assert read(rows) == {("held", "Balu", "T1", 0, 100)}
    assert read(rows, accounts="B,Balu,0,,") == {("OVERDRAFT_REPAID", "T1", 0, 30), ("held", "Balu", "T1", 30, 100)}
    assert read(rows, accounts="B,Balu,0,20,") == {("OVERDRAFT_REPAID", "T1", 0, 10), ("held", "Balu", "T1", 10, 100)}
    assert read(rows, accounts="B,Balu,,20,") == {("held", "Balu", "T1", 0, 100)}


def test_columns_may_stand_in_any_order_with_others_between_and_times_in_any_zone(read: Reader) -> None:
    text = (
        "\ufeffNOTE,side,tx_ref,channel,amount_paise,account,bank,balance_after_paise,posted_at\r\n"
        "x,D,T1,UPI,100,Asha,B,,2026-03-01T10:00:00+05:30\r\n"
        'y,C,T1,upi,100,Balu,B,7,2026-03-01T04:30:00Z\r\n"a, b",D,T2,ATM,30,Balu,B,7,2026-03-01 05:31:00+01:00\r\n'
    )
    assert read.raw(text) == {("held", "Balu", "T1", 0, 70), ("CASH_ATM", "T2", 0, 30)}
    assert read.raw(text, claim="C,T1,100,2026-03-01T04:30:59Z") == {("held", "Balu", "T1", 0, 100)}


def test_paise_that_come_back_into_their_own_payment_are_flagged_each_time_they_do(read: Reader) -> None:
    """Asha's bank says she paid T1 out of what T1 itself brought her, in two pieces and after two and three hops: an
    order of rows that cannot have been."""
    rows = [
        "10:00 T1 Balu C 100 UPI Asha", "10:01 T2 Balu D 60 UPI Asha", "10:02 T3 Balu D 40 UPI Charu",
        "10:03 T3 Charu C 40 UPI Balu", "10:04 T4 Charu D 40 UPI Asha",
        "10:05 T2 Asha C 60 UPI Balu", "10:06 T4 Asha C 40 UPI Charu", "10:07 T1 Asha D 100 UPI Balu",
    ]  # fmt: skip
    assert read(rows) == {("order_inconsistent", "T1", 0, 100)}
