"""Any provider with an HTTP gateway that takes {"id","channel","to","text"}: SMS, e-mail, WhatsApp alike."""

from __future__ import annotations

import httpx
from django.conf import settings

TIMEOUT = httpx.Timeout(connect=3.0, read=10.0, write=10.0, pool=3.0)


class NotSent(Exception):
    """The gateway did not take the message: try again later."""


def send(*, id: str, channel: str, to: str, text: str) -> None:
    """Hand one message over; the gateway knows a repeat by its id. Outside any transaction. Raises NotSent."""
    if not settings.GATEWAY_URL:
        raise NotSent("no gateway is configured (THAAM_GATEWAY_URL)")
    try:
        answer = httpx.post(
            f"{settings.GATEWAY_URL.rstrip('/')}/send",
            json={"id": id, "channel": channel, "to": to, "text": text},
            timeout=TIMEOUT,
            trust_env=False,
        )
    except httpx.HTTPError as why:
        raise NotSent(f"{type(why).__name__}: {why}") from why
    if answer.status_code >= 300:
        raise NotSent(f"the gateway said {answer.status_code}")
