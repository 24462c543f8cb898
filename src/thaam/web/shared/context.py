"""What every page knows: its language, the moment it is read, its address in the other language, whose it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from thaam.language.text import Text

OFFICE_NAME = Text("राज्य साइबर हेल्पलाइन", "State cyber helpline")
HELP_NUMBER = "1930"


def lang_of(request: HttpRequest) -> str:
    """ "en" under /en/, else "hi"."""
    if request.path.startswith("/en/"):
        return "en"
    if request.path.startswith("/hi/"):
        return "hi"
    return "en" if (get_language() or "").startswith("en") else "hi"


def in_other_language(request: HttpRequest) -> str:
    """The same page, with its query, in the other language."""
    lang = lang_of(request)
    path = request.get_full_path()
    if path.startswith((f"/{lang}/", f"/{lang}?")):
        return f"/{'hi' if lang == 'en' else 'en'}{path[3:]}"
    return "/hi/" if lang == "en" else "/en/"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor of every page; the only place where a page asks for the time."""
    lang = lang_of(request)
    return {
        "lang": lang,
        "other_lang": "hi" if lang == "en" else "en",
        "other_url": in_other_language(request),
        "now": getattr(request, "now", None) or datetime.now(tz=UTC),
        "office_name": OFFICE_NAME,
        "help_number": HELP_NUMBER,
        "theme": request.COOKIES.get("thaam-theme", ""),
        "demo": getattr(settings, "DEMO", False),
        "demo_messages": getattr(settings, "GATEWAY_URL", "") if getattr(settings, "DEMO", False) else "",
        "public_url": getattr(settings, "PUBLIC_URL", ""),
    }
