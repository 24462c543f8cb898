"""Small answers outside the language prefix: short links of messages, the service worker, robots, the manifest."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from thaam.web.shared.audience import for_everyone

_WORKER = Path(__file__).parent / "static" / "thaam" / "worker.js"


@for_everyone
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read the public pages, never a complaint or a desk."""
    rules = [
        "User-agent: *",
        *(f"Disallow: /{lang}/{part}/" for lang in ("hi", "en") for part in ("s", "report", "desk")),
    ]
    return HttpResponse("\n".join([*rules, "Disallow: /s/", ""]), content_type="text/plain")


@for_everyone
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the start page and the offline page; served from the top so that it may cover all."""
    return HttpResponse(_WORKER.read_bytes(), content_type="text/javascript")


@for_everyone
def manifest(request: HttpRequest) -> JsonResponse:
    """Lets a phone keep the start page and share an SMS or a screenshot into the report."""
    return JsonResponse(
        {
            "name": "थाम 1930",
            "short_name": "थाम",
            "lang": "hi",
            "start_url": "/hi/",
            "display": "minimal-ui",
            "background_color": "#fbf9f4",
            "theme_color": "#173f73",
            "icons": [{"src": "/static/thaam/mark.svg", "sizes": "any", "type": "image/svg+xml"}],
            "share_target": {
                "action": "/hi/report/shared",
                "method": "POST",
                "enctype": "multipart/form-data",
                "params": {"text": "text", "title": "title", "files": [{"name": "shot", "accept": ["image/*"]}]},
            },
        },
        content_type="application/manifest+json",
    )


@for_everyone
def letter_link(request: HttpRequest, number: str) -> HttpResponse:
    """The address printed on a letter."""
    return HttpResponseRedirect(f"/hi/verify/{quote(number)}")


@for_everyone
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """A link in a message carries no language: Hindi, unless this phone last read English."""
    lang = "en" if request.COOKIES.get("thaam-lang") == "en" else "hi"
    return HttpResponseRedirect(f"/{lang}/s/{code}")
