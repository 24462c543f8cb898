"""Mule behaviours on small ledgers made by hand, and on generated ones with known truth."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from thaam.cli.main import main
from thaam.postings.files import BadFile
from thaam.postings.mules.ledger import read_ledger
from thaam.postings.mules.scoring import REASONS, score_accounts

START = datetime(2026, 1, 1, 6, tzinfo=UTC)
COLUMNS = "posted_at seq tx_ref bank account side amount_paise channel counterparty_bank counterparty_account".split()


class Book:
    """A ledger of ordinary people, into which a test writes one mule."""

    def __init__(self) -> None:
        self.rows: list[tuple[object, ...]] = []
        chance = random.Random(5)
        for person in range(200):
            for _ in range(chance.randint(4, 9)):
                at = START + timedelta(hours=chance.uniform(0, 24 * 90))
                self.pay(at, f"P{person}", f"P{chance.randint(0, 199)}", chance.randint(200_00, 9_000_00))

    def pay(self, at: datetime, payer: str, payee: str, paise: int) -> None:
        ref = f"T{len(self.rows)}"
        self.rows.append((at.isoformat(), 0, ref, "A", payer, "D", paise, "UPI", "A", payee))
        self.rows.append((at.isoformat(), 0, ref, "A", payee, "C", paise, "UPI", "A", payer))

    def save(self, folder: Path) -> Path:
        path = folder / "postings.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS)
            ordered = sorted(self.rows, key=lambda row: str(row[0]))
            writer.writerows((row[0], place, *row[2:]) for place, row in enumerate(ordered, 1))
        return path


def found(path: Path, account: str, accounts: Path | None = None):
    scored = score_accounts(read_ledger(path, accounts=accounts, as_of=None))
    place = next(place for place, one in enumerate(scored) if one.account == account)
    return place, scored[place]


@pytest.mark.req("S2.4", "S2.5")
def test_an_account_that_passes_money_on_stands_first_and_says_why(tmp_path):
    book = Book()
    noon = START + timedelta(days=40, hours=2)
    for hour in range(4):
        book.pay(noon + timedelta(days=hour), f"P{hour}", "BALU", 40_000_00)
        book.pay(noon + timedelta(days=hour, minutes=7), "BALU", f"P{hour + 50}", 39_500_00)
    place, balu = found(book.save(tmp_path), "BALU")
    assert place == 0
    assert balu.reasons[0][0] == "pass_through"
    assert balu.reasons[0][2] >= 95
    assert balu.window_from is not None
    assert balu.window_to is not None
    assert noon <= balu.window_from <= balu.window_to <= noon + timedelta(days=4)


def test_a_payment_cut_into_pieces_is_seen(tmp_path):
    book = Book()
    noon = START + timedelta(days=20)
    for minute in range(6):
        book.pay(noon + timedelta(minutes=minute), "BALU", "P7", 49_500_00)
    book.pay(START, "P3", "BALU", 500_00)
    _, balu = found(book.save(tmp_path), "BALU")
    codes = [code for code, _, _ in balu.reasons]
    assert "split" in codes
    assert "under_threshold" in codes


def test_an_account_that_wakes_is_seen(tmp_path):
    book = Book()
    book.pay(START, "P3", "BALU", 500_00)
    for hour in range(10):
        book.pay(START + timedelta(days=70, hours=hour), f"P{hour}", "BALU", 3_000_00)
    _, balu = found(book.save(tmp_path), "BALU")
    assert "dormant_then_busy" in [code for code, _, _ in balu.reasons]


def test_accounts_that_share_a_phone_and_a_fresh_mobile_number_are_seen(tmp_path):
    book = Book()
    for hour in range(8):
        book.pay(START + timedelta(days=30, hours=hour), f"P{hour}", "BALU", 3_000_00)
    path = book.save(tmp_path)
    accounts = tmp_path / "accounts.csv"
    changed = (START + timedelta(days=29, hours=22)).isoformat()
    lines = ["bank,account,phone,mobile_changed_at", f"A,BALU,900,{changed}", *(f"A,P{n},900," for n in range(4))]
    accounts.write_text("\n".join(lines), encoding="utf-8")
    _, balu = found(path, "BALU", accounts)
    codes = {code for code, _, _ in balu.reasons}
    assert {"shared_details", "after_mobile_change"} <= codes


def test_postings_after_the_time_asked_do_not_count(tmp_path):
    book = Book()
    for hour in range(4):
        book.pay(START + timedelta(days=80, hours=hour), f"P{hour}", "BALU", 40_000_00)
    path = book.save(tmp_path)
    early = score_accounts(read_ledger(path, accounts=None, as_of=START + timedelta(days=60)))
    assert "BALU" not in {one.account for one in early}


def test_the_command_writes_a_row_for_every_account_in_order_of_score(tmp_path):
    path = Book().save(tmp_path)
    out = tmp_path / "mules.csv"
    assert main(["mules", str(path), "--as-of", "2026-12-31T00:00:00+05:30", "--out", str(out)]) == 0
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert list(rows[0]) == ["bank", "account", "score", "window_from", "window_to", "reasons"]
    scores = [float(row["score"]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert len(rows) == 200
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_a_file_that_is_no_ledger_is_told_in_a_sentence(tmp_path, capsys):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadFile, match="no column"):
        read_ledger(path, accounts=None, as_of=None)
    assert main(["mules", str(path), "--out", str(tmp_path / "out.csv")]) == 2
    assert "no column" in capsys.readouterr().err


def test_every_behaviour_has_a_sentence_in_both_languages():
    for behaviour in REASONS:
        assert behaviour.title.hi != behaviour.title.en
        assert ("{n}" in behaviour.title.hi) == ("{n}" in behaviour.title.en)


def test_generated_mules_are_found_without_labels(tmp_path):
    """The generator's own truth. Figures on others' ledgers are in docs/mules.md."""
    assert main(["world", "--transactions", "20000", "--banks", "3", "--seed", "3", "--out", str(tmp_path)]) == 0
    mules = {
        (row["bank"], row["account"])
        for row in csv.DictReader((tmp_path / "roles.csv").open())
        if row["role"] == "mule"
    }
    scored = score_accounts(read_ledger(tmp_path / "postings.parquet", accounts=None, as_of=None))
    marked = [(one.bank, one.account) in mules for one in scored]
    worse = sum(sum(1 for other in marked[:place] if not other) for place, mark in enumerate(marked) if mark)
    auc = 1 - worse / (sum(marked) * (len(marked) - sum(marked)))
    assert auc >= 0.9


def test_a_ring_a_chain_and_parallel_ways_are_said_as_reasons(tmp_path):
    book = Book()
    noon = START + timedelta(days=50)
    ring = ["R1", "R2", "R3", "R1"]
    for step, (payer, payee) in enumerate(pairwise(ring)):
        book.pay(noon + timedelta(hours=step), payer, payee, 60_000_00 - step * 900_00)
    for middle in range(5):
        book.pay(noon + timedelta(minutes=middle), "S", f"M{middle}", 31_000_00 + middle * 777_00)
        book.pay(noon + timedelta(hours=1, minutes=middle), f"M{middle}", "G", 30_500_00 + middle * 777_00)
    path = book.save(tmp_path)
    scored = score_accounts(read_ledger(path, accounts=None, as_of=None))
    place = {one.account: (number, {code for code, _, _ in one.reasons}) for number, one in enumerate(scored)}
    assert "ring" in place["R2"][1]
    assert "gathered" in place["M3"][1]
    assert {"R1", "R2", "R3"} <= {one.account for one in scored[:15]}


@pytest.mark.req("S1.4", "S2.4")
def test_gaps_in_kyc_are_said_and_raise_the_score(tmp_path):
    book = Book()
    path = book.save(tmp_path)
    accounts = tmp_path / "accounts.csv"
    rows = ["bank,account,name,kyc_name,gold_loan_verified,branch"]
    rows += [
        "A,P1,Asha Verma,Ramesh Sahu,yes,X", "A,P2,R Sahu,Ramesh Sahu,yes,X", "A,P3,आशा वर्मा,Asha Verma,no,X",
    ]  # fmt: skip
    accounts.write_text("\n".join(rows), encoding="utf-8")
    before = {one.account: one.score for one in score_accounts(read_ledger(path, accounts=None, as_of=None))}
    after = {one.account: one for one in score_accounts(read_ledger(path, accounts=accounts, as_of=None))}
    assert "name_mismatch" in {code for code, _, _ in after["P1"].reasons}
    assert after["P1"].score > before["P1"]
    assert after["P2"].score == before["P2"]
    assert {"gold_loan"} == {code for code, _, _ in after["P3"].reasons} & {"gold_loan", "name_mismatch"}


def test_the_model_only_rises_with_a_sign():
    """Raising any one column never lowers the sum of the trees."""
    import numpy as np

    from thaam.postings.mules.model import model, weigh

    chance = np.random.default_rng(5)
    for trees in (model().alone, model().together):
        table = chance.uniform(0, 5, (200, trees.columns))
        before = weigh(trees, table)
        for column in range(trees.columns):
            higher = table.copy()
            higher[:, column] += chance.uniform(0, 2, 200)
            assert (weigh(trees, higher) >= before - 1e-9).all()
