"""Several victims of one account: shares are reckoned for everybody before anybody is paid, and never exceed it."""

import datetime as dt

import pytest

from banking import Rs, debit, files, hold_answer, onward, order, orders, paid, run_timers, says, states
from cast import NOON
from officers import approver, devi, investigator
from thaam.holds.contesting import contest
from thaam.holds.models import Book, Hold
from thaam.journal.ids import new_id
from thaam.restoration.approving import approve
from thaam.restoration.models import Restoration, ShareOut
from thaam.restoration.proposing import MoreThanLoss, NotTheirs, propose
from thaam.restoration.roles import NotAllowed
from thaam.restoration.sharing import BeforeCutOff, NothingToShare, claims_into, pool_of, propose_shares, reckon
from thaam.wire import messages
from thaam.wire.parts import Line as Said

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(days=31)


def victims(*sums, kept):
    """Several people paid into one account; of each payment the bank still keeps so much, the rest is cash."""
    complaints = []
    for number, (paise, left) in enumerate(zip(sums, kept, strict=True)):
        at = NOON + dt.timedelta(seconds=number)
        complaint = files(debit(paise, reference=f"UTR{number}"), name=f"V{number}", at=at)
        lines = [Said("held", 0, left)] if left else []
        if left < paise:
            lines.append(Said("terminal", left, paise, terminal_kind="CASH_ATM", particulars="ATM 4"))
        says("DEMO2", hold_answer(order("DEMO2"), *lines))
        complaints.append(complaint)
    Hold.objects.update(expires_at=NOON + dt.timedelta(days=90), provisional=False)
    return complaints


def reckoned(**changes):
    words = {
        "share_out_id": new_id(), "book_id": Book.objects.order_by("bank").last().pk,
        "officer": investigator(), "method": "pro_rata",
        "words": "all victims of one mule", "at": LATER,
    }  # fmt: skip
    return reckon(**{**words, **changes})


def parts(made, method):
    return [row.paise(method) for row in made.shares.order_by("claim__chase__opened_at", "claim__payment__reference")]


@pytest.mark.req("S0.10")
def test_three_ways_of_sharing_are_shown_side_by_side():
    victims(Rs(60_000), Rs(30_000), Rs(10_000), kept=(0, Rs(10_000), Rs(10_000)))
    made = reckoned()
    assert made.pool_paise == Rs(20_000) and made.over_claimed
    assert parts(made, "pro_rata") == [Rs(12_000), Rs(6_000), Rs(2_000)]
    assert parts(made, "first_come") == [Rs(20_000), 0, 0]
    assert parts(made, "traced") == [0, Rs(10_000), Rs(10_000)]


def test_others_are_waited_for_until_the_cut_off():
    victims(Rs(60_000), Rs(30_000), kept=(Rs(1_000), 0))
    with pytest.raises(BeforeCutOff) as early:
        reckoned(at=NOON + dt.timedelta(days=29))
    assert early.value.until == NOON + dt.timedelta(days=30)


def test_only_an_investigator_reckons_and_with_reasons():
    victims(Rs(60_000), Rs(30_000), kept=(Rs(1_000), 0))
    with pytest.raises(NotAllowed):
        reckoned(officer=devi())
    with pytest.raises(ValueError, match="reasons"):
        reckoned(words=" ")
    assert ShareOut.objects.count() == 0


def pay(bank="DEMO2"):
    for asked in orders(bank, "RestoreOrder"):
        payment = messages.PaymentId("IMPS", f"B{asked.id[:8]}", LATER.date(), asked.amount_paise, bank, asked.to_bank)
        says(
            bank,
            messages.RestoreDone(
                id=new_id(), order_id=asked.id, answered_at=LATER, hold_order_id=asked.hold_order_id,
                ranges=asked.ranges, amount_paise=asked.amount_paise, payment=payment,
            ),
            at=LATER,
        )  # fmt: skip


