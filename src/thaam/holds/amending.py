"""Change an order that stands: confirm it, prolong it, lift its floor, put it on another claim's ground.

An amendment counts when the bank says it has it, and a renewal only if that was before the hold's end
(platform time): until then the old terms bind us.
"""

from __future__ import annotations

import datetime as dt

from thaam.journal.gathering import gathered, gathering
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Order
from thaam.mailbox.posting import post
from thaam.wire.messages import AmendOrder, CancelOrder
from thaam.wire.parts import IssuedBy

from .asking import Mandate
from .book import entries_of, lock_hold
from .models import Amendment, Hold
from .states import HoldState, WrongState

_TERMS = ("floor_paise", "provisional", "expires_at", "reference")
_OVER = (HoldState.CANCELLED, HoldState.ENDED, HoldState.DECLINED, HoldState.LAPSED)


class NothingToAmend(Exception):
    """The order already says so."""


@gathering()
def amend_order(
    *,
    hold: Hold,
    mandate: Mandate,
    by: str,
    at: dt.datetime,
    provisional: bool | None = None,
    expires_at: dt.datetime | None = None,
    floor_paise: int | None = None,
    new_basis: bool = False,
) -> Amendment:
    """Post the next revision of the order. The caller has the hold's row locked.

    Raises WrongState for a hold that is over or past its end, NothingToAmend when nothing would change.
    """
    if hold.state in _OVER or at >= hold.expires_at:
        raise WrongState(f"hold {hold.pk} is {hold.state}, its end {hold.expires_at}")
    if (provisional, expires_at, floor_paise) == (None, None, None) and not new_basis:
        raise NothingToAmend(str(hold.pk))
    revision = hold.revision + 1
    amendment = Amendment(
        id=id_from("amend", hold.pk, revision),
        hold=hold,
        revision=revision,
        floor_paise=floor_paise,
        provisional=provisional,
        expires_at=expires_at,
        reference=mandate.reference if new_basis else "",
        ordered_at=at,
    )
    rows = gathered()
    rows.add(amendment)
    hold.revision = revision
    rows.change(hold, "revision")
    message = AmendOrder(
        id=str(amendment.id),
        hold_order_id=str(hold.pk),
        revision=revision,
        ranges=None,
        floor_paise=floor_paise,
        provisional=provisional,
        expires_at=expires_at,
        basis=mandate.basis("hold", at) if new_basis else None,
        issued_by=mandate.issued_by,
        issued_at=at,
    )
    # the revision is ours alone while the hold is locked, so the id is new
    post(partner=hold.bank_id, message=message, at=at, by=by, fresh=True)
    record(
        Kind.HOLD_AMENDED, about=f"hold:{hold.pk}", by=by, at=at, revision=revision, provisional=provisional,
        floor_paise=floor_paise, expires_at=expires_at.isoformat() if expires_at else None,
    )  # fmt: skip
    return amendment


def record_accepted(*, amendment_id: str, told_at: dt.datetime, at: dt.datetime) -> Hold | None:
    """The bank has the amendment: its terms bind from now. None for an id that is no amendment. `told_at`: when its
    word came.

    Locks the hold. A renewal that arrives after the end changes nothing, the hold is over; and the bank, which goes on
    holding on the strength of it, is told so by a CancelOrder.
    """
    amendment = gathered().one(Amendment, amendment_id)
    if amendment is None:
        return None
    hold = lock_hold(amendment.hold_id)
    _accept(hold, amendment, told_at, at)
    return hold


def record_carried_out(*, hold: Hold, order_revision: int, told_at: dt.datetime, at: dt.datetime) -> None:
    """An answer that carries out a revision accepts it and those before it. The caller has the hold locked."""
    for amendment in sorted(amendments_of(hold), key=lambda each: each.revision):
        if amendment.revision <= order_revision:
            _accept(hold, amendment, told_at, at)


def amendments_of(hold: Hold) -> list[Amendment]:
    """Every revision ordered after the first."""
    return gathered().all_of(Amendment, "hold_id", hold.pk)


def ordered_end(hold: Hold) -> dt.datetime:
    """The latest end that was ordered, taken by the bank or on its way there: what is ordered next must not cut it."""
    ordered = (each.expires_at for each in amendments_of(hold))
    return max([hold.expires_at, *(end for end in ordered if end is not None)])


def _accept(hold: Hold, amendment: Amendment, told_at: dt.datetime, at: dt.datetime) -> None:
    if amendment.accepted_at is not None:
        return
    # before its first answer nothing had begun
    over = told_at >= hold.expires_at or (at >= hold.expires_at and not hold.held)
    if hold.answer_revision is not None and over:
        if amendment.expires_at is not None and amendment.expires_at > at and entries_of(hold):
            _call_off(hold, amendment, at)
        return
    amendment.accepted_at = at
    gathered().change(amendment, "accepted_at")
    later = [each for each in amendments_of(hold) if each.revision > amendment.revision and each.accepted_at]
    for term in _TERMS:
        new = getattr(amendment, term)
        # the bank's words may overtake each other: a term that a later revision has changed stays as that one says
        if new not in (None, "") and all(getattr(each, term) in (None, "") for each in later):
            setattr(hold, term, new)
    gathered().change(hold, *_TERMS)


def _call_off(hold: Hold, amendment: Amendment, at: dt.datetime) -> None:
    """The bank took a longer end in time by its own clock, and we heard of it after the hold had ended by ours: it
    must not hold for months what is in no book."""
    cancel_id = id_from("cancel", hold.pk)
    if gathered().one(Order, cancel_id):
        return
    message = CancelOrder(
        id=cancel_id,
        hold_order_id=str(hold.pk),
        reason="superseded" if amendment.provisional is None else "not_confirmed",
        issued_by=IssuedBy(office=hold.office, officer=hold.officer),
        issued_at=at,
    )
    post(partner=hold.bank_id, message=message, at=at, by="loop:chase")
