"""What the node does when the platform forgets, the core is away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from node.conftest import World
from thaam.node.adapters.toybank import ToyBankCore
from thaam.node.corebank import Placed
from thaam.node.holding import begin_hold
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
