"""The magistrate is told of every hold within the court's time (BNSS 106(3), 24 hours): what is owed, told, overdue."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.complaints.models import Complaint
from thaam.holds.models import Hold
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at
from thaam.work.scheduling import schedule

from .models import Intimation, IntimationHold
from .roles import MAY_ENTER, check_role

OVERDUE = "restoration:magistrate overdue"


class ToldBefore(Exception):
    """This intimation was given already."""


@transaction.atomic
def see_asked(fact: Fact, at: dt.datetime) -> None:
    """A hold was asked for: it stands in the complaint's open intimation, the first of which starts the clock."""
    hold = Hold.objects.get(pk=fact.about.removeprefix("hold:"))
    complaint = Complaint.objects.select_for_update(of=("self",)).filter(number=hold.reference).first()
    if complaint is None or IntimationHold.objects.filter(hold=hold).exists():
        return
    waiting = complaint.intimations.filter(told_at=None).first()
    if waiting is None:
        number = complaint.intimations.count() + 1
        waiting = Intimation(
            id=id_from("intimation", complaint.pk, number), complaint=complaint, number=number,
            jurisdiction=hold.jurisdiction, opened_at=hold.asked_at,
            due_at=due_at("magistrate_told", jurisdiction=hold.jurisdiction, start=hold.asked_at),
        )  # fmt: skip
        waiting.save(force_insert=True)
        record(
            Kind.MAGISTRATE_OWED, about=f"intimation:{waiting.pk}", by="loop:work", at=at, complaint=complaint.number
        )
        schedule(kind=OVERDUE, key=f"{OVERDUE}:{waiting.pk}", run_at=waiting.due_at, intimation_id=str(waiting.pk))
    IntimationHold.objects.create(hold=hold, intimation=waiting)


@transaction.atomic
def record_told(*, intimation_id: Any, officer: Officer, court: str, reference: str, at: dt.datetime) -> Intimation:
    """The paper went to the court: which one, under which number. Locks the row.

    Raises NotAllowed, ToldBefore, ValueError without a court.
    """
    check_role(officer, MAY_ENTER)
    if not court.strip():
        raise ValueError("say which court was told")
    found = Intimation.objects.select_for_update(of=("self",)).get(pk=intimation_id)
    if found.told_at is not None:
        raise ToldBefore(str(found))
    found.told_at, found.told_by = at, officer
    found.court, found.reference = court.strip()[:160], reference.strip()[:80]
    found.save(update_fields=["told_at", "told_by", "court", "reference"])
    record(
        Kind.MAGISTRATE_TOLD, about=f"intimation:{found.pk}", by=f"officer:{officer.pk}", at=at, court=found.court,
        reference=found.reference, late=at > found.due_at,
    )  # fmt: skip
    return found


def note_overdue(payload: dict[str, Any], at: dt.datetime) -> None:
    """The court's 24 hours are over: the holds are open to challenge, and a supervisor has to know."""
    found = Intimation.objects.get(pk=payload["intimation_id"])
    if found.told_at is None and found.overdue_at is None:
        found.overdue_at = at
        found.save(update_fields=["overdue_at"])
        record(Kind.MAGISTRATE_OVERDUE, about=f"intimation:{found.pk}", by="clock", at=at)


@transaction.atomic
def ask_for_paper(*, intimation_id: Any, officer: Officer, at: dt.datetime) -> None:
    """Owe the report on paper, of the holds as they then stand. Raises NotAllowed."""
    check_role(officer, MAY_ENTER)
    found = Intimation.objects.get(pk=intimation_id)
    record(Kind.MAGISTRATE_PAPER_ASKED, about=f"intimation:{found.pk}", by=f"officer:{officer.pk}", at=at)
