"""What this office or bank owes and is told: open decisions, this morning's lines, unread bulletins, suggestions."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.coordination import meetings
from thaam.coordination import suggestions as saying
from thaam.coordination.inspecting import open_faults
from thaam.coordination.models import BulletinCopy, Decision, Suggestion
from thaam.coordination.traders import problems
from thaam.journal.ids import new_id
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.web.shared.audience import for_police, for_police_and_banks, officer_of
from thaam.web.shared.fields import id_or_new

_EMPTY = Text("सुझाव लिखिए।", "Write the suggestion.")


@for_police_and_banks
def home(request: HttpRequest) -> HttpResponse:
    """The owner's home: decisions come back here until they are closed."""
    officer = officer_of(request)
    now = dt.datetime.now(tz=dt.UTC)
    mine = Decision.objects.filter(decisionclosing=None)
    mine = mine.filter(owner_bank=officer.bank) if officer.bank_id else mine.filter(owner_office=officer.office)
    copies = BulletinCopy.objects.filter(read_at=None)
    copies = copies.filter(bank=officer.bank) if officer.bank_id else copies.filter(office=officer.office)
    since = now - dt.timedelta(hours=20)
    context = {
        "tab": "together",
        "decisions": mine.select_related("owner_office", "owner_bank", "meeting").order_by("due_on")[:60],
        "unread": copies.select_related("bulletin").order_by("-sent_at")[:20],
        "faults": open_faults(bank=officer.bank)[:20] if officer.bank_id else open_faults(station=officer.office)[:20],
        "lines": officer.office.alerts.filter(at__gte=since).order_by("-at", "id")[:6] if officer.office else [],
        "problems": problems().filter(office=officer.office, traderproblemanswer=None).order_by("ends_at")[:20]
        if officer.office
        else [],
        "today": now.astimezone(IST).date(),
    }
    return render(request, "together/home.html", context)


@for_police_and_banks
def close_decision(request: HttpRequest, decision_id: Any) -> HttpResponse:
    """The owner says what was done."""
    officer = officer_of(request)
    decision = get_object_or_404(Decision, pk=decision_id)
    owns = (officer.bank_id and decision.owner_bank_id == officer.bank_id) or (
        officer.office_id and decision.owner_office_id == officer.office_id
    )
    note = request.POST.get("note", "").strip()[:2000]
    if request.method == "POST" and note and owns:
        with suppress(meetings.AlreadyClosed):
            meetings.close_decision(
                decision=decision, done=True, note=note, by=f"officer:{officer.pk}", at=dt.datetime.now(tz=dt.UTC)
            )
    return redirect("together:home")


@for_police
def suggestions(request: HttpRequest) -> HttpResponse:
    """The register of suggestions: an office proposes, everybody reads the answers."""
    officer = officer_of(request)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        words = request.POST.get("text", "").strip()[:2000]
        if not words:
            wrong["text"] = _EMPTY
        else:
            try:
                saying.suggest(
                    suggestion_id=id_or_new(request.POST.get("id")),
                    text=words,
                    by=officer,
                    at=dt.datetime.now(tz=dt.UTC),
                )
                return redirect("together:suggestions")
            except saying.NoOffice as refused:
                wrong["text"] = refused.text
    context = {
        "tab": "suggestions",
        "all": Suggestion.objects.select_related("office", "suggestionanswer").order_by("-made_at")[:100],
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "together/suggestions.html", context, status=422 if wrong else 200)
