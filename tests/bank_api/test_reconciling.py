"""A bank compares its open holds with ours through the door; what it says differs becomes a fact with both sides."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bank_api.test_door import _client
from cast import NOON, an_id, bank, hold_order, running_as
from thaam.holds.models import Hold
from thaam.holds.reconciling import take_holds_differ
from thaam.journal.models import Fact
from thaam.mailbox.models import Answer
from thaam.money.digest import find_drift, row_digest
from thaam.wire.client import BankClient, Refused
from thaam.wire.messages import HoldsDiffer, HoldShown, Range

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.7")]

KEY = bytes(range(32))
WHOLE = 2**256 - 1


@pytest.fixture
def demo1() -> BankClient:
    with running_as("thaam_loops"):
        bank("DEMO2")
        for number, code in ((1, "DEMO1"), (2, "DEMO1"), (3, "DEMO2")):
            _hold(number, code)
        _hold(4, "DEMO1", expires_at=NOON - datetime.timedelta(days=1))
        return _client("DEMO1")


def _hold(number: int, code: str, **changes: Any) -> None:
    order = hold_order(number)
    bank(code)
    Hold.objects.create(
        id=order.id, bank_id=code, payment_id=an_id(500 + number), state="held", asked=((0, 100),), held=((0, 100),),
        contested=(), earmarked=(), floor_paise=0, provisional=False, jurisdiction="IN", section="s", authority="a",
        reference="r", office="o", officer="d", asked_at=NOON - datetime.timedelta(days=9), execute_before=NOON,
        **{"expires_at": datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC), **changes},
    )  # fmt: skip


def test_a_bank_is_told_the_sum_of_its_own_open_holds_only(demo1: BankClient) -> None:
    found = demo1.open_holds(key=KEY, first=0, last=WHOLE)
    assert set(found.ids or ()) == {an_id(1), an_id(2)} == {hold_order(1).id, hold_order(2).id}
    digests = [row_digest(key=KEY, hold_id=an_id(n), revision=1, ranges=((0, 100),)) for n in (1, 2)]
    assert (found.sum, found.count) == (digests[0] ^ digests[1], 2)
    assert demo1.open_holds(key=bytes(32), first=0, last=WHOLE).sum != found.sum


def test_the_walk_over_the_door_finds_the_hold_that_differs(demo1: BankClient) -> None:
    mine = {an_id(1): row_digest(key=KEY, hold_id=an_id(1), revision=1, ranges=((0, 99),))}

    def ask(low: int, high: int) -> tuple[int, int]:
        part = demo1.open_holds(key=KEY, first=low, last=high - 1)
        return part.sum, part.count

    drift = find_drift(mine, ask, lambda low, high: demo1.open_holds(key=KEY, first=low, last=high - 1).ids or ())
    assert drift == {an_id(1), an_id(2)}


@pytest.mark.parametrize("query", ["", "?key=00&first=0&last=1", "?key=" + "0" * 64, "?key=" + "g" * 64])
def test_a_question_that_is_none_is_refused(demo1: BankClient, query: str) -> None:
    with pytest.raises(Refused, match="bad_query"):
        demo1._ask("GET", "/api/v1/holds" + query, b"", {})


def test_what_differs_is_a_fact_with_both_sides(demo1: BankClient) -> None:
    shown = (HoldShown(an_id(1), 1, (Range(0, 40),)), HoldShown(an_id(3), 0, ()))
    demo1.send(HoldsDiffer(an_id(90), NOON, shown))
    with running_as("thaam_loops"):
        take_holds_differ(Answer.objects.get(id=an_id(90)), NOON)
        facts = {fact.about: fact.data for fact in Fact.objects.filter(kind="holds:differ")}
    assert facts[f"hold:{an_id(1)}"]["theirs"] == [[0, 40]]
    assert facts[f"hold:{an_id(1)}"]["ours"] == [[0, 100]]
    assert facts[f"hold:{an_id(3)}"]["ours"] is None, "another bank's hold is not shown"
