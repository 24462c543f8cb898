"""Several answers in one request: each judged by itself, kept in the order sent, once however often they come."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from bank_api.test_door import URL, _client, _posted
from cast import DEVI, NOON, an_id, hold_answer, hold_order, running_as, signs_for
from thaam.bank_api import views
from thaam.journal.models import Fact
from thaam.journal.sequencing import Sequencer
from thaam.mailbox import rates
from thaam.mailbox.keeping import keep_all
from thaam.mailbox.models import Answer, Nonce, Order
from thaam.mailbox.posting import post
from thaam.mailbox.taking import take_answers
from thaam.parties.keys import platform_key
from thaam.wire import codec, jws, signing
from thaam.wire.client import BankClient, Receipt, Refused
from thaam.wire.messages import Acknowledged, CancelOrder

pytestmark = pytest.mark.django_db
PATH = "/api/v1/answers/together"


@pytest.fixture
def demo1() -> BankClient:
    with running_as("thaam_loops"):
        return _client("DEMO1")


def _kept(*messages: Any) -> list[tuple[bytes, str]]:
    key = signs_for("DEMO1")
    return [(raw, jws.sign_detached(raw, key)) for raw in map(codec.encode, messages)]


def _code(outcome: Receipt | Refused) -> str:
    return outcome.code if isinstance(outcome, Refused) else "kept"


@pytest.mark.req("S1.7")
def test_each_gets_its_receipt_or_its_refusal_and_harms_nothing_beside_it(demo1: BankClient) -> None:
    orders = [_posted(number=number) for number in (1, 2, 3)]
    line = dataclasses.replace(hold_answer(orders[1]).lines[0], hi=orders[1].ranges[-1].hi - 100)
    unbalanced = dataclasses.replace(hold_answer(orders[1], 1002), lines=(line,))
    nobodys = hold_answer(hold_order(9), 1009)
    good, bad_evidence = hold_answer(orders[0], 1001), hold_answer(orders[2], 1003)
    sent = _kept(good, unbalanced, nobodys, orders[2], bad_evidence)
    sent[4] = (sent[4][0], sent[0][1])
    outcomes = demo1.send_together(sent)
    assert [_code(each) for each in outcomes] == [
        "kept", "lines_do_not_balance", "unknown_order", "unknown_kind", "not_evidence",
    ]  # fmt: skip
    assert isinstance(outcomes[0], Receipt) and outcomes[0].id == good.id
    with running_as("thaam_loops"):
        kept = Answer.objects.get()
        assert (str(kept.id), bytes(kept.body), kept.jws) == (good.id, *sent[0])
        assert Order.objects.filter(state="answered").count() == 1
        Sequencer(platform_key()).number(at=NOON + datetime.timedelta(seconds=5))
    assert [id for id, _ in demo1.take(0).receipts] == [good.id]


def test_a_repeat_gets_the_first_receipts_and_other_content_is_refused(demo1: BankClient) -> None:
    order, other = _posted(number=1), _posted(number=2)
    answer = hold_answer(order)
    first = demo1.send_together(_kept(answer, answer))
    assert first[0] == first[1] and isinstance(first[0], Receipt)
    # a copy of the node with old files says something else; what it says after that is not taken for the bank's word
    copys = hold_answer(other, 1002, position=12)
    again = demo1.send_together(_kept(dataclasses.replace(answer, position=11), copys))
    assert [_code(each) for each in again] == ["same_id_other_content", "unavailable"]
    assert demo1.send(answer) == first[0]
    assert demo1.send(hold_answer(other, 1002)).id == an_id(1002)
    with running_as("thaam_loops"):
        assert Answer.objects.count() == 2


def test_a_second_answer_beside_the_first_is_a_conflict_and_a_revision_follows(demo1: BankClient) -> None:
    order = _posted()
    first = hold_answer(order, 1001)
    revised = dataclasses.replace(hold_answer(order, 1003), revision=2, replaces=1)
    outcomes = demo1.send_together(_kept(first, hold_answer(order, 1002), revised))
    assert [_code(each) for each in outcomes] == ["kept", "answer_conflict", "kept"]
    with running_as("thaam_loops"):
        assert Fact.objects.get(kind="answer:conflict").data["stands"] == first.id


def test_what_was_sent_first_is_taken_first_whatever_its_id(demo1: BankClient) -> None:
    orders = [_posted(number=number) for number in range(1, 6)]
    answers = [hold_answer(order, 1010 - number) for number, order in enumerate(orders)]
    demo1.send_together(_kept(*answers))
    with running_as("thaam_loops"):
        assert [str(each.id) for each in take_answers(10)] == [each.id for each in answers]


def test_after_the_word_on_a_cancellation_the_order_is_closed_also_within_one_request(demo1: BankClient) -> None:
    order = _posted()
    cancel = CancelOrder(an_id(21), order.id, "withdrawn", DEVI, NOON)
    with running_as("thaam_loops"):
        post(partner="DEMO1", message=cancel, at=NOON, by="officer:1")
    seen = Acknowledged(id=an_id(31), order_id=cancel.id, answered_at=NOON)
    outcomes = demo1.send_together(_kept(seen, hold_answer(order)))
    assert [_code(each) for each in outcomes] == ["kept", "order_closed"]


def _send(body: bytes, *, created: datetime.datetime | None = None, kind: str = "application/json") -> Any:
    headers = {"content-type": kind}
    signed = signing.sign_request(
        method="POST", url=URL + PATH, headers=headers, body=body, key=signs_for("DEMO1"),
        created=created or datetime.datetime.now(datetime.UTC), nonce="n" * 20,
    )  # fmt: skip
    return Client(raise_request_exception=False).post(PATH, body, content_type=kind, headers=signed)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{}", 422, "wrong_type"),
        (b"[]", 422, "wrong_type"),
        (b'{"answers":{}}', 422, "wrong_type"),
        (b'{"answers":[]}', 422, "wrong_type"),
        (b'{"answers":[1],"more":1}', 422, "wrong_type"),
        (b'{"answers":[' + b",".join([b"1"] * (codec.TOGETHER_MAX + 1)) + b"]}", 422, "wrong_type"),
        (b'{"answers":[1.5]}', 422, "not_an_integer"),
        (b'{"answers":', 400, "malformed_json"),
    ],
)
def test_a_request_that_is_no_list_of_messages_is_refused_whole(
    demo1: BankClient, body: bytes, status: int, code: str
) -> None:
    refused = _send(body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "item",
    [1, None, "x", [], {}, {"message": {}}, {"message": {}, "jws": 1}, {"message": {}, "jws": "", "more": 1}, [[]]],
)
def test_an_item_that_is_no_message_is_refused_by_itself(demo1: BankClient, item: Any) -> None:
    [raw] = _kept(hold_answer(_posted()))
    good = {"message": codec.parse(raw[0]), "jws": raw[1]}
    told = _send(codec.canonical({"answers": [item, good]}))
    assert told.status_code == 200, told.content
    refused, kept = told.json()["results"]
    assert refused["problem"]["status"] == 422 and "receipt" in kept


def test_an_exact_copy_gets_the_stored_answer_and_a_used_nonce_none(demo1: BankClient) -> None:
    [raw] = _kept(hold_answer(_posted()))
    body = codec.canonical({"answers": [{"message": codec.parse(raw[0]), "jws": raw[1]}]})
    at = datetime.datetime.now(datetime.UTC)
    assert _send(body, created=at).content == _send(body, created=at).content
    other = _send(body, created=at + datetime.timedelta(seconds=1))
    assert (other.status_code, other.json()["code"]) == (409, "nonce_used")
    assert _send(body, kind="text/plain").status_code in (409, 415)


def test_messages_together_cost_what_they_would_alone(demo1: BankClient) -> None:
    orders = [_posted(number=number) for number in (1, 2, 3)]
    demo1.take(0)  # the bucket exists
    with running_as("thaam_loops"):
        before = rates.Bucket.objects.get(key_id=demo1.key.key_id).tokens
        filled = rates.Bucket.objects.get(key_id=demo1.key.key_id).filled_at
    demo1.send_together(_kept(*(hold_answer(order, 1000 + number) for number, order in enumerate(orders))))
    with running_as("thaam_loops"):
        bucket = rates.Bucket.objects.get(key_id=demo1.key.key_id)
        refilled = (bucket.filled_at - filled).total_seconds() * 50  # rulebook: 3,000 a minute
        assert bucket.tokens == pytest.approx(min(6000, before + refilled) - 3, abs=0.01)


def test_where_an_id_is_taken_in_the_same_moment_nothing_is_kept_and_all_is_sent_again(demo1, monkeypatch) -> None:
    order = _posted()

    def first_keep_then_clash(**asked: Any) -> Any:
        keep_all(**asked)
        raise IntegrityError("another transaction has just taken this id")

    with monkeypatch.context() as patch, pytest.raises(Refused, match="unavailable") as refused:
        patch.setattr(views, "keep_all", first_keep_then_clash)
        demo1.send_together(_kept(hold_answer(order)))
    assert refused.value.retry_after
    demo1._quiet_until = None
    with running_as("thaam_loops"):
        assert not Answer.objects.exists() and not Nonce.objects.exists()
    assert [_code(each) for each in demo1.send_together(_kept(hold_answer(order)))] == ["kept"]
