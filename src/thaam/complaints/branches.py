"""A victim stands in a bank's branch, and the bank tells us: file their complaint and send them the code to confirm."""

from __future__ import annotations

import datetime as dt

from thaam.chase.saying import said_in
from thaam.journal.ids import draw_below, id_from
from thaam.language.dates import IST
from thaam.mailbox.models import Answer
from thaam.wire.messages import CustomerReport
from thaam.wire.parts import PaymentId

from .confirming import send_code
from .filing import file_complaint
from .telling import DebitTold


def take_customer_report(answer: Answer, at: dt.datetime) -> None:
    """File what the bank tells (its message's id is the complaint's), and send the reporter a code.

    No name and no story yet: the helpline asks for them. Raises CannotFile when the bank's report cannot be right; it
    is then kept as refused.
    """
    said = said_in(answer, CustomerReport)
    complaint = file_complaint(
        complaint_id=said.id,
        lang="hi",
        channel="bank",
        mobile=said.mobile,
        name="",
        district="",
        story="",
        debits=[_debit(payment, said) for payment in said.payments],
        by=f"bank:{answer.partner_id}",
        at=at,
    )
    code = f"{draw_below(1_000_000):06d}"
    send_code(complaint_id=complaint.pk, code_id=id_from("branch", said.id), code=code, at=at)


def _debit(payment: PaymentId, said: CustomerReport) -> DebitTold:
    """The day is all we hear of the time: noon in India stands for it, or the report itself if that is earlier."""
    noon = dt.datetime.combine(payment.date, dt.time(12), IST)
    return DebitTold(
        amount_paise=payment.amount_paise,
        paid_at=min(noon, said.reported_at),
        rail=payment.rail,
        reference=payment.reference,
        payer_bank=payment.payer_bank,
        payer_last4=said.payer_account_last4 or "",
        payee_bank=payment.payee_bank or "",
    )
