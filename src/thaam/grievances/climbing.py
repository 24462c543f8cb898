"""An objection goes up the ladder: passed on by the bank, by silence when a clock ends, or by the holder's appeal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.holds.asking import mandate_of
from thaam.holds.contesting import contest, settle_contest
from thaam.holds.releasing import NothingHeld, order_release
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.rulebook.clocks import due_at
from thaam.work.scheduling import schedule

from .models import Finding, Objection, Step
from .stages import LADDER, OPEN, Advice, Outcome, Stage, rung_of

DUE = "grievances:stage due"


class NotAtThisStage(Exception):
    """The objection lies elsewhere, or is closed."""


def begin_stage(objection: Objection, stage: Stage, *, at: dt.datetime) -> None:
    """Put the objection on a rung and start its clock (the last, silent one has none). In the caller's transaction."""
    objection.stage, objection.stage_since = stage, at
    rung = LADDER.get(stage)
    objection.due_at = due_at(rung.clock, jurisdiction=objection.jurisdiction, start=at) if rung else None
    objection.save(update_fields=["stage", "stage_since", "due_at"])
    watch_clock(objection)


def watch_clock(objection: Objection) -> None:
    """Look at the objection again when its clock ends."""
    if objection.due_at is not None:
        key = f"{DUE}:{objection.pk}:{objection.stage}:{objection.due_at.isoformat()}"
        schedule(kind=DUE, key=key, run_at=objection.due_at, objection_id=str(objection.pk), stage=str(objection.stage))


@transaction.atomic
def forward(
    *, objection_id: Any, bank: str, words: str, by: str, at: dt.datetime, advice: str = Advice.KEEP, **found: Any
) -> Objection:
    """The bank says what it found and passes the objection on before its time. Locks the objection.

    `found` has any of kyc_in_order, credit_matches, usual_use (true, false or unknown), account_opened_on,
    usable_paise. Raises NotAtThisStage.
    """
    objection = lock(objection_id)
    if objection.stage != Stage.BANK or objection.bank_id != bank:
        raise NotAtThisStage(f"{objection.stage} at {objection.bank_id}")
    Finding.objects.create(objection=objection, advice=advice, words=words, by=by, at=at, **found)
    write_step(objection, "forwarded", by, words, at)
    record(Kind.OBJECTION_FORWARDED, about=f"objection:{objection.pk}", by=by, at=at, advice=str(advice))
    begin_stage(objection, Stage.OFFICER, at=at)
    return objection


@transaction.atomic
def climb_by_silence(payload: dict[str, Any], at: dt.datetime) -> None:
    """A clock ended and nobody had decided: up it goes by itself. Nothing when it lies elsewhere or stands still.

    When the hold itself has ended there is nothing left to object to. When the bank had advised to remove the hold
    and the officer neither decided nor renewed it with a cited order, it does not climb: the hold goes. Locks the
    objection.
    """
    objection = lock(payload["objection_id"])
    if objection.stage != payload["stage"] or objection.closed_at is not None or objection.paused_at is not None:
        return
    if objection.due_at is None or at < objection.due_at:
        return
    if not objection.held_paise_at(at):
        end_without_hold(objection, at=at)
        return
    if objection.stage == Stage.OFFICER and _bank_disagrees(objection):
        _release_for_disagreement(objection, at)
        return
    above = LADDER[Stage(objection.stage)].above
    write_step(objection, "escalated", "clock", "", at)
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
    above = _rung_above(objection)
    if above is None:
        raise NotAtThisStage("not rejected, or no rung above; ombudsman, magistrate, High Court")
    if not objection.held_paise_at(at):
        raise NothingHeld(str(objection.pk))
    if objection.hold_id is not None:
        contest(hold_id=objection.hold_id, ranges=None, by="holder", at=at)
    objection.closed_at, objection.outcome = None, ""
    objection.save(update_fields=["closed_at", "outcome"])
    write_step(objection, "appealed", "holder", words, at)
    record(Kind.OBJECTION_APPEALED, about=f"objection:{objection.pk}", by="holder", at=at, to=above)
    begin_stage(objection, above, at=at)
    return objection


