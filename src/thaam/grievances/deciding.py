"""Decide an objection: release all, release part, or keep the hold, always with reasons a court can read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from thaam.holds.asking import mandate_of
from thaam.holds.contesting import settle_contest
from thaam.holds.releasing import order_release
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money.ranges import Range
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at

from .climbing import NotAtThisStage, lock
from .models import Objection, Step
from .stages import LADDER, OPEN, Outcome, Stage

REASONS_MIN = 20  # signs: "ok" and "rejected" are no reasons


class ReasonsMissing(ValueError):
    """A decision without reasons is none."""


class NotTheirStage(Exception):
    """This officer's role does not decide at the stage where the objection lies."""


class NothingChosen(ValueError):
    """An objection upheld in part says which paise go."""


@transaction.atomic
def decide(
    *,
    objection_id: Any,
    officer: Officer,
    outcome: str,
    reasons: str,
    at: dt.datetime,
    release: Iterable[Range] | None = None,
) -> Objection:
    """Close the objection. Upheld: everything held is ordered released; partly upheld: the paise in `release`.

    Locks the objection, then the hold. Raises ReasonsMissing, NotTheirStage, NotAtThisStage, NothingChosen, and of
    holds: RangeEarmarked (a restoration of these paise has to be refused first), NothingHeld.
    """
    words = reasons.strip()
    if len(words) < REASONS_MIN:
        raise ReasonsMissing(words)
    objection = lock(objection_id)
    if objection.stage not in OPEN or objection.closed_at is not None:
        raise NotAtThisStage(objection.stage)
    stage = Stage(objection.stage)
    if not officer.is_active or officer.role not in LADDER[stage].roles:
        raise NotTheirStage(f"{officer.username} is {officer.role}, the objection is at {stage}")
    by = f"officer:{officer.pk}"
    released = 0
    execute_by = None
    if outcome != Outcome.REJECTED:
        ranges = None if outcome == Outcome.UPHELD else sets.normalise(release or ())
        if ranges == ():
            raise NothingChosen(str(objection.pk))
        order = order_release(
            hold_id=objection.hold_id,
            ranges=ranges,
            reason="objection_upheld",
            words=words[:500],
            mandate=mandate_of(objection.hold, officer=officer.username),
            decides_objection=True,
            by=by,
            at=at,
        )
        released = sets.total(order.ranges)
        execute_by = due_at("objection_executed", jurisdiction=objection.jurisdiction, start=at)
    Step.objects.create(
        objection=objection, stage=stage, what="decided", outcome=outcome, officer=officer, by=by, words=words,
        released_paise=released, at=at, execute_by=execute_by,
    )  # fmt: skip
    objection.stage, objection.outcome, objection.closed_at, objection.due_at = Stage.DECIDED, outcome, at, None
    objection.save(update_fields=["stage", "outcome", "closed_at", "due_at"])
    settle_contest(hold_id=objection.hold_id, by=by, at=at)
    record(
        Kind.OBJECTION_DECIDED, about=f"objection:{objection.pk}", by=by, at=at, outcome=outcome, reasons=words,
        released_paise=released, hold=str(objection.hold_id),
    )  # fmt: skip
    return objection
