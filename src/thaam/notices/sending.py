"""Send one message to one person: a job of the work table, sent outside any transaction, at least once by a stable id.

Packages below schedule it without knowing this module:
    schedule(kind="sms:send", key="code:<id>", run_at=at, to=mobile, text=sentence)
"""

from __future__ import annotations

import datetime
from typing import Any

from thaam.journal.ids import id_from
from thaam.notices.channels import http_gateway

SMS = "sms:send"
EMAIL = "email:send"
WHATSAPP = "whatsapp:send"


def send_sms(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Hand one SMS to the gateway. `payload` has to, text and the job's own key. Raises NotSent: tried again later."""
    _send("sms", payload)


def send_email(payload: dict[str, Any], at: datetime.datetime) -> None:
    """As send_sms, by e-mail."""
    _send("email", payload)


def send_whatsapp(payload: dict[str, Any], at: datetime.datetime) -> None:
    """As send_sms, by WhatsApp."""
    _send("whatsapp", payload)


def _send(channel: str, payload: dict[str, Any]) -> None:
    http_gateway.send(id=id_from("notice", payload["key"]), channel=channel, to=payload["to"], text=payload["text"])
