"""Ask a bank to hold money.

An order is not money. It becomes money when the bank's answer is entered in the book (answering.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thaam.journal.gathering import gathered, gathering
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.posting import post
from thaam.money import ranges as sets
from thaam.money.ranges import Range
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import law, rule
from thaam.wire.messages import HoldOrder
from thaam.wire.parts import Basis, IssuedBy, PaymentId, ranges_of

from .models import Hold


@dataclass(frozen=True, slots=True)
class Mandate:
    """On whose behalf an order goes out: complaint number, jurisdiction, the officer and office who answer for it."""

    reference: str
    jurisdiction: str
    office: str
    officer: str

    def basis(self, about: str, at: dt.datetime) -> Basis:
        """The section an order `about` hold, release, restore or locate stands on that day."""
        found = law(about, jurisdiction=self.jurisdiction, on=at)
        return Basis(
            jurisdiction=self.jurisdiction,
            section=found.section,
            authority=found.authority,
            reference=self.reference,
        )

    @property
    def issued_by(self) -> IssuedBy:
        """The office and officer as a bank reads them."""
        return IssuedBy(office=self.office, officer=self.officer)


@gathering()
def ask_for_hold(
    *,
    order_id: str,
    bank: str,
    payment_id: Any,
    payment: PaymentId,
    ranges: Iterable[Range],
    provisional: bool,
    payee_hint: str | None,
    mandate: Mandate,
    by: str,
    at: dt.datetime,
    secured: bool = False,
) -> Hold:
    """Write the hold, the order in the bank's mailbox and the fact, or none of them.

    `ranges` are paise of the payment. Clocks and floor come from the rulebook: a provisional hold lives for
    `provisional_hold`, a confirmed one for `hold_expiry`. `secured`: no claim is traced to these paise, an officer
    secures them on a ground of its own. A repeat with the same order_id returns the first hold.
    """
    rows = gathered()
    for earlier in rows.all_of(Hold, "payment_id", payment_id):
        if str(earlier.pk) == order_id:
            return earlier
    paise = sets.normalise(ranges)
    place = mandate.jurisdiction
    basis = mandate.basis("secure" if secured else "hold", at)
    hold = Hold(
        id=order_id,
        bank_id=bank,
        payment_id=payment_id,
        asked=paise,
        floor_paise=rule("hold_floor", jurisdiction=place, on=at).value,
        provisional=provisional,
        secured=secured,
        jurisdiction=place,
        section=basis.section,
        authority=basis.authority,
        reference=mandate.reference,
        office=mandate.office,
        officer=mandate.officer,
        asked_at=at,
        execute_before=due_at("order_execute_within", jurisdiction=place, start=at),
        expires_at=due_at("provisional_hold" if provisional else "hold_expiry", jurisdiction=place, start=at),
    )
    rows.add(hold)
    order = _order_of(hold, payment=payment, payee_hint=payee_hint, basis=basis, mandate=mandate)
    post(partner=bank, message=order, at=at, by=by, fresh=True)
    record(
        Kind.HOLD_ASKED, about=f"hold:{order_id}", by=by, at=at, bank=bank, amount_paise=sets.total(paise),
        payment=str(payment_id), provisional=provisional, expires_at=hold.expires_at.isoformat(),
    )  # fmt: skip
    return hold


def _order_of(hold: Hold, *, payment: PaymentId, payee_hint: str | None, basis: Basis, mandate: Mandate) -> HoldOrder:
    """The order as its bank reads it."""
    return HoldOrder(
        id=str(hold.id),
        revision=1,
        payment=payment,
        ranges=ranges_of(hold.asked),
        amount_paise=sets.total(hold.asked),
        floor_paise=hold.floor_paise,
        provisional=hold.provisional,
        payee_hint=payee_hint or None,
        basis=basis,
        issued_by=mandate.issued_by,
        issued_at=hold.asked_at,
        execute_before=hold.execute_before,
        expires_at=hold.expires_at,
    )


def mandate_of(hold: Hold, *, office: str | None = None, officer: str | None = None) -> Mandate:
    """The mandate a later order about this hold goes out under, by default of the same officer."""
    return Mandate(
        reference=hold.reference,
        jurisdiction=hold.jurisdiction,
        office=office or hold.office,
        officer=officer or hold.officer,
    )
