"""Pay held money back to a victim: promise the paise, order the payment, enter it when the bank has paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from thaam.journal.gathering import gathered, gathering
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.posting import post
from thaam.money import marks as rules
from thaam.money import ranges as sets
from thaam.money.ranges import Range, Ranges
from thaam.rulebook.clocks import due_at
from thaam.wire.messages import RestoreDone, RestoreOrder
from thaam.wire.parts import IssuedBy, pairs_of, ranges_of

from .amending import amend_order, ordered_end
from .asking import Mandate
from .book import enter, lock_hold
from .models import Entry, Hold, Repayment
from .releasing import NothingHeld, RangeContested, RangeEarmarked
from .standing import marks_of


class SameOfficer(Exception):
    """Money goes back on the word of two different officers."""


class NotEarmarked(Exception):
    """The paise were never promised to this restoration."""


@gathering()
def earmark(*, hold_id: object, ranges: Iterable[Range], by: str, at: dt.datetime) -> Hold:
    """Promise held paise to a restoration, so that no release can take them meanwhile. Locks the hold.

    Raises NothingHeld unless all are held now, RangeContested, RangeEarmarked.
    """
    hold = lock_hold(hold_id)
    wanted = sets.normalise(ranges)
    try:
        rules.check_promise(marks_of(hold, at=at), wanted)
    except rules.NotHeld:
        raise NothingHeld(f"{wanted} is not held under {hold.pk}") from None
    except rules.Contested:
        raise RangeContested(str(hold.pk)) from None
    except rules.Promised:
        raise RangeEarmarked(str(hold.pk)) from None
    hold.earmarked = sets.union(hold.earmarked, wanted)
    gathered().change(hold, "earmarked")
    record(Kind.HOLD_EARMARKED, about=f"hold:{hold.pk}", by=by, at=at, amount_paise=sets.total(wanted))
    return hold


@gathering()
def drop_earmark(*, hold_id: object, ranges: Iterable[Range], by: str, at: dt.datetime) -> Hold:
    """Take the promise back (the proposal was refused or withdrawn). Locks the hold."""
    hold = lock_hold(hold_id)
    hold.earmarked = sets.subtract(hold.earmarked, ranges)
    gathered().change(hold, "earmarked")
    record(Kind.HOLD_EARMARK_DROPPED, about=f"hold:{hold.pk}", by=by, at=at)
    return hold


@gathering()
def order_restoration(
    *,
    order_id: str,
    hold_id: object,
    ranges: Iterable[Range],
    claim_id: Any,
    to_bank: str,
    to_account: str,
    mandate: Mandate,
    proposed_by: IssuedBy,
    approved_by: IssuedBy,
    by: str,
    at: dt.datetime,
    law: str = "restore",
) -> Repayment:
    """Order the bank to pay earmarked paise to the victim's account; a repeat returns the first order.

    `law` names the row of laws.toml the order stands on: the police's own way, or an authority's.

    The hold is prolonged, by this very order of an authority, when it would end before the bank must have paid.
    Locks the hold. Raises SameOfficer, NotEarmarked, RangeContested, NoSuchHold.
    """
    if earlier := gathered().one(Repayment, order_id):
        return earlier
    if proposed_by == approved_by:
        raise SameOfficer(approved_by.officer)
    hold = lock_hold(hold_id)
    paise = sets.normalise(ranges)
    try:
        rules.check_payment(marks_of(hold, at=at), paise)
    except rules.NotHeld:
        raise NotEarmarked(f"{paise} of hold {hold.pk}") from None
    except rules.Contested:
        raise RangeContested(str(hold.pk)) from None
    execute_before = due_at("order_execute_within", jurisdiction=hold.jurisdiction, start=at)
    if ordered_end(hold) <= execute_before:
        amend_order(hold=hold, mandate=mandate, by=by, at=at, expires_at=execute_before + dt.timedelta(hours=1))
    repayment = Repayment(
        id=order_id,
        hold=hold,
        ranges=paise,
        claim_id=claim_id,
        proposed_by=f"{proposed_by.office}/{proposed_by.officer}",
        approved_by=f"{approved_by.office}/{approved_by.officer}",
        ordered_at=at,
    )
    gathered().add(repayment)
    message = RestoreOrder(
        id=str(order_id),
        hold_order_id=str(hold.pk),
        ranges=ranges_of(paise),
        amount_paise=sets.total(paise),
        to_bank=to_bank,
        to_account=to_account,
        basis=mandate.basis(law, at),
        issued_by=proposed_by,
        approved_by=approved_by,
        issued_at=at,
        execute_before=execute_before,
    )
    post(partner=hold.bank_id, message=message, at=at, by=by)
    return repayment


def record_refused(*, order_id: Any, why: str, by: str, at: dt.datetime) -> Hold | None:
    """The bank cannot pay: take the promise back. None for an id that is no restoration. Locks the hold.

    Where it has paid a part already, what is not paid is promised no more, and the restoration is of that part.
    """
    repayment = gathered().one(Repayment, order_id)
    if repayment is None or repayment.refused_at is not None:
        return None
    unpaid = sets.intersect(repayment.ranges, lock_hold(repayment.hold_id).earmarked)
    if repayment.paid_at is None:
        unpaid = repayment.ranges
        repayment.refused_at, repayment.refused_why = at, why
        gathered().change(repayment, "refused_at", "refused_why")
    elif unpaid:
        repayment.ranges = sets.subtract(repayment.ranges, unpaid)
        gathered().change(repayment, "ranges")
    else:
        return None
    record(
        Kind.RESTORATION_REFUSED, about=f"hold:{repayment.hold_id}", by=by, at=at, why=why,
        claim=str(repayment.claim_id), amount_paise=sets.total(unpaid),
    )  # fmt: skip
    return drop_earmark(hold_id=repayment.hold_id, ranges=unpaid, by=by, at=at)


def record_restoration(
    *, hold: Hold, answer: RestoreDone, bank: str, at: dt.datetime
) -> tuple[Ranges, Repayment | None]:
    """Enter what the bank paid back; returns those paise and the order they were paid under.

    The caller has the hold locked. A payment nobody ordered moves nothing and comes back with None.
    """
    repayment = gathered().one(Repayment, answer.order_id)
    if repayment is None or repayment.hold_id != hold.pk:
        return (), None
    moved = enter(
        hold, Entry.Type.RESTORED, sets.intersect(pairs_of(answer.ranges), repayment.ranges), cause=answer.id,
        by=f"bank:{bank}", at=at, stated_at=answer.answered_at, reason="restored",
    )  # fmt: skip
    if repayment.paid_at is None:
        # a bank that had said it could not pay has paid all the same
        repayment.paid_at, repayment.refused_at, repayment.refused_why = at, None, ""
        repayment.paid_reference = answer.payment.reference
        gathered().change(repayment, "paid_at", "paid_reference", "refused_at", "refused_why")
    return moved, repayment
