"""A bank found no such payment: ask the victim, by SMS, for the right reference of their own debit. Once an order."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from thaam.complaints.models import Complaint
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.work.scheduling import schedule

_FIX = Text(
    hi="थाम: बैंक को आपका लेन-देन नंबर नहीं मिला। सही नंबर यहाँ लिखें: {url} हम OTP या PIN नहीं माँगते।",
    en="Thaam: the bank did not find your transaction number. Enter the right one: {url} We never ask for OTP or PIN.",
)


def ask_for_right_number(*, order: Order, at: dt.datetime) -> bool:
    """Whether a message was scheduled: only for a debit the victim told themselves, never for a later hop."""
    message = order.message
    complaint = Complaint.objects.filter(number=message.basis.reference, withdrawn_at=None).first()
    debit = complaint.debits.filter(reference=message.payment.reference).first() if complaint else None
    if complaint is None or debit is None:
        return False
    url = f"{settings.PUBLIC_URL}/{complaint.lang}/s/{complaint.link}/fix/{debit.number}"
    text = _FIX.in_(complaint.lang, url=url)
    schedule(kind="sms:send", key=f"fix:{order.pk}", run_at=at, to=complaint.mobile, text=text)
    return True
