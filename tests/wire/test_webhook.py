"""The hint to a bank: who and how far, signed, fresh, and worth nothing by itself."""

from __future__ import annotations

import datetime as dt

import pytest

from thaam.wire import keys
from thaam.wire.webhook import BadWebhook, Hint, sign_hint, verify_hint
from wire_cast import AT, DEMO1, PLATFORM

HINT = Hint("DEMO1", 41)
NEXT = keys.from_seed(bytes(32), key_id="platform-2")


def test_a_hint_holds_under_the_current_and_the_next_key() -> None:
    headers, body = sign_hint(hint=HINT, id="msg_1", at=AT, keys=[PLATFORM, NEXT])
    assert body == b'{"bank":"DEMO1","position":41}'
    for pinned in (PLATFORM, NEXT):
        assert verify_hint(headers, body, public_keys=[pinned.public], now=AT) == HINT


@pytest.mark.parametrize(
    ("change", "later", "body"),
    [
        ({"webhook-id": "msg_2"}, 0, None),
        ({"webhook-id": ""}, 0, None),
        ({"webhook-timestamp": str(int(AT.timestamp()) + 1)}, 0, None),
        ({"webhook-timestamp": "१७६४०६३०००"}, 0, None),
        ({"webhook-timestamp": "9" * 40}, 0, None),
        ({"webhook-signature": ""}, 0, None),
        ({"webhook-signature": "v1a,!!!!"}, 0, None),
        ({"webhook-signature": "v1,AAAA"}, 0, None),
        ({}, 301, None),
        ({}, -301, None),
        ({}, 0, b'{"bank":"DEMO1","position":42}'),
    ],
)
def test_a_changed_old_or_unsigned_hint_is_refused(change: dict[str, str], later: int, body: bytes | None) -> None:
    headers, sent = sign_hint(hint=HINT, id="msg_1", at=AT, keys=[PLATFORM])
    with pytest.raises(BadWebhook):
        verify_hint(
            {**headers, **change}, body or sent, public_keys=[PLATFORM.public], now=AT + dt.timedelta(seconds=later)
        )


def test_a_hint_of_a_stranger_is_refused() -> None:
    headers, body = sign_hint(hint=HINT, id="msg_1", at=AT, keys=[DEMO1])
    with pytest.raises(BadWebhook):
        verify_hint(headers, body, public_keys=[PLATFORM.public], now=AT)
