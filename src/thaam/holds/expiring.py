"""End holds whose time is over, by our own clock, whether or not the bank has said so yet."""

from __future__ import annotations

import datetime as dt

from thaam.journal.ids import id_from
from thaam.money.ranges import NONE, Ranges

from .book import enter
from .models import Entry, Hold


def expire_hold(*, hold: Hold, at: dt.datetime) -> Ranges:
    """Enter the expiry of everything still held; returns those paise, none before the time.

    The caller has the hold locked. A bank that reports the same later moves nothing.
    """
    if at < hold.expires_at or hold.held == NONE:
        return NONE
    return enter(
        hold, Entry.Type.EXPIRED, hold.held, cause=id_from("expiry", hold.pk, hold.expires_at.isoformat(), hold.held),
        by="loop:chase", at=at, stated_at=hold.expires_at, reason="expired",
    )  # fmt: skip
