"""How many requests a bank may send: one token bucket a key, in the database, so that all web processes share it.

The bucket is looked at before a request and emptied by one after it, in the request's own transaction and as its last
statement: requests of one bank wait for each other only while they commit. A few at the same moment may pass together.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.db import connection

from thaam.journal.rows import read_by
from thaam.mailbox.models import Bucket
from thaam.rulebook.rules import rule


@dataclass(frozen=True, slots=True)
class Left:
    """What a key has left: whole tokens of `burst`, and the seconds until there is one again."""

    tokens: int
    burst: int
    wait_seconds: int

    def as_headers(self) -> dict[str, str]:
        """As every answer of the door carries it."""
        return {
            "ratelimit-limit": str(self.burst),
            "ratelimit-remaining": str(max(0, self.tokens)),
            "ratelimit-reset": str(self.wait_seconds),
        }


def left(*, key_id: str, jurisdiction: str, at: dt.datetime) -> Left:
    """What this key may still send. Rules: bank_door_burst, bank_door_a_minute. Changes nothing, locks nothing."""
    burst, a_second = _rates(jurisdiction, at)
    tokens = float(burst)
    for bucket in read_by(Bucket, "key_id", [key_id]):
        tokens = min(tokens, bucket.tokens + a_second * max(0.0, (at - bucket.filled_at).total_seconds()))
    wait = 0 if tokens >= 1 else math.ceil((1 - tokens) / a_second)
    return Left(math.floor(tokens), burst, wait)


def spend(*, key_id: str, jurisdiction: str, at: dt.datetime, tokens: int = 1) -> None:
    """Take tokens out of the key's bucket. Call last in the transaction: the bucket's row is locked until it ends."""
    burst, a_second = _rates(jurisdiction, at)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO mailbox_bucket AS b (key_id, tokens, filled_at) VALUES (%(key)s, %(burst)s - %(spent)s, %(at)s)
            ON CONFLICT (key_id) DO UPDATE SET filled_at = greatest(b.filled_at, %(at)s), tokens = -%(spent)s + least(
                %(burst)s, b.tokens + %(rate)s * greatest(0, extract(epoch FROM %(at)s - b.filled_at)))
            """,
            {"key": key_id, "burst": burst, "spent": tokens, "at": at, "rate": a_second},
        )


def _rates(jurisdiction: str, at: dt.datetime) -> tuple[int, float]:
    burst = rule("bank_door_burst", jurisdiction=jurisdiction, on=at).value
    return burst, rule("bank_door_a_minute", jurisdiction=jurisdiction, on=at).value / 60
