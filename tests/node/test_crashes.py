"""Killed after any step, started again: the same answer, one lien, no paisa twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from node.conftest import World, tally
from node.test_life_of_orders import release, restore
from thaam.node.checking import PlatformWentBack
from thaam.node.pull import Node
from thaam.wire.messages import HoldAnswer, ReleaseDone, RestoreDone
from thaam.world.toybank.liens import lift_lien


class Killed(BaseException):
    """The process is gone: no except clause of the program sees this coming."""


class DyingCore:
    """The real core, on a machine that loses power: before or after its n-th act, counted over all acts."""

    def __init__(self, core: Any, *, at_act: int, after: bool) -> None:
        self._core, self._left, self._after = core, at_act, after

    def __getattr__(self, name: str) -> Callable[..., Any]:
        real = getattr(self._core, name)
        if name in ("close", "mobile_matches"):
            return real  # type: ignore[no-any-return]

        def act(**asked: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Killed(name)
            answer = real(**asked)
            if self._left == 0:
                raise Killed(name)
            return answer

        return act


class DyingFile:
    """The real records or ledger, on a machine that loses power before or after the n-th of its writes."""

    WRITES = frozenset(
        {"answer", "settle", "plan_leg", "leg_placed", "leg_done", "plan_ending", "ending_done", "take"}
        | {"ingest", "cut", "release", "expect_restoration"}
    )

    def __init__(self, file: Any, *, at_write: int, after: bool) -> None:
        self._file, self._left, self._after = file, at_write, after

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._file, name)
        if name not in self.WRITES:
            return real

        def write(*args: Any, **asked: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Killed(name)
            answer = real(*args, **asked)
            if self._left == 0:
                raise Killed(name)
            return answer

        return write


def dying(world: World, *, core: int = 0, records: int = 0, ledger: int = 0, after: bool = False) -> Node:
    """A node whose machine will lose power."""
    node = world.node()
    parts = node.parts
    if core:
        object.__setattr__(parts, "core", DyingCore(parts.core, at_act=core, after=after))
    if records:
        object.__setattr__(parts, "records", DyingFile(parts.records, at_write=records, after=after))
    if ledger:
        object.__setattr__(parts, "ledger", DyingFile(parts.ledger, at_write=ledger, after=after))
    return node


def survives(world: World, **death: Any) -> bool:
    """Run until quiet with a death on the way, then again without; whether the death came."""
    try:
        world.until_quiet(dying(world, **death))
    except Killed:
        died = True
    else:
        died = False
    # life in the bank goes on while the node is down
    world.pays(7_000, frm="C/charu")
    world.spends(7_000)
    world.until_quiet()
    return died


DEATHS = [{"core": n, "after": after} for n in range(1, 8) for after in (False, True)]
DEATHS += [{"records": n, "after": False} for n in range(1, 12)]
DEATHS += [{"ledger": n, "after": after} for n in range(1, 4) for after in (False, True)]


@pytest.mark.req("S1.7")
@pytest.mark.parametrize("death", DEATHS, ids=lambda death: "-".join(f"{k}{v}" for k, v in death.items()))
def test_a_node_killed_at_any_step_holds_once_and_answers_once(world: World, death: dict[str, Any]) -> None:
    payment = world.pays(400_000)
    world.pays(100_000, frm="B/balu", to="C/charu")
    order = world.hold_order(payment)
    survives(world, **death)

    answers = world.platform.answers(HoldAnswer)
    assert [(answer.order_id, answer.revision) for answer in answers] == [(order.id, 1)]
    assert tally(answers[0]) == {"held": 300_000, "onward": 100_000}
    assert world.lien() == 300_000


@pytest.mark.parametrize("death", DEATHS, ids=lambda death: "-".join(f"{k}{v}" for k, v in death.items()))
def test_a_node_killed_while_money_leaves_a_hold_lets_it_go_once(world: World, death: dict[str, Any]) -> None:
    hold = world.hold_order(world.pays(400_000))
    world.until_quiet()
    release(world, hold, 0, 100_000)
    restore(world, hold, 200_000, 400_000)
    survives(world, **death)

    assert [answer.amount_paise for answer in world.platform.answers(ReleaseDone)] == [100_000]
    assert [answer.amount_paise for answer in world.platform.answers(RestoreDone)] == [200_000]
    assert world.lien() == 100_000
    assert world.available("A/asha") == 1_000_000 - 400_000 + 200_000
    assert world.available() == 100_000
    node = world.nodes[-1]
    assert node.parts.ledger.held_on("balu") == 100_000
    standing = node.parts.ledger.standing("balu")
    assert standing is not None
    assert standing.level_paise == 100_000


@pytest.mark.parametrize("death", [{"core": 7}, {"records": 11}, {"ledger": 3}], ids=str)
def test_the_deaths_above_reach_the_last_steps(world: World, death: dict[str, Any]) -> None:
    hold = world.hold_order(world.pays(400_000))
    release(world, hold, 0, 100_000)
    restore(world, hold, 200_000, 400_000)

    assert survives(world, **death)


def test_an_answer_whose_receipt_was_lost_is_sent_again_exactly_as_it_was(world: World) -> None:
    world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    node.parts.records._db.execute("UPDATE answer SET receipt = NULL")
    world.clock.goes_on(minutes=1)
    world.until_quiet()

    assert len(world.platform.messages) == 1
    assert len(world.platform.posts) == 2


def test_a_lien_lifted_by_hand_does_not_stop_the_node(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    hold = world.hold_order(world.pays(400_000))
    node = world.until_quiet()
    lift_lien(bank=world.host.bank("B"), id=hold.id, lift_id="by hand", amount_paise=300_000)
    release(world, hold, 0, 200_000)
    world.until_quiet(node)

    assert [answer.amount_paise for answer in world.platform.answers(ReleaseDone)] == [200_000]
    assert "could not be lifted" in capsys.readouterr().err


def test_a_journal_that_became_shorter_or_other_stops_the_node(world: World) -> None:
    world.platform.sign_head(10, "a" * 64)
    node = world.until_quiet()
    world.platform.sign_head(10, "b" * 64)
    with pytest.raises(PlatformWentBack, match="another root"):
        world.until_quiet(node)

    world.platform.sign_head(9, "a" * 64)
    with pytest.raises(PlatformWentBack, match="after 10"):
        world.until_quiet()
