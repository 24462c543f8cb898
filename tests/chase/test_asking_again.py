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
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import order_release, release_again
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.mailbox import keeping
from thaam.mailbox.lapsing import lapse
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
def test_both_banks_hear_of_it_when_one_denies_a_payment_that_the_other_shows():
    files()
    asked = order("DEMO2")
    says("DEMO2", hold_answer(asked))
    denies()
    assert [order(bank, "Notice").code for bank in ("DEMO1", "DEMO2")] == ["banks_disagree", "banks_disagree"]
    (told,) = Fact.objects.filter(kind="banks:disagree")
    assert (told.data["payer_bank"], told.data["amount_paise"]) == ("DEMO1", LAKH)
    assert order("DEMO2", "ReleaseOrder"), "what is held follows the denial until an officer answers for the debit"


def test_nobody_disagrees_where_neither_bank_knows_the_payment():
    files()
    says("DEMO2", messages.CannotMatch(new_id(), order("DEMO2").id, NOON, "not_found", "credits of the day"))
    denies()
    assert not Fact.objects.filter(kind="banks:disagree").exists()
    assert orders("DEMO1", "Notice") == orders("DEMO2", "Notice") == []


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


def released_by(officer: str) -> messages.ReleaseOrder:
    """An officer orders the only hold released."""
    hold = Hold.objects.get()
    order_release(hold_id=hold.pk, reason="holder_cleared", mandate=mandate_of(hold, officer=officer), by="o", at=NOON)
    asked: messages.ReleaseOrder = order("DEMO2", "ReleaseOrder")
    return asked


def lapses(order_id: str, at: dt.datetime) -> None:
    lapse({"order_id": order_id}, at)
    release_again({"release_id": order_id}, at)


@pytest.mark.req("S1.7")
@pytest.mark.parametrize("says_so", [True, False])
def test_a_release_the_bank_did_not_carry_out_in_time_is_ordered_anew_in_the_same_officers_name(says_so):
    files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    says("DEMO2", hold_answer(order("DEMO2"), order_revision=2))
    first = released_by("kabir")
    seen = [first.id]
    for day in (1, 2, 3):
        at = NOON + dt.timedelta(days=day)
        if says_so:
            lapse({"order_id": seen[-1]}, at)
            late = messages.CannotMatch(new_id(), seen[-1], at, "lapsed_unexecuted", "it came too late")
            says("DEMO2", late, at=at)
        else:
            lapses(seen[-1], at)
        again = [each for each in orders("DEMO2", "ReleaseOrder") if each.id not in seen]
        if day < 3:
            assert [(each.reason, each.ranges, each.issued_by.officer) for each in again] == [
                (first.reason, first.ranges, "kabir")
            ]
            seen.append(again[0].id)
    assert again == [], "three times in all"
    hold = Hold.objects.get()
    fourth = order_release(hold_id=hold.pk, reason="ordered", mandate=mandate_of(hold), by="o", at=at)
    assert str(fourth.pk) not in seen, "an officer may order it again"


def test_a_release_told_in_time_is_not_ordered_twice():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    asked = released_by("devi")
    done = release_done(asked.hold_order_id, (0, LAKH), order_id=asked.id, reason="ordered", at=NOON)
    keeping.keep(partner="DEMO2", message=done, raw=codec.encode(done), jws="test", at=NOON)
    release_again({"release_id": asked.id}, DAY)  # the word is here, and waits for its turn
    says("DEMO1", located(order("DEMO1", "LocatePayment"), at=DAY), at=DAY)
    release_again({"release_id": asked.id}, DAY + dt.timedelta(seconds=2))
    assert len(orders("DEMO2", "ReleaseOrder")) == 1
