"""Courts, the magistrate, criminals' money, a wrong restoration, late victims: every way money goes back."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import LAKH, Rs, debit, files, hold_answer, order, orders, says, states
from cast import NOON
from officers import approver, devi, investigator, officer
from thaam.chase.models import Claim
from thaam.complaints.correcting import withdraw
from thaam.holds.models import Book, Hold
from thaam.holds.restoring import SameOfficer
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.restoration import loop
from thaam.restoration.applying import NotVerified, OtherAccount, apply, verify
from thaam.restoration.approving import approve, see_claim_ended
from thaam.restoration.courts import CourtOrder
from thaam.restoration.due import open_loss_paise
from thaam.restoration.intimating import ToldBefore, record_told, see_asked
from thaam.restoration.mine import shares_of
from thaam.restoration.models import Application, Intimation, Restoration
from thaam.restoration.paths import OrderDoesNotFit, OrderNeeded, ask_of
from thaam.restoration.pennies import check_by_sight, names_agree, see_answer, see_applied
from thaam.restoration.proposing import FirNeeded, OverClaimed, propose
from thaam.restoration.recovering import (
    NothingLeft,
    approve_recovery,
    enter_recovery,
    record_recovery_paid,
    share_recovery,
)
from thaam.restoration.registering import OrdersInConflict, Told, carry_out, enter, findings_of
from thaam.restoration.reversing import (
    ContestedAlready,
    NotPaid,
    TooLateToContest,
    approve_reversal,
    contest,
    propose_reversal,
    record_paid_back,
    refuse_reversal,
)
from thaam.restoration.roles import NotAllowed, RankTooLow
from thaam.restoration.sharing import LateClaimants, claims_into, propose_shares, reckon
from thaam.restoration.stages import stages_of
from thaam.restoration.waiting import unproposed
from thaam.wire import messages
from thaam.wire.parts import Line as Said
from thaam.work.models import Job

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LATER = NOON + 31 * DAY
WHY = "The goods were delivered and paid for; the report was about another sale."


SUM = Rs(40_000)


def held(paise=SUM, *, reference="UTR000000001", account="ACC-BALU", at=NOON, keep=None, **words):
    complaint = files(debit(paise, reference=reference), at=at, **words)
    lines = []
    if keep is not None and keep < paise:
        lines = ([Said("held", 0, keep)] if keep else []) + [
            Said("terminal", keep, paise, terminal_kind="CASH_ATM", particulars="ATM 4")
        ]
    says("DEMO2", hold_answer(order("DEMO2"), *lines, account=account), at=at)
    Hold.objects.update(expires_at=NOON + 90 * DAY, provisional=False)
    return complaint


def hold_of(complaint):
    return Hold.objects.get(reference=complaint.number)


def proposed(complaint, **changes):
    words = {
        "restoration_id": new_id(), "claim_id": complaint.debits.get().pk, "hold_id": hold_of(complaint).pk,
        "to_bank": "DEMO1", "to_account": "ACC-ASHA", "officer": investigator(), "words": "papers checked", "at": NOON,
    }  # fmt: skip
    return propose(**{**words, **changes})


def pay(restoration, at=NOON):
    asked = next(each for each in orders("DEMO2", "RestoreOrder") if each.id == str(restoration.repayment_id))
    payment = messages.PaymentId("IMPS", f"B{asked.id[:8]}", at.date(), asked.amount_paise, "DEMO2", asked.to_bank)
    says(
        "DEMO2",
        messages.RestoreDone(
            id=new_id(), order_id=asked.id, answered_at=at, hold_order_id=asked.hold_order_id, ranges=asked.ranges,
            amount_paise=asked.amount_paise, payment=payment,
        ),
        at=at,
    )  # fmt: skip


def restored(complaint, **changes):
    one = approve(restoration_id=proposed(complaint, **changes).pk, officer=approver(), at=NOON)
    pay(one)
    return Restoration.objects.get(pk=one.pk)


def court(what, paise, *, account="ACC-BALU", number="12/2026", at=NOON, **more):
    return enter(
        order_id=new_id(), what=what, court="CJM Durg", number=number, dated_on=at.date(), deadline_at=None,
        accounts=[Told("DEMO2", account, paise)], jurisdiction="IN-CG", officer=investigator(), at=at, **more,
    )  # fmt: skip


def names(order_, at=NOON):
    return {each.name.split(" ")[0] for each in findings_of(order_, at=at)}


# ── courts ──


@pytest.mark.req("S1.17")
def test_an_order_is_matched_to_its_hold_and_carried_out_in_the_courts_name():
    complaint = held()
    made = court("release", Rs(10_000), account="BALU")
    assert made.accounts.get().hold == hold_of(complaint) and findings_of(made, at=NOON) == []
    with pytest.raises(SameOfficer):
        carry_out(order_id=made.pk, officer=investigator(), at=NOON)
    assert not orders("DEMO2", "ReleaseOrder"), "who typed the order in does not carry it out alone"
    carry_out(order_id=made.pk, officer=officer("second", "supervisor"), at=NOON)
    release = order("DEMO2", "ReleaseOrder")
    assert (release.reason, release.amount_paise) == ("court_order", Rs(10_000))
    assert CourtOrder.objects.get().done_at == NOON


def test_what_is_contradictory_or_impossible_is_said_in_the_second_it_is_entered():
    held()
    assert names(court("restore", Rs(40_001), number="1")) == {"too"}
    assert names(court("restore", Rs(10), account="NOBODY", number="2")) == {"unmatched"}
    release = court("release", Rs(40_000), number="3")
    assert "contradicts" in names(release)
    assert names(court("keep", Rs(40_000), number="4")) >= {"contradicts", "no"}
    assert Fact.objects.filter(kind="court order:in conflict").count() == 4
    with pytest.raises(OrdersInConflict):
        carry_out(order_id=release.pk, officer=officer("second", "supervisor"), at=NOON)


def test_several_courts_on_one_empty_account_stop_every_restoration_from_it():
    complaint = held()
    court("restore", Rs(30_000), number="1")
    court("restore", Rs(30_000), number="2")
    with pytest.raises(OrdersInConflict) as refused:
        proposed(complaint)
    assert "competing" in {each.name for each in refused.value.findings}


def test_a_courts_date_that_passes_is_a_fact():
    held()
    made = court("restore", Rs(40_000))
    assert made.deadline_at == NOON + 7 * DAY
    for job in Job.objects.filter(kind="restoration:court order due"):
        loop.timers[job.kind](job.payload, NOON + 7 * DAY)
    assert Fact.objects.filter(kind="court order:overdue").count() == 1


# ── the magistrate ──


def test_the_magistrate_is_owed_every_hold_within_a_day_and_lateness_is_a_fact():
    complaint = held()
    for fact in Fact.objects.filter(kind="hold:asked"):
        see_asked(fact, NOON)
        see_asked(fact, NOON)
    owed = Intimation.objects.get()
    assert owed.due_at == NOON + DAY and owed.holds.count() == 1
    (job,) = Job.objects.filter(kind="restoration:magistrate overdue")
    loop.timers[job.kind](job.payload, NOON + DAY)
    assert Fact.objects.filter(kind="magistrate:overdue").count() == 1
    with pytest.raises(NotAllowed):
        record_told(intimation_id=owed.pk, officer=devi(), court="JMFC Durg", reference="1", at=NOON)
    record_told(intimation_id=owed.pk, officer=investigator(), court="JMFC Durg", reference="1", at=NOON)
    with pytest.raises(ToldBefore):
        record_told(intimation_id=owed.pk, officer=investigator(), court="JMFC Durg", reference="1", at=NOON)
    assert complaint.intimations.count() == 1


# ── paths and ranks ──


@pytest.mark.req("S0.10")
def test_the_rule_is_per_single_account_and_each_way_has_its_law():
    complaint = held(Rs(80_000))
    assert ask_of(complaint, at=NOON).fir_needed
    with pytest.raises(FirNeeded):
        proposed(complaint)
    with pytest.raises(OrderNeeded):
        proposed(complaint, path="lok_adalat")
    award = court("restore", Rs(50_000))
    with pytest.raises(OrderDoesNotFit):
        proposed(complaint, path="lok_adalat", court_order=award)
    one = proposed(complaint, path="lok_adalat", court_order=award, ranges=[(0, Rs(50_000))])
    approve(restoration_id=one.pk, officer=approver(), at=NOON)
    basis = order("DEMO2", "RestoreOrder").basis
    assert (basis.authority, basis.section) == ("Lok Adalat", "Legal Services Authorities Act 20, 21")
    assert CourtOrder.objects.get().done_at is not None


def test_above_the_rules_sum_a_supervisor_is_no_second_officer():
    one = proposed(held(Rs(80_000)), fir_number="7/26")
    with pytest.raises(RankTooLow):
        approve(restoration_id=one.pk, officer=officer("devi-boss", "supervisor"), at=NOON)
    assert approve(restoration_id=one.pk, officer=approver(), at=NOON).state == "approved"


def test_seven_stages_have_a_date_for_whose_turn_it_is():
    complaint = held()
    apply(
        application_id=new_id(), complaint_id=complaint.pk, to_bank="DEMO1", to_account="A", holder_name="Asha",
        undertaking=True, proved=True, fir_number="", at=NOON,
    )  # fmt: skip
    stages = stages_of(complaint, at=NOON)
    assert [stage.number for stage in stages if stage.due_at] == [3] and stages[2].due_at == NOON + 15 * DAY


# ── whose account it is ──


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Asha Devi", "ASHA DEVI", True), ("Smt. Asha Devi", "Devi, Asha", True), ("A. Devi", "Asha Devi", True),
        ("Asha Devi", "Balu Ram", False), ("", "Asha", False), ("A D", "Asha Devi", False),
        ("आशा देवी", "श्रीमती आशा देवी", True),
        ("आशा देवी", "Asha Devi", False),
    ],
)  # fmt: skip
def test_names_agree_as_banks_write_them_and_nothing_is_guessed_across_scripts(one, other, same):
    assert names_agree(one, other) is same


def test_the_victims_own_bank_says_whose_account_it_is_and_a_difference_denies_nothing():
    complaint = held()
    apply(
        application_id=new_id(), complaint_id=complaint.pk, to_bank="DEMO1", to_account="ACC-ASHA",
        holder_name="Asha Devi",
        undertaking=True, proved=True, fir_number="", at=NOON,
    )  # fmt: skip
    see_applied(Fact.objects.get(kind="restoration:applied"), NOON)
    asked = order("DEMO1", "InformationRequest")
    assert (asked.what, asked.account) == ("beneficiary", "ACC-ASHA")
    from thaam.evidence.receiving import record_information
    from thaam.mailbox import keeping
    from thaam.mailbox.models import Answer
    from thaam.wire import codec

    said = messages.InformationAnswer(new_id(), asked.id, NOON, True, "BALU RAM", ())
    keeping.keep(partner="DEMO1", message=said, raw=codec.encode(said), jws="test", at=NOON)
    record_information(Answer.objects.get(kind="InformationAnswer"), NOON)
    see_answer(Fact.objects.get(kind="information:got"), NOON)
    assert Application.objects.get().checked == "differs"
    check_by_sight(
        application_id=Application.objects.get().pk, officer=investigator(), words="passbook: Asha Devi", at=NOON
    )
    assert Application.objects.get().checked == "by_sight"
    with pytest.raises(NotVerified):
        proposed(complaint, to_account="ACC-ASHA")
    verify(application_id=Application.objects.get().pk, officer=investigator(), at=NOON)
    with pytest.raises(OtherAccount):
        proposed(complaint, to_account="ACC-INSPECTOR")
    assert not Restoration.objects.exists()
    assert approve(restoration_id=proposed(complaint, to_account="ACC-ASHA").pk, officer=approver(), at=NOON).state == (
        "approved"
    )


# ── a restoration that was wrong ──


def test_a_wrong_restoration_is_contested_and_reversed_by_two_others_with_reasons():
    complaint = held()
    one = restored(complaint)
    assert states(complaint) == {"restored": Rs(40_000)}
    made = contest(
        reversal_id=new_id(), restoration_id=one.pk, ground="holder_right", words="it was my sale", by="holder", at=NOON
    )
    with pytest.raises(ContestedAlready):
        contest(reversal_id=new_id(), restoration_id=one.pk, ground="court", words="x", by="holder", at=NOON)
    with pytest.raises(ValueError, match="reasons"):
        propose_reversal(reversal_id=made.pk, officer=investigator(), reasons="wrong", at=NOON)
    propose_reversal(reversal_id=made.pk, officer=officer("second", "investigator"), reasons=WHY, at=NOON)
    for who in (officer("second", "investigator"), devi()):
        with pytest.raises(NotAllowed):
            approve_reversal(reversal_id=made.pk, officer=who, at=NOON)
    with pytest.raises(SameOfficer):
        approve_reversal(reversal_id=made.pk, officer=approver(), at=NOON)  # who approved the restoration
    approve_reversal(reversal_id=made.pk, officer=officer("sp2", "approver"), at=NOON)
    assert states(complaint) == {"released": Rs(40_000)}
    assert Restoration.objects.get().state == "reversed"
    assert open_loss_paise(Claim.objects.get()) == Rs(40_000), "what was taken back is lost again"
    record_paid_back(reversal_id=made.pk, officer=investigator(), reference="UTR9", at=NOON)
    made.refresh_from_db()
    assert made.state == "paid back"


def test_a_contest_may_be_refused_and_has_its_time_and_nothing_unpaid_is_reversed():
    complaint = held()
    waiting = proposed(complaint)
    with pytest.raises(NotPaid):
        contest(reversal_id=new_id(), restoration_id=waiting.pk, ground="court", words="x", by="holder", at=NOON)
    one = approve(restoration_id=waiting.pk, officer=approver(), at=NOON)
    pay(one)
    with pytest.raises(TooLateToContest):
        contest(reversal_id=new_id(), restoration_id=one.pk, ground="court", words="x", by="holder", at=NOON + 60 * DAY)
    made = contest(reversal_id=new_id(), restoration_id=one.pk, ground="court", words="x", by="holder", at=NOON)
    for judge in (investigator(), approver()):
        with pytest.raises(SameOfficer):
            refuse_reversal(reversal_id=made.pk, officer=judge, words=WHY, at=NOON)
    refuse_reversal(reversal_id=made.pk, officer=officer("third", "supervisor"), words=WHY, at=NOON)
    assert states(complaint) == {"restored": Rs(40_000)}
    assert Restoration.objects.get().state == "paid"


# ── criminals' money ──


@pytest.mark.req("S2.5")
def test_money_taken_from_criminals_goes_back_by_loss_and_never_above_it():
    one = held(Rs(60_000), keep=0)
    two = held(Rs(30_000), reference="UTR2", keep=0, at=NOON + dt.timedelta(seconds=1), name="Ravi")
    seized = enter_recovery(
        recovery_id=new_id(), amount_paise=Rs(45_000), recovered_on=NOON.date(), memo="SM 4/26",
        kept_at="District treasury",
        words="", officer=investigator(), at=NOON,
    )  # fmt: skip
    claims = list(Claim.objects.order_by("chase__opened_at"))
    accounts = {claim.pk: ("DEMO1", "ACC") for claim in claims}
    words = {
        "recovery_id": seized.pk,
        "claims": claims,
        "accounts": accounts,
        "officer": investigator(),
        "words": "one gang",
        "at": NOON,
    }
    made = share_recovery(**words)
    assert sorted(each.amount_paise for each in made) == [Rs(15_000), Rs(30_000)]
    with pytest.raises(NothingLeft):
        share_recovery(**words)
    for each in made:
        with pytest.raises(SameOfficer if each.amount_paise <= Rs(50_000) else NotAllowed):
            approve_recovery(restoration_id=each.pk, officer=_as_boss(each), at=NOON)
        approve_recovery(restoration_id=each.pk, officer=approver(), at=NOON)
        record_recovery_paid(restoration_id=each.pk, officer=investigator(), reference="TRS1", at=NOON)
    assert states(one) == {"gone": Rs(30_000), "restored": Rs(30_000)}
    assert states(two) == {"gone": Rs(15_000), "restored": Rs(15_000)}
    assert {each.source for each in Restoration.objects.all()} == {"recovery"}


def _as_boss(restoration):
    """The proposer, promoted: the second word may still not be theirs."""
    who = restoration.proposed_by
    who.role = "approver"
    who.save()
    try:
        return who
    finally:
        type(who).objects.filter(pk=who.pk).update(role="investigator")


# ── several victims ──


@pytest.mark.req("S0.10")
def test_an_over_claim_is_found_before_any_order_and_late_victims_stop_the_payment():
    first = held(Rs(40_000), keep=Rs(40_000))
    held(Rs(60_000), reference="UTR2", keep=0, at=NOON + dt.timedelta(seconds=1), name="Ravi")
    with pytest.raises(OverClaimed) as over:
        proposed(first)
    assert (over.value.over.pool_paise, over.value.over.claimed_paise) == (Rs(40_000), LAKH)
    asked = apply(
        application_id=new_id(), complaint_id=first.pk, to_bank="DEMO1", to_account="A", holder_name="Asha",
        undertaking=True, proved=True, fir_number="1/26", at=NOON + dt.timedelta(seconds=2),
    )  # fmt: skip
    verify(application_id=asked.pk, officer=investigator(), at=NOON + dt.timedelta(seconds=2))
    (waiting,) = unproposed(at=NOON + dt.timedelta(seconds=2))
    assert waiting.over_claimed, "the officer's list leads to the shares, not to a proposal that is refused"
    assert not orders("DEMO2", "RestoreOrder")
    made = reckon(
        share_out_id=new_id(), book_id=Book.objects.get().pk, officer=investigator(), method="pro_rata",
        words="two victims",
        at=LATER,
    )  # fmt: skip
    held(Rs(10_000), reference="UTR3", keep=0, at=LATER + DAY, name="Late")
    accounts = {claim.pk: ("DEMO1", "A") for claim in claims_into(made.book)}
    words = {
        "share_out_id": made.pk,
        "accounts": accounts,
        "officer": investigator(),
        "fir_number": "1/26",
        "at": LATER + 2 * DAY,
    }
    with pytest.raises(LateClaimants):
        propose_shares(**words)
    parts = propose_shares(**words, late_words="told on the 32nd day, shares in what is left")
    assert sorted(each.amount_paise for each in parts) == [Rs(16_000), Rs(24_000)]
    assert {str(each.pk) for each in propose_shares(**words)} == {str(each.pk) for each in parts}, (
        "asked again, nobody gets more"
    )
    (mine,) = shares_of(first)
    assert (mine.mine_paise, mine.section) == (Rs(16_000), "BNSS 107(6)-(8)")


def test_a_claim_that_ends_takes_its_promise_back_and_the_hold_goes():
    complaint = held()
    proposed(complaint)
    withdraw(complaint_id=complaint.pk, words="found the money", by="citizen", at=NOON)
    see_claim_ended(Fact.objects.get(kind="complaint:withdrawn"), NOON)
    assert Restoration.objects.get().state == "refused" and Hold.objects.get().earmarked == ()
    assert order("DEMO2", "ReleaseOrder").amount_paise == Rs(40_000)
