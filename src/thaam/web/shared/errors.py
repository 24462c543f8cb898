"""Pages for what goes wrong, in both languages: what failed, is my data safe, what now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.language.text import Text
from thaam.web.shared.audience import for_everyone

SAYINGS: dict[int, tuple[Text, Text]] = {
    400: (
        Text("यह अनुरोध पढ़ा नहीं जा सका", "This request could not be read"),
        Text(
            "शायद फ़ाइल या लिखावट बहुत बड़ी थी। छोटा करके फिर भेजें।",
            "Perhaps the file or text was too large. Make it smaller and send again.",
        ),
    ),
    403: (
        Text("यह पन्ना आपके लिए नहीं खुल सकता", "This page is not open to you"),
        Text(
            "जिस काम के लिए यह है, वह आपकी भूमिका में नहीं है। अपने पर्यवेक्षक से कहें।",
            "It belongs to another role. Ask your supervisor.",
        ),
    ),
    404: (
        Text("यह पन्ना नहीं मिला", "This page was not found"),
        Text(
            "पता फिर से देखें। शिकायत की स्थिति शिकायत नंबर से भी खुलती है।",
            "Check the address. A complaint's status also opens with its number.",
        ),
    ),
    429: (
        Text("थोड़ा रुककर फिर कोशिश करें", "Please wait and try again"),
        Text(
            "थोड़ी देर में बहुत बार कोशिश हुई। 15 मिनट बाद फिर करें, या 1930 पर कॉल करें।",
            "There were too many tries. Try again in 15 minutes, or call 1930.",
        ),
    ),
    500: (
        Text("हमारी ओर से गड़बड़ हुई", "Something went wrong on our side"),
        Text(
            "आपका लिखा हुआ आपके फ़ोन पर बचा है। एक मिनट बाद फिर भेजें, या 1930 पर कॉल करें।",
            "What you wrote is safe on your phone. Send again in a minute, or call 1930.",
        ),
    ),
}
_EXPIRED = (
    Text("पन्ना बहुत देर खुला रहा", "The page was open too long"),
    Text(
        "वापस जाकर फिर भेजें। आपका लिखा हुआ बचा है।",
        "Go back and send again. What you wrote is kept.",
    ),
)


def say(request: HttpRequest, status: int, saying: tuple[Text, Text] | None = None) -> HttpResponse:
    """One page for every error; also used by views that refuse (429)."""
    heading, advice = saying or SAYINGS[status]
    return render(request, "shared/error.html", {"heading": heading, "advice": advice, "code": status}, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400: unreadable or too large."""
    return say(request, 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403: another role's page."""
    return say(request, 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404."""
    return say(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: says that nothing typed is lost."""
    return say(request, 500)


@for_everyone
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form older than its token."""
    return say(request, 403, _EXPIRED)
