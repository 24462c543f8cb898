"""Nonces of signed requests, stored in the transaction of their effect, forgotten when their window is past."""

from __future__ import annotations

import datetime
from typing import Any

from thaam.mailbox.models import Nonce

FORGET = "forget nonces"
KEPT = datetime.timedelta(hours=1)


def find(*, key_id: str, nonce: str) -> Nonce | None:
    """The request this nonce came with, if it came before."""
    return Nonce.objects.filter(key_id=key_id, nonce=nonce).first()


def remember(*, key_id: str, nonce: str, digest: str, receipt: dict[str, str], at: datetime.datetime) -> None:
    """Store a nonce with its receipt. A copy that came at the same moment waits here and finds the first one's row.

    A racing copy changes nothing: its answer is the same receipt by the answer's id.
    """
    Nonce.objects.bulk_create(
        [Nonce(key_id=key_id, nonce=nonce, digest=digest, receipt=receipt, seen_at=at)], ignore_conflicts=True
    )


def forget(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Drop nonces no signature can come with any more (the window is 300 s)."""
    Nonce.objects.filter(seen_at__lt=at - KEPT).delete()
