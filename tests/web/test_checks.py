"""The desk's page of proof: what is drawn, what banks told, two banks that disagree, and the file that decides."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse

from banking import LAKH, files, hold_answer, located, order, paid, run_timers, says
from cast import NOON, running_as
from thaam.evidence.models import TerminalCheck
from thaam.evidence.sampling import draw_terminals, is_drawn
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.journal.models import Fact
from thaam.wire.messages import CannotMatch, HoldBroken, LateCredit
from thaam.wire.parts import Line, Range
from web.test_desk import officer, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/en/desk/checks"
LATER = NOON + dt.timedelta(minutes=5)


def lost_as_cash() -> None:
    """A claim of cash that is drawn for a check."""
    with running_as("thaam_loops"):
        files()
        run_timers(NOON)
        says("DEMO1", located(order("DEMO1", "LocatePayment")))
        asked = order("DEMO2")
        line = Line("terminal", 0, LAKH, terminal_kind="CASH_ATM", particulars="ATM AX1234 14:05")
        says("DEMO2", hold_answer(asked, line))
        for n in range(400):
            with override_settings(SECRET_KEY=f"secret-{n}"):
                if is_drawn(order_id=asked.id, line=line, place="IN", at=LATER):
                    for fact in Fact.objects.filter(kind="answer:kept"):
                        draw_terminals(fact, LATER)
                    return


@pytest.mark.req("S1.8")
def test_an_officer_looks_at_a_drawn_claim_and_says_that_it_is_false() -> None:
    lost_as_cash()
    who = signed_in(officer("investigator"))
    page = who.get(PAGE).content.decode()
    assert "ATM AX1234 14:05" in page
    check = TerminalCheck.objects
    with running_as("thaam_loops"):
        drawn = check.get()
    who.post(reverse("desk:judged", args=[drawn.pk]), {"result": "false", "words": "the camera shows nobody"})
    with running_as("thaam_loops"):
        drawn = check.get()
    assert (drawn.result, drawn.words) == ("false", "the camera shows nobody")
    assert "the camera shows nobody" in who.get(PAGE).content.decode()
    assert who.post(reverse("desk:judged", args=[drawn.pk]), {"result": "perhaps"}).status_code == 404


def test_a_settlement_file_decides_between_two_banks_on_the_page() -> None:
    with running_as("thaam_loops"):
        files()
        run_timers(NOON)
        says("DEMO1", located(order("DEMO1", "LocatePayment")))
        asked = order("DEMO2")
        says("DEMO2", CannotMatch(new_id(), asked.id, NOON, "not_found", "looked everywhere"))
    who = signed_in(officer("investigator"))
    payment = asked.payment
    assert payment.reference[:4] in who.get(PAGE).content.decode()
    rows = f"rail,reference,amount,payer_bank,payee_bank,status\n{payment.rail},{payment.reference},"
    rows += f"{payment.amount_paise // 100},DEMO1,DEMO2,settled\n"
    file = SimpleUploadedFile("day.csv", rows.encode())
    answer = who.post(PAGE, {"bank": "DEMO2", "on": payment.date.isoformat(), "file": file}, follow=True)
    assert "the payment is real" in answer.content.decode()
    assert "No dispute." in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose the bank."),
        ({"bank": "DEMO1"}, "Enter the day"),
        ({"bank": "DEMO1", "on": "2026-06-01"}, "Choose the file"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(typed: dict[str, str], said: str) -> None:
    lost_as_cash()
    answer = signed_in(officer("investigator")).post(PAGE, typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_banks_told_and_no_program_settles_is_listed_and_an_operator_sees_nothing_of_it() -> None:
    with running_as("thaam_loops"):
        files()
        run_timers(NOON)
        says("DEMO1", located(order("DEMO1", "LocatePayment")))
        says("DEMO2", hold_answer(order("DEMO2")))
        hold = Hold.objects.get()
        says("DEMO2", HoldBroken(new_id(), LATER, str(hold.pk), (Range(0, 500),), 500), at=LATER)
    assert "money left from under a hold" in signed_in(officer("supervisor")).get(PAGE).content.decode()
    assert signed_in(officer("operator")).get(PAGE).status_code == 403


def test_an_officer_has_the_bank_watch_what_it_left_unheld() -> None:
    with running_as("thaam_loops"):
        files()
        run_timers(NOON)
        says("DEMO1", located(order("DEMO1", "LocatePayment")))
        says("DEMO2", hold_answer(order("DEMO2"), Line("seen", 0, LAKH, reason="merchant")))
        hold = Hold.objects.get()
    who = signed_in(officer("investigator"))
    assert "Ask the bank to watch" in who.get(f"/en/desk/hold/{hold.pk}").content.decode()
    who.post(reverse("desk:watch", args=[hold.pk]))
    with running_as("thaam_loops"):
        assert order("DEMO2", "BalanceWatch").payment.amount_paise == LAKH
    assert "Ask the bank to watch" not in who.get(f"/en/desk/hold/{hold.pk}").content.decode()


def test_an_officer_secures_new_money_on_a_held_account_for_a_written_reason() -> None:
    late = paid(30_000, reference="LATE0001", payer="DEMO4", payee="DEMO2")
    with running_as("thaam_loops"):
        files()
        run_timers(NOON)
        says("DEMO1", located(order("DEMO1", "LocatePayment")))
        says("DEMO2", hold_answer(order("DEMO2")))
        hold = Hold.objects.get()
        says("DEMO2", LateCredit(new_id(), NOON, str(hold.pk), "ACC-BALU", late))
        answer_id = Fact.objects.get(kind="credit:late").data["answer"]
    who, page = signed_in(officer("investigator")), f"/en/desk/hold/{hold.pk}"
    assert "New money on this account" in who.get(page).content.decode()
    refused = who.post(reverse("desk:secure", args=[hold.pk]), {"answer": answer_id, "words": " "})
    assert refused.status_code == 422 and "Write the reason" in refused.content.decode()
    assert who.post(reverse("desk:secure", args=[hold.pk]), {"answer": new_id(), "words": "x"}).status_code == 404
    who.post(reverse("desk:secure", args=[hold.pk]), {"answer": answer_id, "words": "paid by three victims"})
    with running_as("thaam_loops"):
        assert order("DEMO2").payment == late
    made = Hold.objects.get(secured=True)
    assert "ordered secured" in who.get(page).content.decode()
    assert "secured, not traced" in who.get(f"/en/desk/hold/{made.pk}").content.decode()
