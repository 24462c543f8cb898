"""Any provider with an HTTP gateway that takes {"id","channel","to","text","template_id"}: SMS, e-mail alike.

`template_id` is the text's registration with the telecom operators (TRAI), empty where none is on file.
"""

from __future__ import annotations

import httpx

from thaam.notices.channels.not_sent import NotSent
from thaam.wire.client import trusted

TIMEOUT = httpx.Timeout(connect=3.0, read=10.0, write=10.0, pool=3.0)


def send_over_http(*, address: str, id: str, channel: str, to: str, text: str, template_id: str = "") -> None:
    """Hand one message over; the gateway knows a repeat by its id. Raises NotSent."""
    message = {"id": id, "channel": channel, "to": to, "text": text, "template_id": template_id}
    try:
        answer = httpx.post(
            f"{address.rstrip('/')}/send", json=message, timeout=TIMEOUT, verify=trusted(), trust_env=False
        )
    except httpx.HTTPError as why:
        raise NotSent(f"{type(why).__name__}: {why}") from why
    if answer.status_code >= 300:
        raise NotSent(f"the gateway said {answer.status_code}")
