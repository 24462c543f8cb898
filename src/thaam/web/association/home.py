"""What a trade body sees: the problems brought to its office, who answers for each, and by when. No complaint."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.coordination.models import TraderProblem
from thaam.web.shared.audience import for_associations, officer_of

SHOWN_MAX = 200


@for_associations
def home(request: HttpRequest) -> HttpResponse:
    """The register of the office, newest first; the database shows this desk no other office's."""
    officer = officer_of(request)
    problems = (
        TraderProblem.objects.filter(office_id=officer.office_id or 0)
        .select_related("nodal_officer", "traderproblemanswer")
        .order_by("-raised_at")[:SHOWN_MAX]
    )
    now = datetime.now(tz=UTC)
    rows = []
    for problem in problems:
        answer = getattr(problem, "traderproblemanswer", None)
        rows.append({"problem": problem, "answer": answer, "late": answer is None and problem.due_at < now})
    return render(request, "association/home.html", {"rows": rows})