def may_appeal(objection: Objection, *, at: dt.datetime) -> bool:
    """Whether appeal() would be heard now: as long as something is held and a rung is left. Read-only."""
    return _rung_above(objection) is not None and objection.held_paise_at(at) > 0


def _rung_above(objection: Objection) -> Stage | None:
    last = objection.steps.filter(what="decided").order_by("-at", "-id").first()
    if objection.outcome in ("", Outcome.UPHELD) or objection.closed_at is None or last is None:
        return None
    rung = rung_of(last.stage)
    return rung.above if rung is not None and rung.above in OPEN else None


def end_without_hold(objection: Objection, *, at: dt.datetime) -> None:
    """The hold ended while the objection was open. The caller has the objection locked."""
    write_step(objection, "ended", "clock", "", at)
    close(objection, stage=Stage.ENDED, at=at)
    record(Kind.OBJECTION_ENDED, about=f"objection:{objection.pk}", by="clock", at=at)
    if objection.hold_id is not None:
        settle_contest(hold_id=objection.hold_id, by="clock", at=at)


def close(objection: Objection, *, stage: Stage, at: dt.datetime, outcome: str = "") -> None:
    """No clock runs any more. The caller has the objection locked."""
    objection.stage, objection.closed_at, objection.due_at, objection.paused_at = stage, at, None, None
    objection.outcome = outcome
    objection.save(update_fields=["stage", "closed_at", "due_at", "paused_at", "outcome"])
    objection.pauses.filter(ended_at=None).update(ended_at=at)


def lock(objection_id: Any) -> Objection:
    """The objection, its row locked."""
    found = Objection.objects.select_for_update(of=("self",)).select_related("hold", "own_hold")
    return found.get(pk=objection_id)


def write_step(objection: Objection, what: str, by: str, words: str, at: dt.datetime, **more: Any) -> Step:
    """One line of the objection's history, at the stage where it lies."""
    return Step.objects.create(objection=objection, stage=objection.stage, what=what, by=by, words=words, at=at, **more)


def _bank_disagrees(objection: Objection) -> bool:
    """The bank's last word is that the hold should go, and no order of an authority has renewed the hold since."""
    last = objection.findings.order_by("-at", "-id").first()
    if last is None or last.advice != Advice.REMOVE or objection.hold is None:
        return False
    renewals = objection.hold.amendments.filter(ordered_at__gte=last.at).exclude(reference="").exclude(expires_at=None)
    return not renewals.exists()


def _release_for_disagreement(objection: Objection, at: dt.datetime) -> None:
    assert objection.hold is not None
    words = objection.findings.order_by("-at", "-id").first()
    order = order_release(
        hold_id=objection.hold_id,
        reason="objection_upheld",
        words=f"the bank advised to remove the hold and no order renewed it: {words.words if words else ''}"[:500],
        mandate=mandate_of(objection.hold),
        decides_objection=True,
        by="clock",
        at=at,
    )
    released = sum(hi - lo for lo, hi in order.ranges)
    write_step(objection, "decided", "clock", order.words, at, outcome=Outcome.UPHELD, released_paise=released)
    close(objection, stage=Stage.DECIDED, at=at, outcome=Outcome.UPHELD)
    settle_contest(hold_id=objection.hold_id, by="clock", at=at)
    record(
        Kind.OBJECTION_DECIDED, about=f"objection:{objection.pk}", by="clock", at=at, outcome=str(Outcome.UPHELD),
        reasons=order.words, released_paise=released, hold=str(objection.hold_id),
    )  # fmt: skip


__all__ = [
    "DUE", "NotAtThisStage", "NothingHeld", "appeal", "begin_stage", "climb_by_silence", "close", "end_without_hold",
    "forward", "lock", "may_appeal", "watch_clock", "write_step",
]  # fmt: skip