@pytest.mark.req("S0.10", "S1.17")
def test_everybody_gets_the_own_share_and_the_pool_is_empty():
    complaints = victims(Rs(60_000), Rs(30_000), Rs(10_000), kept=(0, Rs(10_000), Rs(10_000)))
    made = reckoned()
    accounts = {claim.pk: ("DEMO1", f"ACC{claim.number}") for claim in claims_into(made.book)}
    proposals = propose_shares(
        share_out_id=made.pk, accounts=accounts, officer=investigator(), fir_number="7/26", at=LATER
    )
    assert sum(one.amount_paise for one in proposals) == Rs(20_000)
    for one in proposals:
        approve(restoration_id=one.pk, officer=approver(), at=LATER)
    pay()
    assert [states(complaint, LATER).get("restored") for complaint in complaints] == [
        Rs(12_000), Rs(6_000), Rs(2_000),
    ]  # fmt: skip
    for complaint, whole in zip(complaints, (60_000, 30_000, 10_000), strict=True):
        assert sum(states(complaint, LATER).values()) == Rs(whole)
    assert all(hold.held == () for hold in Hold.objects.all())
    with pytest.raises(NothingToShare):
        reckoned()


def test_a_claim_without_an_account_waits():
    victims(Rs(60_000), Rs(30_000), kept=(Rs(5_000), Rs(10_000)))
    made = reckoned()
    first = claims_into(made.book)[0]
    propose_shares(
        share_out_id=made.pk, accounts={first.pk: ("DEMO1", "A")}, officer=investigator(), fir_number="7/26", at=LATER
    )
    assert {one.claim_id for one in Restoration.objects.all()} == {first.pk}
    assert pool_of(made.book, at=LATER).paise == Rs(5_000)


def test_what_is_contested_is_not_shared():
    victims(Rs(60_000), Rs(30_000), kept=(Rs(5_000), Rs(10_000)))
    contest(hold_id=Hold.objects.order_by("asked").last().pk, ranges=None, by="holder", at=LATER)
    assert pool_of(Book.objects.get(), at=LATER).paise in (Rs(5_000), Rs(10_000))


def test_money_stolen_twice_is_shared_inside_the_second_victims_part():
    asha = files(debit(Rs(60_000)))
    ravi = files(
        debit(Rs(60_000), reference="IMPS77", payer_bank="DEMO2", payee_bank="DEMO3", rail="IMPS"), name="Ravi"
    )
    says("DEMO3", hold_answer(order("DEMO3"), account="ACC-B7"))
    says("DEMO2", hold_answer(orders("DEMO2")[0], onward(0, Rs(60_000), paid(Rs(60_000), reference="IMPS77"))))
    Hold.objects.update(expires_at=NOON + dt.timedelta(days=90))
    made = reckoned(book_id=Book.objects.get(bank="DEMO3").pk)
    assert parts(made, "pro_rata") == [Rs(30_000), Rs(30_000)]
    assert sum(states(asha).values()) == sum(states(ravi).values()) == Rs(60_000)


def test_nobody_gets_more_than_was_taken():
    (complaint,) = victims(Rs(10_000), kept=(Rs(10_000),))
    claim = claims_into(Book.objects.get())[0]
    words = {
        "claim_id": claim.pk,
        "to_bank": "DEMO1",
        "to_account": "A",
        "officer": investigator(),
        "words": "",
        "at": LATER,
    }
    hold = Hold.objects.get()
    propose(restoration_id=new_id(), hold_id=hold.pk, ranges=[(0, Rs(6_000))], **words)
    other = files(debit(Rs(9_000), reference="UTR9"), name="Other")
    says("DEMO2", hold_answer(order("DEMO2")))
    run_timers(NOON)
    second = Hold.objects.exclude(pk=hold.pk).get()
    Hold.objects.filter(pk=second.pk).update(expires_at=NOON + dt.timedelta(days=90))
    with pytest.raises(MoreThanLoss):
        propose(restoration_id=new_id(), hold_id=second.pk, ranges=[(0, Rs(4_001))], shared=True, **words)
    with pytest.raises(NotTheirs):
        propose(restoration_id=new_id(), hold_id=second.pk, ranges=[(0, Rs(4_000))], **words)
    assert other.pk != complaint.pk
