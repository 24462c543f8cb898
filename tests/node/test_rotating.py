"""A node announces its next key under the one it has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from thaam.node.rotating import announce_next_key
from thaam.wire import keys
from thaam.wire.answers import NextKey
from thaam.wire.fields import InvalidMessage
from thaam.wire.rotation import check_next_key


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
