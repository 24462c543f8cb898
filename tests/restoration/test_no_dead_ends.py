"""No state without a name, a next step and a date, and no state out of which nobody leads: papers that lack something,
a second officer or a bank that says no, a contest. And with every loop stopped nothing is held past its end.
"""

from __future__ import annotations

import datetime as dt

import pytest

from banking import LAKH, Rs, debit, files, hold_answer, order, orders, says
from cast import NOON
from officers import approver, investigator, officer
from thaam.complaints.progress import progress_of
from thaam.grievances.lodging import lodge
from thaam.grievances.models import Objection
from thaam.grievances.outlook import outlook_of as outlook_of_objection
from thaam.grievances.telling import tell_holder
from thaam.holds.asking import mandate_of
from thaam.holds.models import Entry, Hold
from thaam.holds.releasing import NothingHeld, order_release
from thaam.holds.restoring import NotEarmarked
from thaam.holds.standing import parts_of
from thaam.journal.ids import new_id
from thaam.money.partition import State
from thaam.restoration.applying import (
    NothingToRestore,
    OtherAccount,
    VerifiedAlready,
    apply,
    refuse_application,
    verify,
)
from thaam.restoration.approving import approve, refuse
from thaam.restoration.models import Restoration
from thaam.restoration.outlook import contest_on, outlook_of
from thaam.restoration.paths import ask_of
from thaam.restoration.pooling import pool_of
from thaam.restoration.proposing import NotTheirs, propose
from thaam.restoration.reversing import approve_reversal, contest, propose_reversal, record_paid_back
from thaam.restoration.roles import NotAllowed
from thaam.restoration.stages import stages_of
from thaam.restoration.waiting import standing_turn, unproposed
from thaam.wire import messages

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SOON = NOON + dt.timedelta(seconds=1)
SUM = Rs(40_000)
WHY = "The goods were delivered and paid for; the report was about another sale."


def held(paise=SUM, *, reference="UTR000000001", account="ACC-BALU", **words):
    complaint = files(debit(paise, reference=reference), **words)
    at = words.get("at", NOON)
    says("DEMO2", hold_answer(order("DEMO2"), account=account, at=at), at=at)
    return complaint


def hold_of(complaint):
    return Hold.objects.get(reference=complaint.number)


def proposed(complaint, at=NOON):
    return propose(
        restoration_id=new_id(), claim_id=complaint.debits.get().pk, hold_id=hold_of(complaint).pk, to_bank="DEMO1",
        to_account="ACC-ASHA", officer=investigator(), words="papers checked", at=at, fir_number="1/26",
    )  # fmt: skip


def pay(one):
    asked = next(each for each in orders("DEMO2", "RestoreOrder") if each.id == str(one.repayment_id))
    payment = messages.PaymentId("IMPS", "B1", NOON.date(), asked.amount_paise, "DEMO2", asked.to_bank)
    done = messages.RestoreDone(
        id=new_id(), order_id=asked.id, answered_at=NOON, hold_order_id=asked.hold_order_id, ranges=asked.ranges,
        amount_paise=asked.amount_paise, payment=payment,
    )  # fmt: skip
    says("DEMO2", done)


@pytest.mark.req("S1.17")
def test_an_application_that_lacks_something_comes_back_with_the_reason_and_is_sent_again():
    complaint = held()
    words = {
        "complaint_id": complaint.pk, "to_bank": "DEMO1", "holder_name": "Asha", "undertaking": True, "proved": True,
        "fir_number": "",
        "at": NOON,
    }  # fmt: skip
    first = apply(application_id=new_id(), to_account="WRONG", **words)
    with pytest.raises(ValueError, match="missing"):
        refuse_application(application_id=first.pk, officer=investigator(), words="no", at=NOON)
    with pytest.raises(NotAllowed):
        refuse_application(application_id=first.pk, officer=officer("d", "operator"), words="account is wrong", at=NOON)
    refuse_application(
        application_id=first.pk, officer=investigator(), words="the account is not in your name", at=NOON
    )
    assert stages_of(complaint, at=NOON)[1].due_at is not None, "it is the victim's turn again, with a date"
    again = apply(application_id=new_id(), to_account="RIGHT", **words)
    verify(application_id=again.pk, officer=investigator(), at=NOON)
    with pytest.raises(VerifiedAlready):
        refuse_application(application_id=again.pk, officer=investigator(), words="changed my mind", at=NOON)


