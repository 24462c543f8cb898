"""The door of the telephone exchange: live queue events, signed (Standard Webhooks: id, timestamp, HMAC-SHA256).

`THAAM_CALLS_SECRET` (base64, "whsec_" in front allowed) is shared with the exchange; without it the door is shut. An
event sent twice changes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from thaam.helpline.queue_log import read_events
from thaam.helpline.store import CallStore
from thaam.language.dates import IST
from thaam.web.shared.audience import for_everyone

BODY_MAX = 256 * 1024
SKEW_SECONDS = 300
_FIELDS = ("time", "call", "queue", "agent", "event")


@csrf_exempt
@for_everyone
def events(request: HttpRequest) -> HttpResponse:
    """`{"events": [{"time", "call", "queue", "agent", "event", "data": [...]}]}` as in a queue_log. 202 with what
    changed; 401 for a wrong or old signature, 422 for events that cannot be read."""
    secret = os.environ.get("THAAM_CALLS_SECRET", "")
    if request.method != "POST" or not secret:
        return JsonResponse({"problem": "this door takes signed POSTs, when THAAM_CALLS_SECRET is set"}, status=404)
    body = request.body
    if len(body) > BODY_MAX or not _signed(request, body, secret):
        return JsonResponse({"problem": "the signature is wrong, or the message older than five minutes"}, status=401)
    try:
        lines = [_line(event) for event in json.loads(body)["events"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        return JsonResponse({"problem": f"not events: {type(problem).__name__}"}, status=422)
    found, problems = read_events(lines, zone=IST)
    with CallStore(settings.DATA) as store:
        done = store.take_events(found, short_ms=0)
    return JsonResponse(
        {"added": done.added, "changed": done.changed, "unchanged": done.unchanged, "problems": problems}, status=202
    )


def _line(event: Any) -> str:
    parts = [str(event[name]) for name in _FIELDS] + [str(part) for part in event.get("data", [])]
    if any("|" in part or not part.isprintable() for part in parts):
        raise ValueError("a field may not hold | or a line break")
    return "|".join(parts)


def _signed(request: HttpRequest, body: bytes, secret: str) -> bool:
    message_id, at = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    if not message_id or re.fullmatch("[0-9]{1,12}", at) is None or abs(time.time() - int(at)) > SKEW_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest())
    given = request.headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(one.partition(b",")[2], wanted) for one in given if one.startswith(b"v1,"))
