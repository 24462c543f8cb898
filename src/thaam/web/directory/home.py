"""The directory at a glance: how much of each kind is on file, what is unfinished, whose post ends, a search."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.language.dates import in_ist
from thaam.parties.coverage import ending_soon
from thaam.parties.exporting import in_post
from thaam.parties.imports import SHEETS
from thaam.parties.models import Bank, Branch, Import, Office
from thaam.rulebook.rules import rule
from thaam.web.shared.audience import for_directory
from thaam.web.shared.fields import one_line
from thaam.web.shared.wording import BANK_KINDS

FOUND_MAX = 50


@for_directory
def home(request: HttpRequest) -> HttpResponse:
    """Counts, unfinished imports, appointments that end, and banks by name or code."""
    now = datetime.now(tz=UTC)
    today = in_ist(now).date()
    words = one_line(request.GET.get("q"), most=60)
    banks = Bank.objects.annotate(
        branch_count=Count("branches", distinct=True), nodal_count=Count("nodals", distinct=True)
    )
    if words:
        banks = banks.filter(Q(code__iexact=words) | Q(name_en__icontains=words) | Q(name_hi__icontains=words))
    else:
        banks = banks.filter(in_network=True)
    days = rule("appointment_reminder", jurisdiction="IN", on=now).value
    counts: dict[str, Any] = {
        "partners": Bank.objects.count(),
        "branches": Branch.objects.filter(open=True).count(),
        "nodals": in_post(today).count(),
        "offices": Office.objects.count(),
    }
    context = {
        "tab": "home",
        "sheets": [(sheet, counts[sheet.kind]) for sheet in SHEETS.values()],
        "unfinished": Import.objects.filter(done_at=None).order_by("-checked_at")[:10],
        "imports": Import.objects.exclude(done_at=None).order_by("-done_at")[:8],
        "ending": ending_soon(on=today, days=days),
        "days": days,
        "banks": [(bank, BANK_KINDS[bank.kind]) for bank in banks.order_by("name_en")[:FOUND_MAX]],
        "words": words,
    }
    return render(request, "directory/home.html", context)
