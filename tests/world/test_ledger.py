"""Generated worlds: the same by seed, in order, and true to the paisa."""

import csv

import duckdb
import numpy as np
import pytest

from thaam.world.files import write_world
from thaam.world.frauds import KINDS
from thaam.world.ledger import World, build
from thaam.world.settings import names, setting

RESTING = [number for number, kind in enumerate(KINDS) if kind != "carried"]


def small(name: str, seed: int = 3) -> World:
    return build(setting=setting(name), payments=20_000, banks=5, seed=seed)


@pytest.fixture(scope="module", params=names())
def world(request: pytest.FixtureRequest) -> World:
    return small(request.param)


def test_every_paisa_of_every_claim_comes_to_rest_once(world: World):
    resting = np.isin(world.truth["kind"], RESTING)
    totals = np.bincount(
        world.truth["claim"][resting], weights=world.truth["paise"][resting], minlength=len(world.claims["paise"])
    )
    assert (totals.astype(np.int64) == world.claims["paise"]).all()


def test_the_credits_of_a_payment_add_up_to_its_debit(world: World):
    payments = world.payments
    credited = np.zeros(len(payments.t), dtype=np.int64)
    np.add.at(credited, payments.credit_payment, payments.credit_paise)
    assert ((credited == payments.paise) | (credited == 0)).all()


def test_a_refund_names_an_earlier_payment_and_never_exceeds_it(world: World):
    payments = world.payments
    refunds = np.flatnonzero(payments.reverses >= 0)
    back = np.zeros(len(payments.t), dtype=np.int64)
    np.add.at(back, payments.reverses[refunds], payments.paise[refunds])
    assert (back <= payments.paise).all()
    assert (payments.t[refunds] >= payments.t[payments.reverses[refunds]]).all()


def test_postings_are_in_the_order_of_time(world: World):
    assert (np.diff(world.rows["t"]) >= 0).all()


def test_only_overdrawn_mules_stand_below_zero(world: World):
    below = np.unique(world.rows["account"][world.rows["balance"] < 0])
    assert set(below.tolist()) <= set(world.people.overdrawn.tolist())


@pytest.mark.parametrize("name", ["easy", "stock", "refunds", "wide", "evasion", "overdraft"])
def test_what_the_truth_says_is_kept_lies_on_the_mule(name: str):
    world = small(name)
    opened = np.setdiff1d(world.people.mules, np.arange(world.people.people))
    opened = np.setdiff1d(opened, world.people.overdrawn)
    kept = np.zeros(world.people.count, dtype=np.int64)
    lines = world.truth["kind"] == KINDS.index("kept")
    np.add.at(kept, world.truth["account"][lines], world.truth["paise"][lines])
    level = np.zeros(world.people.count, dtype=np.int64)
    np.add.at(level, world.rows["account"], np.where(world.rows["debit"], -1, 1) * world.rows["paise"])
    assert (kept[opened] == level[opened]).all()
    assert name == "stock" or kept[opened].any()


def test_the_same_seed_gives_the_same_world_and_another_does_not():
    first, again, other = small("hard"), small("hard"), small("hard", seed=4)
    for name, column in first.rows.items():
        assert (column == again.rows[name]).all(), name
    assert len(first.rows["t"]) != len(other.rows["t"]) or (first.rows["paise"] != other.rows["paise"]).any()


def test_hard_settings_do_what_they_say():
    assert small("pools").people.pools.size == 10
    assert (small("refunds").payments.reverses >= 0).any()
    assert small("overdraft").people.limited.size > 0
    bulk = small("bulk").payments
    assert (np.bincount(bulk.credit_payment) > 1).any()
    false = small("false")
    assert (false.truth["kind"] == KINDS.index("false")).sum() == 1
    late = small("inflight").payments
    wait = late.credit_t - late.t[late.credit_payment]
    assert wait[wait > 0].min() >= 1 and wait.max() <= 300
    wide = small("wide")
    assert max(np.bincount(wide.rows["account"][wide.rows["debit"]])[wide.people.mules]) >= 90


def test_the_files_hold_what_the_formats_demand(tmp_path):
    world = small("hard")
    write_world(world, tmp_path)
    postings = duckdb.sql(f"SELECT * FROM '{tmp_path}/postings.parquet'")
    assert postings.columns[:10] == [
        "posted_at", "seq", "tx_ref", "bank", "account", "side",
        "amount_paise", "channel", "counterparty_bank", "counterparty_account",
    ]  # fmt: skip
    [(count, distinct, least)] = (
        postings.filter("side = 'D'").aggregate("count(*), count(DISTINCT tx_ref), min(amount_paise)").fetchall()
    )
    assert count == distinct
    assert least > 0
    with (tmp_path / "claims.csv").open() as file:
        claims = list(csv.DictReader(file))
    names = {row[0] for row in postings.filter("side = 'D'").project("tx_ref").fetchall()}
    assert {claim["tx_ref"] for claim in claims} <= names
    with (tmp_path / "accounts.csv").open() as file:
        accounts = {(row["bank"], row["account"]): row for row in csv.DictReader(file)}
    known = duckdb.sql(f"SELECT DISTINCT bank, account FROM '{tmp_path}/postings.parquet'").fetchall()
    assert set(known) <= set(accounts)
    assert {row["class"] for row in accounts.values()} == {"NORMAL", "POOL"}
