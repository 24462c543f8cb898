"""The exchange's webhook: call events with the caller's number, so that the screen is filled when the call is answered.

`POST /telephony/events`, JSON `{"id", "event": "ringing" | "answered" | "ended", "caller", "agent", "at"}`. The header
`X-Thaam-Telephony: t=<unix seconds>,v1=<hex>` carries HMAC-SHA256 of `<t>.<body>` under THAAM_TELEPHONY_SECRET, not
older than five minutes. Without that secret the address does not exist and operators type numbers by hand.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from thaam.helpline.ringing import UnknownEvent, take_event
from thaam.parties.desks import sit_at
from thaam.parties.models import Office
from thaam.web.shared.audience import for_telephony
from thaam.wire import codec

BODY_BYTES_MAX = 8192
FRESH_SECONDS = 300


def sign(body: bytes, *, secret: str, at: datetime) -> str:
    """The header an exchange sends along."""
    t = int(at.timestamp())
    return f"t={t},v1={hmac.new(secret.encode(), f'{t}.'.encode() + body, hashlib.sha256).hexdigest()}"


def _is_signed(request: HttpRequest, body: bytes, now: datetime) -> bool:
    header = re.fullmatch(r"t=(\d{1,12}),v1=([0-9a-f]{64})", request.headers.get("X-Thaam-Telephony", ""))
    if not header or abs(int(header[1]) - now.timestamp()) > FRESH_SECONDS:
        return False
    mac = hmac.new(settings.TELEPHONY_SECRET.encode(), f"{header[1]}.".encode() + body, hashlib.sha256)
    return hmac.compare_digest(mac.hexdigest(), header[2])


@csrf_exempt
@for_telephony
def events(request: HttpRequest) -> HttpResponse:
    """Take one event. 401 for a wrong signature, 400 for a wrong body; a repeat is answered like the first."""
    if not settings.TELEPHONY_SECRET or request.method != "POST":
        raise Http404
    now, body = datetime.now(tz=UTC), request.body[: BODY_BYTES_MAX + 1]
    if len(body) > BODY_BYTES_MAX or not _is_signed(request, body, now):
        return JsonResponse({"error": "signature"}, status=401)
    office = Office.objects.filter(code=settings.HELPLINE_OFFICE).first() or Office.objects.first()
    if office is not None:
        sit_at(f"office:{office.pk}")
    try:
        told = codec.parse(body, limit=BODY_BYTES_MAX)
        if any(not str(value).isprintable() for value in told.values()):
            raise ValueError("control characters")
        ring = take_event(
            ring_id=str(told["id"]),
            event=str(told["event"]),
            caller=str(told.get("caller", "")),
            agent=str(told.get("agent", "")),
            at=now,
        )
    except (ValueError, KeyError, TypeError, AttributeError, UnknownEvent):
        return JsonResponse({"error": "body"}, status=400)
    return JsonResponse({"id": ring.pk, "state": ring.state})
