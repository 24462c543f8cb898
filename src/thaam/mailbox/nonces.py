"""Nonces of signed requests, stored in the transaction of their effect, forgotten when their window is past."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.db import connection

from thaam.mailbox.models import Nonce

FORGET = "forget nonces"
KEPT = datetime.timedelta(hours=1)


def remember(
    *, key_id: str, nonce: str, digest: str, receipt: dict[str, Any], at: datetime.datetime
) -> dict[str, Any] | None:
    """Store a nonce with the receipt of its request, in the transaction of the effect.

    Returns the receipt to send: this one, or for an exact copy (same `digest` of body and signature) the stored one.
    None when the nonce came with another request: the caller refuses and undoes. A copy of the same moment waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO mailbox_nonce (key_id, nonce, digest, receipt, seen_at)
            VALUES (%s, %s, %s, %s::jsonb, %s) ON CONFLICT (key_id, nonce) DO NOTHING
            """,
            [key_id, nonce, digest, json.dumps(receipt), at],
        )
        if cursor.rowcount:
            return receipt
    seen = Nonce.objects.get(key_id=key_id, nonce=nonce)
    return dict(seen.receipt) if seen.digest == digest else None


def forget(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Drop nonces no signature can come with any more (the window is 300 s)."""
    Nonce.objects.filter(seen_at__lt=at - KEPT).delete()
