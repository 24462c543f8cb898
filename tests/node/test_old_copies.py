"""A node on an old copy of its files stops before it acts; its newest files go on, whatever the copy has said."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from node.conftest import World, tally
from node.test_life_of_orders import amend, cancel, release
from thaam.cli import main
from thaam.node.config import open_node, read_config
from thaam.node.resuming import StoreIsOlder
from thaam.wire.messages import HoldAnswer, ReleaseDone, ranges_of


def copied(world: World) -> None:
    """A copy of the node's files, as a careless backup would be made."""
    world.until_quiet()
    shutil.rmtree(world.folder / "copy", ignore_errors=True)
    shutil.copytree(world.folder / "node-B", world.folder / "copy")


def on_the_copy(world: World) -> None:
    """The node is down; what it comes back with is the copy."""
    shutil.rmtree(world.folder / "newest", ignore_errors=True)
    shutil.move(world.folder / "node-B", world.folder / "newest")
    shutil.copytree(world.folder / "copy", world.folder / "node-B")


def on_the_newest(world: World) -> None:
    """The node is down; what it comes back with are its newest files."""
    shutil.rmtree(world.folder / "node-B")
    shutil.move(world.folder / "newest", world.folder / "node-B")


def their_word(world: World) -> None:
    """The bank's people say that these are the newest files."""
    assert main.main(["node", "--config", str(world.folder / "node.toml"), "--newest"]) == 0


# -- the copy


@pytest.mark.req("S0.8")
def test_a_copy_says_and_does_nothing_before_it_has_looked_at_what_it_has_said(world: World) -> None:
    early, late = world.pays(400_000), world.pays(100_000)
    world.hold_order(early)
    node = world.node()
    node.one_pass()
    node._take()  # taken, and not carried out when the copy is made
    shutil.copytree(world.folder / "node-B", world.folder / "copy")
    world.hold_order(late)
    world.until_quiet(node)
    world.platform.deaf = True
    unsent = world.hold_order(world.pays(50_000))
    world.until_quiet(node)
    on_the_copy(world)
    world.platform.deaf = False
    said = list(world.platform.posts)

    with pytest.raises(StoreIsOlder, match="never made"):
        world.until_quiet()

    assert world.platform.posts == said
    on_the_newest(world)
    world.until_quiet()
    assert [answer.order_id for answer in world.platform.answers(HoldAnswer)][-1] == unsent.id
    assert world.lien() == 550_000


@pytest.mark.req("S0.8")
def test_a_node_that_cannot_ask_the_platform_waits_a_minute_and_then_holds_and_ends(world: World) -> None:
    ends = world.hold_order(world.pays(300_000), expires_at=world.clock() + timedelta(seconds=30))
    world.until_quiet()
    world.hold_order(world.pays(200_000))
    node = world.node()
    node.one_pass()
    node._take()
    world.platform.down = True
    world.clock.goes_on(seconds=31)
    node = world.node()
    assert (node.one_pass(), node.one_pass(), world.lien()) == (0, 0, 300_000)
    world.clock.goes_on(seconds=60)
    world.until_quiet(node)

    assert world.lien() == 200_000
    world.platform.down = False
    world.until_quiet(node)
    assert [done.hold_order_id for done in world.platform.answers(ReleaseDone)] == [ends.id]


def test_the_word_of_a_running_twin_stops_a_node(world: World) -> None:
    copied(world)
    config = read_config(world.folder / "node.toml")
    twin = open_node(replace(config, data=world.folder / "copy"), now=world.clock)
    world.nodes.append(world.until_quiet(twin))
    world.hold_order(world.pays(400_000))
    world.until_quiet()
    said = list(world.platform.posts)

    with pytest.raises(StoreIsOlder, match="a copy of it is running"):
        world.until_quiet(twin)
    assert world.platform.posts == said


# -- a platform that does not tell what it has from us: the core and the orders' states give the copy away


def test_a_ledger_older_than_the_records_stops_the_node(world: World) -> None:
    folder = world.folder / "node-B"
    world.until_quiet()
    shutil.copytree(folder, world.folder / "copy")
    world.hold_order(world.pays(400_000))
    world.until_quiet()
    for old in folder.glob("ledger*"):
        old.unlink()
    for old in (world.folder / "copy").glob("ledger*"):
        shutil.copy(old, folder)

    with pytest.raises(StoreIsOlder, match="different age"):
        world.until_quiet()


