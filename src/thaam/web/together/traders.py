"""Traders' problems: a register with a named nodal officer and a clock for each (S2.1, S2.9)."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.coordination import traders as register
from thaam.coordination.models import TraderProblem
from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.web.shared.audience import for_police, officer_of
from thaam.web.shared.fields import id_or_new, number_of

_ALL = Text(
    "संगठन, समस्या, संपर्क और नोडल अधिकारी, चारों लिखिए।", "Write the body, the problem, the contact and the nodal officer."
)


@for_police
def listing(request: HttpRequest) -> HttpResponse:
    """Open problems by their clock, answered ones below; POST raises one with its officer."""
    officer = officer_of(request)
    now = dt.datetime.now(tz=dt.UTC)
    wrong: dict[str, Text] = {}
    if request.method == "POST":
        told = {name: request.POST.get(name, "").strip() for name in ("association", "text", "contact")}
        who = Officer.objects.filter(pk=number_of(request.POST.get("nodal")), office__isnull=False).first()
        if not all(told.values()) or who is None or officer.office is None:
            wrong["association"] = _ALL
        else:
            register.raise_problem(
                problem_id=id_or_new(request.POST.get("id")),
                association=told["association"][:160],
                text=told["text"][:4000],
                contact=told["contact"][:160],
                office=officer.office,
                nodal_officer=who,
                jurisdiction=settings.JURISDICTION,
                by=officer,
                at=now,
            )
            return redirect("together:traders")
    all_problems = register.problems().select_related("nodal_officer", "office", "traderproblemanswer")
    context = {
        "tab": "traders",
        "open": all_problems.filter(traderproblemanswer=None).order_by("ends_at")[:100],
        "answered": all_problems.exclude(traderproblemanswer=None).order_by("-raised_at")[:60],
        "officers": Officer.objects.filter(is_active=True, office=officer.office).exclude(
            role__in=("association", "auditor")
        ),
        "new_id": new_id(),
        "wrong": wrong,
        "typed": request.POST,
    }
    return render(request, "together/traders.html", context, status=422 if wrong else 200)


@for_police
def answer(request: HttpRequest, problem_id: Any) -> HttpResponse:
    """The nodal officer's answer: solved, or why it cannot be."""
    problem = get_object_or_404(TraderProblem, pk=problem_id)
    words = request.POST.get("text", "").strip()[:4000]
    if request.method == "POST" and words:
        with suppress(register.AlreadyAnswered):
            register.answer_problem(
                problem=problem,
                solved=request.POST.get("solved") == "yes",
                text=words,
                by=officer_of(request),
                at=dt.datetime.now(tz=dt.UTC),
            )
    return redirect("together:traders")
