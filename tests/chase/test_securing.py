"""New money on a held account is secured by an order of its own, and is nobody's `held`."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import LAKH, Rs, files, hold_answer, located, order, orders, paid, run_timers, says, states
from cast import NOON
from thaam.chase.securing import NoGround, NotLate, late_credits_of, secure
from thaam.complaints.correcting import withdraw
from thaam.complaints.models import Complaint
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.notices.models import Notice
from thaam.wire.messages import LateCredit

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=5)
CREDIT = paid(Rs(30_000), reference="LATE0001", payer="DEMO4", payee="DEMO2")


@pytest.fixture
def complaint() -> Complaint:
    """A lakh held at DEMO2, and thirty thousand that came to the same account later."""
    filed = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    says("DEMO2", hold_answer(order("DEMO2")))
    told = LateCredit(new_id(), NOON, order("DEMO2").id, "ACC-BALU", CREDIT)
    says("DEMO2", told)
    return filed


def first() -> Hold:
    return Hold.objects.get(secured=False)


def secured(words: str = "three victims of one number paid into it today") -> Hold:
    hold = first()
    (late, *_) = late_credits_of(hold.pk)
    return secure(
        hold_id=hold.pk, answer_id=late.answer_id, words=words, mandate=mandate_of(hold, officer="devi"),
        by="officer:1", at=LATER,
    )  # fmt: skip


@pytest.mark.req("S1.7")
def test_a_late_credit_is_held_by_an_order_of_its_own_and_counts_for_no_claim(complaint: Complaint) -> None:
    made = secured()
    asked = order("DEMO2")
    assert (asked.id, asked.payment, asked.amount_paise) == (str(made.pk), CREDIT, Rs(30_000))
    assert (asked.basis.section, asked.issued_by.officer) == ("BNSS 106 (secured, not traced)", "devi")
    says("DEMO2", hold_answer(asked, at=LATER), at=LATER)
    made.refresh_from_db()
    assert (made.secured, made.held_paise) == (True, Rs(30_000))
    assert states(complaint, LATER) == {"held": LAKH}, "nothing is added to what is held for the claim"
    assert [fact.data["words"] for fact in Fact.objects.filter(kind="credit:secured")] == [
        "three victims of one number paid into it today"
    ]
    assert [str(late.secured.pk) for late in late_credits_of(first().pk) if late.secured] == [str(made.pk)]


def test_the_same_credit_twice_is_one_order(complaint: Complaint) -> None:
    assert secured().pk == secured("pressed again").pk
    assert len(orders("DEMO2")) == 2


def test_without_a_reason_there_is_no_ground(complaint: Complaint) -> None:
    with pytest.raises(NoGround):
        secured("  ")
    assert len(orders("DEMO2")) == 1


def test_a_credit_no_bank_told_of_cannot_be_secured(complaint: Complaint) -> None:
    hold = first()
    with pytest.raises(NotLate):
        secure(hold_id=hold.pk, answer_id=new_id(), words="x", mandate=mandate_of(hold), by="officer:1", at=LATER)


@pytest.mark.req("S1.7")
def test_what_is_secured_goes_with_the_complaint_it_was_secured_for(complaint: Complaint) -> None:
    made = secured()
    says("DEMO2", hold_answer(order("DEMO2"), at=LATER), at=LATER)
    assert orders("DEMO2", "ReleaseOrder") == [], "while the claim stands it stays, though no claim passes it"
    withdraw(complaint_id=complaint.pk, words="", by="citizen", at=LATER)
    run_timers(LATER)
    let_go = {release.hold_order_id: release.amount_paise for release in orders("DEMO2", "ReleaseOrder")}
    assert let_go == {str(made.pk): Rs(30_000), str(first().pk): LAKH}


def test_another_victims_trail_through_secured_money_counts_as_held_for_that_victim(complaint: Complaint) -> None:
    made = secured()
    says("DEMO2", hold_answer(order("DEMO2"), at=LATER), at=LATER)
    from banking import debit

    other = files(
        debit(Rs(30_000), reference="LATE0001", rail="IMPS", payer_bank="DEMO4"), name="Charu", mobile="9876500077",
        at=LATER,
    )  # fmt: skip
    assert states(other, LATER) == {"held": Rs(30_000)}
    assert made.payment_id in {hold.payment_id for hold in Hold.objects.filter(secured=True)}
    assert not Notice.objects.filter(event="V3").exists()
