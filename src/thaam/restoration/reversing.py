"""A restoration can go to the wrong person too: it is contested, and two officers reverse it, with reasons.

The paise it moved are then the account holder's again (`released: restoration reversed`), the victim owes them under
the bond, and what comes back is written down with its reference. Never in silence, never by one officer alone.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection, transaction

from thaam.chase import lines
from thaam.chase.advance import advance
from thaam.chase.counting import chases_through
from thaam.chase.lines import Word, trail_lock
from thaam.chase.models import Claim
from thaam.chase.recovering import give_up_recovered
from thaam.holds.restoring import SameOfficer
from thaam.journal.gathering import gathered
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.parties.desks import seated
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at

from .models import Restoration, Reversal
from .roles import MAY_PROPOSE, check_rank, check_role


class NotPaid(Exception):
    """Only what was paid can be reversed; before that, refuse it."""


class TooLateToContest(Exception):
    """The time to contest is over; a civil court is the way. Carries when it ended."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class ContestedAlready(Exception):
    """There is an open contest about this restoration."""


class NotAtThisStep(Exception):
    """The reversal stands elsewhere."""


@transaction.atomic
def contest(*, reversal_id: Any, restoration_id: Any, ground: str, words: str, by: str, at: dt.datetime) -> Reversal:
    """Somebody says that a restoration was wrong. The same id again returns the first.

    Raises ValueError without words, NotPaid, TooLateToContest, ContestedAlready.
    """
    if earlier := Reversal.objects.filter(pk=reversal_id).first():
        return earlier
    if not words.strip():
        raise ValueError("a contest says why")
    restoration = Restoration.objects.select_related("claim__chase", "repayment").get(pk=restoration_id)
    paid_at = restoration.paid_at
    if paid_at is None or restoration.hold_id is None:
        raise NotPaid(restoration.state)
    until = due_at("reversal_contest", jurisdiction=restoration.claim.chase.jurisdiction, start=paid_at)
    if at >= until:
        raise TooLateToContest(until)
    if restoration.reversals.filter(refused_at=None).exists():
        raise ContestedAlready(str(restoration.pk))
    made = Reversal(
        id=reversal_id, restoration=restoration, ground=ground, words=words.strip(), contested_by=by, contested_at=at
    )
    made.save(force_insert=True)
    _record(Kind.RESTORATION_CONTESTED, made, by, at, ground=ground)
    return made


