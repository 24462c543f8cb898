"""The desk's first page and lists: reports to confirm by voice, money being followed, finding a complaint."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.complaints.models import Complaint
from thaam.helpline.asked import AskedCall, note_called, waiting_calls
from thaam.helpline.tasks import open_tasks
from thaam.journal.hints import stream_url_for
from thaam.language.numbers import only_digits
from thaam.rulebook.clocks import due_at
from thaam.web.desk.figures import standings_of, sum_of
from thaam.web.shared.audience import for_desk, officer_of

SHOWN_MAX = 50
LATEST = 25


def waiting() -> QuerySet[Complaint]:
    """Reports whose mobile is not confirmed yet, oldest first: each gets a call."""
    return Complaint.objects.filter(confirmed_at=None, withdrawn_at=None).order_by("filed_at")


def asked_rows(now: datetime) -> list[tuple[AskedCall, datetime]]:
    """Numbers that asked to be called, each with the moment by which the call is due."""
    return [(each, due_at("call_back", jurisdiction="IN", start=each.asked_at)) for each in waiting_calls(now)]


def call_rows(complaints: Any) -> list[dict[str, Any]]:
    """Reports to confirm, each with the moment by which the call is due."""
    return [
        {"complaint": each, "due": due_at("call_back", jurisdiction=each.jurisdiction, start=each.filed_at)}
        for each in complaints
    ]


@for_desk
def home(request: HttpRequest) -> HttpResponse:
    """What needs a call now, the newest complaints with their money, today's sums."""
    now = datetime.now(tz=UTC)
    newest = standings_of(Complaint.objects.order_by("-filed_at")[:LATEST], at=now)
    today = standings_of(Complaint.objects.filter(filed_at__gte=now - timedelta(hours=24)), at=now)
    context = {
        "calls": call_rows(waiting()[:8]),
        "waiting_count": waiting().count(),
        "asked_calls": asked_rows(now),
        "task_count": (open_now := open_tasks(officer_of(request), now)).count(),
        "first_task": open_now.first(),
        "newest": newest,
        "sums": sum_of(today),
        "today_count": len(today),
        "tab": "home",
        "stream_url": stream_url_for(
            [
                "complaint:filed",
                "chase:advanced",
                "hold:held",
                "complaint:confirmed",
                "call:asked",
                "call:made",
                "task:made",
            ]
        ),
    }
    return render(request, "desk/home.html", context)


@for_desk
def queue(request: HttpRequest) -> HttpResponse:
    """Every report that waits for a call, oldest first."""
    context = {
        "calls": call_rows(waiting()[:SHOWN_MAX]),
        "asked_calls": asked_rows(datetime.now(tz=UTC)),
        "waiting_count": waiting().count(),
        "tab": "queue",
        "stream_url": stream_url_for(["complaint:filed", "complaint:confirmed", "call:asked", "call:made"]),
    }
    return render(request, "desk/queue.html", context)


@for_desk
def called(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The operator has called a number that asked for it; then on to the console with the number filled in."""
    if request.method == "POST":
        note_called(call_id=str(call_id), by=f"officer:{officer_of(request).pk}", at=datetime.now(tz=UTC))
        if mobile := only_digits(request.POST.get("mobile", "")):
            return redirect(f"{reverse('desk:console')}?mobile={mobile[:10]}")
    return redirect("desk:queue")


@for_desk
def find(request: HttpRequest) -> HttpResponse:
    """Find by complaint number, mobile, name or a payment's reference; one hit opens at once."""
    typed = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    found: list[Complaint] = []
    if typed:
        digits = only_digits(typed)
        match = Q(name__icontains=typed) | Q(debits__reference__iexact=typed)
        if len(digits) >= 4:
            match |= Q(number__endswith=digits) | Q(mobile__endswith=digits[-10:]) | Q(debits__reference=digits)
        found = list(Complaint.objects.filter(match).distinct().order_by("-filed_at")[:SHOWN_MAX])
        if len(found) == 1:
            return redirect("desk:complaint", complaint_id=found[0].pk)
    context = {"q": typed, "newest": standings_of(found, at=datetime.now(tz=UTC)), "tab": "find"}
    return render(request, "desk/find.html", context)
