"""The trail grows by answers, one round at a time, and every paisa is in one state at every step."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

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
from thaam.chase.advance import advance
from thaam.chase.models import Chase, Claim, Line, Payment
from thaam.chase.reading import trail_of
from thaam.complaints.correcting import withdraw
from thaam.complaints.models import Complaint
from thaam.holds.answering import LinesDoNotBalance, check_answer
from thaam.holds.asking import mandate_of
from thaam.holds.models import Entry, Hold
from thaam.holds.releasing import order_release
from thaam.holds.renewing import NotLater, OrderMissing, renew
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.wire import messages
from thaam.wire.fields import InvalidMessage
from thaam.wire.parts import Line as Said
from thaam.wire.parts import Range

pytestmark = pytest.mark.django_db


def facts(kind: str) -> list[Fact]:
    return list(Fact.objects.filter(kind=kind).order_by("at", "id"))


@pytest.mark.req("S0.8", "S1.3")
def test_both_banks_are_asked_in_the_second_the_report_is_confirmed():
    files()
    locate, hold = order("DEMO1", "LocatePayment"), order("DEMO2")
    assert locate.issued_at == hold.issued_at == NOON
    assert locate.payer_mobile == "9876543210" and locate.payer_account_last4 == "1234"
    assert hold.provisional and hold.ranges == (Range(0, LAKH),)
    assert hold.floor_paise == Rs(100)
    assert hold.basis.section == "BNSS 106"


def test_nobody_is_asked_before_the_report_is_confirmed():
    complaint = files(confirmed=False)
    assert orders("DEMO1", "LocatePayment") == [] and orders("DEMO2") == []
    assert states(complaint) == {"asked": LAKH}


def test_money_that_hopped_is_asked_for_at_the_next_bank():
    complaint = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    on = paid(Rs(90_000), reference="IMPS77")
    says("DEMO2", hold_answer(order("DEMO2"), Said("held", 0, Rs(30_000)), onward(Rs(30_000), LAKH, on, Rs(20_000))))
    assert states(complaint) == {"held": Rs(30_000), "asked": Rs(70_000)}
    assert order("DEMO3").ranges == (Range(Rs(20_000), Rs(90_000)),)
    assert order("DEMO3").payment == on
    says("DEMO3", hold_answer(order("DEMO3"), account="ACC-B7"))
    assert states(complaint) == {"held": LAKH}
    assert Chase.objects.get(pk=complaint.pk).state == "quiet"
    assert len(facts("chase:quiet")) == 1
    assert [(row.hop, row.carried_paise, row.onward_paise) for row in trail_of(complaint.pk, at=NOON)] == [
        (1, LAKH, Rs(70_000)),
        (2, Rs(70_000), 0),
    ]


def test_advancing_twice_asks_nothing_twice():
    complaint = files()
    advance(chase_id=complaint.pk, at=NOON)
    advance(chase_id=complaint.pk, at=NOON + dt.timedelta(minutes=1))
    assert len(orders("DEMO2")) == 1 and len(orders("DEMO1", "LocatePayment")) == 1


def test_a_bank_outside_the_network_ends_the_trail_unexplained():
    complaint = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    says("DEMO2", hold_answer(order("DEMO2"), onward(0, LAKH, paid(LAKH, reference="X1", payee="ELSEWHERE"))))
    assert states(complaint) == {"unexplained": LAKH}
    assert Line.objects.get(kind="unexplained").why == "outside_network"


def test_a_debit_of_a_bank_that_has_not_joined_to_nobody_knows_whom_stands_unexplained_in_its_account_too():
    complaint = files(debit(payer_bank="ELSEWHERE", payee_bank=""))
    assert Line.objects.get(kind="unexplained").why == "outside_network"
    assert states(complaint) == {"unexplained": LAKH}, "the stored account says what the lines say"
    assert Chase.objects.get(pk=complaint.pk).state == "quiet"


@pytest.mark.req("S0.8")
def test_the_payees_bank_is_learnt_from_the_payers_bank():
    complaint = files(debit(payee_bank=""))
    assert orders("DEMO2") == []
    asked = order("DEMO1", "LocatePayment")
    full = messages.PaymentId(
        asked.payment.rail, asked.payment.reference, asked.payment.date, asked.payment.amount_paise, "DEMO1", "DEMO2"
    )
    says("DEMO1", located(asked, payment=full))
    assert order("DEMO2").provisional is False
    says("DEMO2", hold_answer(order("DEMO2")))
    assert states(complaint) == {"held": LAKH}


def test_a_located_debit_turns_a_provisional_hold_into_one_of_full_length():
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    hold = Hold.objects.get()
    assert hold.expires_at == NOON + dt.timedelta(hours=24)
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    amendment = order("DEMO2", "AmendOrder")
    assert amendment.provisional is False and amendment.expires_at == NOON + dt.timedelta(days=90)
    hold.refresh_from_db()
    assert hold.expires_at == NOON + dt.timedelta(hours=24), "the bank has not said that it knows"
    says("DEMO2", messages.Acknowledged(id=new_id(), order_id=amendment.id, answered_at=NOON))
    hold.refresh_from_db()
    assert (hold.provisional, hold.expires_at) == (False, NOON + dt.timedelta(days=90))


def test_a_renewal_the_bank_takes_after_the_end_changes_nothing():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    late = NOON + dt.timedelta(hours=25)
    says(
        "DEMO2", messages.Acknowledged(id=new_id(), order_id=order("DEMO2", "AmendOrder").id, answered_at=late), at=late
    )
    assert states(complaint, late) == {"released": LAKH}


@pytest.mark.req("S1.7")
def test_a_debit_the_payers_bank_does_not_know_holds_nobodys_money():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    says("DEMO1", located(order("DEMO1", "LocatePayment"), found=False, account=None, mobile_matches=None))
    release = order("DEMO2", "ReleaseOrder")
    assert release.reason == "not_confirmed" and release.amount_paise == LAKH
    assert states(complaint) == {"held": LAKH}, "held until the bank has let go"
    done = release_done(order("DEMO2").id, (0, LAKH), order_id=str(release.id), reason="ordered", at=NOON)
    says("DEMO2", done)
    assert states(complaint) == {"released": LAKH}


def test_a_payers_bank_that_was_too_late_has_denied_nothing_and_is_asked_anew():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    first = order("DEMO1", "LocatePayment")
    late = messages.CannotMatch(
        id=new_id(), order_id=first.id, answered_at=NOON, code="lapsed_unexecuted", searched="ledger"
    )
    says("DEMO1", late)
    assert facts("claim:denied") == [] and orders("DEMO2", "ReleaseOrder") == []
    assert states(complaint) == {"held": LAKH}
    again = next(each for each in orders("DEMO1", "LocatePayment") if each.id != first.id)
    says("DEMO1", located(again))
    assert Claim.objects.get().confirmed_at is not None


def test_a_denied_claim_waits_for_nobody_where_nobody_will_be_asked():
    complaint = files()
    far = paid(Rs(60_000), reference="FAR1")
    says("DEMO2", hold_answer(order("DEMO2"), Said("held", 0, Rs(40_000)), onward(Rs(40_000), LAKH, far)))
    assert orders("DEMO3") == [], "a large sum far down waits for a word"
    says("DEMO1", located(order("DEMO1", "LocatePayment"), found=False, account=None, mobile_matches=None))
    assert states(complaint) == {"held": Rs(40_000), "unexplained": Rs(60_000)}
    says(
        "DEMO2",
        release_done(
            order("DEMO2").id,
            (0, Rs(40_000)),
            order_id=str(order("DEMO2", "ReleaseOrder").id),
            reason="ordered",
            at=NOON,
        ),
    )
    assert states(complaint) == {"released": Rs(40_000), "unexplained": Rs(60_000)}
    assert Chase.objects.get().state == Chase.State.QUIET


def test_a_reporter_whose_number_is_not_the_holders_stays_provisional():
    files()
    says("DEMO1", located(order("DEMO1", "LocatePayment"), mobile_matches=False))
    assert Claim.objects.get().confirmed_at is None
    assert orders("DEMO2", "AmendOrder") == []
    assert len(facts("claim:number differs")) == 1


def test_an_answer_whose_lines_do_not_balance_is_refused_and_changes_nothing():
    complaint = files()
    short = hold_answer(order("DEMO2"), Said("held", 0, LAKH - 1))
    with pytest.raises(InvalidMessage, match="lines_do_not_balance"):
        says("DEMO2", short)
    with pytest.raises(LinesDoNotBalance):
        check_answer(Hold.objects.get(), short, bank="DEMO2")
    assert states(complaint) == {"asked": LAKH}


def test_a_later_answer_that_names_the_earlier_replaces_it():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    lines = (
        Said("held", 0, Rs(40_000)),
        Said("terminal", Rs(40_000), LAKH, terminal_kind="CASH_ATM", particulars="ATM 9"),
    )
    says("DEMO2", hold_answer(order("DEMO2"), *lines, revision=2, replaces=1))
    assert states(complaint) == {"held": Rs(40_000), "gone": Rs(60_000)}
    assert [(entry.kind, entry.amount_paise) for entry in Entry.objects.order_by("at", "kind")] == [
        ("held", LAKH),
        ("lowered", Rs(60_000)),
    ]


def test_a_payment_on_its_way_is_waited_for_and_then_counts_as_not_found():
    complaint = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    asked = order("DEMO2")
    says("DEMO2", messages.Expected(id=new_id(), order_id=asked.id, answered_at=NOON, payment=asked.payment))
    run_timers(NOON + dt.timedelta(days=1, hours=1))
    assert states(complaint) == {"asked": LAKH}
    run_timers(NOON + dt.timedelta(days=7))
    assert states(complaint) == {"unexplained": LAKH}
    assert Line.objects.get().why == "banks_disagree", "the payer's bank says that it sent it"
    assert order("DEMO1", "Notice").code == order("DEMO2", "Notice").code == "banks_disagree"
    late = NOON + dt.timedelta(days=8)
    says("DEMO2", hold_answer(asked, at=late, order_revision=2), at=late)
    assert states(complaint, late) == {"held": LAKH}, "it came after all"


def test_an_order_nobody_answers_is_asked_anew_and_at_last_unexplained():
    complaint = files()
    for day in (1, 2):
        run_timers(NOON + dt.timedelta(days=day))
        assert len(orders("DEMO2")) == len(orders("DEMO1", "LocatePayment")) == day + 1
        assert states(complaint) == {"asked": LAKH}
    run_timers(NOON + dt.timedelta(days=3))
    assert len(orders("DEMO2")) == 3
    assert states(complaint) == {"unexplained": LAKH}
    assert Line.objects.get().why == "not_answered"


def test_a_bank_that_says_it_was_too_late_is_asked_anew():
    complaint = files()
    first = order("DEMO2")
    late = messages.CannotMatch(
        id=new_id(), order_id=first.id, answered_at=NOON, code="lapsed_unexecuted", searched="ledger"
    )
    says("DEMO2", late)
    assert len(orders("DEMO2")) == 2
    assert states(complaint) == {"asked": LAKH}


@pytest.mark.req("S1.7")
def test_a_hold_ends_by_our_clock_whatever_the_bank_says():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    end = NOON + dt.timedelta(hours=24)
    assert states(complaint, end - dt.timedelta(seconds=1)) == {"held": LAKH}
    assert states(complaint, end) == {"released": LAKH}, "also before any timer ran"
    run_timers(end)
    assert Hold.objects.get().held == ()
    says(
        "DEMO2",
        release_done(order("DEMO2").id, (0, LAKH), order_id=order("DEMO2").id, reason="expired", at=end),
        at=end,
    )
    assert Entry.objects.filter(kind="expired").count() == 1
    assert states(complaint, end) == {"released": LAKH}


@pytest.mark.req("S1.7")
def test_an_officer_releases_with_a_reason():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    hold = Hold.objects.get()
    release = order_release(
        hold_id=hold.pk, ranges=[(0, Rs(25_000))], reason="holder_cleared", mandate=mandate_of(hold, officer="devi"),
        by="officer:1", at=NOON, words="shop showed the bill",
    )  # fmt: skip
    again = order_release(
        hold_id=hold.pk, ranges=[(0, Rs(25_000))], reason="holder_cleared", mandate=mandate_of(hold), by="officer:1",
        at=NOON,
    )  # fmt: skip
    assert str(again.pk) == str(release.pk)
    says("DEMO2", release_done(str(hold.pk), (0, Rs(25_000)), order_id=str(release.id), reason="ordered", at=NOON))
    assert states(complaint) == {"held": Rs(75_000), "released": Rs(25_000)}


def test_a_release_for_a_fault_of_form_is_asked_for_again():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    hold = Hold.objects.get()
    release = order_release(
        hold_id=hold.pk, reason="form_fault", keeps_claim=True, mandate=mandate_of(hold), by="officer:1", at=NOON
    )
    says("DEMO2", release_done(str(hold.pk), (0, LAKH), order_id=str(release.id), reason="ordered", at=NOON))
    assert states(complaint) == {"asked": LAKH}
    assert len(orders("DEMO2")) == 2


def two_victims() -> tuple[Complaint, Complaint]:
    """Asha's money went through Ravi's account: Ravi's own stolen payment carries it on."""
    asha = files()
    ravi = files(debit(LAKH, reference="IMPS77", payer_bank="DEMO2", payee_bank="DEMO3", rail="IMPS"), name="Ravi")
    says("DEMO3", hold_answer(order("DEMO3"), account="ACC-B7"))
    says("DEMO2", hold_answer(orders("DEMO2")[0], onward(0, LAKH, paid(LAKH, reference="IMPS77"))))
    return asha, ravi


