"""Aliases: two identifiers that an officer says are one; neither is marked by it; rings are joined by it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from banking import debit, files
from cast import NOON, running_as
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.parties.models import Officer
from thaam.prevention.feeding import see_complaint
from thaam.prevention.network import rings
from thaam.suspects.agreeing import MayNotAgree
from thaam.suspects.joining import NoLongerJoined, SameIdentifier, aliases_of, join_alias, part_alias
from thaam.suspects.marking import mark_identifier
from thaam.suspects.models import Alias, Identifier, Sighting
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier
from thaam.suspects.sighting import identifier_named, note_sighting
from thaam.suspects.standing import Level, standing_of

pytestmark = pytest.mark.django_db
PERSON, VPA = IdentifierKind.PERSON, IdentifierKind.VPA
LATER = NOON + dt.timedelta(hours=1)


def ravi(role: str = "investigator") -> Officer:
    return Officer.objects.get_or_create(username=f"ravi-{role}", defaults={"role": role})[0]


def balu() -> Identifier:
    return identifier_named(PERSON, "balu kumar", NOON)


def join(identifier: Identifier, kind: IdentifierKind, typed: str, *, by: Officer | None = None) -> Alias:
    return join_alias(identifier=identifier, kind=kind, typed=typed, words="same photo", by=by or ravi(), at=NOON)


@pytest.mark.req("S1.23")
def test_two_names_of_one_person_are_joined_once_seen_from_both_sides_and_parted_for_good():
    first = join(balu(), PERSON, "Raju Sahu")
    again = join(balu(), PERSON, "राजू साहू")
    assert str(again.pk) == str(first.pk), "another spelling of the same name"
    other = aliases_of(balu())[0][1]
    assert [each.pk for _, each in aliases_of(other)] == [balu().pk]
    assert Fact.objects.filter(kind="identifier:corrected").count() == 2
    part_alias(alias=first, words="another man", by=ravi(), at=LATER)
    assert aliases_of(balu()) == aliases_of(other) == []
    for repeat in (
        lambda: part_alias(alias=first, words="x", by=ravi(), at=LATER),
        lambda: join(other, PERSON, "balu kumar"),
    ):
        with pytest.raises(NoLongerJoined):
            repeat()


def test_an_alias_carries_no_mark():
    note_sighting(
        sighting_id=id_from("s"), kind=PERSON, typed="balu kumar", source="bank:DEMO1", confidence=80,
        reason=Sighting.Reason.OTHER, seen_at=NOON, by="x", at=NOON,
    )  # fmt: skip
    mark_identifier(mark_id=id_from("m"), identifier=balu(), reason="admitted", by=ravi(), at=NOON)
    join(balu(), VPA, "chhotu@demo2")
    assert standing_of(balu(), at=LATER).level is Level.MARKED
    assert standing_of(Identifier.objects.get(kind="vpa"), at=LATER).level is Level.NOTHING


def test_what_cannot_be_joined_is_named():
    with pytest.raises(SameIdentifier):
        join(balu(), PERSON, "BALU KUMAR")
    with pytest.raises(NotAnIdentifier):
        join(balu(), IdentifierKind.PHONE, "12")
    with pytest.raises(MayNotAgree):
        join(balu(), VPA, "chhotu@demo2", by=ravi("operator"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Alias.objects.create(id=id_from("x"), one=balu(), other=balu(), words="", by=ravi(), at=NOON)


@pytest.mark.req("S3.11")
def test_complaints_that_name_two_names_of_one_account_become_one_ring():
    for number, vpa in enumerate(("balu77@demo2", "chhotu@demo2")):
        for turn in range(2):
            files(debit(reference=f"UTR{number}{turn}00000001", payee_vpa=vpa), mobile=f"98765432{number}{turn}")
    for fact in Fact.objects.filter(kind="complaint:confirmed"):
        see_complaint(fact, NOON)
    assert len(rings(at=LATER)) == 2
    alias = join(Identifier.objects.get(name="balu77@demo2"), VPA, "chhotu@demo2")
    joined = rings(at=LATER)
    assert [len(ring.complaints) for ring in joined] == [4]
    part_alias(alias=alias, words="two people", by=ravi(), at=LATER)
    assert len(rings(at=LATER)) == 2


def test_aliases_are_never_rewritten_and_hidden_from_who_has_no_office():
    alias = join(balu(), VPA, "chhotu@demo2")
    with pytest.raises(ProgrammingError), transaction.atomic():
        Alias.objects.filter(pk=alias.pk).update(words="x")
    with running_as("thaam_app"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM suspects_alias")
        assert cursor.fetchone()[0] == 0
