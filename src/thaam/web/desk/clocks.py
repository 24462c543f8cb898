"""Every running clock, latest first: whose it is, how its end came about, what was escalated, what nobody has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.clocks.models import Clock
from thaam.clocks.running import elapsed_percent, explain, paused_by, resume_clock, start_clock, stop_clock
from thaam.complaints.models import Complaint
from thaam.language.numbers import only_digits
from thaam.language.text import Text
from thaam.rulebook.rules import rule
from thaam.web.shared.audience import for_desk, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import one_line

SHOWN_MAX = 200
# clocks an officer starts by hand, about a complaint
BY_HAND = (
    "seizure_order",
    "zero_fir_regular",
    "preliminary_inquiry",
    "show_cause",
    "magistrate_distributes",
    "ombudsman_opens",
)
VIEWS = (
    ("late", Text("समय निकला", "Late")),
    ("warned", Text("जल्द ख़त्म", "Due soon")),
    ("nobody", Text("कोई नहीं देख रहा", "Nobody named")),
    ("back", Text("हमारे पास लौटे", "Back with us")),
    ("ours", Text("हमारे काम", "Ours to do")),
    ("all", Text("सब", "All")),
)


def _of_view(view: str) -> Any:
    running = Clock.objects.filter(ended_at=None).select_related("partner").prefetch_related("pauses", "moves")
    filters = {
        "late": Q(breached_at__isnull=False) & ~Q(pauses__until_at=None, pauses__isnull=False),
        "warned": Q(warned_at__isnull=False, breached_at=None),
        "nobody": Q(nobody_named=True),
        "back": Q(pauses__isnull=False, pauses__until_at=None),
        "ours": Q(partner=None),
    }
    return running.filter(filters[view]).distinct() if view in filters else running


@for_desk
def clocks(request: HttpRequest) -> HttpResponse:
    """The list by view, with counts."""
    now, lang = datetime.now(tz=UTC), lang_of(request)
    view = request.GET.get("view", "late")
    rows = [
        {
            "clock": clock,
            "title": rule(clock.name, jurisdiction=clock.jurisdiction, on=clock.started_at).title,
            "pause": paused_by(clock),
            "percent": min(int(elapsed_percent(clock, now)), 999),
            "why": explain(clock, lang, now),
            "address": _address(clock),
        }
        for clock in _of_view(view).order_by("due_at")[:SHOWN_MAX]
    ]
    context = {
        "tab": "clocks",
        "view": view,
        "views": [(name, text, _of_view(name).count()) for name, text in VIEWS],
        "rows": rows,
        "by_hand": [rule(name, jurisdiction="IN", on=now) for name in BY_HAND],
    }
    return render(request, "desk/clocks.html", context)


def _address(clock: Clock) -> str:
    if clock.about == "hold":
        return reverse("desk:hold", args=[clock.subject])
    if clock.about == "complaint":
        return reverse("desk:complaint", args=[clock.subject])
    return reverse("bank:read-out", args=[clock.subject]) if clock.about == "order" else ""


@for_desk
def clock(request: HttpRequest, clock_id: UUID) -> HttpResponse:
    """Say that what was owed is done, or that the ball is back with the bank."""
    found = Clock.objects.filter(pk=clock_id).first()
    if found is None or request.method != "POST":
        raise Http404
    by, now = f"officer:{officer_of(request).pk}", datetime.now(tz=UTC)
    if "resume" in request.POST:
        if found.ended_at is None:
            resume_clock(clock=found, by=by, at=now)
    else:
        words = one_line(request.POST.get("words"), most=300)
        if not words:
            said = Text("क्या किया गया, यह लिखें (पत्र या डायरी नंबर)।", "Write what was done (letter or diary number).")
            messages.error(request, said.in_(lang_of(request)))
            return redirect(f"{reverse('desk:clocks')}?view=ours")
        stop_clock(clock=found, by=by, at=now, words=words)
    return redirect(f"{reverse('desk:clocks')}?view={request.POST.get('view', 'late')}")


@for_desk
def begin(request: HttpRequest) -> HttpResponse:
    """Start a clock of the law by hand, about a complaint."""
    if request.method != "POST":
        raise Http404
    complaint = Complaint.objects.filter(number=only_digits(request.POST.get("number", ""))).first()
    name = request.POST.get("name", "")
    if complaint is None or name not in BY_HAND:
        said = Text("शिकायत नंबर और समय-सीमा दोनों चुनें।", "Enter the complaint number and choose the clock.")
        messages.error(request, said.in_(lang_of(request)))
    else:
        start_clock(
            name=name, about="complaint", subject=complaint.pk, jurisdiction=complaint.jurisdiction,
            start=datetime.now(tz=UTC), by=f"officer:{officer_of(request).pk}",
        )  # fmt: skip
    return redirect(f"{reverse('desk:clocks')}?view=ours")
