"""A mule is found: everybody else who paid it is warned through their own bank, once; who complained is not."""

from __future__ import annotations

import datetime as dt

import pytest

from cast import NOON, bank, payment, signs_for
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer, Order
from thaam.parties.models import Officer
from thaam.prevention.models import PayersAsked, Warning
from thaam.prevention.upstream import figures, see_found_account, take_payers, take_warned
from thaam.suspects.marking import mark_identifier
from thaam.suspects.models import Identifier, Sighting
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.sighting import note_sighting
from thaam.wire import codec, jws
from thaam.wire.messages import PayersAnswer, Warned

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def found_mule(number: int = 1) -> Fact:
    bank("DEMO1"), bank("DEMO2"), bank("DEMO3")
    note_sighting(
        sighting_id=id_from("s", number), kind=IdentifierKind.ACCOUNT, typed="DEMO2/12345678", source="complaint:1",
        confidence=70, reason=Sighting.Reason.RECEIVED_MONEY, seen_at=NOON, by="x", at=NOON,
    )  # fmt: skip
    ravi, _ = Officer.objects.get_or_create(username="ravi", defaults={"role": "investigator"})
    identifier = Identifier.objects.get(kind="account")
    mark_identifier(mark_id=id_from("m", number), identifier=identifier, reason="mule", by=ravi, at=NOON)
    return Fact.objects.filter(kind="identifier:marked").latest("at")


def says(partner: str, message, at=NOON) -> Answer:
    raw = codec.encode(message)
    keep(partner=partner, message=message, raw=raw, jws=jws.sign_detached(raw, signs_for(partner)), at=at)
    return Answer.objects.get(id=message.id)


def payers(*references: str, bank_: str = "DEMO1") -> PayersAnswer:
    order = Order.objects.filter(kind="PayersRequest").earliest("posted_at")
    paid = tuple(payment(50_000_00, reference=each, payer_bank=bank_) for each in references)
    return PayersAnswer(id_from("pa", *references), str(order.id), NOON, paid, True)


@pytest.mark.req("S2.4", "S1.18")
def test_other_payers_of_a_found_mule_are_warned_once_through_their_own_bank():
    fact = found_mule()
    see_found_account(fact, NOON)
    see_found_account(fact, NOON)
    order = Order.objects.get(kind="PayersRequest")
    assert order.partner_id == "DEMO2"
    assert order.message.account == "12345678"
    assert order.message.to_at - order.message.from_at == dt.timedelta(days=7)
    take_payers(says("DEMO2", payers("UTR1", "UTR2")), NOON)
    warnings = list(Order.objects.filter(kind="WarnOrder"))
    assert {each.partner_id for each in warnings} == {"DEMO1"}
    assert len(warnings) == 2
    words = warnings[0].message
    assert "1930" in words.words_hi and "आरोप नहीं" in words.words_hi
    assert "₹50,000" in words.words_en and "never ask for OTP" in words.words_en
    assert "12345678" not in words.words_hi + words.words_en
    # the next day's question names one of them again: nobody is warned twice
    later = NOON + dt.timedelta(days=1)
    see_found_account(fact, later)
    second = Order.objects.filter(kind="PayersRequest").latest("posted_at")
    again = PayersAnswer(id_from("pa2"), str(second.id), later, payers("UTR1").payments, True)
    take_payers(says("DEMO2", again, later), later)
    assert Order.objects.filter(kind="WarnOrder").count() == 2
    assert PayersAsked.objects.count() == 2
    assert second.message.from_at == order.message.to_at

    told = Warned(id_from("w"), str(warnings[0].id), NOON, True, "sms")
    take_warned(says("DEMO1", told), NOON)
    take_warned(Answer.objects.get(id=told.id), NOON)
    counted = figures()
    assert (counted.accounts, counted.asked, counted.reached, counted.reached_paise) == (1, 2, 1, 50_000_00)
    assert Fact.objects.filter(kind="victim:warned").count() == 1


def test_a_payer_whose_bank_is_outside_and_a_number_that_is_no_account_bring_nobody_to_warn():
    fact = found_mule()
    see_found_account(fact, NOON)
    take_payers(says("DEMO2", payers("UTR9", bank_="FAR")), NOON)
    assert not Warning.objects.exists()
    phone = Fact(kind="identifier:marked", about=f"identifier:{id_from('nobody')}", at=NOON)
    see_found_account(phone, NOON)
    assert PayersAsked.objects.count() == 1


def test_an_estimate_needs_something_to_compare_with():
    assert figures().avoided is None
