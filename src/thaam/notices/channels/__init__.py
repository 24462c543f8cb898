"""The ways a message leaves the house. Each is one function that takes it or raises NotSent; none is called in a
transaction, each has a timeout. A route is (name, kind, address); settings.ROUTES lists them a channel."""

from __future__ import annotations

from collections.abc import Callable

from thaam.notices.channels.http_gateway import send_over_http
from thaam.notices.channels.not_sent import NotSent
from thaam.notices.channels.smtp import send_over_smtp
from thaam.notices.channels.whatsapp import send_over_whatsapp

CHANNELS: dict[str, Callable[..., None]] = {
    "http": send_over_http,
    "smtp": send_over_smtp,
    "whatsapp": send_over_whatsapp,
}

__all__ = ["CHANNELS", "NotSent"]
