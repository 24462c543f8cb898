"""Tell a bank, at an address it has named, that something new waits: Standard Webhooks, bank and position only.

Off unless settings.BANK_HINTS: the platform then opens no connection towards any bank. A hint that gets lost costs a
poll interval; nothing is repeated for long.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import transaction

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact, Line
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import HintAddress
from thaam.parties.keys import platform_key
from thaam.wire.client import trusted
from thaam.wire.webhook import Hint, sign_hint
from thaam.work.scheduling import schedule

SEND = "mailbox:hint"
TRIES_MAX = 3
TIMEOUT = httpx.Timeout(connect=2.0, read=3.0, write=3.0, pool=2.0)


class NotAnAddress(ValueError):
    """A hint goes to an https address without user or fragment (http only to this machine, for a trial)."""

    text = Text(
        hi="पता https:// से शुरू हो; उसमें नाम या पासवर्ड न हो।", en="The address begins with https:// and names no user."
    )


class NotTaken(Exception):
    """The bank's address did not take the hint; tried again at most TRIES_MAX times."""


@transaction.atomic
def set_address(*, bank: str, url: str, by: str, at: dt.datetime) -> None:
    """Where this bank wants its hints; an empty url ends them. Raises NotAnAddress."""
    if not url:
        HintAddress.objects.filter(bank_id=bank).delete()
    else:
        parts = urlsplit(url)
        local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        if not parts.hostname or parts.username or parts.fragment or not (parts.scheme == "https" or local):
            raise NotAnAddress(url)
        HintAddress.objects.update_or_create(bank_id=bank, defaults={"url": url, "set_at": at})
    record(Kind.HINT_ADDRESS_SET, about=f"partner:{bank}", by=by, at=at, url=url)


def owe_hint(fact: Fact, at: dt.datetime) -> None:
    """A reader of "order:posted": put a hint on the work table, where the bank has named an address."""
    bank = fact.data.get("partner", "")
    if not settings.BANK_HINTS or not HintAddress.objects.filter(bank_id=bank).exists():
        return
    position = Line.objects.values_list("position", flat=True).get(fact=fact)
    schedule(kind=SEND, key=f"hint:{bank}:{position}", run_at=at, attempts_max=TRIES_MAX, bank=bank, position=position)


def send_hint(payload: dict[str, Any], at: dt.datetime) -> None:
    """Send one hint, signed with the platform's key. No redirect is followed. Raises NotTaken."""
    address = HintAddress.objects.filter(bank_id=payload["bank"]).first()
    if address is None:
        return
    hint = Hint(payload["bank"], payload["position"])
    headers, body = sign_hint(hint=hint, id=id_from("hint", payload["key"]), at=at, keys=[platform_key()])
    try:
        answer = httpx.post(
            address.url, content=body, headers=headers, timeout=TIMEOUT, verify=trusted(), follow_redirects=False,
            trust_env=False,
        )  # fmt: skip
    except httpx.HTTPError as why:
        raise NotTaken(type(why).__name__) from why
    if answer.status_code >= 300:
        raise NotTaken(f"status {answer.status_code}")