@pytest.mark.req("S1.17")
def test_an_account_the_bank_cannot_pay_into_goes_back_to_the_victim_and_comes_again():
    """Every step is somebody's turn, and the officer's list shows what waits for a proposal; nothing ends unseen."""
    complaint = held()
    words = {
        "complaint_id": complaint.pk, "to_bank": "DEMO1", "holder_name": "Asha", "undertaking": True, "proved": True,
        "fir_number": "",
    }  # fmt: skip

    def turn(at=NOON):
        return standing_turn(progress_of(complaint, at), at=at)

    def propose_to(account, at=NOON):
        return propose(
            restoration_id=new_id(), claim_id=complaint.debits.get().pk, hold_id=hold_of(complaint).pk,
            to_bank="DEMO1", to_account=account, officer=investigator(), words="", at=at, fir_number="1/26",
        )  # fmt: skip

    assert turn().who == "you" and unproposed(at=NOON) == []
    first = apply(application_id=new_id(), to_account="WRONG", at=NOON, **words)
    assert (turn().who, turn().clock, turn().due_at) == ("office", "restoration_verified", NOON + 15 * DAY)
    assert unproposed(at=NOON) == [], "papers come first"
    verify(application_id=first.pk, officer=investigator(), at=NOON)
    (waiting,) = unproposed(at=NOON)
    assert (waiting.paise, waiting.hold, waiting.may_go_back) == (SUM, hold_of(complaint), False)
    assert "Propose" in turn().what.en
    one = propose_to("WRONG")
    assert unproposed(at=NOON) == [] and "Approve" in turn().what.en
    with pytest.raises(VerifiedAlready):
        refuse_application(application_id=first.pk, officer=investigator(), words="the account is closed", at=NOON)
    approve(restoration_id=one.pk, officer=approver(), at=NOON)
    Hold.objects.update(expires_at=NOON + 90 * DAY)
    assert (turn().who, turn().bank) == ("bank", "DEMO2")
    asked = order("DEMO2", "RestoreOrder")
    says("DEMO2", messages.CannotMatch(new_id(), asked.id, SOON, "not_found", "no such account"), at=SOON)
    (again,) = unproposed(at=SOON)
    assert str(again.last.pk) == str(one.pk)
    assert again.last.repayment.refused_why == "not_found"
    assert again.may_go_back
    refuse_application(application_id=first.pk, officer=investigator(), words="the account is closed", at=SOON)
    assert turn(SOON).who == "you" and "came back" in turn(SOON).what.en
    second = apply(application_id=new_id(), to_account="RIGHT", at=SOON, **words)
    verify(application_id=second.pk, officer=investigator(), at=SOON)
    with pytest.raises(OtherAccount):
        propose_to("WRONG", SOON)
    pay(approve(restoration_id=propose_to("RIGHT", SOON).pk, officer=approver(), at=SOON))
    assert unproposed(at=SOON) == [] and turn(SOON).who == "nobody"