@pytest.mark.req("S1.7")
def test_the_same_paise_of_two_victims_are_one_hold_with_two_claims():
    asha, ravi = two_victims()
    assert states(asha) == states(ravi) == {"held": LAKH}
    assert len(orders("DEMO3")) == 1
    assert sum(hold.held_paise for hold in Hold.objects.all()) == LAKH


def test_a_withdrawn_claim_leaves_the_hold_to_the_other_victim():
    asha, ravi = two_victims()
    withdraw(complaint_id=ravi.pk, words="मेरा पैसा मिल गया", by="citizen", at=NOON)
    run_timers(NOON)
    assert orders("DEMO3", "ReleaseOrder") == []
    assert states(ravi) == {"released": LAKH} and states(asha) == {"held": LAKH}
    assert order("DEMO3", "AmendOrder").basis.reference == asha.number


@pytest.mark.req("S1.7")
def test_a_withdrawn_claim_alone_lets_the_money_go():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    withdraw(complaint_id=complaint.pk, words="", by="citizen", at=NOON)
    run_timers(NOON)
    release = order("DEMO2", "ReleaseOrder")
    assert release.amount_paise == LAKH
    says("DEMO2", release_done(order("DEMO2").id, (0, LAKH), order_id=str(release.id), reason="ordered", at=NOON))
    assert states(complaint) == {"released": LAKH} and Hold.objects.get().held == ()


