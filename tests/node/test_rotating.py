"""A node announces its next key under the one it has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from thaam.node.records import Records
from thaam.node.rotating import announce_next_key
from thaam.wire import jws, keys
from thaam.wire.answers import Acknowledged, NextKey
from thaam.wire.fields import InvalidMessage
from thaam.wire.rotation import check_next_key, next_key
from wire_cast import uid


@pytest.mark.req("S1.7")
def test_the_next_key_is_made_once_and_announced_once(world, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    node = world.node()
    at = node.now()
    file = tmp_path / "next.pem"
    made = announce_next_key(node.parts, file=file, valid_from_at=at + timedelta(days=1), at=at)
    announce_next_key(node.parts, file=file, valid_from_at=at + timedelta(days=1), at=at + timedelta(hours=1))
    assert keys.load(file).key_id == made.key_id
    told = [each for each in node.parts.records.answers() if isinstance(each, NextKey)]
    assert len(told) == 1
    assert keys.key_id_of(check_next_key(told[0], bank=node.parts.bank)) == made.key_id
    with pytest.raises(InvalidMessage):
        announce_next_key(node.parts, file=file, valid_from_at=at - timedelta(days=1), at=at)


def test_what_waits_in_the_outbox_when_the_key_changes_goes_out_under_the_new_one(tmp_path: Path) -> None:
    old, new = keys.generate(), keys.generate()
    path, at = str(tmp_path / "records.sqlite"), datetime(2026, 11, 25, tzinfo=UTC)
    before = Records(path, key=old)
    announced = next_key(id=uid(1), at=at, bank="DEMO1", key=new, valid_from_at=at + timedelta(days=1))
    waits = Acknowledged(uid(2), uid(3), at)
    with before.one_step():
        before.answer(announced, at=at)
        before.answer(waits, at=at)
    told = before.unsent()
    before.close()
    after = Records(path, key=new)
    first, second = after.unsent()
    assert first == told[0], "the announcement is the old key's word"
    assert (second[:2], jws.signed_by(second[2])) == (told[1][:2], new.key_id)
    jws.verify_detached(second[1], second[2], {new.key_id: new.public}.get)
    assert after.unsent() == [first, second]
    after.close()
