"""How a complaint stands, without a login: the stage by number and last four, everything by the link of the SMS."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.web.shared.audience import for_citizens
from thaam.web.shared.errors import not_found


@for_citizens
def by_number(request: HttpRequest) -> HttpResponse:
    """Number and last four digits of the mobile: the stage only, no sums and no names."""
    return render(request, "citizen/status_ask.html", {"typed": request.POST})


@for_citizens
def by_link(request: HttpRequest, code: str) -> HttpResponse:
    """The link of the SMS: where every rupee is, whose turn it is, what happened, what to do."""
    return not_found(request)


@for_citizens
def on_paper(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt, for a printer."""
    return not_found(request)