def paid_from(hold_id: Any) -> tuple[Any, Any] | None:
    """The latest restoration paid from this hold that nobody contests, and whose chase it is; at any desk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT restoration_id, chase_id FROM restoration_paid_from(%s)", [str(hold_id)])
        found = cursor.fetchone()
    return (found[0], found[1]) if found else None


def contest_by_holder(*, reversal_id: Any, hold_id: Any, words: str, at: dt.datetime) -> Reversal:
    """The account holder says that the money was theirs. They see nothing of the victim.

    Raises NotPaid when nothing was paid from this hold, or it is contested already, and what contest() raises.
    """
    found = paid_from(hold_id)
    if found is None:
        raise NotPaid(str(hold_id))
    restoration_id, chase_id = found
    with seated(f"complaint:{chase_id}"):
        return contest(
            reversal_id=reversal_id, restoration_id=restoration_id, ground=Reversal.Ground.HOLDER_RIGHT, words=words,
            by="holder", at=at,
        )  # fmt: skip


@transaction.atomic
def propose_reversal(*, reversal_id: Any, officer: Officer, reasons: str, at: dt.datetime) -> Reversal:
    """The first officer has looked and proposes to reverse. Raises NotAllowed, ValueError, NotAtThisStep."""
    check_role(officer, MAY_PROPOSE)
    if len(reasons.strip()) < 20:
        raise ValueError("a reversal gives its reasons")
    made = _lock(reversal_id, "contested")
    made.proposed_by, made.proposed_at, made.reasons = officer, at, reasons.strip()
    made.save(update_fields=["proposed_by", "proposed_at", "reasons"])
    _record(Kind.REVERSAL_PROPOSED, made, f"officer:{officer.pk}", at)
    return made


@transaction.atomic
def approve_reversal(*, reversal_id: Any, officer: Officer, at: dt.datetime) -> Reversal:
    """The second officer reverses: the victim's account says so at once. Takes the trail lock, locks the row.

    Who approved the restoration may not be the second one here. Raises NotAllowed, RankTooLow, SameOfficer,
    NotAtThisStep.
    """
    with trail_lock():
        made = _lock(reversal_id, "proposed")
        restoration = made.restoration
        check_rank(officer, paise=restoration.amount_paise, jurisdiction=restoration.claim.chase.jurisdiction, at=at)
        if officer.pk in (made.proposed_by_id, restoration.approved_by_id):
            raise SameOfficer(officer.username)
        made.approved_by, made.approved_at = officer, at
        made.save(update_fields=["approved_by", "approved_at"])
        _record(
            Kind.REVERSAL_DECIDED, made, f"officer:{officer.pk}", at, outcome="reversed", reasons=made.reasons,
            amount_paise=restoration.amount_paise,
        )  # fmt: skip
        _take_back(restoration, at)
    return made


@transaction.atomic
def refuse_reversal(*, reversal_id: Any, officer: Officer, words: str, at: dt.datetime) -> Reversal:
    """The restoration stands, with reasons. Nobody who had decided it decides this.

    Raises NotAllowed, SameOfficer, ValueError, NotAtThisStep.
    """
    check_role(officer, (*MAY_PROPOSE, Officer.Role.APPROVER))
    if len(words.strip()) < 20:
        raise ValueError("a refusal gives its reasons")
    made = _lock(reversal_id, "contested", "proposed")
    if officer.pk in (made.restoration.proposed_by_id, made.restoration.approved_by_id):
        raise SameOfficer(officer.username)
    made.refused_by, made.refused_at, made.refused_words = officer, at, words.strip()
    made.save(update_fields=["refused_by", "refused_at", "refused_words"])
    _record(Kind.REVERSAL_DECIDED, made, f"officer:{officer.pk}", at, outcome="refused", reasons=made.refused_words)
    return made


@transaction.atomic
def record_paid_back(*, reversal_id: Any, officer: Officer, reference: str, at: dt.datetime) -> Reversal:
    """The victim paid the money back under the bond. Raises NotAllowed, NotAtThisStep, ValueError without reference."""
    check_role(officer, MAY_PROPOSE)
    if not reference.strip():
        raise ValueError("name the bank's reference of the payment")
    made = _lock(reversal_id, "reversed")
    made.paid_back_at, made.paid_reference = at, reference.strip()[:64]
    made.save(update_fields=["paid_back_at", "paid_reference"])
    _record(Kind.REVERSAL_PAID, made, f"officer:{officer.pk}", at, reference=made.paid_reference)
    return made


def _take_back(restoration: Restoration, at: dt.datetime) -> None:
    """What the books called restored to this claim is the holder's again; a share from a pool is lost once more."""
    hold = restoration.hold
    assert hold is not None
    moved = sets.normalise(
        pair
        for entry in hold.entries.filter(kind="restored")
        for pair in sets.intersect(entry.ranges, restoration.ranges)
    )
    words = [Word(lo, hi, "released", hold.pk, why="reversed") for lo, hi in moved]
    lines.put(hold.payment_id, words, at=at)
    passed = restoration.claim.trail.filter(payment_id=hold.payment_id).values_list("lo", "hi")
    elsewhere = sets.total(sets.subtract(moved, sets.normalise(passed)))
    claim = gathered().one(Claim, restoration.claim_id)
    if elsewhere and claim is not None:
        give_up_recovered(claim=claim, paise=elsewhere, at=at)
    for chase in chases_through([hold.payment_id]):
        advance(chase_id=chase.pk, at=at)


def _lock(reversal_id: Any, *states: str) -> Reversal:
    rows = Reversal.objects.select_for_update(of=("self",))
    found = rows.select_related("restoration__hold", "restoration__claim__chase").get(pk=reversal_id)
    if found.state not in states:
        raise NotAtThisStep(found.state)
    return found


def _record(kind: Kind, made: Reversal, by: str, at: dt.datetime, **data: Any) -> None:
    about = f"complaint:{made.restoration.claim.chase_id}"
    record(kind, about=about, by=by, at=at, reversal=str(made.pk), restoration=str(made.restoration_id), **data)
