"""The page of a bank's keys: two officers enrol one, any one revokes it; what a thief signed is counted."""

from datetime import timedelta

import pytest
from django.test import Client

from banking import files, located, order
from cast import NOON, bank, running_as
from thaam.journal.models import Fact
from thaam.language.dates import IST
from thaam.mailbox.keeping import keep
from thaam.parties.keys import find_key
from thaam.parties.models import KeyOffer, Office, Officer, PartnerKey
from thaam.wire import codec, jws, keys

pytestmark = pytest.mark.django_db
HERE = "/en/directory/bank/DEMO1/keys"


def signed_in(name: str, role: str = "administrator") -> Client:
    with running_as("thaam_loops"):
        bank("DEMO1")
        office, _ = Office.objects.get_or_create(code="HELPLINE", defaults={"name_hi": "डेस्क", "name_en": "Desk"})
        who = Officer.objects.create(username=name, role=role, office=office)
    client = Client()
    client.force_login(who)
    return client


def offered(client: Client, key: keys.SigningKey) -> str:
    client.post(HERE, {"what": "offer", "public_key": keys.public_text(key.public)})
    return str(KeyOffer.objects.get(ended_at=None).pk)


@pytest.mark.req("S1.7", "S1.19")
def test_a_key_counts_when_two_officers_have_compared_it_and_not_before() -> None:
    first, second, key = signed_in("first"), signed_in("second", "supervisor"), keys.generate()
    offer = offered(first, key)
    assert keys.fingerprint(key.public) in second.get(HERE).content.decode()
    refused = first.post(HERE, {"what": "confirm", "offer": offer})
    assert (refused.status_code, PartnerKey.objects.filter(partner="DEMO1").exists()) == (422, False)
    assert second.post(HERE, {"what": "confirm", "offer": offer}).status_code == 302
    row = PartnerKey.objects.get(partner="DEMO1")
    assert row.key_id == key.key_id and not KeyOffer.objects.filter(ended_at=None).exists()
    with running_as("thaam_loops"):
        told = Fact.objects.get(kind="key:enrolled", about="partner:DEMO1")
    assert told.by != told.data["confirmed_by"]
    assert first.post(HERE, {"what": "offer", "public_key": keys.public_text(key.public)}).status_code == 422


def test_what_is_no_key_is_refused_and_what_differs_is_dropped() -> None:
    first = signed_in("first")
    assert "This is no public key" in first.post(HERE, {"what": "offer", "public_key": "abc"}).content.decode()
    offer = offered(first, keys.generate())
    first.post(HERE, {"what": "drop", "offer": offer})
    assert not KeyOffer.objects.filter(ended_at=None).exists()
    assert signed_in("clerk", "operator").get(HERE).status_code in (302, 403, 404)


@pytest.mark.req("S1.7")
def test_a_revoked_key_counts_no_more_and_what_it_signed_in_other_hands_is_counted() -> None:
    first, second, key = signed_in("first"), signed_in("second"), keys.generate()
    second.post(HERE, {"what": "confirm", "offer": offered(first, key)})
    with running_as("thaam_loops"):
        files()
        word = located(order("DEMO1", "LocatePayment"))
        raw = codec.encode(word)
        keep(partner="DEMO1", message=word, raw=raw, jws=jws.sign_detached(raw, key), at=NOON)
        PartnerKey.objects.filter(key_id=key.key_id).update(valid_from_at=NOON - timedelta(days=9))
    since = (NOON - timedelta(hours=1)).astimezone(IST).strftime("%Y-%m-%dT%H:%M")
    revoke = {"what": "revoke", "key": key.key_id, "since": since}
    assert "Write the reason" in first.post(HERE, revoke).content.decode()
    assert "lies ahead" in first.post(HERE, {**revoke, "reason": "x", "since": "2099-01-01T00:00"}).content.decode()
    assert first.post(HERE, {**revoke, "reason": "stolen laptop"}).status_code == 302
    assert find_key(key.key_id, at=NOON) is None
    assert "1 answers came under this key" in second.get(HERE).content.decode()
    with running_as("thaam_loops"):
        assert Fact.objects.get(kind="key:revoked").data["reason"] == "stolen laptop"
