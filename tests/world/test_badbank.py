"""A lying bank spoils what the platform hears while its node goes on holding honestly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from node.conftest import STARTED, World, tally
from thaam.node.config import open_node, read_config
from thaam.node.pull import Node
from thaam.wire import keys
from thaam.wire.messages import CannotMatch, HoldAnswer, InvalidMessage, Message, check_balances
from thaam.world.badbank import CLOCK_WRONG_BY, FAULTS, BadBank, spoil


@pytest.fixture
def street(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def behind(street: World) -> Iterator[Callable[..., Node]]:
    """An honest node behind a bad bank with a fault."""
    opened: list[BadBank] = []

    def make(fault: str) -> Node:
        bad = BadBank(
            platform_url=street.platform.url,
            bank="B",
            bank_key=street.platform.bank_key,
            platform_keys={street.platform.key.key_id: street.platform.key.public},
            fault=fault,
            now=street.clock,
        )
        bad.start()
        opened.append(bad)
        path = street.folder / "node.toml"
        text = path.read_text().replace(street.platform.url, bad.url)
        pinned = f'[platform_keys]\n"{bad.key.key_id}" = "{keys.public_text(bad.key.public)}"'
        path.write_text(text.replace("[platform_keys]", pinned))
        node = open_node(read_config(path), now=street.clock)
        street.nodes.append(node)
        return node

    yield make
    for bad in opened:
        bad.close()


def test_a_silent_bank_takes_no_order(street: World, behind: Callable[..., Node]) -> None:
    street.hold_order(street.pays(400_000))
    street.until_quiet(behind("silent"))

    assert (street.platform.answers(), street.lien()) == ([], 0)


def test_lines_that_do_not_balance_reach_the_platform_signed(street: World, behind: Callable[..., Node]) -> None:
    order = street.hold_order(street.pays(400_000))
    street.until_quiet(behind("unbalanced"))

    with pytest.raises(InvalidMessage, match="lines_do_not_balance"):
        check_balances(order, street.platform.answers(HoldAnswer)[0])
    assert street.lien() == 400_000


def test_it_lies_about_each_of_several_messages_that_its_node_sends_together(
    street: World, behind: Callable[..., Node]
) -> None:
    """Also about those: two orders wait when the node begins, and both answers leave it in one request."""
    orders = [street.hold_order(street.pays(300_000)), street.hold_order(street.pays(200_000))]
    street.until_quiet(behind("unbalanced"))

    answers = {answer.order_id: answer for answer in street.platform.answers(HoldAnswer)}
    for order in orders:
        with pytest.raises(InvalidMessage, match="lines_do_not_balance"):
            check_balances(order, answers[order.id])
    assert street.lien() == 500_000


def test_held_money_is_called_cash(street: World, behind: Callable[..., Node]) -> None:
    street.hold_order(street.pays(400_000))
    street.until_quiet(behind("says_cash"))

    assert street.told() == {"terminal:CASH_ATM": 400_000}
    assert street.lien() == 400_000


def test_a_credit_is_denied(street: World, behind: Callable[..., Node]) -> None:
    street.hold_order(street.pays(400_000))
    street.until_quiet(behind("denies"))

    assert [answer.code for answer in street.platform.answers(CannotMatch)] == ["not_found"]


def test_every_message_comes_twice(street: World, behind: Callable[..., Node]) -> None:
    street.hold_order(street.pays(400_000))
    street.until_quiet(behind("twice"))

    assert len(street.platform.posts) == 2
    assert len(street.platform.messages) == 1


def test_a_second_answer_conflicts(street: World, behind: Callable[..., Node]) -> None:
    street.hold_order(street.pays(400_000))
    street.until_quiet(behind("conflicts"))

    first, second = street.platform.answers(HoldAnswer)
    assert (tally(first), tally(second)) == ({"held": 400_000}, {"terminal:CASH_ATM": 400_000})
    assert second.replaces is None


def test_every_fault_leaves_other_messages_alone() -> None:
    message: Message = CannotMatch(
        "019abc00-0000-7000-8000-00000000000e", "019abc00-0000-7000-8000-000000000004",
        STARTED, "not_ours", "here",
    )  # fmt: skip
    for fault in FAULTS.keys() - {"twice", "wrong_clock"}:
        assert spoil(message, fault) == [message]
    (shifted,) = spoil(message, "wrong_clock")
    assert isinstance(shifted, CannotMatch)
    assert isinstance(message, CannotMatch)
    assert shifted.answered_at - message.answered_at == CLOCK_WRONG_BY


def test_a_fault_nobody_made_is_named() -> None:
    with pytest.raises(ValueError, match="no fault 'rude'"):
        BadBank("http://127.0.0.1:9", "B", keys.generate(), {}, "rude")
