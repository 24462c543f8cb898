"""Held money goes back to its victim on the word of two officers, once, and never more than is held."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from banking import (
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
from officers import approver, devi, investigator, officer
from thaam.holds.asking import mandate_of
from thaam.holds.contesting import contest
from thaam.holds.models import Hold, Repayment
from thaam.holds.releasing import RangeContested, RangeEarmarked, order_release
from thaam.holds.restoring import NotEarmarked, SameOfficer
from thaam.journal.ids import new_id
from thaam.mailbox import keeping
from thaam.mailbox.lapsing import lapse
from thaam.restoration.applying import AppliedAlready, NothingToRestore, UndertakingMissing, apply, verify
from thaam.restoration.approving import Decided, approve, refuse
from thaam.restoration.models import Restoration
from thaam.restoration.proposing import CompetingClaims, FirNeeded, NotTheirs, propose
from thaam.restoration.roles import NotAllowed
from thaam.restoration.stages import stages_of
from thaam.wire import messages

pytestmark = pytest.mark.django_db
SUM = Rs(40_000)


def held_complaint(amount=SUM):
    complaint = files(debit(amount))
    says("DEMO2", hold_answer(order("DEMO2")))
    return complaint


def proposed(complaint, **changes):
    words = {
        "restoration_id": new_id(), "claim_id": complaint.debits.get().pk,
        "hold_id": Hold.objects.latest("asked_at").pk,
        "to_bank": "DEMO1", "to_account": "ACC-ASHA", "officer": investigator(), "words": "papers checked", "at": NOON,
    }  # fmt: skip
    return propose(**{**words, **changes})


def restore_done(asked, at=NOON, reference="BACK1"):
    payment = messages.PaymentId("IMPS", reference, at.date(), asked.amount_paise, "DEMO2", asked.to_bank)
    return messages.RestoreDone(
        id=new_id(), order_id=asked.id, answered_at=at, hold_order_id=asked.hold_order_id, ranges=asked.ranges,
        amount_paise=asked.amount_paise, payment=payment,
    )  # fmt: skip


@pytest.mark.req("S0.10", "S1.17")
def test_held_money_goes_back_when_two_officers_say_so():
    complaint = held_complaint()
    restoration = proposed(complaint)
    assert orders("DEMO2", "RestoreOrder") == [] and restoration.state == "proposed"
    approve(restoration_id=restoration.pk, officer=approver(), at=NOON)
    asked = order("DEMO2", "RestoreOrder")
    assert (asked.issued_by.officer, asked.approved_by.officer) == ("inspector", "approver")
    assert asked.to_account == "ACC-ASHA" and asked.amount_paise == SUM
    assert states(complaint) == {"held": SUM}
    says("DEMO2", restore_done(asked))
    assert states(complaint) == {"restored": SUM}
    assert Restoration.objects.get().state == "paid" and Hold.objects.get().held == ()


def test_one_officer_alone_restores_nothing():
    complaint = held_complaint()
    boss = officer("boss", "supervisor")
    restoration = proposed(complaint, officer=boss)
    with pytest.raises(SameOfficer):
        approve(restoration_id=restoration.pk, officer=boss, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Restoration.objects.update(approved_by=boss)


@pytest.mark.parametrize("role", ["operator", "constable", "bank_clerk", "auditor", "approver"])
def test_a_role_without_the_right_cannot_propose(role):
    complaint = held_complaint()
    with pytest.raises(NotAllowed):
        proposed(complaint, officer=officer("x", role))


@pytest.mark.parametrize("role", ["operator", "constable", "bank_clerk", "auditor", "investigator"])
def test_a_role_without_the_right_cannot_approve(role):
    restoration = proposed(held_complaint())
    with pytest.raises(NotAllowed):
        approve(restoration_id=restoration.pk, officer=officer("x", role), at=NOON)


def test_approving_twice_orders_once():
    restoration = proposed(held_complaint())
    for _ in range(2):
        approve(restoration_id=restoration.pk, officer=approver(), at=NOON)
    assert len(orders("DEMO2", "RestoreOrder")) == 1
    with pytest.raises(Decided):
        approve(restoration_id=restoration.pk, officer=officer("another", "approver"), at=NOON)


def test_a_refusal_gives_reasons_and_frees_the_paise():
    complaint = held_complaint()
    restoration = proposed(complaint)
    with pytest.raises(ValueError, match="reasons"):
        refuse(restoration_id=restoration.pk, officer=approver(), words=" ", at=NOON)
    refuse(restoration_id=restoration.pk, officer=approver(), words="account not theirs", at=NOON)
    assert Restoration.objects.get().state == "refused" and Hold.objects.get().earmarked == ()
    assert proposed(complaint).state == "proposed"


def test_a_promised_sum_cannot_be_released_or_promised_again():
    complaint = held_complaint()
    proposed(complaint)
    hold = Hold.objects.get()
    with pytest.raises(RangeEarmarked):
        order_release(hold_id=hold.pk, reason="ordered", mandate=mandate_of(hold), by="officer:1", at=NOON)
    with pytest.raises(RangeEarmarked):
        proposed(complaint)


def test_a_sum_under_objection_waits_for_the_decision():
    complaint = held_complaint()
    restoration = proposed(complaint)
    contest(hold_id=Hold.objects.get().pk, ranges=None, by="citizen", at=NOON)
    with pytest.raises(RangeContested):
        approve(restoration_id=restoration.pk, officer=approver(), at=NOON)


def test_a_hold_that_ended_before_approval_is_not_paid():
    restoration = proposed(held_complaint())
    late = NOON + dt.timedelta(hours=25)
    from banking import run_timers

    run_timers(late)
    with pytest.raises(NotEarmarked):
        approve(restoration_id=restoration.pk, officer=approver(), at=late)


def test_an_approval_keeps_the_hold_until_the_bank_must_have_paid():
    restoration = proposed(held_complaint())
    at = NOON + dt.timedelta(hours=23)
    approve(restoration_id=restoration.pk, officer=approver(), at=at)
    assert order("DEMO2", "AmendOrder").expires_at > order("DEMO2", "RestoreOrder").execute_before


@pytest.mark.req("S0.10")
def test_above_the_limit_of_the_rulebook_an_fir_is_needed():
    complaint = held_complaint(Rs(50_001))
    with pytest.raises(FirNeeded) as needed:
        proposed(complaint)
    assert "₹50,000" in needed.value.rule.explain("hi")
    assert proposed(complaint, fir_number="12/2026").state == "proposed"


def test_parts_do_not_slip_under_the_limit():
    complaint = held_complaint(Rs(80_000))
    with pytest.raises(FirNeeded):
        proposed(complaint, ranges=[(0, Rs(10_000))])
    first = proposed(complaint, ranges=[(0, Rs(40_000))], fir_number="12/2026")
    approve(restoration_id=first.pk, officer=approver(), at=NOON)
    says("DEMO2", restore_done(order("DEMO2", "RestoreOrder")))
    assert states(complaint) == {"restored": Rs(40_000), "held": Rs(40_000)}
    with pytest.raises(FirNeeded):
        proposed(complaint)


def test_paise_of_somebody_else_are_not_proposed():
    complaint = held_complaint()
    with pytest.raises(NotTheirs):
        proposed(complaint, ranges=[(0, SUM + 1)])


def test_a_bank_that_cannot_pay_frees_the_promise():
    complaint = held_complaint()
    restoration = proposed(complaint)
    approve(restoration_id=restoration.pk, officer=approver(), at=NOON)
    asked = order("DEMO2", "RestoreOrder")
    says(
        "DEMO2", messages.CannotMatch(id=new_id(), order_id=asked.id, answered_at=NOON, code="not_found", searched="x")
    )
    assert Restoration.objects.get().state == "failed" and Hold.objects.get().earmarked == ()
    assert states(complaint) == {"held": SUM}


@pytest.mark.parametrize("late", [dt.timedelta(days=2), dt.timedelta(days=91)])
def test_what_a_bank_has_paid_counts_however_late_it_did_or_says_so(late):
    complaint = held_complaint()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    acknowledged = messages.Acknowledged(id=new_id(), order_id=order("DEMO2", "AmendOrder").id, answered_at=NOON)
    says("DEMO2", acknowledged)
    approve(restoration_id=proposed(complaint).pk, officer=approver(), at=NOON)
    asked = order("DEMO2", "RestoreOrder")
    lapse({"order_id": asked.id}, asked.execute_before)
    run_timers(NOON + late)
    says("DEMO2", restore_done(asked, at=NOON + late), at=NOON + late)
    assert states(complaint, NOON + late) == {"restored": SUM}
    assert Restoration.objects.get().state == "paid"


def part_done(asked, lo, hi, reference):
    payment = messages.PaymentId("IMPS", reference, NOON.date(), hi - lo, "DEMO2", asked.to_bank)
    return replace(
        restore_done(asked), id=new_id(), ranges=(messages.Range(lo, hi),), amount_paise=hi - lo, payment=payment
    )


def test_a_restoration_from_under_two_liens_is_told_payment_by_payment():
    complaint = held_complaint()
    approve(restoration_id=proposed(complaint).pk, officer=approver(), at=NOON)
    asked = order("DEMO2", "RestoreOrder")
    says("DEMO2", part_done(asked, 0, Rs(10_000), "BACK1"))
    says("DEMO2", part_done(asked, Rs(10_000), SUM, "BACK2"))
    assert states(complaint) == {"restored": SUM}
    with pytest.raises(keeping.AnswerConflict):
        says("DEMO2", part_done(asked, 0, Rs(10_000), "BACK3"))


def test_where_one_of_two_payments_fails_the_other_counts_and_the_rest_is_promised_no_more():
    complaint = held_complaint()
    approve(restoration_id=proposed(complaint).pk, officer=approver(), at=NOON)
    asked = order("DEMO2", "RestoreOrder")
    says("DEMO2", part_done(asked, 0, Rs(10_000), "BACK1"))
    cannot = messages.CannotMatch(id=new_id(), order_id=asked.id, answered_at=NOON, code="not_found", searched="x")
    says("DEMO2", cannot)
    assert states(complaint) == {"restored": Rs(10_000), "held": SUM - Rs(10_000)}
    hold, repayment = Hold.objects.get(), Repayment.objects.get()
    assert (hold.earmarked, repayment.ranges) == ((), ((0, Rs(10_000)),))
    with pytest.raises(keeping.AnswerConflict):
        says("DEMO2", replace(cannot, id=new_id()))
    order_release(hold_id=hold.pk, reason="ordered", mandate=mandate_of(hold), by="officer:1", at=NOON)


def test_two_victims_of_the_same_paise_need_a_share_out_and_one_is_paid_once():
    asha = files(debit(SUM))
    ravi = files(debit(SUM, reference="IMPS77", payer_bank="DEMO2", payee_bank="DEMO3", rail="IMPS"), name="Ravi")
    says("DEMO3", hold_answer(order("DEMO3"), account="ACC-B7"))
    says("DEMO2", hold_answer(orders("DEMO2")[0], onward(0, SUM, paid(SUM, reference="IMPS77"))))
    hold = Hold.objects.get(bank="DEMO3")
    with pytest.raises(CompetingClaims):
        proposed(asha, hold_id=hold.pk)
    restoration = proposed(asha, hold_id=hold.pk, shared=True)
    approve(restoration_id=restoration.pk, officer=approver(), at=NOON)
    asked = order("DEMO3", "RestoreOrder")
    payment = messages.PaymentId("IMPS", "BACK1", NOON.date(), SUM, "DEMO3", "DEMO1")
    says(
        "DEMO3",
        messages.RestoreDone(
            id=new_id(), order_id=asked.id, answered_at=NOON, hold_order_id=asked.hold_order_id, ranges=asked.ranges,
            amount_paise=SUM, payment=payment,
        ),
    )  # fmt: skip
    assert states(asha) == {"restored": SUM}
    assert states(ravi) == {"gone": SUM}, "repaid to the other victim"


@pytest.mark.req("S0.10")
def test_the_victim_sees_seven_dated_stages():
    complaint = held_complaint()
    words = {"to_bank": "DEMO1", "to_account": "ACC-ASHA", "holder_name": "Asha", "fir_number": "", "at": NOON}
    with pytest.raises(UndertakingMissing):
        apply(application_id=new_id(), complaint_id=complaint.pk, undertaking=False, **words)
    application = apply(application_id=new_id(), complaint_id=complaint.pk, undertaking=True, proved=True, **words)
    with pytest.raises(AppliedAlready):
        apply(application_id=new_id(), complaint_id=complaint.pk, undertaking=True, proved=True, **words)
    with pytest.raises(NotAllowed):
        verify(application_id=application.pk, officer=devi(), at=NOON)
    verify(application_id=application.pk, officer=investigator(), at=NOON)
    assert [stage.done_at is not None for stage in stages_of(complaint, at=NOON)] == [True] * 3 + [False] * 4
    approve(restoration_id=proposed(complaint).pk, officer=approver(), at=NOON)
    says("DEMO2", restore_done(order("DEMO2", "RestoreOrder")))
    stages = stages_of(complaint, at=NOON)
    assert all(stage.done_at for stage in stages) and stages[5].paise == SUM
    assert all(stage.title.hi and stage.owner.en for stage in stages)


def test_nothing_held_is_nothing_to_apply_for():
    complaint = files(debit(SUM))
    with pytest.raises(NothingToRestore):
        apply(
            application_id=new_id(), complaint_id=complaint.pk, undertaking=True, to_bank="DEMO1", to_account="A",
            holder_name="Asha", fir_number="", at=NOON,
        )  # fmt: skip


def test_a_released_hold_is_not_paid_to_anybody():
    complaint = held_complaint()
    says("DEMO1", located(order("DEMO1", "LocatePayment"), found=False, account=None, mobile_matches=None))
    release = order("DEMO2", "ReleaseOrder")
    from thaam.holds.releasing import NothingHeld

    with pytest.raises(NothingHeld):
        proposed(complaint)
    says("DEMO2", release_done(release.hold_order_id, (0, SUM), order_id=release.id, reason="ordered", at=NOON))
    with pytest.raises(NotTheirs):
        proposed(complaint)
