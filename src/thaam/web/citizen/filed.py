"""The bridge between the citizen's pages and the complaints package: one call down a verb, errors as sentences."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from thaam.language.dates import time_words
from thaam.language.numbers import only_digits
from thaam.language.text import Text
from thaam.web.citizen.draft import Draft
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong

CALL_BACK_WITHIN = timedelta(minutes=5)


def file(draft: Draft, *, story: str, lang: str, at: datetime) -> Any:
    """File the complaint of this draft; a repeat with the same id and content is the same complaint."""
    raise Wrong(Text("अभी दर्ज नहीं हो सका। 1930 पर कॉल करें।", "It could not be registered now. Call 1930."))


def send_code(complaint: Any, *, at: datetime) -> None:
    """Send the code once more."""


def confirm(complaint: Any, typed: str, *, at: datetime) -> None:
    """Check the code; the hold request leaves in the same moment. Raises Wrong."""
    code = only_digits(typed)
    if len(code) != 6:
        raise Wrong(
            Text(f"OTP 6 अंक का होता है। आपने {len(code)} लिखे।", f"The code has 6 digits. You entered {len(code)}.")
        )


def find_sent(request: HttpRequest, cookie: str, seconds: int) -> Any | None:
    """The complaint this phone sent today, or None."""
    try:
        signing.loads(request.COOKIES.get(cookie, ""), salt=cookie, max_age=seconds)
    except signing.BadSignature:
        return None
    return None


def standing(request: HttpRequest, complaint: Any, now: datetime) -> dict[str, Any]:
    """What the page with the number says."""
    lang = lang_of(request)
    return {
        "confirmed": False,
        "total_paise": 0,
        "lines": [],
        "status_url": reverse("citizen:status"),
        "mobile_tail": "",
        "call_due": time_words(now + CALL_BACK_WITHIN, lang),
    }
