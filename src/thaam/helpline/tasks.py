"""What the room owes somebody: call backs, dropped calls, names and numbers to put right; by when."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from thaam.complaints.models import Complaint
from thaam.helpline.models import Task
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Officer


@transaction.atomic
def make_task(
    *,
    task_id: str,
    kind: Task.Type,
    due_at: dt.datetime,
    by: str,
    at: dt.datetime,
    complaint: Complaint | None = None,
    mobile: str = "",
    words: str = "",
    officer: Officer | None = None,
    mine_until_at: dt.datetime | None = None,
) -> Task:
    """Owe something; the same id again is the same task. With `officer` it stands first on their list until
    `mine_until_at` (None: always). Fact "task:made"."""
    if known := Task.objects.filter(pk=task_id).first():
        return known
    task = Task(
        id=task_id,
        kind=kind,
        complaint=complaint,
        mobile=mobile or (complaint.mobile if complaint else ""),
        words=words[:300],
        officer=officer,
        mine_until_at=mine_until_at,
        due_at=due_at,
        made_at=at,
    )
    task.save(force_insert=True)
    record(Kind.TASK_MADE, about=f"task:{task.pk}", by=by, at=at, what=str(kind))
    return task


@transaction.atomic
def finish_task(*, task_id: Any, officer: Officer, words: str, at: dt.datetime) -> Task:
    """Done, with what came of it. Fact "task:done"; of a bank that was rung also "bank:rung" about the complaint, which
    its reporter reads. A repeat changes nothing. Locks the task."""
    task = Task.objects.select_for_update(of=("self",)).get(pk=task_id)
    if task.done_at is None:
        task.done_by, task.done_at, task.done_words = officer, at, words[:300]
        task.save(update_fields=["done_by", "done_at", "done_words"])
        record(Kind.TASK_DONE, about=f"task:{task.pk}", by=f"officer:{officer.pk}", at=at, what=task.kind)
        if task.kind == Task.Type.BANK_CALL and task.complaint_id:
            about = f"complaint:{task.complaint_id}"
            record(Kind.BANK_RUNG, about=about, by=f"officer:{officer.pk}", at=at, bank=task.words)
    return task


@transaction.atomic
def drop_tasks(*, complaint: Complaint, at: dt.datetime) -> None:
    """Nothing is owed to banks any more about a complaint that was taken back or merged; calls to people stay.

    Fact "task:done" for each. A repeat changes nothing."""
    owed = (Task.Type.BANK_NAME, Task.Type.BANK_CALL, Task.Type.REFERENCE)
    for task in Task.objects.select_for_update(of=("self",)).filter(complaint=complaint, kind__in=owed, done_at=None):
        task.done_at, task.done_words = at, "शिकायत अब नहीं रही"
        task.save(update_fields=["done_at", "done_words"])
        record(Kind.TASK_DONE, about=f"task:{task.pk}", by="loop:room", at=at, what=task.kind)


def open_tasks(officer: Officer, at: dt.datetime) -> QuerySet[Task]:
    """What this officer may take now, most urgent first: their own, and everybody's that nobody has to himself."""
    others = Q(officer=None) | Q(officer=officer) | Q(mine_until_at__lte=at)
    return Task.objects.filter(others, done_at=None).select_related("complaint", "officer").order_by("due_at", "id")
