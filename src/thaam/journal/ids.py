"""Ids made by the sender: UUIDv7 (RFC 9562), sorted by time, unguessable in the rest; and all other chance of ours."""

from __future__ import annotations

import base64
import secrets
import time
import uuid
from collections.abc import Callable

# Where chance comes from; a simulator that replays a seed puts its own source here.
random_bits: Callable[[int], int] = secrets.randbits


def new_id() -> str:
    """A fresh UUIDv7 as text. Called in views, loops and commands, which pass it down."""
    value = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | random_bits(76)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def draw_below(end: int) -> int:
    """A whole number in [0, end), each as likely as the next and none to be guessed."""
    bits = (end - 1).bit_length()
    while (drawn := random_bits(bits)) >= end:
        pass
    return drawn


def draw_token(size: int) -> str:
    """So many unguessable bytes, as text for an address."""
    return base64.urlsafe_b64encode(random_bits(8 * size).to_bytes(size, "big")).rstrip(b"=").decode()


def id_from(*parts: object) -> str:
    """The same id for the same parts (UUIDv5), for things a loop may make twice: a round's order, a timer's fact."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "thaam:" + "|".join(str(part) for part in parts)))