def test_a_closed_order_stays_closed_for_a_node_that_starts_from_nothing(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    world.until_quiet()
    cancelled = cancel(world, hold.id)
    world.until_quiet()
    world.platform.set_state(hold.id, "cancelled")
    world.platform.set_state(cancelled.id, "done")
    shutil.rmtree(world.folder / "node-B")

    with pytest.raises(StoreIsOlder):
        world.until_quiet()

    assert world.lien() == 0


def test_a_node_brought_back_from_an_old_copy_stops_and_says_so(world: World) -> None:
    copied(world)
    hold = world.hold_order(world.pays(400_000))
    world.until_quiet()
    world.platform.set_state(hold.id, "answered")
    on_the_copy(world)
    world.platform.shows_receipts = False

    with pytest.raises(StoreIsOlder, match="does not remember it"):
        world.until_quiet()

    assert world.lien() == 400_000


def test_an_old_copy_that_forgot_a_release_stops_too(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    copied(world)
    order = release(world, hold, 0, 100_000)
    world.until_quiet()
    world.platform.set_state(order.id, "done")
    on_the_copy(world)
    world.platform.shows_receipts = False

    with pytest.raises(StoreIsOlder, match="still believes 400000 paise held"):
        world.until_quiet()


def test_an_old_copy_that_forgot_a_lien_of_a_lifted_floor_stops(world: World) -> None:
    payment = world.pays(400_000)
    copied(world)
    hold = world.hold_order(payment, floor_paise=500_000)
    world.until_quiet()
    assert world.lien() == 0
    lifted = amend(world, hold, floor_paise=0)
    world.until_quiet()
    assert world.lien() == 400_000
    for order in (hold, lifted):
        world.platform.set_state(order.id, "answered")
    on_the_copy(world)
    world.platform.shows_receipts = False

    with pytest.raises(StoreIsOlder, match="does not remember it"):
        world.until_quiet()


def test_an_old_copy_that_forgot_a_longer_end_stops(world: World) -> None:
    hold = world.hold_order(world.pays(400_000), expires_at=world.clock() + timedelta(days=1))
    copied(world)
    longer = amend(world, hold, expires_at=world.clock() + timedelta(days=90))
    world.clock.goes_on(seconds=1)
    world.until_quiet()
    world.platform.set_state(longer.id, "answered")
    on_the_copy(world)
    world.platform.shows_receipts = False
    world.clock.goes_on(seconds=1)

    with pytest.raises(StoreIsOlder, match="answered before and forgot it"):
        world.until_quiet()


# -- the newest files, after a copy has spoken


def spoken(world: World) -> tuple[str, str]:
    """Two orders the newest files have answered, unheard; a copy the second of them, later and heard: their ids."""
    world.platform.shows_receipts = False
    copied(world)
    world.platform.deaf = True
    first, other = world.hold_order(world.pays(400_000)), world.hold_order(world.pays(100_000), floor_paise=500_000)
    world.clock.goes_on(seconds=1)
    world.until_quiet()
    on_the_copy(world)
    world.platform.deaf = False
    world.platform.items.pop(0)  # the copy gets to know of the second only
    world.spends(100_000)
    world.clock.goes_on(seconds=1)
    world.until_quiet()
    assert [each.order_id for each in world.platform.answers(HoldAnswer)] == [other.id]
    on_the_newest(world)
    return first.id, other.id


def test_the_newest_files_stop_too_until_somebody_says_what_they_are(world: World) -> None:
    spoken(world)
    for _ in range(2):
        with pytest.raises(StoreIsOlder, match="answered before and forgot it"):
            world.until_quiet()


@pytest.mark.req("S0.8", "S0.9")
def test_after_their_word_what_is_so_is_the_next_revision(world: World) -> None:
    first, other = spoken(world)
    their_word(world)
    world.until_quiet()

    heard = {(each.order_id, each.revision): each for each in world.platform.answers(HoldAnswer)}
    assert set(heard) == {(first, 1), (other, 1), (other, 2)}
    assert heard[other, 2].replaces == 1
    assert world.lien() == 400_000
    assert tally(heard[first, 1]) == {"held": 400_000}
    assert sum(tally(heard[other, 2]).values()) == 100_000
    node = world.until_quiet()
    assert not node.parts.records.are_newest(), "the word was for once"


def test_an_answer_the_copy_took_further_is_taken_further_still(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    copied(world)
    world.platform.shows_receipts = False
    on_the_copy(world)
    amend(world, hold, ranges=ranges_of(((0, 100_000),)))
    copy = world.until_quiet()
    assert [each.revision for each in world.platform.answers(HoldAnswer)] == [1, 2]
    copy.parts.records.close()
    on_the_newest(world)
    world.platform.shows_receipts = True
    with pytest.raises(StoreIsOlder, match="never made"):
        world.until_quiet()
    their_word(world)
    world.until_quiet()

    last = world.platform.answers(HoldAnswer)[-1]
    assert last.revision > 2
    assert tally(last).get("held", 0) == world.lien()


def test_a_node_without_its_files_and_without_liens_goes_on_after_their_word(world: World) -> None:
    payment = world.pays(400_000)
    world.spends(400_000)
    gone = world.hold_order(payment)
    world.until_quiet()
    world.platform.set_state(gone.id, "answered")
    shutil.rmtree(world.folder / "node-B")
    with pytest.raises(StoreIsOlder, match="never made"):
        world.until_quiet()
    their_word(world)
    world.hold_order(world.pays(200_000))
    world.until_quiet()

    assert world.lien() == 200_000
    assert [answer.order_id for answer in world.platform.answers(HoldAnswer)].count(gone.id) == 1


def test_the_word_is_given_with_the_node_down(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    from thaam.cli.node import _lock

    with _lock(world.folder / "node-B"):
        assert main.main(["node", "--config", str(world.folder / "node.toml"), "--newest"]) == 1
    assert "another node runs" in capsys.readouterr().err
