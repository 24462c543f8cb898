"""What came to nothing is asked for anew, each paisa three times whatever became of others; nothing waits for ever."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import (
    LAKH,
    Rs,
    debit,
    files,
    hold_answer,
    located,
    onward,
    order,
    orders,
    paid,
    release_done,
    run_timers,
    says,
    states,
)
from cast import NOON
from officers import devi
from thaam.chase.models import Chase, Claim, Line
from thaam.complaints.confirming import attest
from thaam.journal.ids import new_id
from thaam.mailbox import keeping
from thaam.mailbox.models import Order
from thaam.wire import codec, messages

pytestmark = pytest.mark.django_db
DAY = NOON + dt.timedelta(days=1)


def waiting_at(bank: str) -> messages.HoldOrder:
    """The one hold order that this bank has not answered."""
    asked: messages.HoldOrder = Order.objects.get(partner=bank, kind="HoldOrder", state="open").message
    return asked


def denies() -> None:
    """The payer's bank does not know the debit."""
    says("DEMO1", located(order("DEMO1", "LocatePayment"), found=False, account=None, mobile_matches=None))


@pytest.mark.req("S1.7")
def test_a_bank_that_was_silent_once_is_asked_anew_however_many_victims_paid_into_one_payment():
    together = paid(Rs(5_000), reference="TOGETHER")
    for number in range(5):
        complaint = files(debit(Rs(1_000), reference=f"UTR{number}"), mobile=f"98765432{number:02d}")
        part = onward(0, Rs(1_000), together, child_lo=number * Rs(1_000))
        says("DEMO2", hold_answer(waiting_at("DEMO2"), part))
        if number < 4:
            says("DEMO3", hold_answer(waiting_at("DEMO3")))
    run_timers(DAY)
    assert states(complaint, DAY) == {"asked": Rs(1_000)}, "four orders about other paise were answered"
    assert len(orders("DEMO3")) == 6


def test_a_word_that_waits_when_the_time_is_over_and_is_no_answer_ends_no_waiting():
    complaint = files()
    asked = order("DEMO2")
    needs_time = messages.Acknowledged(id=new_id(), order_id=asked.id, answered_at=NOON)
    keeping.keep(partner="DEMO2", message=needs_time, raw=codec.encode(needs_time), jws="test", at=NOON)
    run_timers(DAY)
    assert [each.id for each in orders("DEMO2")] == [asked.id], "it may be an answer"
    says("DEMO1", located(order("DEMO1", "LocatePayment"), at=DAY), at=DAY)  # whoever takes this took the other before
    run_timers(DAY + dt.timedelta(minutes=1))
    assert len(orders("DEMO2")) == 2, "it was none"
    assert states(complaint, DAY) == {"asked": LAKH}


def test_a_bank_that_holds_and_lets_go_of_its_own_accord_is_not_asked_for_ever():
    complaint = files()
    for _ in range(3):
        asked = waiting_at("DEMO2")
        says("DEMO2", hold_answer(asked))
        says("DEMO2", release_done(asked.id, (0, LAKH), order_id=asked.id, reason="cancelled", at=NOON))
    assert len(orders("DEMO2")) == 3
    assert states(complaint) == {"released": LAKH}


@pytest.mark.parametrize("done_first", [True, False])
def test_a_debit_its_bank_denies_is_chased_again_when_an_officer_answers_for_it(done_first):
    complaint = files()
    far = paid(Rs(60_000), reference="FAR1")
    first = order("DEMO2")
    says("DEMO2", hold_answer(first, messages.Line("held", 0, Rs(40_000)), onward(Rs(40_000), LAKH, far)))
    denies()
    let_go = order("DEMO2", "ReleaseOrder")
    gone = release_done(first.id, (0, Rs(40_000)), order_id=let_go.id, reason="ordered", at=NOON)
    if done_first:
        says("DEMO2", gone)
    attest(complaint_id=complaint.pk, officer=devi(), at=NOON)
    if not done_first:
        says("DEMO2", gone)
    assert Claim.objects.get().confirmed_at is not None
    again = waiting_at("DEMO2")
    assert (again.id != first.id, again.amount_paise, again.provisional) == (True, Rs(40_000), False)
    assert waiting_at("DEMO3").amount_paise == Rs(60_000)
    assert states(complaint) == {"asked": LAKH}
    assert not Line.objects.filter(kind="released").exists()
    assert Chase.objects.get().state == Chase.State.RUNNING
