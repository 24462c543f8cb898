"""A bank changes its key by itself: announced under the old one, proved with the new one, both good for a day."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest

from cast import NOON, an_id, bank, hold_answer, hold_order, signs_for
from thaam.mailbox.keeping import keep
from thaam.mailbox.models import Answer
from thaam.mailbox.posting import post
from thaam.mailbox.rotating import take_next_key
from thaam.parties.keys import introduce_platform_key, key_of, partner_of, revoke_key
from thaam.wire import codec, jws, keys
from thaam.wire.fields import InvalidMessage
from thaam.wire.rotation import next_key

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.7")]

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
NEXT = keys.from_seed(bytes(range(40, 72)))


@pytest.fixture
def current() -> keys.SigningKey:
    introduce_platform_key(at=NOON - DAY)
    bank("DEMO1")
    bank("DEMO2")
    return signs_for("DEMO1")


def announced(current: keys.SigningKey, **changes: Any) -> Answer:
    """The announcement as it lies in the mailbox, kept and not yet dealt with."""
    message = next_key(id=an_id(80), at=NOON, bank="DEMO1", key=NEXT, valid_from_at=NOON + HOUR)
    message = replace(message, **changes)
    raw = codec.encode(message)
    keep(partner="DEMO1", message=message, raw=raw, jws=jws.sign_detached(raw, current), at=NOON)
    return Answer.objects.get(id=message.id)


def test_the_next_key_counts_from_its_day_and_the_old_one_a_day_longer(current: keys.SigningKey) -> None:
    take_next_key(announced(current), NOON)
    assert key_of(NEXT.key_id, at=NOON) is None
    for at in (NOON + HOUR, NOON + HOUR + DAY / 2):
        assert partner_of(NEXT.key_id, at=at) == partner_of(current.key_id, at=at) == "DEMO1"
    assert key_of(current.key_id, at=NOON + HOUR + DAY) is None
    assert key_of(NEXT.key_id, at=NOON + 100 * DAY) == NEXT.public


def test_the_same_announcement_twice_is_one(current: keys.SigningKey) -> None:
    answer = announced(current)
    take_next_key(answer, NOON)
    take_next_key(answer, NOON + HOUR)
    assert partner_of(NEXT.key_id, at=NOON + HOUR) == "DEMO1"


@pytest.mark.parametrize(
    "changes",
    [
        {"proof": "A" * 86},
        {"public_key": keys.public_text(keys.from_seed(bytes(32)).public)},
        {"valid_from_at": NOON + 2 * HOUR},
        {"proof": next_key(id=an_id(81), at=NOON, bank="DEMO2", key=NEXT, valid_from_at=NOON + HOUR).proof},
    ],
    ids=["no proof", "another key", "another time", "another bank"],
)
def test_an_announcement_whose_proof_does_not_hold_is_refused(
    current: keys.SigningKey, changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidMessage):
        take_next_key(announced(current, **changes), NOON)
    assert partner_of(NEXT.key_id, at=NOON + DAY) is None


def test_a_key_for_the_far_future_is_refused(current: keys.SigningKey) -> None:
    far = next_key(id=an_id(80), at=NOON, bank="DEMO1", key=NEXT, valid_from_at=NOON + 91 * DAY)
    with pytest.raises(InvalidMessage, match="90 days"):
        take_next_key(announced(current, valid_from_at=far.valid_from_at, proof=far.proof), NOON)


def test_a_key_of_another_bank_cannot_be_taken_over(current: keys.SigningKey) -> None:
    others = signs_for("DEMO2")
    message = next_key(id=an_id(80), at=NOON, bank="DEMO1", key=others, valid_from_at=NOON + HOUR)
    raw = codec.encode(message)
    keep(partner="DEMO1", message=message, raw=raw, jws=jws.sign_detached(raw, current), at=NOON)
    if others.key_id != keys.key_id_of(others.public):
        pytest.skip("the cast names its keys otherwise")
    with pytest.raises(InvalidMessage):
        take_next_key(Answer.objects.get(id=message.id), NOON)


def test_a_revoked_key_announces_nothing(current: keys.SigningKey) -> None:
    answer = announced(current)
    revoke_key(key_id=current.key_id, by="officer:1", at=NOON, reason="lost")
    with pytest.raises(Exception, match=current.key_id):
        take_next_key(answer, NOON + HOUR)
    assert partner_of(NEXT.key_id, at=NOON + DAY) is None


def test_an_answer_under_the_next_key_is_evidence(current: keys.SigningKey) -> None:
    take_next_key(announced(current), NOON)
    order = hold_order()
    post(partner="DEMO1", message=order, at=NOON, by="officer:1")
    raw = codec.encode(hold_answer(order))
    assert jws.verify_detached(raw, jws.sign_detached(raw, NEXT), lambda name: key_of(name, at=NOON + DAY))
