"""Order a bank to end the freeze of a whole account and to hold the disputed paise only (FreezeToHoldOrder).

The order is a hold of its own in the book: its answer says line by line where the paise are. What an earlier order of
ours holds already stays under that order; the answer names it.
"""

from __future__ import annotations

import datetime as dt

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.posting import post
from thaam.money import ranges as sets
from thaam.wire.messages import FreezeToHoldOrder
from thaam.wire.parts import PaymentId, ranges_of

from .asking import Mandate
from .models import Hold


def order_opening(
    *,
    order_id: str,
    hold: Hold,
    payment: PaymentId,
    mandate: Mandate,
    execute_before: dt.datetime,
    by: str,
    at: dt.datetime,
) -> Hold:
    """Write the new hold row and its order, for the paise and until the end of `hold`. In the caller's transaction.

    A repeat of the id returns the first.
    """
    if earlier := Hold.objects.filter(pk=order_id).first():
        return earlier
    assert hold.book is not None
    basis = mandate.basis("hold", at)
    paise = hold.held_at(at)
    made = Hold(
        id=order_id, bank_id=hold.bank_id, payment_id=hold.payment_id, asked=paise, floor_paise=0, provisional=False,
        jurisdiction=hold.jurisdiction, section=basis.section, authority=basis.authority, reference=hold.reference,
        office=mandate.office, officer=mandate.officer, asked_at=at, execute_before=execute_before,
        expires_at=hold.expires_at,
    )  # fmt: skip
    made.save(force_insert=True)
    message = FreezeToHoldOrder(
        id=str(order_id),
        account=hold.book.account,
        freeze_reference=None,
        payment=payment,
        ranges=ranges_of(paise),
        amount_paise=sets.total(paise),
        basis=basis,
        issued_by=mandate.issued_by,
        issued_at=at,
        execute_before=execute_before,
        expires_at=hold.expires_at,
    )
    post(partner=hold.bank_id, message=message, at=at, by=by)
    record(
        Kind.HOLD_OPENING_ORDERED, about=f"hold:{order_id}", by=by, at=at, bank=hold.bank_id, instead_of=str(hold.pk),
        amount_paise=sets.total(paise),
    )  # fmt: skip
    return made
