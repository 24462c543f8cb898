"""Words that come late, or come by another way, or were lost: what a bank holds and our books never part."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from banking import LAKH, files, hold_answer, located, order, orders, release_done, run_timers, says, states
from cast import NOON
from thaam.chase import loop
from thaam.chase.models import Claim
from thaam.complaints.correcting import withdraw
from thaam.holds.asking import mandate_of
from thaam.holds.models import Entry, Hold
from thaam.holds.releasing import order_release
from thaam.holds.renewing import NotLater, renew
from thaam.holds.restoring import earmark, order_restoration
from thaam.holds.verifying import findings
from thaam.journal.ids import new_id
from thaam.mailbox import keeping, taking
from thaam.wire import codec, messages
from thaam.wire.parts import IssuedBy, Line

pytestmark = pytest.mark.django_db
DAY = NOON + dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


def under(hold_order: messages.HoldOrder) -> Line:
    """All of it is under that order's lien already."""
    return Line("held", 0, LAKH, lien_reference="L1", hold_order_id=hold_order.id)


def acknowledges(amendment: messages.AmendOrder, *, at: dt.datetime) -> None:
    """The bank has the new terms; its word comes `at`."""
    says("DEMO2", messages.Acknowledged(id=new_id(), order_id=amendment.id, answered_at=NOON), at=at)


def lets_go(hold_order: messages.HoldOrder, *, by: str, at: dt.datetime) -> None:
    """The bank gave all of it back because of the order `by`."""
    says("DEMO2", release_done(hold_order.id, (0, LAKH), order_id=by, reason="cancelled", at=at), at=at)


def denied(*, at: dt.datetime) -> None:
    """The payer's bank does not know the debit."""
    question = order("DEMO1", "LocatePayment")
    says("DEMO1", located(question, found=False, account=None, mobile_matches=None, at=at), at=at)


def held_under(order_id: str) -> int:
    return Hold.objects.get(pk=order_id).held_paise


def asked_anew() -> tuple[messages.HoldOrder, messages.HoldOrder]:
    """An order that lapsed, and the one that followed it. (The answer to the first was lost.)"""
    run_timers(DAY)
    first, second = orders("DEMO2")
    return first, second


@pytest.mark.req("S1.7")
def test_money_under_an_order_whose_answer_was_lost_is_entered_when_another_answer_names_it():
    complaint = files()
    first, second = asked_anew()
    says("DEMO2", hold_answer(second, under(first), at=DAY), at=DAY)
    # the order's own time: a provisional hold of the day before is over by now
    assert (held_under(first.id), held_under(second.id)) == (0, 0)
    assert states(complaint, DAY) == {"seen": LAKH}


def test_money_under_a_confirmed_order_whose_answer_was_lost_is_in_its_book_and_in_the_account():
    complaint = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    first, second = asked_anew()
    acknowledges(order("DEMO2", "AmendOrder"), at=DAY)
    says("DEMO2", hold_answer(second, under(first), at=DAY), at=DAY)
    assert (held_under(first.id), held_under(second.id)) == (LAKH, 0)
    assert states(complaint, DAY) == {"held": LAKH}
    # the lost answer comes after all, and says nothing new
    assert says("DEMO2", hold_answer(first, at=NOON, order_revision=2), at=DAY) == ""
    assert (held_under(first.id), held_under(second.id)) == (LAKH, 0)
    assert Entry.objects.count() == 1


def test_an_order_that_was_cancelled_holds_nothing_whatever_another_answer_says():
    complaint = files()
    first = order("DEMO2")
    withdraw(complaint_id=complaint.pk, words="", by="citizen", at=NOON)
    run_timers(NOON)
    other = files(name="Charu", mobile="9876500077")
    second = orders("DEMO2")[-1]
    assert second.id != first.id
    says("DEMO2", hold_answer(second, under(first)))
    assert held_under(first.id) == 0
    assert states(other) == {"seen": LAKH}


