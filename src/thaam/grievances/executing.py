"""A decision is carried out within the rulebook's two days, or the delay is a fact and stands on the page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.work.scheduling import schedule

from .climbing import write_step
from .models import Objection

LATE = "grievances:decision carried out"


def watch_execution(objection: Objection, execute_by: dt.datetime) -> None:
    """Look whether the bank has done it when the time is over. In the caller's transaction."""
    key = f"{LATE}:{objection.pk}:{execute_by.isoformat()}"
    schedule(kind=LATE, key=key, run_at=execute_by, objection_id=str(objection.pk))


def note_not_executed(payload: dict[str, Any], at: dt.datetime) -> None:
    """Two days are over and the bank has not let go: a fact for the supervisors; nothing when it has."""
    objection = Objection.objects.select_related("hold", "own_hold").get(pk=payload["objection_id"])
    if is_executed(objection, at=at):
        return
    write_step(objection, "not executed", "clock", "", at)
    record(Kind.OBJECTION_NOT_EXECUTED, about=f"objection:{objection.pk}", by="clock", at=at, bank=objection.bank_id)


def is_executed(objection: Objection, *, at: dt.datetime) -> bool:
    """Whether everything that was ordered let go is let go; a hold that ended meanwhile keeps nothing from anybody."""
    if objection.hold is not None and objection.held_paise_at(at):
        return not objection.hold.releases.filter(reason="objection_upheld", done_at=None).exists()
    return objection.held_paise_at(at) == 0
