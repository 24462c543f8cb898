"""Who answers for the clerk's own bank, in which order silence climbs, and days of leave."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.parties.models import Nodal
from thaam.web.bank.queue import tabs_of
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.coverage import coverage_of, leave_for


@for_banks
def coverage(request: HttpRequest) -> HttpResponse:
    """The ladder at this moment, the bank's appointments, branches without an officer of their own."""
    own = officer_of(request).bank
    if own is None:
        raise Http404
    context = {"tabs": tabs_of(own.code, ""), "chosen": "coverage", "own": True, **coverage_of(own)}
    return render(request, "bank/coverage.html", context)


@for_banks
def leave(request: HttpRequest, nodal_id: int) -> HttpResponse:
    """Days on which one of the bank's own officers does not answer."""
    partner = officer_of(request).bank_id or ""
    mine = Nodal.objects.filter(pk=nodal_id, bank_id=partner).first()
    return leave_for(request, mine, by=f"bank:{partner}", back="bank:coverage")