def test_an_order_nobody_has_answered_is_cancelled_when_the_claim_is_withdrawn():
    complaint = files()
    withdraw(complaint_id=complaint.pk, words="", by="citizen", at=NOON)
    run_timers(NOON)
    assert order("DEMO2", "CancelOrder").hold_order_id == order("DEMO2").id
    assert says("DEMO2", hold_answer(order("DEMO2"))) == "order_closed"
    assert states(complaint) == {"released": LAKH}


def test_money_the_bank_returned_is_not_held_further_on():
    complaint = files()
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    on = paid(LAKH, reference="IMPS77")
    says("DEMO2", hold_answer(order("DEMO2"), onward(0, LAKH, on)))
    says("DEMO3", hold_answer(order("DEMO3")))
    lines = (Said("returned", 0, Rs(40_000)), onward(Rs(40_000), LAKH, on, Rs(40_000)))
    says("DEMO2", hold_answer(orders("DEMO2")[0], *lines, revision=2, replaces=1))
    assert states(complaint) == {"returned": Rs(40_000), "held": Rs(60_000)}
    release = order("DEMO3", "ReleaseOrder")
    assert (release.reason, release.ranges) == ("victim_made_good", (Range(0, Rs(40_000)),))


def test_a_lien_that_was_breached_is_gone_and_on_record():
    complaint = files()
    says("DEMO2", hold_answer(order("DEMO2")))
    broken = messages.HoldBroken(
        id=new_id(), reported_at=NOON, hold_order_id=order("DEMO2").id, ranges=(Range(0, 500),), amount_paise=500
    )
    says("DEMO2", broken)
    assert states(complaint) == {"held": LAKH - 500, "gone": 500}
    assert len(facts("hold:broken")) == 1


