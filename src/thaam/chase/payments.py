"""Find or write down a payment by its identity, and say that identity to a bank."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.holds.models import Hold
from thaam.journal.gathering import gathered
from thaam.journal.ids import id_from
from thaam.parties.models import Bank
from thaam.wire.parts import PaymentId

from .models import Claim, Payment


def payment_key(
    *, rail: str, reference: str, on: dt.date, amount_paise: int, payer_bank: str, unknown: Any = ""
) -> str:
    """The id of a payment. The payee's bank is no part of it: the victim often does not know it.

    A payment without a reference cannot be told from another, so `unknown` (the debit's id) keeps them apart.
    """
    return id_from("payment", rail, reference or f"?{unknown}", on.isoformat(), amount_paise, payer_bank)


def key_of(identity: PaymentId) -> str:
    """The id of the payment of this identity."""
    return payment_key(
        rail=identity.rail,
        reference=identity.reference,
        on=identity.date,
        amount_paise=identity.amount_paise,
        payer_bank=identity.payer_bank,
    )


def find_or_add(identity: PaymentId) -> Payment:
    """The payment of this identity; its payee's bank is filled in when we did not know it. The caller gathers."""
    return find_or_add_told(
        rail=identity.rail,
        reference=identity.reference,
        on=identity.date,
        amount_paise=identity.amount_paise,
        payer_bank=identity.payer_bank,
        payee_bank=identity.payee_bank,
    )


def find_or_add_told(
    *,
    rail: str,
    reference: str,
    on: dt.date,
    amount_paise: int,
    payer_bank: str,
    payee_bank: str | None,
    payee_hint: str = "",
    unknown: Any = "",
) -> Payment:
    """The same from a victim's words; `reference` may be empty."""
    key = payment_key(
        rail=rail, reference=reference, on=on, amount_paise=amount_paise, payer_bank=payer_bank, unknown=unknown
    )
    rows = gathered()
    payment = rows.one(Payment, key)
    if payment is None:
        return rows.add(
            Payment(
                id=key,
                rail=rail,
                reference=reference,
                on=on,
                amount_paise=amount_paise,
                payer_bank=payer_bank,
                payee_bank=payee_bank,
                payee_hint=payee_hint,
            )
        )
    if payee_bank and payment.payee_bank is None:
        payment.payee_bank = payee_bank
        rows.change(payment, "payee_bank")
    return payment


def payment_of(claim: Claim) -> Payment:
    """The disputed debit's payment, as gathered."""
    payment = gathered().one(Payment, claim.payment_id)
    assert payment is not None
    return payment


def payment_on(hold: Hold) -> Payment:
    """The payment a hold order is about, as gathered."""
    payment = gathered().one(Payment, hold.payment_id)
    assert payment is not None
    return payment


def identity_of(payment: Payment) -> PaymentId:
    """The payment as every bank names it."""
    return PaymentId(
        rail=payment.rail,
        reference=payment.reference,
        date=payment.on,
        amount_paise=payment.amount_paise,
        payer_bank=payment.payer_bank,
        payee_bank=payment.payee_bank,
    )


def in_network(code: str | None) -> bool:
    """Whether a bank of this code has a mailbox here."""
    return code in gathered().once(
        "banks in the network", lambda: set(Bank.objects.filter(in_network=True).values_list("code", flat=True))
    )
