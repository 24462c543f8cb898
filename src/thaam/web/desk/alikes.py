"""Two reports that look alike: an officer says apart, one ring, or the same matter, and the pages remember it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from thaam.complaints.alike import CannotMerge, judge, merge
from thaam.complaints.models import Complaint, Judgement
from thaam.complaints.telling import CannotFile
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.web.desk.complaint import get_complaint
from thaam.web.shared.audience import for_desk, officer_of
from thaam.web.shared.context import lang_of

_APART_MAX = 5
SAID = {
    Judgement.Verdict.APART: Text("याद रखा: ये दोनों अलग हैं।", "Remembered: the two are not the same."),
    Judgement.Verdict.RING: Text("याद रखा: दोनों में एक ही गिरोह।", "Remembered: one ring behind both."),
}


@for_desk
def judged(request: HttpRequest, complaint_id: UUID, other_id: UUID) -> HttpResponse:
    """Judge the pair (`verdict`: apart, ring, same); "same" merges, and the page of the report that stays opens."""
    officer, now = officer_of(request), datetime.now(tz=UTC)
    one, other = get_complaint(complaint_id, officer), get_complaint(other_id, officer)
    verdict, back = request.POST.get("verdict", ""), one
    if request.method == "POST" and verdict in Judgement.Verdict.values:
        try:
            if verdict == Judgement.Verdict.SAME:
                back = merge(complaint_id=one.pk, other_id=other.pk, officer=officer, at=now)
                said = Text(f"दोनों अब एक हैं: {back.number}।", f"The two are one now: {back.number}.")
            else:
                judge(
                    complaint_id=one.pk, other_id=other.pk, verdict=Judgement.Verdict(verdict), officer=officer, at=now
                )
                said = SAID[Judgement.Verdict(verdict)]
            messages.success(request, said.in_(lang_of(request)))
        except (CannotMerge, CannotFile) as refused:
            messages.error(request, refused.text.in_(lang_of(request)))
    return redirect("desk:call" if request.POST.get("from") == "call" else "desk:complaint", complaint_id=back.pk)


def note_apart(request: HttpRequest, complaint: Complaint, officer: Officer, now: datetime) -> None:
    """What the operator called "not the same" while the caller still spoke, before there was a complaint to judge."""
    for typed in request.POST.getlist("apart")[:_APART_MAX]:
        try:
            other = Complaint.objects.filter(pk=UUID(typed)).first()
        except ValueError:
            continue
        if other is not None and other.pk != complaint.pk:
            judge(
                complaint_id=complaint.pk, other_id=other.pk, verdict=Judgement.Verdict.APART, officer=officer, at=now
            )
