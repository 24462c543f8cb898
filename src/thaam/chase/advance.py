"""Grow the trail of one chase: the only place where a trail grows.

A claim is paise of one payment: the debit the victim disputes. Banks tell us what became of a payment's paise in
*lines*: held here, gone on as paise of that next payment, drawn as cash. Following lines down from the claim
(walking.py), every paisa ends in exactly one of eight states. Where a paisa ends on a payment nobody was asked
about yet, that is an *open end*, and we ask the bank that got the payment (asking.py). Its answer (answering.py)
adds lines, and we are called again. When no end is open, the chase is quiet.

Safe to call twice, by anyone, at any time: everything is derived from the stored lines, and the ids of the orders
are derived from payment, ranges and round, so the same question is never sent twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from thaam.journal.gathering import gathered
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money.partition import State

from . import floors, letting_go
from .asking import ask_about, ask_payer, leave_as_too_wide
from .counting import recount
from .lines import trail_lock
from .models import Chase, Claim, Payment
from .payments import payment_of
from .trusting import needs_a_word
from .walking import NOT_ASKED, Piece, Walk

_DUE = "chase: goes on"


class NoSuchChase(LookupError):
    """There is no chase of this complaint."""


def advance(*, chase_id: Any, at: dt.datetime) -> None:
    """Follow the lines, ask about every open end, and say so when there is none left.

    Takes the trail lock (lines.py). Done when the gathering closes, once for each chase, however many answers or timers
    of the transaction are about it. For a chase that waits for its confirmation it only reckons; for one that was
    withdrawn it only lets go of what nobody claims any more.
    """
    with trail_lock() as rows:
        due: dict[UUID, dt.datetime] = rows.once(_DUE, dict)
        due[UUID(str(chase_id))] = at
        rows.put_off(_DUE, _advance_those_due)


def _advance_those_due() -> None:
    due: dict[UUID, dt.datetime] = gathered().once(_DUE, dict)
    while due:
        chase_id = next(iter(due))
        _advance(chase_id, due.pop(chase_id))


def _advance(chase_id: UUID, at: dt.datetime) -> None:
    rows = gathered()
    chase = rows.one(Chase, chase_id)
    if chase is None:
        raise NoSuchChase(str(chase_id))
    claims = sorted(rows.all_of(Claim, "chase_id", chase.pk), key=lambda claim: claim.number)
    walks = recount(claims, at=at)
    if chase.state == Chase.State.WAITING:
        return
    letting_go.release_unclaimed(chase, at=at)
    if chase.state == Chase.State.STOPPED:
        return
    asked = False
    for claim in claims:
        if claim.withdrawn_at is None:
            asked |= ask_payer(chase=chase, claim=claim, payment=payment_of(claim), at=at)
            asked |= _ask_about_open_ends(chase, claim, walks[claim.pk], at)
            asked |= floors.hold_more_than_floors_leave(chase, claim, walks[claim.pk], at=at)
    if asked:
        walks = recount(claims, at=at)
    _settle(chase, walks.values(), at)


def _ask_about_open_ends(chase: Chase, claim: Claim, found: Walk, at: dt.datetime) -> bool:
    """Biggest first, until the claim's limit of work; what is beyond it is `seen: too_wide`."""
    open_ends = _by_payment(found.pieces_of(State.ASKED, NOT_ASKED))
    payments = gathered().many(Payment, open_ends.keys())
    asked = False
    for payment_id, pieces in open_ends.items():
        payment = payments[payment_id]
        ranges = sets.subtract(((piece.lo, piece.hi) for piece in pieces), payment.known())
        hop, paise = min(piece.hop for piece in pieces), sets.total(ranges)
        if (
            not ranges
            or not _can_be_asked(payment, claim)
            or needs_a_word(chase=chase, claim=claim, payment=payment, hop=hop, paise=paise, at=at)
        ):
            continue
        asked = True
        if claim.asked_count + len(ranges) > claim.asked_limit:
            leave_as_too_wide(payment, ranges, at)
        else:
            provisional = claim.confirmed_at is None
            ask_about(chase=chase, claim=claim, payment=payment, ranges=ranges, provisional=provisional, at=at)
    return asked


def _can_be_asked(payment: Payment, claim: Claim) -> bool:
    """The payee's bank of a debit may have to be learnt from the payer's bank first, its reference from the victim."""
    if payment.pk != claim.payment_id:
        return True
    if not payment.reference or (claim.denied_at is not None and claim.confirmed_at is None):
        return False
    return payment.payee_bank is not None or payment.located == Payment.Located.FOUND


def _by_payment(pieces: Iterable[Piece]) -> dict[Any, list[Piece]]:
    """Open ends of one payment are one question to its bank; the order (biggest first) stays."""
    grouped: dict[Any, list[Piece]] = {}
    for piece in pieces:
        grouped.setdefault(piece.payment, []).append(piece)
    return grouped


def _settle(chase: Chase, walks: Iterable[Walk], at: dt.datetime) -> None:
    """Quiet when no paisa of any claim waits for an answer; running again when one does."""
    walks = list(walks)
    waiting = any(found.pieces_of(State.ASKED) for found in walks)
    if chase.first_held_at is None and any(found.pieces_of(State.HELD) for found in walks):
        chase.first_held_at = at
        gathered().change(chase, "first_held_at")
    if waiting and chase.state == Chase.State.QUIET:
        chase.state, chase.quiet_at = Chase.State.RUNNING, None
        gathered().change(chase, "state", "quiet_at")
    if not waiting and chase.state == Chase.State.RUNNING:
        chase.state, chase.quiet_at = Chase.State.QUIET, at
        gathered().change(chase, "state", "quiet_at")
        record(Kind.CHASE_QUIET, about=f"complaint:{chase.pk}", by="loop:chase", at=at)