@pytest.mark.req("S1.17")
def test_every_state_of_a_payment_has_a_name_a_next_step_and_a_date():
    """Refused, late, failed, paid, contested, reversed: the victim's page never ends in a word alone."""
    complaint = held()

    def seen(at=NOON):
        found = outlook_of(Restoration.objects.get(refused_at=None, pk=one.pk), at=at)
        assert found.name.hi and found.next.en and found.by_at
        return found

    one = proposed(complaint)
    assert seen().by_at == NOON + 15 * DAY
    refuse(restoration_id=one.pk, officer=approver(), words="the bond is not signed", at=NOON)
    told = outlook_of(Restoration.objects.get(), at=NOON)
    assert "the bond is not signed" in told.next.hi and told.by_at > NOON and not told.over
    refused, one = Restoration.objects.get(), proposed(complaint, at=SOON)
    assert outlook_of(refused, at=SOON).over, "a newer proposal took its place"
    approve(restoration_id=one.pk, officer=approver(), at=NOON)
    assert seen().by_at == NOON + DAY
    assert seen(NOON + 2 * DAY).over, "the bank never took the prolongation, and the hold ended"
    Hold.objects.update(expires_at=NOON + 90 * DAY)
    late = seen(NOON + 2 * DAY)
    assert "late" in late.next.en and late.by_at == NOON + 90 * DAY
    asked = order("DEMO2", "RestoreOrder")
    says("DEMO2", messages.CannotMatch(new_id(), asked.id, NOON, "not_found", "account closed"), at=NOON)
    assert "could not pay" in seen().name.en
    stages = stages_of(complaint, at=NOON)
    assert stages[3].done_at is None and stages[4].done_at is None, "a payment that failed is no approval any more"
    one = approve(restoration_id=proposed(complaint).pk, officer=approver(), at=NOON)
    pay(one)
    assert seen().over
    made = contest(reversal_id=new_id(), restoration_id=one.pk, ground="court", words="x", by="holder", at=NOON)
    assert seen().by_at == NOON + 15 * DAY == contest_on(one.hold_id).by_at
    propose_reversal(reversal_id=made.pk, officer=investigator(), reasons=WHY, at=NOON)
    approve_reversal(reversal_id=made.pk, officer=officer("chief", "approver"), at=NOON)
    assert seen().by_at == NOON + 30 * DAY and not seen().over
    record_paid_back(reversal_id=made.pk, officer=investigator(), reference="UTR9", at=NOON)
    assert contest_on(one.hold_id).over


@pytest.mark.req("S1.7", "S0.9")
def test_with_every_loop_stopped_nothing_is_held_past_its_end():
    """No timer runs, no bank speaks, nothing is written down: every reader and every verb knows that it is over."""
    complaint, other = (
        held(),
        held(LAKH, reference="UTR2", account="ACC-CHARU", name="Ravi", mobile="9876500001", at=SOON),
    )
    hold, charus = hold_of(complaint), hold_of(other)
    told = tell_holder(hold_id=charus.pk, at=SOON)
    assert told is not None
    objection = lodge(
        objection_id=new_id(), hold_id=charus.pk, reason="goods", words="", name="C", mobile="9123456780", lang="hi",
        at=SOON,
    ).objection  # fmt: skip
    assert [each.contested for each in ask_of(other, at=SOON).accounts] == [True], "their victim sees why it waits"
    assert [each.contested for each in ask_of(complaint, at=SOON).accounts] == [False]
    waiting = proposed(complaint, at=SOON)
    at = charus.expires_at
    before = hold.expires_at - dt.timedelta(seconds=1)
    assert SOON < before < at

    def sums(moment):
        return progress_of(complaint, moment).totals, ask_of(complaint, at=moment).accounts

    totals, accounts = sums(before)
    assert totals[State.HELD] == Rs(40_000) and len(accounts) == 1 and hold.held_at(before)
    entries = Entry.objects.count()
    totals, accounts = sums(at)
    assert (totals[State.HELD], totals[State.RELEASED]) == (0, Rs(40_000)) and accounts == ()
    assert hold.held_at(at) == () and not pool_of(hold.book, at=at).holds
    assert [part.name.en for part in parts_of(hold, at=at)] == ["ended by law"]
    assert stages_of(complaint, at=at)[0].paise in (0, None)
    assert objection.held_paise_at(at) == 0 and outlook_of_objection(Objection.objects.get(), at=at).over
    with pytest.raises(NothingToRestore):
        apply(
            application_id=new_id(), complaint_id=complaint.pk, to_bank="DEMO1", to_account="A", holder_name="",
            undertaking=True, proved=True, fir_number="", at=at,
        )  # fmt: skip
    with pytest.raises(NotEarmarked):
        approve(restoration_id=waiting.pk, officer=approver(), at=at)
    with pytest.raises((NotTheirs, NothingHeld)):
        proposed(other, at=at)
    for one in (hold, charus):
        with pytest.raises(NothingHeld):
            order_release(hold_id=one.pk, reason="ordered", mandate=mandate_of(one), by="officer:1", at=at)
    with pytest.raises(NothingHeld):
        lodge(
            objection_id=new_id(), hold_id=hold.pk, reason="goods", words="", name="C", mobile="9123456780", lang="hi",
            at=at,
        )  # fmt: skip
    assert Entry.objects.count() == entries, "and none of it was written down by anybody"
