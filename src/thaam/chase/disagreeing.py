"""When one bank knows a payment and the other does not: both are told, and neither is believed."""

from __future__ import annotations

import datetime as dt

from thaam.journal.gathering import gathered
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Order
from thaam.mailbox.posting import post
from thaam.wire.messages import Notice
from thaam.wire.parts import IssuedBy

from . import lines
from .lines import Word
from .models import Line, Payment
from .payments import in_network

DENIALS = ("not_found", "not_ours")
# What a bank can only say of a credit that it has.
SHOWN = ("held", "onward", "gone", "seen", "returned", "restored", "released")
_WORDS = (
    "One bank reports this payment, the other does not know it. Please check {reference} of {on} over {amount} paise; "
    "the settlement reports of both banks decide."
)


def note(payment: Payment, *, at: dt.datetime) -> None:
    """Mark denied paise of an asserted payment `banks_disagree`, tell both banks once. Caller has the trail lock."""
    asserted = payment.located == Payment.Located.FOUND or gathered().all_of(Line, "child_id", payment.pk)
    if not asserted:
        return
    denied = [
        Word(line.lo, line.hi, "unexplained", line.order_id, why="banks_disagree")
        for line in lines.lines_of(payment.pk)
        if line.kind == "unexplained" and line.why in DENIALS
    ]
    if not denied:
        return
    lines.put(payment.pk, denied, at=at)
    _tell(payment, sum(word.hi - word.lo for word in denied), at)


def note_denial(payment: Payment, *, at: dt.datetime) -> None:
    """The payer's bank denies this payment's debit: tell both banks, once, where the payee's bank has shown its credit.

    What is held follows the denial (locating.py) until an officer answers for the debit: this is how they hear that
    there is reason to look. Caller has the trail lock.
    """
    shown = [line for line in lines.lines_of(payment.pk) if line.order_id and line.kind in SHOWN]
    if shown and not any(gathered().one(Order, notice_id) for notice_id, _ in _notices(payment)):
        _tell(payment, sum(line.hi - line.lo for line in shown), at)


def _notices(payment: Payment) -> list[tuple[str, str]]:
    """The notice for each bank of the payment that has a mailbox: its id, the bank."""
    banks = sorted({bank for bank in (payment.payer_bank, payment.payee_bank) if bank})
    return [(id_from("disagree", payment.pk, bank), bank) for bank in banks if in_network(bank)]


def _tell(payment: Payment, paise: int, at: dt.datetime) -> None:
    record(
        Kind.BANKS_DISAGREE, about=f"payment:{payment.pk}", by="loop:chase", at=at, payer_bank=payment.payer_bank,
        payee_bank=payment.payee_bank, amount_paise=paise,
    )  # fmt: skip
    words = _WORDS.format(reference=payment.reference, on=payment.on.isoformat(), amount=payment.amount_paise)
    for notice_id, bank in _notices(payment):
        if gathered().one(Order, notice_id):
            continue
        notice = Notice(
            id=notice_id,
            code="banks_disagree",
            about_order_id=None,
            words=words,
            issued_by=IssuedBy(office="PLATFORM", officer="chase"),
            issued_at=at,
        )
        post(partner=bank, message=notice, at=at, by="loop:chase")
