"""Two officers enrol a key, its successor is announced, a lost one counts for nothing from the day it was lost."""

from __future__ import annotations

import datetime

import pytest

from cast import NOON, bank, signs_for
from thaam.journal.models import Fact
from thaam.parties.keys import (
    KeyKnown,
    NoSuchKey,
    OneOfficerOnly,
    announce_key,
    enrol_key,
    key_of,
    partner_of,
    revoke_key,
)
from thaam.parties.models import Officer
from thaam.wire.keys import from_seed

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
NEXT = from_seed(b"n" * 32)


@pytest.mark.req("S3.5")
def test_one_officer_alone_enrols_nothing() -> None:
    bank()
    devi = Officer.objects.create(username="devi")
    with pytest.raises(OneOfficerOnly):
        enrol_key(partner="DEMO1", public_key=NEXT.public, read_by=devi, confirmed_by=devi, at=NOON)


def test_a_key_belongs_to_one_partner_for_ever() -> None:
    key = signs_for("DEMO1")
    bank("DEMO2")
    devi, kabir = Officer.objects.order_by("pk")
    with pytest.raises(KeyKnown):
        enrol_key(partner="DEMO2", public_key=key.public, read_by=devi, confirmed_by=kabir, at=NOON)


def test_only_the_current_key_of_the_bank_itself_announces_the_next() -> None:
    other = signs_for("DEMO2")
    signs_for("DEMO1")
    with pytest.raises(NoSuchKey):
        announce_key(partner="DEMO1", public_key=NEXT.public, signed_by=other.key_id, valid_from_at=NOON, at=NOON)


def test_a_key_counts_from_and_to_its_times() -> None:
    key = signs_for("DEMO1")
    announce_key(partner="DEMO1", public_key=NEXT.public, signed_by=key.key_id, valid_from_at=NOON + HOUR, at=NOON)
    assert key_of(NEXT.key_id, at=NOON) is None
    assert partner_of(NEXT.key_id, at=NOON + HOUR) == "DEMO1"
    assert partner_of(key.key_id, at=NOON + 24 * HOUR) == "DEMO1"
    assert partner_of(key.key_id, at=NOON + 25 * HOUR) is None


def test_what_a_stolen_key_signed_after_the_theft_is_no_evidence() -> None:
    key = signs_for("DEMO1")
    revoke_key(key_id=key.key_id, by="officer:1", at=NOON + 3 * HOUR, compromised_from_at=NOON + HOUR, reason="stolen")
    assert key_of(key.key_id, at=NOON + HOUR / 2)
    assert key_of(key.key_id, at=NOON + 2 * HOUR) is None
    assert Fact.objects.get(kind="key:revoked").data["reason"] == "stolen"
    with pytest.raises(NoSuchKey):
        revoke_key(key_id=key.key_id, by="officer:1", at=NOON + 4 * HOUR, reason="again")
