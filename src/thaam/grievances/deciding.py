"""Decide an objection: release all, release part, or keep the hold, always with reasons a court can read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from thaam.complaints.models import Complaint
from thaam.complaints.seeing import can_see, of_district, of_state
from thaam.holds.asking import mandate_of
from thaam.holds.contesting import settle_contest
from thaam.holds.releasing import order_release
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language import rupees
from thaam.mailbox.posting import post
from thaam.money import ranges as sets
from thaam.money.ranges import Range
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import rule
from thaam.wire.messages import Notice
from thaam.wire.parts import IssuedBy

from .climbing import NotAtThisStage, close, lock, write_step
from .drafting import UNFILLED
from .executing import watch_execution
from .models import Objection, Step, ToldOwn
from .stages import Outcome, Stage, rung_of

REASONS_MIN = 20  # signs: "ok" and "rejected" are no reasons


class ReasonsMissing(ValueError):
    """A decision without reasons is none."""


class NotTheirStage(Exception):
    """This officer's role does not decide at the stage where the objection lies."""


class NotTheirPlace(NotTheirStage):
    """The objection lies in another district or state: the ladder's officers decide where the complaint lies."""


class DecidedBefore(NotTheirStage):
    """Nobody decides the appeal against their own decision."""


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

    A hold of the bank's own cannot be released by our order: upheld, the bank is told to lift it or to name its ground.
    Locks the objection, then the hold. Raises ReasonsMissing, NotTheirStage, NotTheirPlace, DecidedBefore,
    NotAtThisStage, NothingChosen, and of holds: RangeEarmarked (a restoration of these paise has to be refused first),
    NothingHeld.
    """
    words = _reasons(reasons)
    objection = lock(objection_id)
    rung = rung_of(objection.stage)
    if rung is None or objection.closed_at is not None:
        raise NotAtThisStage(objection.stage)
    if not officer.is_active or officer.role not in rung.roles:
        raise NotTheirStage(f"{officer.username} is {officer.role}, the objection is at {objection.stage}")
    if not decides_here(objection, officer):
        raise NotTheirPlace(f"{officer.username} at {officer.office}")
    if objection.steps.filter(what="decided", officer=officer).exists():
        raise DecidedBefore(officer.username)
    by = f"officer:{officer.pk}"
    released, execute_by = 0, None
    if outcome != Outcome.REJECTED:
        execute_by = due_at("objection_executed", jurisdiction=objection.jurisdiction, start=at)
        if objection.hold is not None:
            released = _release(objection, officer, outcome, words, release, by, at)
        else:
            _tell_bank_to_lift(objection, officer, words, at)
    _close(objection, outcome, words, by, at, officer=officer, released_paise=released, execute_by=execute_by)
    if execute_by is not None:
        watch_execution(objection, execute_by)
    return objection


def decides_here(objection: Objection, officer: Officer) -> bool:
    """Whether the rung where it lies is this officer's by place: the district's officer in the own district, the
    state's in the own state, before that whoever may read the complaint. A bank's own hold lies nowhere. Read-only."""
    rung = rung_of(objection.stage)
    if rung is None or objection.hold is None:
        return True
    behind = Complaint.objects.select_related("office").filter(number=objection.hold.reference).first()
    if rung.place == "district":
        return of_district(officer, behind)
    if rung.place == "state":
        return of_state(officer, behind)
    return behind is None or can_see(officer, behind) or officer.office is None


@transaction.atomic
def decide_own_hold(*, objection_id: Any, bank: str, outcome: str, reasons: str, by: str, at: dt.datetime) -> Objection:
    """The bank decides on the objection to its own hold: it lifts it, or keeps it with reasons (then: appeal).

    Locks the objection. Raises ReasonsMissing, NotAtThisStage (not its own hold, not its turn).
    """
    words = _reasons(reasons)
    objection = lock(objection_id)
    if objection.own_hold is None or objection.bank_id != bank or objection.stage != Stage.BANK:
        raise NotAtThisStage(objection.stage)
    lifted = outcome != Outcome.REJECTED
    outcome = Outcome.UPHELD if lifted else Outcome.REJECTED
    released = objection.own_hold.amount_paise if lifted else 0
    if lifted:
        ToldOwn.objects.filter(own_hold=objection.own_hold, lifted_at=None).update(lifted_at=at)
    _close(objection, outcome, words, by, at, released_paise=released)
    return objection


@transaction.atomic
def record_lifted(*, objection_id: Any, bank: str, by: str, at: dt.datetime) -> None:
    """The bank has lifted its own hold, as it was told to. Locks the objection. Raises NotAtThisStage."""
    objection = lock(objection_id)
    if objection.own_hold is None or objection.bank_id != bank or objection.outcome == "":
        raise NotAtThisStage(objection.stage)
    if ToldOwn.objects.filter(own_hold=objection.own_hold, lifted_at=None).update(lifted_at=at):
        write_step(objection, "lifted", by, "", at)
        record(Kind.HOLD_OWN_LIFTED, about=f"objection:{objection.pk}", by=by, at=at)


def _reasons(reasons: str) -> str:
    words = reasons.strip()
    if len(words) < REASONS_MIN or any(each in words for each in UNFILLED):
        raise ReasonsMissing(words)
    return words


def _release(
    objection: Objection, officer: Officer, outcome: str, words: str, release: Iterable[Range] | None, by: str,
    at: dt.datetime,
) -> int:  # fmt: skip
    assert objection.hold is not None
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
    return sets.total(order.ranges)


def _tell_bank_to_lift(objection: Objection, officer: Officer, words: str, at: dt.datetime) -> None:
    own = objection.own_hold
    assert own is not None
    within = rule("objection_executed", jurisdiction=objection.jurisdiction, on=at).amount_in("en")
    notice = Notice(
        id=id_from("lift own hold", objection.pk, at.isoformat()),
        code="other",
        about_order_id=None,
        words=(
            f"Objection {objection.number}: your own hold {own.lien_reference} of {rupees.full(own.amount_paise)} on "
            f"{own.account} was found wrong. Lift it within {within}, or name the law it stands on. Reasons: {words}"
        )[:2000],
        issued_by=IssuedBy(office=officer.office.code if officer.office else "1930", officer=officer.username),
        issued_at=at,
    )
    post(partner=own.bank_id, message=notice, at=at, by=f"officer:{officer.pk}")


def _close(objection: Objection, outcome: str, words: str, by: str, at: dt.datetime, **step: Any) -> Step:
    written = write_step(objection, "decided", by, words, at, outcome=outcome, **step)
    close(objection, stage=Stage.DECIDED, at=at, outcome=outcome)
    if objection.hold_id is not None:
        settle_contest(hold_id=objection.hold_id, by=by, at=at)
    record(
        Kind.OBJECTION_DECIDED, about=f"objection:{objection.pk}", by=by, at=at, outcome=str(outcome), reasons=words,
        released_paise=written.released_paise, hold=str(objection.hold_id or ""),
    )  # fmt: skip
    return written
