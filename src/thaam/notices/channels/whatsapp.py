"""WhatsApp through Meta's Cloud API: a registered utility template whose one body variable is our text.

Address: `https://<host>/<version>/<phone-number-id>?token=<access token>&template=<name>`. The API has no idempotency
key, so a kill between sending and writing it down may send a text twice; it carries the same words.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx

from thaam.notices.channels.not_sent import NotSent
from thaam.wire.client import trusted

TIMEOUT = httpx.Timeout(connect=3.0, read=10.0, write=10.0, pool=3.0)


def send_over_whatsapp(*, address: str, id: str, channel: str, to: str, text: str, template_id: str = "") -> None:
    """Send one template message to a mobile number of ten digits in India. Raises NotSent."""
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    if not (token := query.get("token", [""])[0]):
        raise NotSent("the route has no access token")
    lang = "hi" if any("\u0900" <= sign <= "\u097f" for sign in text) else "en"
    message = {
        "messaging_product": "whatsapp",
        "to": f"91{to[-10:]}",
        "type": "template",
        "template": {
            "name": query.get("template", ["thaam_notice"])[0],
            "language": {"code": lang},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": " ".join(text.split())}]}],
        },
        "biz_opaque_callback_data": id,
    }
    try:
        answer = httpx.post(
            f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/messages",
            json=message,
            headers={"authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            verify=trusted(),
            trust_env=False,
        )
    except httpx.HTTPError as why:
        raise NotSent(f"{type(why).__name__}: {why}") from why
    if answer.status_code >= 300:
        raise NotSent(f"WhatsApp said {answer.status_code}")
