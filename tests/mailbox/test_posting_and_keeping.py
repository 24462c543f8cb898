"""Orders go out once, answers are kept once, and a conflict is told to somebody."""

from __future__ import annotations

import dataclasses
import datetime
import threading

import pytest
from django.db import DatabaseError, connection, transaction

from cast import BASIS, DEVI, NOON, an_id, bank, hold_answer, hold_order
from thaam.journal.models import Fact
from thaam.mailbox import keeping
from thaam.mailbox.keeping import AnswerConflict, OrderClosed, OrderLapsed, UnknownOrder, keep
from thaam.mailbox.lapsing import lapse
from thaam.mailbox.models import Answer, Order
from thaam.mailbox.posting import BadRevision, SameIdOtherContent, post
from thaam.mailbox.taking import settle, take_answers
from thaam.parties.keys import platform_key
from thaam.wire import codec, jws
from thaam.wire.messages import Acknowledged, AmendOrder, CancelOrder, CannotMatch, HoldOrder
from thaam.work.models import Job

pytestmark = pytest.mark.django_db


def _post(message: object, partner: str = "DEMO1") -> Order:
    bank(partner)
    return post(partner=partner, message=message, at=NOON, by="officer:1")


def _keep(message: object, partner: str = "DEMO1") -> keeping.Receipt:
    raw = codec.encode(message)
    return keep(partner=partner, message=message, raw=raw, jws="", at=NOON)


def test_an_order_is_signed_and_posted_once_however_often_it_is_posted() -> None:
    order = _post(hold_order())
    assert _post(hold_order()).pk == order.pk
    jws.verify_detached(bytes(order.body), order.jws, lambda key_id: platform_key().public)
    assert Fact.objects.filter(kind="order:posted").count() == 1
    assert Job.objects.get().run_at == hold_order().execute_before


def test_the_same_id_with_other_content_is_refused() -> None:
    _post(hold_order())
    with pytest.raises(SameIdOtherContent):
        _post(hold_order(floor_paise=0))