def test_floors_that_add_up_to_too_much_are_lifted_from_the_largest():
    complaint = files(debit(Rs(1_000)))
    children = [paid(Rs(90), reference=f"F{n}", payee="DEMO3") for n in range(11)]
    lines = [onward(Rs(90) * n, Rs(90) * (n + 1), child) for n, child in enumerate(children)]
    says("DEMO2", hold_answer(order("DEMO2"), *lines, Said("held", Rs(990), Rs(1_000))))
    for asked in orders("DEMO3"):
        says(
            "DEMO3",
            hold_answer(asked, Said("seen", 0, Rs(90), reason="floor"), account=f"ACC{asked.payment.reference}"),
        )
    amended = orders("DEMO3", "AmendOrder")
    assert {message.floor_paise for message in amended} == {0}
    assert states(complaint) == {"held": Rs(10), "asked": Rs(990)}, "nothing is left under floors"
    for message in amended:
        asked = next(o for o in orders("DEMO3") if o.id == message.hold_order_id)
        says("DEMO3", hold_answer(asked, revision=2, replaces=1, order_revision=2, account="ACCF"))
    assert states(complaint) == {"held": Rs(1_000)}


def test_the_limit_of_work_leaves_the_smallest_ends_and_says_so():
    complaint = files()
    Claim.objects.update(asked_limit=3)
    big = [paid(Rs(30_000), reference="B1"), paid(Rs(30_000), reference="B2"), paid(Rs(40_000), reference="B3")]
    lines = [onward(Rs(30_000) * n, Rs(30_000) * n + child.amount_paise, child) for n, child in enumerate(big)]
    says("DEMO2", hold_answer(order("DEMO2"), *lines))
    assert states(complaint) == {"asked": Rs(70_000), "seen": Rs(30_000)}


