"""An objection goes up the ladder: passed on by the bank, by silence when a clock ends, or by the holder's appeal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.holds.contesting import contest, settle_contest
from thaam.holds.releasing import NothingHeld
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.rulebook.clocks import due_at
from thaam.work.scheduling import schedule

from .models import Objection, Step
from .stages import LADDER, OPEN, Outcome, Stage

DUE = "grievances:stage due"


class NotAtThisStage(Exception):
    """The objection lies elsewhere, or is closed."""


def begin_stage(objection: Objection, stage: Stage, *, at: dt.datetime) -> None:
    """Put the objection on a rung and start its clock (the last, silent one has none). In the caller's transaction."""
    objection.stage, objection.stage_since = stage, at
    rung = LADDER.get(stage)
    objection.due_at = due_at(rung.clock, jurisdiction=objection.jurisdiction, start=at) if rung else None
    objection.save(update_fields=["stage", "stage_since", "due_at"])
    if objection.due_at is not None:
        key = f"{DUE}:{objection.pk}:{stage}:{at.isoformat()}"
        schedule(kind=DUE, key=key, run_at=objection.due_at, objection_id=str(objection.pk), stage=str(stage))


@transaction.atomic
def forward(*, objection_id: Any, bank: str, words: str, by: str, at: dt.datetime) -> Objection:
    """The bank passes the objection on before its time. Locks the objection. Raises NotAtThisStage."""
    objection = lock(objection_id)
    if objection.stage != Stage.BANK or objection.hold.bank_id != bank:
        raise NotAtThisStage(f"{objection.stage} at {objection.hold.bank_id}")
    _step(objection, "forwarded", by, words, at)
    record(Kind.OBJECTION_FORWARDED, about=f"objection:{objection.pk}", by=by, at=at)
    begin_stage(objection, Stage.OFFICER, at=at)
    return objection


@transaction.atomic
def climb_by_silence(payload: dict[str, Any], at: dt.datetime) -> None:
    """A clock ended and nobody had decided: up it goes by itself. Nothing when it lies elsewhere by now.

    When the hold itself has ended there is nothing left to object to. Locks the objection.
    """
    objection = lock(payload["objection_id"])
    if objection.stage != payload["stage"] or objection.closed_at is not None:
        return
    if objection.due_at is None or at < objection.due_at:
        return
    if not objection.hold.held_at(at):
        end_without_hold(objection, at=at)
        return
    above = LADDER[Stage(objection.stage)].above
    _step(objection, "escalated", "clock", "", at)
    record(
        Kind.OBJECTION_ESCALATED, about=f"objection:{objection.pk}", by="clock", at=at, silent=objection.stage, to=above
    )
    begin_stage(objection, above, at=at)


@transaction.atomic
def appeal(*, objection_id: Any, words: str, at: dt.datetime) -> Objection:
    """The holder does not accept a rejection: one rung up, a new clock, the paise contested again.

    Locks the objection and the hold. Raises NotAtThisStage (not rejected, or no rung above), NothingHeld.
    """
    objection = lock(objection_id)
    last = objection.steps.filter(what="decided").order_by("-at", "-id").first()
    if objection.outcome == Outcome.UPHELD or objection.closed_at is None or last is None:
        raise NotAtThisStage(objection.stage)
    above = LADDER[Stage(last.stage)].above
    if above not in OPEN:
        raise NotAtThisStage("there is no rung above; ombudsman, magistrate, High Court")
    contest(hold_id=objection.hold_id, ranges=None, by="holder", at=at)
    objection.closed_at, objection.outcome = None, ""
    objection.save(update_fields=["closed_at", "outcome"])
    _step(objection, "appealed", "holder", words, at)
    record(Kind.OBJECTION_APPEALED, about=f"objection:{objection.pk}", by="holder", at=at, to=above)
    begin_stage(objection, above, at=at)
    return objection


def end_without_hold(objection: Objection, *, at: dt.datetime) -> None:
    """The hold ended while the objection was open. The caller has the objection locked."""
    _step(objection, "ended", "clock", "", at)
    objection.stage, objection.closed_at, objection.due_at = Stage.ENDED, at, None
    objection.save(update_fields=["stage", "closed_at", "due_at"])
    record(Kind.OBJECTION_ENDED, about=f"objection:{objection.pk}", by="clock", at=at)
    settle_contest(hold_id=objection.hold_id, by="clock", at=at)


def lock(objection_id: Any) -> Objection:
    """The objection, its row locked."""
    return Objection.objects.select_for_update(of=("self",)).select_related("hold").get(pk=objection_id)


def _step(objection: Objection, what: str, by: str, words: str, at: dt.datetime) -> None:
    Step.objects.create(objection=objection, stage=objection.stage, what=what, by=by, words=words, at=at)


__all__ = ["DUE", "NotAtThisStage", "NothingHeld", "appeal", "begin_stage", "climb_by_silence", "forward", "lock"]
