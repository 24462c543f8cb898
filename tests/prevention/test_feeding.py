"""What complaints and banks' answers teach the registry, and what a withdrawn complaint takes back."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import LAKH, Rs, debit, files, hold_answer, located, onward, order, paid, says
from cast import NOON
from thaam.complaints.correcting import withdraw
from thaam.complaints.people import add_person
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.prevention.feeding import (
    forget_complaint,
    named_by,
    see_answer,
    see_complaint,
)
from thaam.prevention.loop import reads
from thaam.prevention.models import StoryPrint
from thaam.suspects.models import Identifier, Sighting
from thaam.suspects.naming import IdentifierKind
from thaam.suspects.sighting import call_common
from thaam.suspects.standing import Level, standing_of
from thaam.suspects.weighing import Word, weight_of
from thaam.wire.parts import Line

pytestmark = pytest.mark.django_db
STORY = (
    "साइबर पुलिस बनकर 098765 00001 से फ़ोन आया, मेरा नंबर 9876543210 है। लिंक https://safe-kyc.example/pay खोलने को कहा "
    "और balu77@demo2 पर पैसा मँगाया। 2026112599 नंबर की रसीद दी।"
)


def facts(kind: str) -> list[Fact]:
    return list(Fact.objects.filter(kind=kind).order_by("at", "id"))


def seen() -> dict[tuple[str, str], int]:
    return {
        (each.identifier.kind, each.identifier.name): each.confidence
        for each in Sighting.objects.filter(withdrawn=None).select_related("identifier")
    }


def weighs(word):
    return weight_of(word, at=NOON)


def fed(**words):
    complaint = files(**words)
    for fact in facts("complaint:confirmed"):
        see_complaint(fact, NOON)
    return complaint


@pytest.mark.req("S3.7", "S1.18")
def test_a_confirmed_complaint_feeds_its_payee_and_what_its_story_names_but_never_its_own_number():
    complaint = fed(story=STORY)
    told = seen()
    assert told["phone", "9876500001"] == weighs(Word.VICTIM_TOLD)
    assert told["vpa", "balu77@demo2"] == weighs(Word.VICTIM_TOLD)
    assert [name for kind, name in told if kind == "url"] == ["safe-kyc.example/pay"]
    assert not any(name.endswith("9876543210") for _, name in told)
    assert not any(name == "2026112599" for _, name in told), "a receipt number is no phone"
    assert {each.source for each in Sighting.objects.all()} == {f"complaint:{complaint.number}"}
    assert StoryPrint.objects.filter(complaint=complaint).exists()


def test_the_same_fact_read_twice_notes_nothing_twice():
    fed(story=STORY)
    before = Sighting.objects.count()
    for fact in facts("complaint:confirmed"):
        see_complaint(fact, NOON + dt.timedelta(hours=1))
    assert Sighting.objects.count() == before > 0


def test_a_complaint_nobody_confirmed_teaches_nothing():
    complaint = files(story=STORY, confirmed=False)
    see_complaint(Fact(kind="complaint:confirmed", about=f"complaint:{complaint.pk}", at=NOON), NOON)
    assert not Sighting.objects.exists()


def test_a_number_named_in_the_story_and_by_hand_is_one_source_not_two():
    """Counted twice, one reporter alone could bring a number near the watch list."""
    complaint = fed(story=STORY)
    add_person(
        person_id=id_from("person"), complaint_id=complaint.pk, kind="phone", typed="98765 00001", words="",
        by="citizen", at=NOON,
    )  # fmt: skip
    identifier = Identifier.objects.get(kind="phone", name="9876500001")
    assert identifier.sightings.values("source").distinct().count() == 1
    assert standing_of(identifier, at=NOON + dt.timedelta(hours=1)).counters["3 days"] == 1


@pytest.mark.req("S3.7")
def test_a_withdrawn_complaint_takes_everything_back_also_what_was_added_by_hand():
    complaint = fed(story=STORY)
    add_person(
        person_id=id_from("person"), complaint_id=complaint.pk, kind="url", typed="https://other.example/x", words="",
        by="citizen", at=NOON,
    )  # fmt: skip
    assert len(seen()) >= 4
    withdraw(complaint_id=complaint.pk, words="paid back", by="citizen", at=NOON)
    for fact in facts("complaint:withdrawn") * 2:
        forget_complaint(fact, NOON)
    assert seen() == {}
    later = NOON + dt.timedelta(hours=1)
    assert all(standing_of(each, at=later).level is Level.NOTHING for each in Identifier.objects.all())
    for fact in facts("complaint:confirmed"):  # the reader comes to the old fact again
        see_complaint(fact, later)
    assert seen() == {}


def test_the_account_a_bank_names_is_seen_and_further_along_the_trail_it_does_not_count_towards_watching():
    files(debit(payee_bank="DEMO2"))
    says("DEMO1", located(order("DEMO1", "LocatePayment")))
    child = paid(Rs(60_000), reference="UTRONWARD001")
    says(
        "DEMO2",
        hold_answer(order("DEMO2"), onward(0, Rs(60_000), child), Line("held", Rs(60_000), LAKH, lien_reference="L1")),
    )
    says("DEMO3", hold_answer(order("DEMO3"), account="ACC-CHARU"))
    for fact in facts("hold:held"):
        see_answer(fact, NOON)
    told = {name: confidence for (kind, name), confidence in seen().items() if kind == "account"}
    assert {name.partition("/")[0]: confidence for name, confidence in told.items()} == {
        "DEMO2": weighs(Word.TRACED_FIRST), "DEMO3": weighs(Word.TRACED_ONWARD),
    }  # fmt: skip
    assert weighs(Word.TRACED_ONWARD) < weighs(Word.COUNTS) <= weighs(Word.VICTIM_TOLD)
    assert weighs(Word.CITIZEN) < weighs(Word.COUNTS) <= weighs(Word.BANK_SCORED) < weighs(Word.BANK_LOOKED)


def test_what_too_many_people_share_and_what_has_a_wrong_shape_stop_nothing_else(django_user_model):
    officer = django_user_model.objects.create(username="ravi", role="investigator")
    call_common(kind=IdentifierKind.PHONE, typed="9876500001", words="the helpline of a bank", by=officer, at=NOON)
    fed(story=STORY)
    kinds = {kind for kind, _ in seen()}
    assert "phone" not in kinds
    assert {"vpa", "url"} <= kinds


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("पैसा balu77@demo2. फिर फ़ोन बंद", "balu77@demo2"),
        ("pay to balu.77@ybl, now", "balu.77@ybl"),
        ("write to balu@mail.example for help", None),
        ("balu@demo2@other", None),
    ],
)
def test_a_upi_id_ends_at_the_end_of_its_sentence_and_an_e_mail_is_none(story, expected):
    told = [typed for kind, typed, _, _ in named_by(files(story=story)) if kind is IdentifierKind.VPA]
    assert told == ([expected] if expected else [])


def test_the_loop_reads_every_kind_of_fact_these_verbs_are_for():
    listened = {str(kind) for kinds, _ in reads.values() for kind in kinds}
    assert {
        "complaint:confirmed",
        "complaint:attested",
        "complaint:withdrawn",
        "hold:held",
        "hold:not held",
    } <= listened


def test_an_unknown_kind_of_person_is_left_out():
    complaint = files()
    add_person(
        person_id=id_from("p"), complaint_id=complaint.pk, kind="name", typed="Balu", words="", by="citizen", at=NOON
    )
    assert not any("Balu" in typed for _, typed, _, _ in named_by(complaint))
