"""Announce the bank's next key under the current one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from thaam.node.parts import Parts, id_from
from thaam.wire import keys
from thaam.wire.rotation import next_key


def announce_next_key(parts: Parts, *, file: Path, valid_from_at: datetime, at: datetime) -> keys.SigningKey:
    """Put NextKey in the outbox, for the key in `file`, which is made when it is not there; the key.

    Announcing the same key for the same time again is the same message. Raises BadKey, InvalidMessage (a time past).
    """
    if not file.exists():
        keys.save(keys.generate(), file)
    key = keys.load(file)
    name = id_from("NextKey", key.key_id, valid_from_at)
    message = next_key(id=name, at=at, bank=parts.bank, key=key, valid_from_at=valid_from_at)
    with parts.records.one_step():
        parts.records.answer(message, at=at)
    return key
