"""Reports of suspicious numbers, pages and persons without a loss: taken, looked at, answered (S1.18, S1.23)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at
from thaam.suspects.models import Report, ReportAnswer, Sighting
from thaam.suspects.naming import IdentifierKind, name_of
from thaam.suspects.sighting import note_sighting
from thaam.suspects.weighing import Word, weight_of


class AlreadyAnswered(Exception):
    """The report was answered before."""

    text = Text("इस सूचना का जवाब दिया जा चुका है।", "This report was answered already.")


@transaction.atomic
def lodge_report(
    *,
    report_id: str,
    kind: IdentifierKind,
    typed: str,
    words: str,
    by: str,
    at: dt.datetime,
    reason: str = Sighting.Reason.OTHER,
    place: str = "",
    contact: str = "",
    urgent: bool = False,
    jurisdiction: str = "IN",
) -> Report:
    """Keep a report and its sighting; start the clock of its answer. The same id returns the first.

    `by` is "citizen" or "bank:<code>"; a bank's word counts towards watching, a citizen's alone does not. A person is
    never listed by name from one report: the report waits for an officer, who is told within hours.
    Raises NotAnIdentifier, TooCommon."""
    if known := Report.objects.filter(id=report_id).first():
        return known
    bank = by.startswith("bank:")
    sighting = None
    if kind is not IdentifierKind.PERSON:
        sighting = note_sighting(
            sighting_id=id_from("report sighting", report_id),
            kind=kind,
            typed=typed,
            source=by if bank else f"citizen:{report_id}",
            confidence=weight_of(Word.BANK_TYPED if bank else Word.CITIZEN, at=at, jurisdiction=jurisdiction),
            reason=str(reason),
            seen_at=at,
            by=by,
            at=at,
            words=words[:1000],
            jurisdiction=jurisdiction,
        )
    clock = "suspect_person_time" if kind is IdentifierKind.PERSON or urgent else "suspect_report_time"
    report = Report(
        id=uuid.UUID(report_id),
        kind=kind.value,
        name=name_of(kind, typed) if kind is not IdentifierKind.PERSON else " ".join(typed.split())[:500],
        place=place,
        words=words,
        contact=contact,
        by=by,
        urgent=urgent or kind is IdentifierKind.PERSON,
        sighting=sighting,
        lodged_at=at,
        due_at=due_at(clock, jurisdiction=jurisdiction, start=at),
    )
    report.save(force_insert=True)
    record(Kind.REPORT_LODGED, about=f"report:{report_id}", by=by, at=at, what=kind.value, urgent=report.urgent)
    return report


@transaction.atomic
def answer_report(*, report: Report, outcome: str, words: str, by: Officer, at: dt.datetime) -> ReportAnswer:
    """Say to the reporter what became of it. Raises AlreadyAnswered."""
    if ReportAnswer.objects.filter(report_id=report.pk).exists():
        raise AlreadyAnswered(report.pk)
    answer = ReportAnswer.objects.create(report=report, outcome=outcome, words=words, by=by, at=at)
    record(Kind.REPORT_ANSWERED, about=f"report:{report.pk}", by=f"officer:{by.pk}", at=at, outcome=outcome)
    return answer


def waiting_reports(limit: int = 200) -> list[Report]:
    """Not answered yet, urgent first, then soonest due."""
    return list(Report.objects.filter(answer=None).order_by("-urgent", "due_at", "id")[:limit])
