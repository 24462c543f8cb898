"""Money in a pool account is asked of its owner, a party with a mailbox of its own; nobody is asked twice."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import LAKH, Rs, files, hold_answer, located, onward, order, orders, paid, run_timers, says, states
from cast import NOON, bank
from thaam.chase.pools import ask_declared
from thaam.complaints.models import Complaint
from thaam.holds.models import Hold
from thaam.journal.models import Fact
from thaam.parties.pools import OwnPool, declare_pool
from thaam.wire.parts import Line

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=5)
POOL = Line("unexplained", 0, LAKH, reason="pool")


@pytest.fixture
def complaint() -> Complaint:
    filed = files()
    run_timers(NOON)
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    bank("WALLET")
    return filed


def declare(account: str = "ACC-BALU", owner: str = "WALLET") -> None:
    declare_pool(bank="DEMO2", account=account, owner=owner, by="officer:1", at=LATER)


@pytest.mark.req("S1.3", "S1.7")
def test_a_hop_into_a_pool_goes_on_to_the_mailbox_of_its_owner(complaint: Complaint) -> None:
    declare()
    says("DEMO2", hold_answer(order("DEMO2"), POOL))
    asked = order("WALLET")
    assert (asked.payment, asked.amount_paise) == (order("DEMO2").payment, LAKH)
    assert states(complaint) == {"asked": LAKH}
    says("WALLET", hold_answer(asked, account="WALLET-USER-7"))
    assert states(complaint) == {"held": LAKH}
    assert Hold.objects.get(pk=asked.id).book.account == "WALLET-USER-7"


def test_what_went_on_from_the_sub_ledger_is_followed(complaint: Complaint) -> None:
    declare()
    says("DEMO2", hold_answer(order("DEMO2"), POOL))
    out = paid(Rs(60_000), reference="UTRWALLET01", payer="WALLET", payee="DEMO3")
    bank("DEMO3")
    held = Line("held", Rs(60_000), LAKH, lien_reference="L9")
    says("WALLET", hold_answer(order("WALLET"), onward(0, Rs(60_000), out), held))
    assert order("DEMO3").payment.reference == "UTRWALLET01"
    assert states(complaint) == {"asked": Rs(60_000), "held": LAKH - Rs(60_000)}


def test_only_the_paise_in_the_pool_are_asked_of_its_owner(complaint: Complaint) -> None:
    declare()
    half = LAKH // 2
    lines = (Line("unexplained", 0, half, reason="pool"), Line("held", half, LAKH, lien_reference="L1"))
    says("DEMO2", hold_answer(order("DEMO2"), *lines))
    assert order("WALLET").amount_paise == half
    assert states(complaint) == {"asked": half, "held": half}


def test_a_pool_nobody_has_declared_stays_unexplained_and_is_told_once(complaint: Complaint) -> None:
    says("DEMO2", hold_answer(order("DEMO2"), POOL))
    again = hold_answer(order("DEMO2"), POOL, revision=2, replaces=1)
    says("DEMO2", again)
    assert states(complaint) == {"unexplained": LAKH}
    fact = Fact.objects.get(kind="pool:unowned")
    assert (fact.about, fact.data["account"]) == ("partner:DEMO2", "ACC-BALU")


def test_money_that_had_ended_in_a_pool_is_asked_for_when_its_owner_is_declared(complaint: Complaint) -> None:
    says("DEMO2", hold_answer(order("DEMO2"), POOL))
    declare()
    for _ in range(2):  # the reader may be killed in between
        ask_declared(Fact.objects.get(kind="pool:declared"), LATER)
    assert len(orders("WALLET")) == 1
    assert states(complaint, LATER) == {"asked": LAKH}


def test_an_owner_whose_own_ledger_has_a_pool_is_not_asked_in_a_circle(complaint: Complaint) -> None:
    declare()
    says("DEMO2", hold_answer(order("DEMO2"), POOL))
    declare_pool(bank="WALLET", account="POOL-2", owner="DEMO2", by="officer:1", at=LATER)
    says("WALLET", hold_answer(order("WALLET"), POOL, account="POOL-2"))
    says("DEMO2", hold_answer(order("DEMO2"), POOL))
    assert (len(orders("WALLET")), len(orders("DEMO2"))) == (1, 2)
    assert states(complaint) == {"unexplained": LAKH}


def test_a_bank_owns_no_pool_at_itself_and_the_same_word_twice_is_one() -> None:
    bank("DEMO2")
    bank("WALLET")
    with pytest.raises(OwnPool):
        declare(owner="DEMO2")
    declare()
    declare()
    assert Fact.objects.filter(kind="pool:declared").count() == 1
