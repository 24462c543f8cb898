"""What the node does when the platform forgets, the core is away, or its own files are older than its deeds."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from node.conftest import World
from node.test_life_of_orders import amend
from thaam.node.adapters.toybank import ToyBankCore
from thaam.node.corebank import Placed
from thaam.node.holding import begin_hold
from thaam.node.resuming import StoreIsOlder
from thaam.wire.messages import CannotMatch, HoldAnswer


@pytest.mark.req("S0.8")
def test_an_answer_the_platform_acknowledged_and_lost_goes_out_again(world: World) -> None:
    hold = world.hold_order(world.pays(400_000))
    world.platform.forgets = True
    node = world.until_quiet()
    world.platform.forgets = False
    (answer,) = world.platform.lost
    world.until_quiet(node)
    assert world.platform.answers(HoldAnswer) == [], "its place may still come"

    world.clock.goes_on(minutes=6)
    world.until_quiet(node)

    (again,) = world.platform.answers(HoldAnswer)
    assert (again, again.order_id, world.lien()) == (answer, hold.id, 400_000)
    world.clock.goes_on(minutes=60)
    posts = len(world.platform.posts)
    world.until_quiet(node)
    assert len(world.platform.posts) == posts, "what has its place goes out no more"


def test_an_order_begun_in_time_and_not_carried_out_in_time_holds_nothing(world: World) -> None:
    order = world.hold_order(world.pays(400_000))
    node = world.node()
    assert not isinstance(begin_hold(node.parts, order, at=world.clock()), str)
    world.clock.goes_on(hours=2)  # the core was away meanwhile
    world.until_quiet()

    assert [answer.code for answer in world.platform.answers(CannotMatch)] == ["lapsed_unexecuted"]
    assert world.lien() == 0


def test_an_old_copy_that_forgot_a_lien_of_a_lifted_floor_stops(world: World) -> None:
    payment = world.pays(400_000)
    folder = world.folder / "node-B"
    world.until_quiet()
    shutil.copytree(folder, world.folder / "copy")
    hold = world.hold_order(payment, floor_paise=500_000)
    world.until_quiet()
    assert world.lien() == 0
    lifted = amend(world, hold, floor_paise=0)
    world.until_quiet()
    assert world.lien() == 400_000
    for order in (hold, lifted):
        world.platform.set_state(order.id, "answered")
    shutil.rmtree(folder)
    shutil.copytree(world.folder / "copy", folder)

    with pytest.raises(StoreIsOlder, match="does not remember it"):
        world.until_quiet()


def test_an_old_copy_that_forgot_a_longer_end_stops(world: World) -> None:
    hold = world.hold_order(world.pays(400_000), expires_at=world.clock() + timedelta(days=1))
    world.until_quiet()
    folder = world.folder / "node-B"
    shutil.copytree(folder, world.folder / "copy")
    longer = amend(world, hold, expires_at=world.clock() + timedelta(days=90))
    world.clock.goes_on(seconds=1)
    world.until_quiet()
    world.platform.set_state(longer.id, "answered")
    shutil.rmtree(folder)
    shutil.copytree(world.folder / "copy", folder)
    world.clock.goes_on(seconds=1)

    with pytest.raises(StoreIsOlder, match="answered before and forgot it"):
        world.until_quiet()


class Wordy(ToyBankCore):
    """A core whose lien references cannot be said on the wire."""

    def place_hold(self, *, hold_id: str, account: str, amount_paise: int) -> Placed:
        placed = super().place_hold(hold_id=hold_id, account=account, amount_paise=amount_paise)
        return replace(placed, lien_reference="lien no. 7")


@pytest.mark.req("S0.8")
@pytest.mark.parametrize("delay", [0.0, 60.0])
def test_what_is_held_and_cannot_be_told_is_let_go(world: World, delay: float) -> None:
    world.hold_order(world.pays(400_000, delay=delay))
    node = world.node()
    core = Wordy(bank="B", url=f"http://127.0.0.1:{world.door.server_port}")
    node.parts = replace(node.parts, core=core)
    world.until_quiet(node)
    if delay:
        world.clock.goes_on(seconds=delay + 1)
        world.host.carry()
        world.until_quiet(node)

    assert world.platform.answers(HoldAnswer) == []
    assert (world.lien(), world.available()) == (0, 400_000)
