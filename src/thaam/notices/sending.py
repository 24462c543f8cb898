"""Deliver messages: jobs of the work table, sent outside any transaction, at least once by a stable id.

Packages below schedule a bare message without knowing this module:
    schedule(kind="sms:send", key="code:<id>", run_at=at, to=mobile, text=sentence)
Notices (telling.py) carry their own row, so that every message ever sent can be shown to whom it was sent.

Every channel has its routes in order (settings.ROUTES); when one does not take a message the next is tried at once,
after the last SMS route WhatsApp, and when none does the work table tries again later.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings

from thaam.journal.ids import id_from
from thaam.notices.channels import CHANNELS, NotSent
from thaam.notices.models import Notice, Try

SMS, EMAIL = "sms:send", "email:send"
SEND = "notice:send"


def send_sms(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Hand one bare SMS over. `payload` has to, text and the job's own key. Raises NotSent: tried again later."""
    _over_routes(id=id_from("notice", payload["key"]), channel="sms", to=payload["to"], text=payload["text"])


def send_email(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Hand one bare e-mail over; its first sentence is the subject. Raises NotSent: tried again later."""
    _over_routes(id=id_from("notice", payload["key"]), channel="email", to=payload["to"], text=payload["text"])


def send_notice(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Hand one notice over and write down by which route. Sent already: nothing. Raises NotSent: tried again later."""
    notice = Notice.objects.get(pk=payload["notice_id"])
    if notice.sent_at is not None:
        return
    tried: list[tuple[str, str]] = []
    try:
        _over_routes(
            id=str(notice.pk),
            channel=notice.channel,
            to=notice.to,
            text=notice.text,
            template_id=notice.template_id,
            tried=tried,
        )
    finally:
        Try.objects.bulk_create(
            Try(notice=notice, route=route, taken=not error, error=error[:300], at=at) for route, error in tried
        )
    Notice.objects.filter(pk=notice.pk).update(sent_at=at)


# A mobile number that no SMS route takes may still take WhatsApp, where the deployment has a route for it.
FAILOVER = {"sms": ("sms", "whatsapp"), "whatsapp": ("whatsapp", "sms"), "email": ("email",)}


def _routes_of(channel: str) -> list[tuple[str, tuple[str, str, str]]]:
    return [(channel, route) for route in settings.ROUTES.get(channel, ())]


def _over_routes(
    *, id: str, channel: str, to: str, text: str, template_id: str = "", tried: list[tuple[str, str]] | None = None
) -> None:
    routes = [(channel, *route) for each in FAILOVER[channel] for channel, route in _routes_of(each)]
    why = f"no route is configured for {channel}"
    for channel, name, kind, address in routes:
        try:
            CHANNELS[kind](address=address, id=id, channel=channel, to=to, text=text, template_id=template_id)
        except NotSent as error:
            why = f"{name}: {error}"
            if tried is not None:
                tried.append((name, str(error)))
            continue
        if tried is not None:
            tried.append((name, ""))
        return
    raise NotSent(why)