def test_two_payments_cannot_be_the_source_of_one_paisa():
    complaint = files(debit(), debit(reference="UTR000000002"))
    for asked in orders("DEMO1", "LocatePayment"):
        says("DEMO1", located(asked))
    on = paid(LAKH, reference="IMPS77")
    first, second = orders("DEMO2")
    says("DEMO2", hold_answer(first, onward(0, LAKH, on)))
    says("DEMO2", hold_answer(second, onward(0, LAKH, on)))
    says("DEMO3", hold_answer(order("DEMO3")))
    assert states(complaint) == {"held": LAKH, "unexplained": LAKH}


def test_the_database_itself_refuses_a_paisa_in_two_states_or_in_none():
    files()
    for column in ("held = asked", "asked = '{}'", "held = '{[0,1)}'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE chase_partition SET {column}")
    says("DEMO2", hold_answer(order("DEMO2")))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE chase_payment SET gone = held")
    assert Payment.objects.get().held == ((0, LAKH),)


@pytest.mark.req("S1.7")
def test_large_sums_far_down_an_unconfirmed_trail_wait_for_a_word():
    complaint = files()
    on, small = paid(Rs(60_000), reference="FAR1"), paid(Rs(40_000), reference="FAR2")
    says("DEMO2", hold_answer(order("DEMO2"), onward(0, Rs(60_000), on), onward(Rs(60_000), LAKH, small)))
    assert [asked.payment for asked in orders("DEMO3")] == [small], "Rs 50,000 and less may be held at once"
    assert states(complaint) == {"asked": LAKH}
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    assert {asked.payment for asked in orders("DEMO3")} == {small, on}