def test_what_a_bank_lets_go_because_its_answer_counted_no_more_is_asked_for_anew():
    complaint = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    first, second = asked_anew()
    says(
        "DEMO2", messages.Acknowledged(id=new_id(), order_id=order("DEMO2", "AmendOrder").id, answered_at=NOON), at=DAY
    )
    says("DEMO2", hold_answer(second, under(first), at=DAY), at=DAY)
    lets_go(first, by=first.id, at=DAY)
    assert states(complaint, DAY) == {"asked": LAKH}
    assert len(orders("DEMO2")) == 3


@pytest.mark.req("S1.7")
def test_a_renewal_told_after_the_end_is_called_off():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    late = NOON + dt.timedelta(hours=25)
    acknowledges(order("DEMO2", "AmendOrder"), at=late)
    (called_off,) = orders("DEMO2", "CancelOrder")
    assert (called_off.hold_order_id, called_off.reason) == (order("DEMO2").id, "not_confirmed")
    says(
        "DEMO2",
        release_done(order("DEMO2").id, (0, LAKH), order_id=called_off.id, reason="cancelled", at=late),
        at=late,
    )
    assert held_under(order("DEMO2").id) == 0


def test_paise_seen_under_a_lien_that_is_called_off_are_asked_for_anew():
    """The bank was cut off from us for a day and a bit; it had held, and taken the longer end, in time."""
    complaint = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    first, second = asked_anew()
    later = DAY + dt.timedelta(hours=2)
    says("DEMO2", hold_answer(first, at=NOON), at=later)
    acknowledges(order("DEMO2", "AmendOrder"), at=later)
    says("DEMO2", hold_answer(second, under(first), at=later), at=later)
    (called_off,) = orders("DEMO2", "CancelOrder")
    lets_go(first, by=called_off.id, at=later)
    assert states(complaint, later) == {"asked": LAKH}
    (third,) = [each for each in orders("DEMO2") if each.id not in (first.id, second.id)]
    says("DEMO2", hold_answer(third, at=later), at=later)
    assert states(complaint, later) == {"held": LAKH}


@pytest.mark.req("S1.7")
def test_what_is_ordered_while_a_later_end_is_on_its_way_does_not_cut_it_short():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    says("DEMO1", located(order("DEMO1", "LocatePayment")))  # to full length; the bank has not said that it has that
    hold = Hold.objects.get()
    court = {"authority": "JMFC Durg", "number": "17", "mandate": mandate_of(hold), "by": "officer:1", "at": NOON}
    with pytest.raises(NotLater):
        renew(hold_id=hold.pk, until_at=NOON + dt.timedelta(days=7), **court)
    late = hold.expires_at - dt.timedelta(minutes=1)
    earmark(hold_id=hold.pk, ranges=hold.held, by="officer:1", at=late)
    order_restoration(
        order_id=new_id(), hold_id=hold.pk, ranges=hold.held, claim_id=Claim.objects.get().pk, to_bank="DEMO1",
        to_account="A", mandate=mandate_of(hold), proposed_by=IssuedBy("O", "a"), approved_by=IssuedBy("O", "b"),
        by="officer:1", at=late,
    )  # fmt: skip
    (confirmed,) = orders("DEMO2", "AmendOrder")
    acknowledges(confirmed, at=late)
    assert Hold.objects.get().expires_at == confirmed.expires_at == hold.asked_at + dt.timedelta(days=90)


def test_a_confirmation_does_not_cut_a_renewal_short_that_is_on_its_way():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    hold = Hold.objects.get()
    year = NOON + dt.timedelta(days=365)
    renew(hold_id=hold.pk, until_at=year, authority="JMFC Durg", number="17", mandate=mandate_of(hold), by="o", at=NOON)
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    for amendment in sorted(orders("DEMO2", "AmendOrder"), key=lambda each: each.revision):
        acknowledges(amendment, at=NOON)
    assert (Hold.objects.get().expires_at, Hold.objects.get().provisional) == (year, False)


