"""A bank that asks too often is told to wait, and loses nothing by it."""

from __future__ import annotations

import datetime

import pytest

from bank_api.test_door import URL, Inside, _client, _posted
from cast import NOON, hold_answer, running_as
from thaam.mailbox import rates
from thaam.mailbox.models import Answer
from thaam.parties.keys import platform_key
from thaam.wire.client import BankClient, Refused, Unreachable

pytestmark = pytest.mark.django_db
IN = {"jurisdiction": "IN"}


@pytest.fixture
def demo1() -> BankClient:
    with running_as("thaam_loops"):
        return _client("DEMO1")


def _empty(client: BankClient) -> None:
    now = datetime.datetime.now(datetime.UTC)
    burst = rates.left(key_id="nobody", at=now, **IN).burst
    rates.spend(key_id=client.key.key_id, at=now + datetime.timedelta(minutes=1), tokens=burst + 100, **IN)


@pytest.mark.req("S1.7")
def test_an_answer_refused_for_haste_is_kept_when_it_is_sent_again(demo1: BankClient) -> None:
    order = _posted()
    _empty(demo1)
    with pytest.raises(Refused, match="rate_limited") as refused:
        demo1.send(hold_answer(order))
    assert refused.value.status == 429
    assert refused.value.retry_after and refused.value.retry_after >= 1
    with running_as("thaam_loops"):
        assert not Answer.objects.exists()
    # our own node waits as told, without asking again meanwhile
    with pytest.raises(Unreachable, match="wait"):
        demo1.send(hold_answer(order))
    later = datetime.timedelta(minutes=1, seconds=30)
    again = BankClient(URL, "DEMO1", demo1.key, demo1.platform_keys, transport=Inside())
    with running_as("thaam_loops"):
        rates.Bucket.objects.update(filled_at=datetime.datetime.now(datetime.UTC) - later)
    again.send(hold_answer(order))
    with running_as("thaam_loops"):
        assert Answer.objects.count() == 1


def test_every_answer_says_what_is_left_and_refusals_cost_as_much(demo1: BankClient) -> None:
    now = datetime.datetime.now(datetime.UTC)
    rates.spend(key_id=demo1.key.key_id, at=now, tokens=5000, **IN)
    demo1.take(0)
    with pytest.raises(Refused, match="bad_query"):
        demo1._ask("GET", "/api/v1/mailbox?limit=0", b"", {})
    with running_as("thaam_loops"):
        bucket = rates.Bucket.objects.get(key_id=demo1.key.key_id)
    filled = 50 * (bucket.filled_at - now).total_seconds()
    assert bucket.tokens == pytest.approx(1000 + filled - 2, abs=0.01)


def test_one_bank_in_haste_costs_no_other_bank_anything(demo1: BankClient) -> None:
    with running_as("thaam_loops"):
        other = _client("DEMO2")
    _empty(demo1)
    other.take(0)
    with pytest.raises(Refused, match="rate_limited"):
        demo1.take(0)


def test_a_bucket_fills_with_time_and_never_beyond_its_size() -> None:
    key = {"key_id": platform_key().key_id, **IN}
    full = rates.left(at=NOON, **key)
    rates.spend(at=NOON, tokens=full.burst, **key)
    empty = rates.left(at=NOON, **key)
    assert (empty.tokens, empty.wait_seconds) == (0, 1)
    assert rates.left(at=NOON + datetime.timedelta(minutes=1), **key).tokens == 3000
    assert rates.left(at=NOON + datetime.timedelta(days=1), **key).tokens == full.burst
    # a clock that goes back gives nothing
    assert rates.left(at=NOON - datetime.timedelta(days=1), **key).tokens == 0