def test_one_number_cannot_hold_half_a_city_before_anybody_has_confirmed():
    lakhs = Rs(15_00_000)
    files(debit(lakhs, reference="BIG1"))
    second = files(debit(lakhs, reference="BIG2"))
    assert len(orders("DEMO2")) == 1, "the second waits: Rs 20 lakh a number"
    says("DEMO1", located(next(o for o in orders("DEMO1", "LocatePayment") if o.payment.reference == "BIG2")))
    assert len(orders("DEMO2")) == 2
    assert states(second) == {"asked": lakhs}


def test_a_bank_that_knows_no_number_confirms_by_the_digits_of_the_account():
    files()
    says("DEMO1", located(order("DEMO1", "LocatePayment"), mobile_matches=None, account="99001234"))
    assert Claim.objects.get().confirmed_at is not None


def test_a_bank_that_knows_no_number_and_other_digits_confirms_nothing():
    files()
    says("DEMO1", located(order("DEMO1", "LocatePayment"), mobile_matches=None, account="99005678"))
    assert Claim.objects.get().confirmed_at is None


def confirmed_hold() -> Hold:
    files()
    says("DEMO2", hold_answer(order("DEMO2")))
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    says("DEMO2", messages.Acknowledged(id=new_id(), order_id=order("DEMO2", "AmendOrder").id, answered_at=NOON))
    return Hold.objects.get()


@pytest.mark.req("S1.7")
def test_officers_are_warned_on_day_seventy_five():
    confirmed_hold()
    run_timers(NOON + dt.timedelta(days=74))
    assert facts("hold:ends soon") == []
    run_timers(NOON + dt.timedelta(days=75))
    assert len(facts("hold:ends soon")) == 1


def test_a_hold_is_prolonged_only_on_a_cited_order_and_when_the_bank_has_it():
    hold = confirmed_hold()
    until = NOON + dt.timedelta(days=120)
    words = {"hold_id": hold.pk, "until_at": until, "mandate": mandate_of(hold), "by": "officer:1", "at": NOON}
    with pytest.raises(OrderMissing):
        renew(authority="JMFC Raipur", number=" ", **words)
    renew(authority="JMFC Raipur", number="112/2026", **words)
    hold.refresh_from_db()
    assert hold.expires_at == NOON + dt.timedelta(days=90)
    renewal = max(orders("DEMO2", "AmendOrder"), key=lambda one: one.revision)
    says("DEMO2", messages.Acknowledged(id=new_id(), order_id=renewal.id, answered_at=NOON))
    hold.refresh_from_db()
    assert hold.expires_at == until
    with pytest.raises(NotLater):
        renew(authority="JMFC Raipur", number="112/2026", **words)


def test_two_debits_of_one_complaint_over_the_same_paise_ask_once():
    """One victim, two accounts: the money was stolen from the first into the second, and again from there."""
    complaint = files(debit(), debit(reference="IMPS77", rail="IMPS", payer_bank="DEMO2", payee_bank="DEMO3"))
    for asked in orders("DEMO1", "LocatePayment"):
        says("DEMO1", located(asked))
    says("DEMO2", hold_answer(order("DEMO2"), onward(0, LAKH, paid(LAKH, reference="IMPS77"))))
    says("DEMO3", hold_answer(order("DEMO3")))
    assert len(orders("DEMO3")) == 1
    assert states(complaint) == {"held": 2 * LAKH}
    assert sum(hold.held_paise for hold in Hold.objects.all()) == LAKH, "in the books each paisa once"


@pytest.mark.req("S0.8")
def test_many_unconfirmed_reports_of_one_payee_wait_for_a_word_beyond_its_ceiling():
    for number in range(4):
        files(
            debit(8 * LAKH, reference=f"UTR00000010{number}", payee_vpa="shop@demo2"),
            mobile=f"987654321{number}",
        )
    asked = [sum(hi - lo for lo, hi in one.ranges) for one in orders("DEMO2")]
    assert asked == [8 * LAKH] * 3, "25 lakh of one account and no more before anybody has confirmed"
    fourth = next(one for one in orders("DEMO1", "LocatePayment") if one.payment.reference == "UTR000000103")
    says("DEMO1", located(fourth))
    assert len(orders("DEMO2")) == 4, "the payer's bank has confirmed the fourth: it is asked for"
