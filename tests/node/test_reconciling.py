"""Open holds are compared under a fresh key; what differs twice is told once, what was on its way is not told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from thaam.money.digest import place_of, row_digest, sum_of
from thaam.node.reconciling import differing, reconcile_if_due
from thaam.wire.client import OpenHolds
from thaam.wire.messages import HoldsDiffer

pytestmark = pytest.mark.req("S1.7")

KEY = bytes(32)
MINUTE = timedelta(minutes=1)


class Other:
    """The platform's side of the comparison: hold id → (revision, ranges)."""

    def __init__(self, holds: dict[str, Any]) -> None:
        self.holds = holds
        self.asked = 0

    def open_holds(self, *, key: bytes, first: int, last: int) -> OpenHolds:
        self.asked += 1
        found = {hold: told for hold, told in self.holds.items() if first <= place_of(hold) <= last}
        digests = [row_digest(key=key, hold_id=h, revision=r, ranges=ranges) for h, (r, ranges) in found.items()]
        return OpenHolds(sum_of(digests), len(found), tuple(found))


@pytest.fixture
def held(world: Any) -> tuple[Any, str]:
    """A node that holds Rs 1,000."""
    payment = world.pays(1_000_00)
    order = world.hold_order(payment)
    world.platform.order(order)
    return world.until_quiet(), order.id


def due(node: Any, other: Any, *, minutes: int) -> int:
    return reconcile_if_due(node.parts, other, key=KEY, at=node.now() + minutes * MINUTE)


def told(node: Any) -> list[HoldsDiffer]:
    return [each for each in node.parts.records.answers() if isinstance(each, HoldsDiffer)]


def test_equal_books_cost_one_question_and_nothing_is_told(held: tuple[Any, str]) -> None:
    node, hold_id = held
    other = Other({hold_id: (1, ((0, 1_000_00),))})
    assert due(node, other, minutes=59) == due(node, other, minutes=70) == due(node, other, minutes=75) == 0
    assert other.asked == 1
    assert told(node) == []


@pytest.mark.parametrize(
    "theirs",
    [{}, {"revision": 2}, {"ranges": ((0, 999_99),)}, {"more": True}],
    ids=["missing there", "another revision", "another paisa", "one too many there"],
)
def test_what_differs_twice_is_told_once(held: tuple[Any, str], theirs: dict[str, Any]) -> None:
    node, hold_id = held
    holds = {hold_id: (theirs.get("revision", 1), theirs.get("ranges", ((0, 1_000_00),)))} if theirs else {}
    wrong = hold_id
    if "more" in theirs:
        wrong = "019abc00-0000-7000-8000-0000000000ff"
        holds[wrong] = (1, ((0, 5),))
    other = Other(holds)
    due(node, other, minutes=0)
    assert due(node, other, minutes=70) == 0, "once is not enough"
    assert due(node, other, minutes=72) == 1
    (message,) = told(node)
    assert [each.hold_order_id for each in message.holds] == [wrong]
    for body, *_ in ((id, *rest) for id, *rest in node.parts.records.unsent()):
        node.parts.records.receipted(body, {})
    due(node, other, minutes=140)
    due(node, other, minutes=150)
    assert len(told(node)) == 1, "the same difference is one message"


def test_a_clock_that_is_47_minutes_fast_ends_no_hold_before_its_time(held: tuple[Any, str]) -> None:
    node, hold_id = held
    node.parts.clock.by = -47 * MINUTE  # as a signed refusal told
    minutes = int((node.parts.records.find_hold(hold_id).order.expires_at - node.now()) / MINUTE)
    other = Other({hold_id: (1, ((0, 1_000_00),))})
    due(node, other, minutes=minutes - 61)
    assert due(node, other, minutes=minutes) == due(node, other, minutes=minutes + 2) == 0
    assert told(node) == []


def test_what_was_only_on_its_way_is_not_told(held: tuple[Any, str]) -> None:
    node, hold_id = held
    other = Other({})
    due(node, other, minutes=0)
    due(node, other, minutes=70)
    other.holds[hold_id] = (1, ((0, 1_000_00),))
    assert due(node, other, minutes=72) == 0
    assert told(node) == []


def test_the_walk_finds_one_among_many(held: tuple[Any, str]) -> None:
    node, hold_id = held
    other = Other({hold_id: (1, ((0, 1_000_00),)), "019abc00-0000-7000-8000-0000000000ff": (1, ((0, 5),))})
    found = differing(node.parts, other, key=KEY, at=node.now())  # type: ignore[arg-type]
    assert found == {"019abc00-0000-7000-8000-0000000000ff"}
