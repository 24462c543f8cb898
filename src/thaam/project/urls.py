"""Every address of the platform: pages by audience under /hi/ and /en/, the banks' door under /api/.

An audience's pages are included when its `web/<audience>/urls.py` exists; citizens live at the top.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path


def healthy(request: HttpRequest) -> HttpResponse:
    """Says that this process answers; touches no database."""
    return HttpResponse("ok\n", content_type="text/plain")


def first_page(request: HttpRequest) -> HttpResponse:
    """Hindi first, whatever the browser prefers; the switch to English is on every page."""
    return HttpResponseRedirect("/hi/")


_pages = [
    path("" if audience == "citizen" else f"{audience}/", include(f"thaam.web.{audience}.urls"))
    # the citizen's pages last: they own the top level
    for audience in [*(a for a in settings.AUDIENCES if a != "citizen"), "citizen"]
    if find_spec(f"thaam.web.{audience}.urls")
]

urlpatterns = [
    path("health", healthy, name="healthy"),
    path("", first_page),
    path("api/v1/", include("thaam.bank_api.urls")),
    *([path("", include("thaam.web.shared.urls"))] if find_spec("thaam.web.shared.urls") else []),
    *i18n_patterns(*_pages),
]

handler400 = "thaam.web.shared.errors.bad_request"
handler403 = "thaam.web.shared.errors.forbidden"
handler404 = "thaam.web.shared.errors.not_found"
handler500 = "thaam.web.shared.errors.broken"
