"""Odd geography where postings say their place, and a node's own store read as a ledger."""

from __future__ import annotations

import csv
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from thaam.cli.main import main
from thaam.postings.files import BadFile
from thaam.postings.mules import behaviours
from thaam.postings.mules.ledger import Ledger, read_ledger
from thaam.postings.mules.scoring import score_accounts
from thaam.postings.posting import Posting
from thaam.postings.store import NodeStore

START = datetime(2026, 1, 1, 6, tzinfo=UTC)
TOWNS = ("Durg", "Raipur", "Bilaspur", "Korba")


def rows() -> list[dict[str, object]]:
    """Two hundred people who pay near home; now and then somebody travels for a day."""
    chance = random.Random(3)
    found: list[dict[str, object]] = []
    for number in range(1600):
        payer, payee = chance.randrange(200), chance.randrange(200)
        town = TOWNS[payer % 4] if chance.random() < 0.97 else chance.choice(TOWNS)
        add(found, START + timedelta(seconds=chance.randrange(86_400 * 60)), f"P{payer}", f"P{payee}", town, number)
    return found


def add(found: list[dict[str, object]], at: datetime, payer: str, payee: str, place: str, number: int) -> None:
    base = {"posted_at": at, "tx_ref": f"T{len(found)}", "bank": "A", "amount_paise": 500_00 + number % 700 * 100,
            "channel": "UPI", "counterparty_bank": "A", "place": place}  # fmt: skip
    found.append({**base, "account": payer, "side": "D", "counterparty_account": payee})
    found.append({**base, "account": payee, "side": "C", "counterparty_account": payer, "place": ""})


def save(found: list[dict[str, object]], folder: Path, *, leave_out: str = "") -> Path:
    path = folder / f"postings-{leave_out}.csv"
    ordered = sorted(found, key=lambda row: str(row["posted_at"]))
    names = [name for name in ordered[0] if name != leave_out]
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, [*names, "seq"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(
            row | {"seq": place, "posted_at": row["posted_at"].isoformat()} for place, row in enumerate(ordered, 1)
        )
    return path


def wandering() -> list[dict[str, object]]:
    """Balu's card draws money in five towns within a day."""
    found = rows()
    for hour, town in enumerate(("Durg", "Nalanda", "Jamtara", "Mewat", "Bharatpur", "Durg")):
        add(found, START + timedelta(days=30, hours=hour), "BALU", f"P{hour}", town, hour)
    return found


def one(path: Path, account: str, accounts: Path | None = None):
    scored = score_accounts(read_ledger(path, accounts=accounts, as_of=None))
    return next((place, each) for place, each in enumerate(scored) if each.account == account)


@pytest.mark.req("S2.4")
def test_an_account_used_from_five_towns_in_a_day_is_said_and_scores_higher_for_it(tmp_path):
    with_places, balu = one(save(wandering(), tmp_path), "BALU")
    reasons = {code: number for code, _, number in balu.reasons}
    assert reasons["places"] == 5
    without, plain = one(save(wandering(), tmp_path, leave_out="place"), "BALU")
    assert "places" not in {code for code, _, _ in plain.reasons}
    assert balu.score > plain.score
    assert with_places <= without


def test_a_day_in_the_next_town_is_a_journey_and_not_said(tmp_path):
    scored = score_accounts(read_ledger(save(rows(), tmp_path), accounts=None, as_of=None))
    said = [each.account for each in scored if "places" in {code for code, _, _ in each.reasons}]
    assert len(said) <= 2


def test_home_is_what_the_accounts_file_says(tmp_path):
    found = rows()
    for day in range(14):
        add(found, START + timedelta(days=day), "ASHA", f"P{day}", "Nalanda", day)
    path = save(found, tmp_path)
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("bank,account,place\nA,ASHA,Durg\n", encoding="utf-8")
    _, at_home = one(path, "ASHA")
    _, away = one(path, "ASHA", accounts)
    assert "places" not in {code for code, _, _ in at_home.reasons}
    assert "places" in {code for code, _, _ in away.reasons}


def test_a_nodes_store_reads_like_the_file_of_the_same_postings(tmp_path):
    found = sorted(wandering(), key=lambda row: str(row["posted_at"]))
    store = NodeStore.open(str(tmp_path / "ledger.sqlite"))
    store.ingest(
        Posting(
            posted_at=row["posted_at"], tx_ref=str(row["tx_ref"]), bank="A", account=str(row["account"]),
            side=str(row["side"]), amount_paise=int(str(row["amount_paise"])), channel="UPI",
            counterparty_bank="A", counterparty_account=str(row["counterparty_account"]), seq=place, position=place,
        )
        for place, row in enumerate(found, 1)
    )  # fmt: skip
    store.close()
    since, as_of = START + timedelta(days=10), START + timedelta(days=40)
    ours = read_ledger(tmp_path / "ledger.sqlite", accounts=None, as_of=as_of, since=since, bank="A")
    file = read_ledger(save(found, tmp_path), accounts=None, as_of=as_of, since=since)
    assert told(ours) == told(file)
    assert {each.account: round(each.score, 6) for each in score_accounts(ours)} == {
        each.account: round(each.score, 6) for each in score_accounts(without_places(file))
    }
    with pytest.raises(BadFile, match="--bank"):
        read_ledger(tmp_path / "ledger.sqlite", accounts=None, as_of=None)
    assert main(["mules", str(tmp_path / "ledger.sqlite"), "--bank", "A", "--out", str(tmp_path / "o.csv")]) == 0


def told(ledger: Ledger) -> list[tuple[object, ...]]:
    rows_ = zip(ledger.account, ledger.other, ledger.out, ledger.paise, ledger.at, strict=True)
    return sorted(
        (ledger.names[a], ledger.names[o] if o >= 0 else "", bool(d), int(p), int(t)) for a, o, d, p, t in rows_
    )


def without_places(ledger: Ledger) -> Ledger:
    ledger.place, ledger.places = None, []
    return ledger


def test_without_places_nothing_is_computed():
    none = np.zeros(0, dtype=np.int64)
    empty = Ledger([], none, none, none.astype(bool), none, none, none.astype(bool))
    assert not behaviours.far_places(empty).strength.any()
