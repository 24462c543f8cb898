"""What a bank leaves unheld is watched on an officer's word, and followed when it moves."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import LAKH, Rs, files, hold_answer, located, onward, order, orders, paid, run_timers, says, states
from cast import NOON, bank
from thaam.chase.watching import NothingToWatch, order_watch, unheld_paise
from thaam.complaints.models import Complaint
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.journal.models import Fact
from thaam.wire.messages import Acknowledged
from thaam.wire.parts import Line

pytestmark = pytest.mark.django_db
LATER = NOON + dt.timedelta(minutes=5)
HALF = LAKH // 2
SEEN = Line("seen", 0, HALF, reason="merchant")
HELD = Line("held", HALF, LAKH, lien_reference="L1")


@pytest.fixture
def complaint() -> Complaint:
    filed = files()
    run_timers(NOON)
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    says("DEMO2", hold_answer(order("DEMO2"), SEEN, HELD))
    bank("DEMO3")
    return filed


def watch() -> None:
    hold = Hold.objects.get(bank="DEMO2")
    order_watch(hold_id=hold.pk, mandate=mandate_of(hold), by="officer:1", at=LATER)


@pytest.mark.req("S1.7")
def test_unheld_paise_are_watched_once_and_nothing_is_held_by_it(complaint: Complaint) -> None:
    assert unheld_paise(Hold.objects.get()) == HALF
    watch()
    asked = order("DEMO2", "BalanceWatch")
    assert [(each.lo, each.hi) for each in asked.ranges] == [(0, HALF)]
    assert asked.watch_until == LATER + dt.timedelta(days=30)
    assert Fact.objects.filter(kind="watch:ordered").count() == 1


def test_where_nothing_is_left_unheld_there_is_nothing_to_watch(complaint: Complaint) -> None:
    all_held = Line("held", 0, LAKH, lien_reference="L2")
    says("DEMO2", hold_answer(order("DEMO2"), all_held, revision=2, replaces=1))
    with pytest.raises(NothingToWatch):
        watch()


def test_the_same_paise_twice_are_one_watch(complaint: Complaint) -> None:
    watch()
    watch()
    assert len(orders("DEMO2", "BalanceWatch")) == 1
    assert states(complaint) == {"seen": HALF, "held": HALF}
    assert unheld_paise(Hold.objects.get()) == 0


def test_watched_money_that_moves_is_followed_to_the_next_bank(complaint: Complaint) -> None:
    watch()
    asked = order("DEMO2", "BalanceWatch")
    says("DEMO2", Acknowledged("019abc00-0000-7000-8000-0000000000aa", asked.id, LATER), at=LATER)
    out = paid(Rs(30_000), reference="UTRMOVED0001")
    moved = (onward(0, Rs(30_000), out), Line("seen", Rs(30_000), HALF, reason="watched"))
    assert says("DEMO2", hold_answer(asked, *moved, at=LATER), at=LATER) == ""
    assert order("DEMO3").payment.reference == "UTRMOVED0001"
    assert states(complaint, LATER) == {"asked": Rs(30_000), "seen": HALF - Rs(30_000), "held": HALF}
    assert Fact.objects.get(kind="watch:moved").data["moved_paise"] == Rs(30_000)
    rest = (*moved[:1], Line("terminal", Rs(30_000), HALF, terminal_kind="CASH_ATM", particulars="ATM AX1234 14:05"))
    again = hold_answer(asked, *rest, at=LATER, revision=2, replaces=1)
    assert says("DEMO2", again, at=LATER) == ""
    assert states(complaint, LATER) == {"asked": Rs(30_000), "gone": HALF - Rs(30_000), "held": HALF}


def test_an_answer_to_a_watch_must_balance_and_come_from_its_bank(complaint: Complaint) -> None:
    watch()
    asked = order("DEMO2", "BalanceWatch")
    fact = Fact.objects.filter(kind="watch:moved")
    wrong = hold_answer(asked, Line("seen", 0, HALF, reason="watched"), at=LATER, revision=2, replaces=1)
    says("DEMO2", hold_answer(asked, Line("seen", 0, HALF, reason="watched"), at=LATER), at=LATER)
    assert not fact.exists()  # nothing has left
    assert says("DEMO2", wrong, at=LATER) == ""
    assert states(complaint, LATER) == {"seen": HALF, "held": HALF}
