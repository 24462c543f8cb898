"""Problems that trade bodies bring (S2.1, S2.9): one named nodal officer and one clock each, from the rulebook."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from thaam.clocks.models import Clock
from thaam.clocks.running import find_clock, start_clock, stop_clock
from thaam.coordination.models import TraderProblem, TraderProblemAnswer
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Office, Officer
from thaam.rulebook.clocks import due_at

CLOCK = "trader_problem"  # the rule, and what its clock is about


class AlreadyAnswered(Exception):
    """The problem has its answer."""

    text = Text(hi="इस समस्या का जवाब दिया जा चुका है।", en="This problem has been answered already.")


@transaction.atomic
def raise_problem(
    *,
    problem_id: str,
    association: str,
    text: str,
    contact: str,
    office: Office,
    nodal_officer: Officer,
    jurisdiction: str,
    by: Officer,
    at: dt.datetime,
) -> TraderProblem:
    """Write a problem with its officer and its date (rule `trader_problem`); the same id again returns the first."""
    problem, fresh = TraderProblem.objects.get_or_create(
        id=problem_id,
        defaults={
            "association": association,
            "text": text,
            "contact": contact,
            "office": office,
            "nodal_officer": nodal_officer,
            "raised_at": at,
            "due_at": due_at(CLOCK, jurisdiction=jurisdiction, start=at),
        },
    )
    if fresh:
        start_clock(
            name=CLOCK, about=CLOCK, subject=problem_id, jurisdiction=jurisdiction, start=at, by=f"officer:{by.pk}"
        )
        record(Kind.TRADER_PROBLEM_RAISED, about=f"trader_problem:{problem_id}", by=f"officer:{by.pk}", at=at)
    return problem


def nodal_of(office: Office) -> Officer | None:
    """Whom a body's new problem goes to: the officer who had its office's latest one, else its first investigator or
    supervisor. None where nobody can have it."""
    able = Officer.objects.filter(
        office=office, is_active=True, role__in=(Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR)
    )
    latest = TraderProblem.objects.filter(office=office, nodal_officer__is_active=True).order_by("-raised_at").first()
    return latest.nodal_officer if latest is not None else able.order_by("role", "pk").first()


@transaction.atomic
def answer_problem(
    *, problem: TraderProblem, solved: bool, text: str, by: Officer, at: dt.datetime
) -> TraderProblemAnswer:
    """Answer once. Raises AlreadyAnswered."""
    answer, fresh = TraderProblemAnswer.objects.get_or_create(
        problem=problem, defaults={"solved": solved, "text": text, "by": f"officer:{by.pk}", "at": at}
    )
    if not fresh:
        raise AlreadyAnswered(problem.id)
    if clock := find_clock(name=CLOCK, about=CLOCK, subject=problem.pk):
        stop_clock(clock=clock, by=f"officer:{by.pk}", at=at)
    record(
        Kind.TRADER_PROBLEM_ANSWERED, about=f"trader_problem:{problem.id}", by=f"officer:{by.pk}", at=at, solved=solved
    )
    return answer


def problems() -> QuerySet[Any]:
    """All problems, each with `ends_at`: when its clock ends now. `due_at` is what was told on the first day."""
    clock = Clock.objects.filter(name=CLOCK, about=CLOCK, subject=OuterRef("pk")).values("due_at")[:1]
    return TraderProblem.objects.annotate(ends_at=Coalesce(Subquery(clock), F("due_at")))


def overdue_problems(*, at: dt.datetime) -> QuerySet[Any]:
    """Unanswered problems past their date, oldest first."""
    return problems().filter(traderproblemanswer=None, ends_at__lt=at).order_by("ends_at")
