"""The bytes of a journal line: what its leaf hash is made over, here and in any reader's own program."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from thaam.wire.codec import canonical
from thaam.wire.fields import Moment

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
