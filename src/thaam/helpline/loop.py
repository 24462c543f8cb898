"""What the loops call in this package: facts that leave work to the room."""

from __future__ import annotations

import datetime as dt

from thaam.complaints.models import Complaint, Debit
from thaam.complaints.progress import UNKNOWN_BANK, banks_not_joined
from thaam.helpline.models import Task
from thaam.helpline.reviewing import draw
from thaam.helpline.tasks import drop_tasks, make_task
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact


def owe(fact: Fact, at: dt.datetime) -> None:
    """A bank nobody recognised is to be named, one that no order reaches to be rung, a reference to be put right."""
    if fact.kind == Kind.COMPLAINT_ATTESTED:
        draw(fact, at)
    complaint = Complaint.objects.filter(pk=fact.about.removeprefix("complaint:")).first()
    if complaint is None:
        return
    if complaint.withdrawn_at is not None:
        drop_tasks(complaint=complaint, at=at)
        return
    if fact.kind == Kind.COMPLAINT_FILED:
        for debit in complaint.debits.filter(payer_bank=UNKNOWN_BANK):
            _owe(Task.Type.BANK_NAME, complaint, debit, fact, at)
    if fact.kind in (Kind.COMPLAINT_CONFIRMED, Kind.COMPLAINT_ATTESTED):
        for code in banks_not_joined(complaint):
            make_task(
                task_id=id_from("task", Task.Type.BANK_CALL, complaint.pk, code),
                kind=Task.Type.BANK_CALL,
                complaint=complaint,
                words=code,
                due_at=fact.at + dt.timedelta(minutes=5),
                by="loop:room",
                at=at,
            )
    if fact.kind == Kind.CLAIM_DENIED:
        _owe(Task.Type.REFERENCE, complaint, complaint.debits.first(), fact, at)


def _owe(kind: Task.Type, complaint: Complaint, debit: Debit | None, fact: Fact, at: dt.datetime) -> None:
    make_task(
        task_id=id_from("task", kind, fact.pk, debit.pk if debit else ""),
        kind=kind,
        complaint=complaint,
        words=debit.reference if debit and kind == Task.Type.REFERENCE else "",
        due_at=fact.at + dt.timedelta(minutes=5),
        by="loop:room",
        at=at,
    )


reads = {
    "room": (
        (
            Kind.COMPLAINT_FILED,
            Kind.CLAIM_DENIED,
            Kind.COMPLAINT_ATTESTED,
            Kind.COMPLAINT_CONFIRMED,
            Kind.COMPLAINT_WITHDRAWN,
        ),
        owe,
    ),
}
