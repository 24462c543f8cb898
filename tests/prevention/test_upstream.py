"""A mule is found: everybody else who paid it is warned through their own bank, once; who complained is not."""

from __future__ import annotations

import datetime as dt

import pytest

from cast import NOON, bank, payment, signs_for
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.journal.sequencing import Sequencer
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer, Order
from thaam.parties.keys import platform_key
from thaam.parties.models import Officer
from thaam.prevention.loop import reads
from thaam.prevention.models import PayersAsked, Warning
from thaam.prevention.upstream import figures, see_found_account, take_payers, take_warned
from thaam.project.loops import Joined, read_some
from thaam.suspects.marking import mark_identifier
from thaam.suspects.models import Identifier, Sighting
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.sighting import note_sighting, take_suspicious_account
from thaam.wire import codec, jws
from thaam.wire.messages import PayersAnswer, SuspiciousAccount, Warned

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


def bank_says(reason: str, *, partner: str = "DEMO2", number: int = 1) -> None:
    """The bank's signed word about an account of its own, taken as the loop takes it."""
    bank("DEMO1"), bank("DEMO2")
    message = SuspiciousAccount(id_from("sus", number), NOON, "12345678", reason, "seen by us", NOON)
    take_suspicious_account(says(partner, message), NOON)
    for fact in Fact.objects.filter(kind="identifier:seen"):
        see_found_account(fact, NOON)


@pytest.mark.req("S1.18")
def test_a_banks_own_word_about_its_account_finds_who_else_paid_it():
    bank_says("mule_pattern")
    order = Order.objects.get(kind="PayersRequest")
    assert (order.partner_id, order.message.account) == ("DEMO2", "12345678")
    assert PayersAsked.objects.get().because == "its bank's word"


def test_a_score_no_person_looked_at_is_kept_and_warns_nobody():
    bank_says("scored")
    sighting = Sighting.objects.get()
    assert (sighting.confidence, sighting.reason) == (60, "looks_mule")
    assert not PayersAsked.objects.exists()


def test_a_complaint_that_names_an_account_asks_no_bank_for_payers():
    bank("DEMO2")
    note_sighting(
        sighting_id=id_from("s", 9), kind=IdentifierKind.ACCOUNT, typed="DEMO2/12345678", source="complaint:1",
        confidence=70, reason=Sighting.Reason.RECEIVED_MONEY, seen_at=NOON, by="x", at=NOON,
    )  # fmt: skip
    see_found_account(Fact.objects.get(kind="identifier:seen"), NOON)
    assert not PayersAsked.objects.exists()


def test_the_reader_of_the_journal_does_the_same_by_itself():
    """The whole way: the bank's word is a fact, the sequencer numbers it, the reader asks the bank."""
    bank("DEMO1"), bank("DEMO2")
    message = SuspiciousAccount(id_from("sus", 7), NOON, "12345678", "mule_pattern", None, NOON)
    take_suspicious_account(says("DEMO2", message), NOON)
    Sequencer(platform_key()).number(at=NOON)
    table = Joined(reads={"banks' own words": reads["banks' own words"]})
    assert read_some(table, at=NOON) == 1
    assert Order.objects.filter(kind="PayersRequest").count() == 1
    assert read_some(table, at=NOON) == 0
