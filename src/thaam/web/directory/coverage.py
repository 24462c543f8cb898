"""Who answers for every bank of the network now, and whom silence reaches next; one bank; days of leave."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.language.dates import in_ist
from thaam.parties.coverage import ladder_of, uncovered_branches
from thaam.parties.models import Bank, Nodal
from thaam.web.shared.audience import for_directory, officer_of
from thaam.web.shared.coverage import DUTIES, coverage_of, leave_for


@for_directory
def coverage(request: HttpRequest) -> HttpResponse:
    """Every bank of the network: who answers at this moment, and how many branches have nobody of their own."""
    now = datetime.now(tz=UTC)
    today = in_ist(now).date()
    rows = []
    for bank in Bank.objects.filter(in_network=True).order_by("name_en")[:300]:
        rungs = ladder_of(bank=bank, branch=None, at=now)
        rows.append((bank, rungs, len(uncovered_branches(bank=bank, on=today))))
    rows.sort(key=lambda row: (bool(row[1]), -row[2]))
    return render(request, "directory/coverage.html", {"tab": "coverage", "rows": rows, "duties": DUTIES})


@for_directory
def bank(request: HttpRequest, code: str) -> HttpResponse:
    """One bank: its ladder now, everybody named for it, branches without an officer."""
    found = Bank.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return render(request, "directory/bank.html", {"tab": "coverage", **coverage_of(found)})


@for_directory
def leave(request: HttpRequest, nodal_id: int) -> HttpResponse:
    """Write down days on which somebody does not answer."""
    return leave_for(
        request,
        Nodal.objects.filter(pk=nodal_id).first(),
        by=f"officer:{officer_of(request).pk}",
        back="directory:bank",
    )
