"""A bank's next key, announced under its current one: no officers are needed, the announcement is the evidence."""

from __future__ import annotations

import datetime

from thaam.mailbox.models import Answer
from thaam.parties.keys import KeyKnown, announce_key, keys_of
from thaam.wire import codec, jws, problems
from thaam.wire.answers import NextKey
from thaam.wire.fields import InvalidMessage
from thaam.wire.keys import key_id_of
from thaam.wire.rotation import check_next_key

# A key announced for the far future would be forgotten by everybody but a thief.
AHEAD_MAX = datetime.timedelta(days=90)


def take_next_key(answer: Answer, at: datetime.datetime) -> None:
    """Enrol the announced key from its day on; the current one ends a day later. The same announcement twice is one.

    `at` is when it is dealt with; the announcing key was judged at receipt. Raises InvalidMessage when the proof does
    not hold, the day is too far, or the key belongs to somebody already.
    """
    message = codec.decode(bytes(answer.body))
    if not isinstance(message, NextKey):
        raise InvalidMessage(problems.UNKNOWN_KIND, "/kind")
    public = check_next_key(message, bank=answer.partner_id)
    if key_id_of(public) in {key.key_id for key in keys_of(answer.partner_id)}:
        return
    if message.valid_from_at > answer.received_at + AHEAD_MAX:
        raise InvalidMessage(problems.BAD_TIMES, "/valid_from_at", f"at most {AHEAD_MAX.days} days ahead")
    try:
        announce_key(
            partner=answer.partner_id,
            public_key=public,
            signed_by=jws.signed_by(answer.jws),
            valid_from_at=message.valid_from_at,
            at=at,
        )
    except KeyKnown as why:
        raise InvalidMessage(problems.BAD_VALUE, "/public_key", "this key is enrolled for somebody else") from why