def test_words_that_overtake_each_other_leave_the_newest_terms():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    hold = Hold.objects.get()
    years = [NOON + dt.timedelta(days=365 * number) for number in (1, 2)]
    for until_at in years:
        renew(
            hold_id=hold.pk, until_at=until_at, authority="JMFC Durg", number="17", mandate=mandate_of(hold), by="o",
            at=NOON,
        )  # fmt: skip
    amendments = sorted(orders("DEMO2", "AmendOrder"), key=lambda each: -each.revision)
    for late, amendment in enumerate(amendments):
        acknowledges(amendment, at=NOON + late * SECOND)
    assert (Hold.objects.get().expires_at, Hold.objects.get().provisional) == (years[1], False)
    assert not [each for each in findings() if "amendments" in each], "and verify knows which those are"


@pytest.mark.req("S1.7")
def test_a_renewal_told_in_time_counts_however_late_we_come_to_it():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    word = messages.Acknowledged(id=new_id(), order_id=order("DEMO2", "AmendOrder").id, answered_at=DAY - SECOND)
    keeping.keep(partner="DEMO2", message=word, raw=codec.encode(word), jws="test", at=DAY - SECOND)
    run_timers(DAY)  # the timer of the end is quicker than the loop that takes the word
    assert held_under(order("DEMO2").id) == LAKH
    with transaction.atomic():
        (answer,) = taking.take_answers(1)
        loop.takes[answer.kind](answer, DAY + SECOND)
        taking.settle(answer, DAY + SECOND)
    assert states(complaint, DAY + SECOND) == {"held": LAKH}
    run_timers(DAY + 60 * SECOND)
    assert states(complaint, DAY + 60 * SECOND) == {"held": LAKH}
    assert orders("DEMO2", "CancelOrder") == []


def test_a_hold_told_late_under_a_claim_denied_meanwhile_is_let_go():
    files()
    first, _ = asked_anew()
    says(
        "DEMO1",
        located(order("DEMO1", "LocatePayment"), found=False, account=None, mobile_matches=None, at=DAY),
        at=DAY,
    )
    early = DAY - dt.timedelta(hours=1)
    hold = Hold.objects.get(pk=first.id)
    Hold.objects.filter(pk=first.id).update(expires_at=DAY + dt.timedelta(hours=1))
    assert says("DEMO2", hold_answer(first, at=early), at=DAY) == ""
    (release,) = orders("DEMO2", "ReleaseOrder")
    assert (release.hold_order_id, release.reason, release.amount_paise) == (str(hold.pk), "not_confirmed", LAKH)


def test_a_hold_told_late_under_a_claim_confirmed_meanwhile_gets_its_full_length():
    files()
    first, _ = asked_anew()
    says("DEMO1", located(order("DEMO1", "LocatePayment"), at=DAY), at=DAY)
    Hold.objects.filter(pk=first.id).update(expires_at=DAY + dt.timedelta(hours=1))
    assert says("DEMO2", hold_answer(first, at=DAY - dt.timedelta(hours=1)), at=DAY) == ""
    assert first.id in {amendment.hold_order_id for amendment in orders("DEMO2", "AmendOrder")}


@pytest.mark.req("S1.7")
def test_a_later_answer_does_not_speak_of_paise_that_were_given_back():
    complaint = files()
    asked, part = order("DEMO2"), LAKH // 4
    says("DEMO2", hold_answer(asked))
    hold = Hold.objects.get()
    given = order_release(
        hold_id=hold.pk, ranges=[(0, part)], reason="ordered", mandate=mandate_of(hold), by="officer:1", at=NOON
    )
    says("DEMO2", release_done(asked.id, (0, part), order_id=str(given.pk), reason="ordered", at=NOON))
    assert says("DEMO2", hold_answer(asked, revision=2, replaces=1)) == ""
    assert states(complaint) == {"held": LAKH - part, "released": part}
