"""/metrics: figures of this installation for its monitoring system, as OpenMetrics."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from thaam.oversight.metrics import figures
from thaam.parties.desks import sit_at
from thaam.web.shared.audience import for_everyone
from thaam.wire import openmetrics


@for_everyone
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine itself, or for whoever shows the token; everybody else gets 404, as if nothing were here."""
    if request.method != "GET" or not openmetrics.may_read(
        token=settings.METRICS_TOKEN,
        authorization=request.headers.get("authorization", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        forwarded="forwarded" in request.headers or "x-forwarded-for" in request.headers,
    ):
        return HttpResponse("no such address\n", status=404, content_type="text/plain")
    sit_at("office:0")  # counts over all orders; no row leaves
    return HttpResponse(
        openmetrics.text(figures(at=datetime.now(tz=UTC))),
        headers={"content-type": openmetrics.CONTENT_TYPE, "cache-control": "no-store"},
    )
