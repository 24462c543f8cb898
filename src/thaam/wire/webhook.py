"""The optional hint to a bank: Standard Webhooks, Ed25519 (`v1a`), carrying bank and position only.

A hint proves nothing and orders nothing; the bank then reads its mailbox. Losing one costs a poll interval.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature

from thaam.wire import codec
from thaam.wire.keys import PublicKey, SigningKey

TOLERANCE_SECONDS = 300
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# 64 bytes in the one right base64: nothing loose in the last letter.
_SIGNATURE = re.compile(r"v1a,([A-Za-z0-9+/]{85}[AQgw]==)")
_BANK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}")


class BadWebhook(Exception):
    """The hint is malformed, too old or too new, or not signed by the platform."""


@dataclass(frozen=True, slots=True)
class Hint:
    """The mailbox of `bank` reaches to `position`."""

    bank: str
    position: int


def sign_hint(*, hint: Hint, id: str, at: dt.datetime, keys: Iterable[SigningKey]) -> tuple[dict[str, str], bytes]:
    """Headers and body of a hint; one signature a key, so that a bank with the old or the next key is served alike."""
    body = codec.canonical({"bank": hint.bank, "position": hint.position})
    timestamp = int(at.timestamp())
    content = signed_content(id=id, timestamp=timestamp, body=body)
    signatures = (f"v1a,{base64.b64encode(key.sign(content)).decode()}" for key in keys)
    headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
    return headers, body


def signed_content(*, id: str, timestamp: int, body: bytes) -> bytes:
    """What Standard Webhooks signs: id, timestamp and body joined by full stops."""
    return f"{id}.{timestamp}.".encode() + body


def verify_hint(headers: Mapping[str, str], body: bytes, *, public_keys: Iterable[PublicKey], now: dt.datetime) -> Hint:
    """The hint, when one signature of one pinned key holds and it is fresh. Raises BadWebhook.

    Header names are looked for in any case. Seeing one id twice is harmless: the hint changes nothing by itself.
    """
    found = {name.lower(): value for name, value in headers.items()}
    id, stamp, signatures = (found.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if _ID.fullmatch(id) is None or re.fullmatch(r"[0-9]{1,12}", stamp, re.ASCII) is None:
        raise BadWebhook("webhook-id or webhook-timestamp is missing or malformed")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        raise BadWebhook("the hint is too old or from the future")
    content = signed_content(id=id, timestamp=int(stamp), body=body)
    if not any(_holds(key, each, content) for key in public_keys for each in signatures.split(" ")[:8]):
        raise BadWebhook("no v1a signature of the platform holds")
    try:
        told = codec.parse(body, limit=1_024)
    except codec.BadMessage as why:
        raise BadWebhook(str(why)) from why
    if type(told) is not dict or told.keys() != {"bank", "position"}:
        raise BadWebhook("a hint carries bank and position, nothing else")
    bank, position = told["bank"], told["position"]
    if type(bank) is not str or _BANK.fullmatch(bank) is None or type(position) is not int or position < 0:
        raise BadWebhook("bank or position is not one")
    return Hint(bank, position)


def _holds(key: PublicKey, signature: str, content: bytes) -> bool:
    if (made := _SIGNATURE.fullmatch(signature)) is None:
        return False
    try:
        key.verify(base64.b64decode(made[1]), content)
    except InvalidSignature:
        return False
    return True
