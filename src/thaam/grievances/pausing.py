"""The holder is asked for something, and the clock stands still until the answer: never longer than the rulebook says.

A pause that nobody ends goes on by itself (rule `objection_pause`), so asking is no way of not deciding.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at
from thaam.work.scheduling import schedule

from .climbing import NotAtThisStage, lock, watch_clock, write_step
from .deciding import NotTheirStage
from .models import Objection, Pause
from .stages import LADDER, OPEN, Stage

GO_ON = "grievances:pause ends"


class NothingAsked(ValueError):
    """A pause says what the holder is asked for."""


class PausedBefore(Exception):
    """At this stage the holder was asked once already; a second pause would be a way of not deciding."""


@transaction.atomic
def ask_holder(*, objection_id: Any, officer: Officer, words: str, at: dt.datetime) -> Pause:
    """Ask the holder for a paper or an explanation; the clock stands still. Locks the objection.

    Raises NothingAsked, NotAtThisStage, NotTheirStage, PausedBefore.
    """
    if not words.strip():
        raise NothingAsked(str(objection_id))
    objection = lock(objection_id)
    if objection.stage not in OPEN or objection.closed_at is not None or objection.due_at is None:
        raise NotAtThisStage(objection.stage)
    if not officer.is_active or officer.role not in LADDER[Stage(objection.stage)].roles:
        raise NotTheirStage(officer.username)
    if objection.pauses.filter(from_at__gte=objection.stage_since).exists():
        raise PausedBefore(str(objection.pk))
    until = due_at("objection_pause", jurisdiction=objection.jurisdiction, start=at)
    by = f"officer:{officer.pk}"
    pause = Pause(objection=objection, words=words.strip(), by=by, from_at=at, until_at=until)
    pause.save(force_insert=True)
    objection.paused_at = at
    objection.save(update_fields=["paused_at"])
    write_step(objection, "asked holder", by, pause.words, at, officer=officer)
    record(Kind.OBJECTION_PAUSED, about=f"objection:{objection.pk}", by=by, at=at, until=until.isoformat())
    schedule(kind=GO_ON, key=f"{GO_ON}:{pause.pk}", run_at=until, objection_id=str(objection.pk))
    return pause


@transaction.atomic
def answer(*, objection_id: Any, words: str, at: dt.datetime) -> Objection:
    """The holder answers: the clock goes on, its end moved by the pause. Locks the objection. Raises NotAtThisStage."""
    objection = lock(objection_id)
    if objection.paused_at is None:
        raise NotAtThisStage("nothing was asked")
    _go_on(objection, "answered", "holder", words, at)
    return objection


@transaction.atomic
def end_pause(payload: dict[str, Any], at: dt.datetime) -> None:
    """The holder did not answer in time: the clock goes on all the same, and silence counts against nobody."""
    objection = lock(payload["objection_id"])
    pause = objection.pauses.filter(ended_at=None).first()
    if pause is not None and at >= pause.until_at:
        _go_on(objection, "pause over", "clock", "", pause.until_at)


def _go_on(objection: Objection, what: str, by: str, words: str, at: dt.datetime) -> None:
    pause = objection.pauses.filter(ended_at=None).first()
    if pause is None or objection.due_at is None:
        return
    ended = min(at, pause.until_at)
    pause.ended_at = ended
    pause.save(update_fields=["ended_at"])
    mine = objection.pauses.filter(from_at__gte=objection.stage_since)
    pauses = [(each.from_at, each.ended_at) for each in mine if each.ended_at is not None]
    objection.due_at = due_at(
        LADDER[Stage(objection.stage)].clock, jurisdiction=objection.jurisdiction, start=objection.stage_since,
        pauses=pauses,
    )  # fmt: skip
    objection.paused_at = None
    objection.save(update_fields=["due_at", "paused_at"])
    write_step(objection, what, by, words, at)
    record(Kind.OBJECTION_RESUMED, about=f"objection:{objection.pk}", by=by, at=at, due=objection.due_at.isoformat())
    watch_clock(objection)
