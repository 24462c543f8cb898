"""The bytes of a journal line: what its leaf hash is made over, here and in any reader's own program."""

from __future__ import annotations

import datetime
import uuid
from typing import TYPE_CHECKING, Any

from thaam.wire.codec import canonical
from thaam.wire.fields import Moment

if TYPE_CHECKING:
    from thaam.journal.models import Fact

# what the first line names as the leaf before it
GENESIS = bytes(32)


def entry(
    *,
    position: int,
    prev: bytes,
    fact: uuid.UUID | str,
    kind: str,
    about: str,
    by: str,
    at: datetime.datetime,
    topic: str,
    data: dict[str, Any],
) -> bytes:
    """Canonical JSON (RFC 8785) of a numbered fact; `prev` is the leaf of the line before (32 zero bytes at first)."""
    return canonical(
        {
            "position": position,
            "prev": prev.hex(),
            "fact": str(fact),
            "kind": kind,
            "about": about,
            "by": by,
            "at": Moment().dump(at),
            "topic": topic,
            "data": data,
        }
    )


def entry_at(fact: Fact, *, position: int, prev: bytes) -> bytes:
    """The bytes of the line a fact of our own database has, or is to have, at a position."""
    return entry(
        position=position,
        prev=prev,
        fact=fact.id,
        kind=fact.kind,
        about=fact.about,
        by=fact.by,
        at=fact.at,
        topic=fact.topic,
        data=fact.data,
    )
