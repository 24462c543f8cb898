"""Calls as the exchange tells them: ringing, answered, ended. What the screen shows beside the caller's number.

Telephony is an adapter: the exchange (or a small script beside it) posts events to the webhook (web/desk/telephony.py).
Without one, operators type the number; nothing else changes.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import transaction

from thaam.complaints.models import Complaint
from thaam.helpline.models import Ring, Task
from thaam.helpline.tasks import finish_task, make_task
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at

EVENTS = {
    "ringing": (Ring.State.RINGING, Kind.CALL_RANG),
    "answered": (Ring.State.ANSWERED, Kind.CALL_ANSWERED),
    "ended": (Ring.State.ENDED, Kind.CALL_ENDED),
}
_RANK = {Ring.State.RINGING: 0, Ring.State.ANSWERED: 1, Ring.State.ENDED: 2}
LONGEST = dt.timedelta(hours=2)
"""A call that never ended (a lost event) is no longer shown after this."""


class UnknownEvent(Exception):
    """The exchange told something that is no event of a call."""


@dataclass(frozen=True, slots=True)
class CallNow:
    """The call an operator is on: its id, the caller's ten digits, since when, how many reports this number made."""

    id: str
    mobile: str
    since_at: dt.datetime
    reports: int


@transaction.atomic
def take_event(*, ring_id: str, event: str, caller: str, agent: str, at: dt.datetime) -> Ring:
    """Write down one event of a call; a repeat or a late one changes nothing. Facts "call:rang/answered/ended".

    A call that was answered and ended before anything was filed leaves a task: call back. Locks the call's row.
    Raises UnknownEvent.
    """
    if event not in EVENTS or not ring_id:
        raise UnknownEvent(event)
    state, kind = EVENTS[event]
    ring, fresh = Ring.objects.select_for_update(of=("self",)).get_or_create(
        pk=ring_id[:80], defaults={"state": Ring.State.RINGING, "began_at": at}
    )
    if not fresh and _RANK[state] <= _RANK[Ring.State(ring.state)]:
        return ring
    was_answered = ring.answered_at is not None
    ring.state = state
    ring.caller = _mobile(caller) or ring.caller
    ring.agent = agent[:150] or ring.agent
    if state == Ring.State.ANSWERED:
        ring.answered_at = at
    if state == Ring.State.ENDED:
        ring.ended_at = at
    ring.save()
    record(kind, about=f"ring:{ring.pk}", by="telephony", at=at, agent=ring.agent)
    if state == Ring.State.ENDED and was_answered and ring.complaint_id is None and ring.caller:
        call_dropped(ring=ring, mobile=ring.caller, officer=_agent(ring.agent), at=at)
    return ring


def call_dropped(*, ring: Ring | None, mobile: str, officer: Officer | None, at: dt.datetime) -> Task:
    """The line broke: the number is called back, first by who had it on the line, after five minutes by anyone."""
    place = "IN"
    mine_until = due_at("dropped_call_is_mine", jurisdiction=place, start=at) if officer else None
    task_id = id_from("dropped", ring.pk if ring else f"{mobile}/{at.isoformat()}")
    return make_task(
        task_id=task_id,
        kind=Task.Type.CALL_DROPPED,
        mobile=mobile,
        officer=officer,
        mine_until_at=mine_until,
        due_at=at + dt.timedelta(minutes=1),
        by=f"officer:{officer.pk}" if officer else "telephony",
        at=at,
    )


def join_call(*, ring_id: str, complaint: Complaint, officer: Officer, at: dt.datetime) -> None:
    """The call led to this complaint; the task of a call that had dropped meanwhile is done."""
    Ring.objects.filter(pk=ring_id, complaint=None).update(complaint=complaint)
    open_tasks = Task.objects.filter(kind=Task.Type.CALL_DROPPED, mobile=complaint.mobile, done_at=None)
    for task in open_tasks:
        finish_task(task_id=task.pk, officer=officer, words="", at=at)


def call_of(officer: Officer, at: dt.datetime) -> CallNow | None:
    """The call this operator is on, by the name they sign in with; None when the exchange tells of none."""
    ring = (
        Ring.objects.filter(agent=officer.username, began_at__gt=at - LONGEST)
        .exclude(state=Ring.State.ENDED)
        .order_by("-began_at")
        .first()
    )
    if ring is None:
        return None
    reports = Complaint.objects.filter(mobile=ring.caller).count() if ring.caller else 0
    return CallNow(ring.pk, ring.caller, ring.answered_at or ring.began_at, reports)


@dataclass(frozen=True, slots=True)
class Lines:
    """The telephone this hour: who waits and since when, calls answered and lost, the median seconds from answering
    to the request that was sent (None without one)."""

    waiting: int
    longest_at: dt.datetime | None
    answered: int
    lost: int
    seconds_to_send: int | None


def calls_this_hour(at: dt.datetime) -> Lines:
    """What the wall shows of the telephone; a call that never ended is not counted as waiting for more than an hour."""
    calls = list(Ring.objects.filter(began_at__gt=at - dt.timedelta(hours=1)).select_related("complaint"))
    waiting = [call for call in calls if call.state == Ring.State.RINGING]
    taken = [
        (call.complaint.filed_at - call.answered_at).total_seconds()
        for call in calls
        if call.complaint and call.answered_at and call.complaint.filed_at >= call.answered_at
    ]
    return Lines(
        waiting=len(waiting),
        longest_at=min((call.began_at for call in waiting), default=None),
        answered=sum(call.answered_at is not None for call in calls),
        lost=sum(call.state == Ring.State.ENDED and call.answered_at is None for call in calls),
        seconds_to_send=round(median(taken)) if taken else None,
    )


def _agent(name: str) -> Officer | None:
    return Officer.objects.filter(username=name).first() if name else None


def _mobile(caller: Any) -> str:
    digits = "".join(sign for sign in str(caller) if sign.isdecimal() and sign.isascii())
    return digits[-10:] if len(digits) >= 10 and digits[-10] in "6789" else ""
