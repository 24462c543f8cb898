"""Reports of the public and of banks, answered; people who say they are wrongly listed, heard."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.language.text import Text
from thaam.suspects.agreeing import MAY_AGREE, MayNotAgree
from thaam.suspects.looking_up import marks_of
from thaam.suspects.marking import AlreadyDecided, decide_hearing
from thaam.suspects.models import Hearing, Identifier, Report, ReportAnswer
from thaam.suspects.reporting import AlreadyAnswered, answer_report, waiting_reports
from thaam.web.shared.audience import for_desk_and_approvers, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.suspects.words import KINDS, OUTCOMES, SAY_WHY, source_said

_DONE = Text(
    "जवाब दर्ज हुआ। सूचना देने वाला इसे अपने लिंक पर पढ़ सकता है।", "Answered. The reporter can read it under their link."
)
_DECIDED = Text("इस पर फ़ैसला हो चुका है।", "This was decided before.")


@for_desk_and_approvers
def reports(request: HttpRequest) -> HttpResponse:
    """What waits, urgent first; POST answers one."""
    refused: Text | None = None
    if request.method == "POST":
        report = get_object_or_404(Report, pk=request.POST.get("report"))
        words = request.POST.get("words", "").replace("\x00", "").strip()[:2000]
        outcome = request.POST.get("outcome", "")
        if not words or outcome not in ReportAnswer.Outcome.values:
            refused = SAY_WHY
        else:
            try:
                answer_report(
                    report=report, outcome=outcome, words=words, by=officer_of(request), at=datetime.now(tz=UTC)
                )
                messages.success(request, _DONE.in_(lang_of(request)))
                return redirect("suspects:reports")
            except AlreadyAnswered as slip:
                refused = slip.text
    waiting = [
        (each, KINDS.get(each.kind, Text(each.kind, each.kind)), source_said(each.by)) for each in waiting_reports(60)
    ]
    answered = ReportAnswer.objects.select_related("report", "by").order_by("-at")[:20]
    context = {
        "tab": "reports",
        "waiting": waiting,
        "answered": [(each, OUTCOMES[each.outcome]) for each in answered],
        "outcomes": list(OUTCOMES.items()),
        "refused": refused,
    }
    return render(request, "suspects/reports.html", context, status=422 if refused else 200)


@for_desk_and_approvers
def hearing(request: HttpRequest, hearing_id: Any) -> HttpResponse:
    """One person's words, what is listed, and the decision by somebody who did not agree to the mark."""
    found = get_object_or_404(Hearing, pk=hearing_id)
    officer, now = officer_of(request), datetime.now(tz=UTC)
    refused: Text | None = None
    if request.method == "POST":
        words = request.POST.get("words", "").replace("\x00", "").strip()[:2000]
        try:
            if not words or request.POST.get("delisted") not in ("yes", "no"):
                refused = SAY_WHY
            else:
                decide_hearing(
                    hearing=found, delisted=request.POST["delisted"] == "yes", words=words, by=officer, at=now
                )
                return redirect("suspects:hearing", hearing_id=found.pk)
        except MayNotAgree as slip:
            refused = slip.text
        except AlreadyDecided:
            refused = _DECIDED
    row = Identifier.objects.filter(kind=found.kind, name=found.name).first()
    context = {
        "tab": "reports",
        "hearing": found,
        "kind": KINDS.get(found.kind, Text(found.kind, found.kind)),
        "row": row,
        "marks": marks_of(row, now) if row else [],
        "decided": getattr(found, "decided", None),
        "may": officer.role in MAY_AGREE,
        "refused": refused,
    }
    return render(request, "suspects/hearing.html", context, status=422 if refused else 200)
