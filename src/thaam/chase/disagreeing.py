"""When one bank says it sent a payment and the other does not know it: both are told, and neither is believed."""

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
    record(
        Kind.BANKS_DISAGREE, about=f"payment:{payment.pk}", by="loop:chase", at=at, payer_bank=payment.payer_bank,
        payee_bank=payment.payee_bank, amount_paise=sum(word.hi - word.lo for word in denied),
    )  # fmt: skip
    words = _WORDS.format(reference=payment.reference, on=payment.on.isoformat(), amount=payment.amount_paise)
    for bank in sorted({bank for bank in (payment.payer_bank, payment.payee_bank) if bank}):
        notice_id = id_from("disagree", payment.pk, bank)
        if not in_network(bank) or gathered().one(Order, notice_id):
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
