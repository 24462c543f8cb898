"""The registry: sightings, levels with reasons, marks that somebody agreed to, hearings, look-ups, lists."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import DatabaseError, transaction

from cast import NOON, bank, running_as
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.parties.models import Officer
from thaam.suspects.looking_up import TooMany, bucket_of, level_in_bucket, look_up
from thaam.suspects.marking import (
    AlreadyEnded,
    MayNotAgree,
    NothingSeen,
    decide_hearing,
    delist,
    lodge_hearing,
    mark_identifier,
)
from thaam.suspects.models import Identifier, LookUp, MarkEnd, Sighting
from thaam.suspects.naming import IdentifierKind, digest_of
from thaam.suspects.publishing import delta_since, publish_list, read_delta
from thaam.suspects.screening import apply_delta
from thaam.suspects.sighting import (
    OtherSighting,
    TooCommon,
    call_common,
    identifier_named,
    note_sighting,
    withdraw_sighting,
)
from thaam.suspects.standing import Level, standing_of
from thaam.wire.keys import from_seed

pytestmark = pytest.mark.django_db
PHONE = IdentifierKind.PHONE
BALU = "98765 00001"
DAY = dt.timedelta(days=1)


def officer(name: str, role: str = Officer.Role.INVESTIGATOR) -> Officer:
    made, _ = Officer.objects.get_or_create(username=name, defaults={"role": role})
    return made


def seen(number: int, *, typed: str = BALU, at: dt.datetime = NOON, **changes) -> Sighting:
    told = {
        "sighting_id": id_from("sighting", typed, number),
        "kind": PHONE,
        "typed": typed,
        "source": f"complaint:{number}",
        "confidence": 70,
        "reason": Sighting.Reason.CALLED,
        "seen_at": at,
        "by": "officer:1",
        "at": at,
    }
    return note_sighting(**(told | changes))


def standing(typed: str = BALU, at: dt.datetime = NOON):
    return look_up(
        look_up_id=id_from("look", LookUp.objects.count()), kind=PHONE, typed=typed, by="officer:1", purpose="t", at=at
    )


@pytest.mark.req("S3.7")
def test_a_number_reported_five_times_is_repeated_and_every_spelling_is_the_same_row():
    for number, typed in enumerate(("9876500001", "+91 98765 00001", "098765-00001", "९८७६५०००01")):
        seen(number, typed=typed)
    assert standing().level is Level.SEEN
    seen(9)
    found = standing()
    assert found.level is Level.REPEATED
    assert found.counters == {"3 days": 5, "30 days": 5, "6 months": 5}
    assert Identifier.objects.count() == 1


def test_one_source_counts_once_and_weak_sightings_do_not_make_a_number_repeated():
    for number in range(6):
        seen(number, source="complaint:1")
    assert standing().level is Level.SEEN
    for number in range(10, 16):
        seen(number, confidence=20)
    assert standing().level is Level.SEEN


def test_old_and_withdrawn_sightings_no_longer_count():
    first = seen(1)
    assert standing(at=NOON + 183 * DAY).level is Level.NOTHING
    withdraw_sighting(sighting=first, words="wrong digit", by="officer:1", at=NOON)
    assert standing().level is Level.NOTHING


def test_the_same_sighting_twice_is_one_and_other_content_is_refused():
    assert str(seen(1).id) == str(seen(1).id)
    assert Sighting.objects.count() == 1
    with pytest.raises(OtherSighting):
        seen(1, confidence=10)


def test_a_value_too_common_is_not_kept():
    call_common(kind=PHONE, typed="9999900000", words="a bank's own helpline", by=officer("devi"), at=NOON)
    with pytest.raises(TooCommon):
        seen(1, typed="99999 00000")


def marked(by=None, at=NOON, **changes):
    seen(1)
    identifier = Identifier.objects.get(kind="phone", name="9876500001")
    return mark_identifier(
        mark_id=id_from("mark", 1),
        identifier=identifier,
        reason="took calls",
        by=by or officer("ravi"),
        at=at,
        **changes,
    )


def test_a_mark_needs_something_seen_and_somebody_who_may_agree():
    nobody = identifier_named(PHONE, "9876500009", NOON)
    with pytest.raises(NothingSeen):
        mark_identifier(mark_id=id_from(1), identifier=nobody, reason="x", by=officer("ravi"), at=NOON)
    with pytest.raises(MayNotAgree):
        marked(by=officer("omar", Officer.Role.OPERATOR))
    assert standing().level is Level.SEEN
    marked(by=bank("DEMO1"))
    found = standing()
    assert found.level is Level.MARKED
    assert "DEMO1" in found.reasons[0].en
    assert Fact.objects.filter(kind="identifier:marked").count() == 1


def test_a_mark_expires_and_never_outlives_the_rulebook():
    mark = marked(days=9999)
    assert mark.expires_at == NOON + 365 * DAY
    assert standing(at=mark.expires_at).level is Level.NOTHING


@pytest.mark.req("S3.7")
def test_a_delisted_number_is_clean_everywhere_the_same_minute():
    mark = marked()
    before = publish_list(at=NOON)
    assert before.many == 1
    delist(mark=mark, reason=MarkEnd.Reason.MISTAKE, words="other person", by=officer("devi"), at=NOON)
    with pytest.raises(AlreadyEnded):
        delist(mark=mark, reason=MarkEnd.Reason.MISTAKE, words="again", by=officer("devi"), at=NOON)
    assert standing().level is Level.SEEN
    assert publish_list(at=NOON).many == 0
    digest = digest_of(PHONE, "9876500001")
    shown = bucket_of(look_up_id=id_from("b"), prefix=digest.hex()[:5], by="web", at=NOON, secret=b"s" * 32)
    assert level_in_bucket(shown, digest) is Level.NOTHING


def test_a_person_who_is_right_is_heard_by_another_officer_and_cleared():
    marked(by=officer("ravi"))
    hearing = lodge_hearing(
        hearing_id=id_from("h"),
        kind=PHONE,
        typed=BALU,
        words="this is my number since May",
        contact="a@b.example",
        at=NOON,
    )
    assert hearing.due_at == NOON + 15 * DAY
    with pytest.raises(MayNotAgree):
        decide_hearing(hearing=hearing, delisted=True, words="ok", by=officer("ravi"), at=NOON)
    decide_hearing(hearing=hearing, delisted=True, words="new subscriber", by=officer("meena"), at=NOON + DAY)
    assert standing(at=NOON + DAY).level is Level.NOTHING
    unlisted = lodge_hearing(
        hearing_id=id_from("h2"), kind=PHONE, typed="9876599999", words="am I listed?", contact="c", at=NOON
    )
    assert unlisted.due_at == hearing.due_at


def test_every_look_up_is_written_down_and_misses_cost_more():
    marked()
    standing()
    standing("9876512345")
    assert list(LookUp.objects.order_by("cost").values_list("cost", flat=True)) == [1, 3]


def test_an_hour_of_guessing_ends():
    for number in range(200):
        standing(f"98765{number:05d}")
    with pytest.raises(TooMany):
        standing("9876599999")
    assert standing("9876599999", at=NOON + dt.timedelta(hours=2)).level is Level.NOTHING


def test_a_search_of_an_unlisted_number_changes_no_later_answer():
    digest = digest_of(PHONE, "9876512345")
    asked = {"prefix": digest.hex()[:5], "by": "web", "at": NOON, "secret": b"s" * 32}
    before = bucket_of(look_up_id=id_from("b1"), **asked), standing("9876512345")
    for _ in range(5):
        standing("9876512345")
    assert (bucket_of(look_up_id=id_from("b2"), **asked), standing("9876512345")) == before


def test_a_bucket_is_padded_and_shows_marked_numbers_only_to_who_knows_them():
    marked()
    digest = digest_of(PHONE, "9876500001")
    shown = bucket_of(look_up_id=id_from("b"), prefix=digest.hex()[:5], by="web", at=NOON, secret=b"s" * 32)
    assert len(shown) == 16
    assert level_in_bucket(shown, digest) is Level.MARKED
    empty = bucket_of(look_up_id=id_from("c"), prefix="00000", by="web", at=NOON, secret=b"s" * 32)
    assert len(empty) == 16
    assert {len(rest) for rest, _ in shown + empty} == {27}
    with pytest.raises(ValueError, match="five letters"):
        bucket_of(look_up_id=id_from("d"), prefix="xyz", by="web", at=NOON, secret=b"s" * 32)


def test_signed_deltas_bring_a_bank_from_any_version_to_the_newest():
    key = from_seed(b"p" * 32)
    marked()
    first = publish_list(at=NOON)
    assert publish_list(at=NOON).version == first.version
    seen(7, typed="9876500007")
    other = Identifier.objects.get(name="9876500007")
    mark_identifier(mark_id=id_from("m7"), identifier=other, reason="x", by=bank("DEMO2"), at=NOON)
    second = publish_list(at=NOON)
    whole = read_delta(delta_since(0, key=key), key_of=lambda _: key.public)
    step = read_delta(delta_since(first.version, key=key), key_of=lambda _: key.public)
    assert second.version == first.version + 1
    assert len(step.added) == 1
    held = apply_delta([entry for entry in whole.added if entry not in step.added], step)
    assert held == apply_delta([], whole)
    body = json.loads(delta_since(0, key=key).body)
    assert "9876500007" not in json.dumps(body)


def test_what_was_seen_is_never_rewritten():
    sighting = seen(1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Sighting.objects.filter(id=sighting.id).update(confidence=1)


def test_hearings_are_hidden_from_who_has_no_office():
    lodge_hearing(hearing_id=id_from("h"), kind=PHONE, typed=BALU, words="w", contact="c", at=NOON)
    from thaam.suspects.models import Hearing

    with running_as("thaam_app"):
        assert Hearing.objects.count() == 0


def test_standing_of_nothing_says_that_nothing_known_is_not_safe():
    identifier = identifier_named(PHONE, "9876500002", NOON)
    assert "not mean it is safe" in standing_of(identifier, at=NOON).advice.en