def test_what_an_order_said_is_never_changed() -> None:
    order = _post(hold_order())
    with pytest.raises(DatabaseError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(jws="other")


def _amendment(order: HoldOrder, revision: int, number: int) -> AmendOrder:
    return AmendOrder(
        id=an_id(number), hold_order_id=order.id, revision=revision, ranges=None, floor_paise=0, provisional=None,
        expires_at=None, basis=BASIS, issued_by=DEVI, issued_at=NOON,
    )  # fmt: skip


def test_revisions_follow_each_other_without_a_gap() -> None:
    order = hold_order()
    _post(order)
    _post(_amendment(order, 2, 21))
    with pytest.raises(BadRevision):
        _post(_amendment(order, 4, 22))
    assert Order.objects.get(pk=order.id).revision == 2


@pytest.mark.parametrize(("answered", "state"), [(False, "tombstone"), (True, "cancelled")])
def test_cancelling_leaves_a_tombstone_when_the_bank_has_not_acted(answered: bool, state: str) -> None:
    order = hold_order()
    _post(order)
    if answered:
        _keep(hold_answer(order))
    _post(CancelOrder(id=an_id(31), hold_order_id=order.id, reason="withdrawn", issued_by=DEVI, issued_at=NOON))
    assert Order.objects.get(pk=order.id).state == state


def test_the_same_answer_again_gets_the_first_receipt() -> None:
    order = hold_order()
    _post(order)
    first = _keep(hold_answer(order))
    assert _keep(hold_answer(order)) == first
    assert Answer.objects.count() == 1
    assert Order.objects.get(pk=order.id).state == "answered"
    assert not Job.objects.exists()  # it cannot lapse any more


def test_a_second_answer_with_other_content_is_refused() -> None:
    order = hold_order()
    _post(order)
    _keep(hold_answer(order))
    with pytest.raises(SameIdOtherContent):
        _keep(hold_answer(order, position=11))


def test_an_answer_that_does_not_name_the_one_it_replaces_is_a_conflict_for_a_supervisor() -> None:
    order = hold_order()
    _post(order)
    _keep(hold_answer(order))
    with pytest.raises(AnswerConflict):
        _keep(hold_answer(order, 1002))
    assert Fact.objects.get(kind="answer:conflict").data["answer"] == an_id(1002)
    _keep(hold_answer(order, 1003, revision=2, replaces=1))
    with pytest.raises(AnswerConflict):
        _keep(hold_answer(order, 1004, revision=4, replaces=3))


def test_an_answer_to_an_order_of_another_bank_is_refused() -> None:
    bank("DEMO2")
    order = hold_order()
    _post(order)
    with pytest.raises(keeping.NotYours):
        _keep(hold_answer(order), partner="DEMO2")
    with pytest.raises(UnknownOrder):
        _keep(dataclasses.replace(hold_answer(order), order_id=an_id(77)))


def test_a_later_word_is_taken_later_though_our_clock_was_set_back_in_between() -> None:
    orders = [hold_order(n) for n in (1, 2, 3)]
    for n, order in enumerate(orders):
        _post(order)
        at = NOON - datetime.timedelta(minutes=n)
        answer = hold_answer(order, 1010 + n)
        keep(partner="DEMO1", message=answer, raw=codec.encode(answer), jws="", at=at)
    assert [str(each.order_id) for each in take_answers(10)] == [order.id for order in orders]


def test_answers_are_taken_in_the_order_they_were_kept_and_settled_once() -> None:
    orders = [hold_order(n) for n in (1, 2)]
    for n, order in enumerate(orders):
        _post(order)
        raw = codec.encode(answer := hold_answer(order, 1010 - n))
        keep(partner="DEMO1", message=answer, raw=raw, jws="", at=NOON + datetime.timedelta(seconds=n))
    taken = take_answers(10)
    assert [str(answer.order_id) for answer in taken] == [order.id for order in orders]
    settle(taken[0], NOON)
    assert [answer.pk for answer in take_answers(10)] == [taken[1].pk]


@pytest.mark.django_db(transaction=True)
def test_nobody_takes_a_later_answer_while_an_earlier_one_is_in_other_hands() -> None:
    for n in (1, 2):
        order = hold_order(n)
        _post(order)
        answer = hold_answer(order, 1010 - n)
        keep(partner="DEMO1", message=answer, raw=codec.encode(answer), jws="", at=NOON + datetime.timedelta(seconds=n))
    taken: list[str] = []

    def another() -> None:
        try:
            with transaction.atomic():
                taken.extend(str(answer.order_id) for answer in take_answers(1))
        finally:
            connection.close()

    with transaction.atomic():
        (first,) = take_answers(1)
        other = threading.Thread(target=another)
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive() and taken == [], "it waits"
    other.join(timeout=60)
    assert taken == [str(first.order_id)], "the killed loop's work is done first"


@pytest.mark.django_db(transaction=True)
def test_messages_kept_together_lock_their_orders_by_id_so_that_nobody_waits_in_a_ring() -> None:
    low, high = sorted((hold_order(n) for n in (1, 2)), key=lambda order: order.id)
    _post(low), _post(high)
    outcomes = []

    def backwards() -> None:
        try:
            sent = [keeping.Sent(m, codec.encode(m), "") for m in (hold_answer(high, 1012), hold_answer(low, 1011))]
            outcomes.extend(keeping.keep_all(partner="DEMO1", sent=sent, at=NOON))
        finally:
            connection.close()

    other = threading.Thread(target=backwards)
    with transaction.atomic():
        kept = [_keep(hold_answer(low, 1011))]
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive(), "it waits for the first order, and has not locked the second"
        kept.append(_keep(hold_answer(high, 1012)))
    other.join(timeout=60)
    assert outcomes == kept[::-1], "both get the receipts of the first"
    assert Answer.objects.count() == 2


def _lapsed() -> HoldOrder:
    order = hold_order()
    _post(order)
    lapse({"order_id": order.id}, order.execute_before)
    return order


@pytest.mark.req("S1.7")
def test_what_was_begun_after_the_time_of_an_order_is_refused_as_lapsed() -> None:
    order = _lapsed()
    late = hold_answer(order, answered_at=order.execute_before)
    with pytest.raises(OrderLapsed):
        _keep(late)
    # a clock that is an hour slow does not make an act an hour earlier
    slow = hold_answer(order, answered_at=order.execute_before - datetime.timedelta(minutes=59))
    with pytest.raises(OrderLapsed):
        keep(partner="DEMO1", message=slow, raw=codec.encode(slow), jws="", at=NOON, skew_seconds=3600)
    assert not Answer.objects.exists()


def test_what_was_held_in_time_and_told_late_is_kept() -> None:
    order = _lapsed()
    _keep(hold_answer(order, answered_at=order.execute_before - datetime.timedelta(seconds=1)))
    assert Answer.objects.exists()


def test_the_answer_to_a_lapsed_order_is_that_it_was_not_executed() -> None:
    order = _lapsed()
    later = order.execute_before + datetime.timedelta(hours=1)
    _keep(CannotMatch(an_id(1009), order.id, later, "lapsed_unexecuted", "its time had ended"))
    assert Answer.objects.get().kind == "CannotMatch"


def test_an_order_the_bank_itself_has_closed_takes_no_other_answer() -> None:
    order = hold_order()
    _post(order)
    cancel = CancelOrder(id=an_id(60), hold_order_id=order.id, reason="withdrawn", issued_by=DEVI, issued_at=NOON)
    _post(cancel)
    # until the bank has seen the cancellation, what it did before is told as it was
    _keep(hold_answer(order))
    _keep(Acknowledged(an_id(1010), cancel.id, NOON))
    with pytest.raises(OrderClosed):
        _keep(hold_answer(order, 1011, revision=2, replaces=1))
