"""The nightly looking for mules inside a bank: own postings, a process of its own, a signed word to the platform."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from node.conftest import World
from thaam.node.config import BadConfig, read_config
from thaam.node.looking import next_night
from thaam.node.pull import Node
from thaam.wire.messages import HoldAnswer, SuspiciousAccount

TABLE = '\n[mules]\nat = "03:00"\nfewest_accounts = 1\nleast = 0.0001\nmost = 1\n'


def configure(world: World, table: str = TABLE) -> None:
    path = world.write_config("B")
    path.write_text(path.read_text() + table)


def mule(world: World) -> None:
    """Asha pays Balu in parts, Balu passes them on within minutes."""
    for _ in range(4):
        world.pays(49_500)
        world.clock.goes_on(minutes=4)
        world.pays(49_000, frm="B/balu", to="C/charu")
        world.clock.goes_on(minutes=4)


def night(world: World, node: Node) -> None:
    """One night: the looking begins, ends and what it found is sent."""
    assert node.looker is not None
    world.clock.goes_on(days=1)
    world.until_quiet(node)
    assert node.looker.wait()
    world.until_quiet(node)


@pytest.mark.req("S2.4", "S1.18")
def test_a_bank_tells_signed_what_its_own_postings_show_and_tells_it_once(world: World) -> None:
    configure(world)
    node = world.until_quiet()
    mule(world)
    world.until_quiet(node)
    assert world.platform.answers(SuspiciousAccount) == []
    night(world, node)
    told = world.platform.answers(SuspiciousAccount)
    assert [each.account for each in told] == ["balu"]
    assert told[0].reason == "scored"
    assert "no person has looked" in (told[0].words or "")
    assert told[0].seen_at <= told[0].reported_at
    night(world, node)
    assert len(world.platform.answers(SuspiciousAccount)) == 1


def test_a_hold_is_placed_while_the_looking_runs(world: World) -> None:
    configure(world)
    node = world.until_quiet()
    mule(world)
    world.clock.goes_on(days=1)
    node.one_pass()
    assert node.looker is not None
    assert node.looker.child is not None
    world.hold_order(world.pays(70_000))
    world.until_quiet(node)
    assert len(world.platform.answers(HoldAnswer)) == 1
    node.looker.close()


def test_a_looking_that_fails_harms_nothing_and_is_tried_again_the_next_night(world: World, capfd) -> None:
    configure(world)
    node = world.until_quiet()
    mule(world)
    assert node.looker is not None
    node.looker.folder = world.folder / "nowhere"  # no store there
    night(world, node)
    assert "looking for mules ended with 2; again tomorrow" in capfd.readouterr().err
    assert world.platform.answers(SuspiciousAccount) == []
    node.looker.folder = world.folder / "node-B"
    night(world, node)
    assert len(world.platform.answers(SuspiciousAccount)) == 1


def test_a_ledger_too_small_to_compare_accounts_names_nobody(world: World) -> None:
    configure(world, TABLE.replace("fewest_accounts = 1", "fewest_accounts = 50"))
    node = world.until_quiet()
    mule(world)
    night(world, node)
    assert world.platform.answers(SuspiciousAccount) == []


def test_a_pool_account_passes_money_on_by_its_nature_and_is_not_told(world: World) -> None:
    configure(world)
    node = world.until_quiet()
    mule(world)
    world.until_quiet(node)
    node.parts.ledger.declare_pool(account="balu")
    night(world, node)
    assert world.platform.answers(SuspiciousAccount) == []


def test_without_the_table_nothing_is_looked_at(world: World) -> None:
    node = world.until_quiet()
    assert node.looker is None


def test_the_night_is_indias(world: World) -> None:
    at = datetime(2026, 3, 2, 21, 29, tzinfo=UTC)  # 02:59 in India
    assert next_night(time(3), at) - at == timedelta(minutes=1)
    assert next_night(time(3), at + timedelta(minutes=1)) - at == timedelta(days=1, minutes=1)


@pytest.mark.parametrize("line", ['at = "25:00"', "least = 0", "unknown = 1", 'accounts = "none.csv"', "most = 0"])
def test_a_wrong_table_is_named_before_anything_runs(world: World, line: str) -> None:
    configure(world, f"\n[mules]\n{line}\n")
    with pytest.raises(BadConfig, match="mules"):
        read_config(world.folder / "node.toml")
