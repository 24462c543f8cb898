"""Ask a bank for particulars, statements, KYC, footage, settlement reports (S1.6, S1.8, S1.12, S1.13).

Footage is recorded over after some weeks, so a request for it says at once that it must be preserved, and the day it
would be lost stands on the request for everybody to see.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.clocks.running import start_clock
from thaam.evidence.models import Asked
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.mailbox.posting import post
from thaam.rulebook.rules import law, rule
from thaam.wire.messages import InformationRequest
from thaam.wire.parts import Basis, IssuedBy, PaymentId
from thaam.work.scheduling import schedule

OVERDUE = "information overdue"

# what is asked: its clock in the rulebook
CLOCKS = {
    "particulars": "information_particulars",
    "beneficiary": "information_particulars",
    "balance": "information_particulars",
    "settlement_report": "information_settlement",
    "footage": "information_footage",
    "statement": "information_statement",
    "kyc": "information_statement",
    "sub_ledger": "information_statement",
    "other": "information_statement",
}
_PRESERVE = Text(
    hi="यह रिकॉर्डिंग {day} को मिट जाएगी। आज ही सुरक्षित रख लें। ",
    en="This recording will be overwritten on {day}. Preserve it today. ",
)


@transaction.atomic
def ask_for_information(
    *,
    order_id: str,
    bank: str,
    what: str,
    payment: PaymentId,
    account: str | None,
    words: str,
    happened_at: dt.datetime,
    complaint: str,
    jurisdiction: str,
    issued_by: IssuedBy,
    by: str,
    at: dt.datetime,
) -> Asked:
    """Put an InformationRequest into the bank's mailbox and start its clock. The same id again returns the first.

    `what` is a key of CLOCKS, `happened_at` (aware UTC) the event footage would show, `complaint` its number.
    Law: BNSS 2023 section 94 through the rulebook (`law about information`).
    """
    if known := Asked.objects.filter(order_id=order_id).first():
        return known
    clock = start_clock(
        name=CLOCKS[what], about="order", subject=order_id, jurisdiction=jurisdiction, start=at, by=by, partner=bank
    )
    due = clock.due_at
    lost_on = None
    if what == "footage":
        kept = rule("footage_kept", jurisdiction=jurisdiction, on=at).value
        lost_on = (happened_at + dt.timedelta(days=kept)).astimezone(IST).date()
        day = lost_on.strftime("%d.%m.%Y")
        words = _PRESERVE.in_("hi", day=day) + _PRESERVE.in_("en", day=day) + words
    section = law("information", jurisdiction=jurisdiction, on=at)
    message = InformationRequest(
        id=order_id,
        what=what,
        about=payment,
        account=account,
        words=words or None,
        due_at=due,
        basis=Basis(
            jurisdiction=jurisdiction, section=section.section, authority=section.authority, reference=complaint
        ),
        issued_by=issued_by,
        issued_at=at,
    )
    post(partner=bank, message=message, at=at, by=by)
    asked = Asked.objects.create(
        order_id=order_id,
        bank_id=bank,
        complaint=complaint,
        what=what,
        account=account or "",
        words=words,
        asked_at=at,
        due_at=due,
        overwritten_on=lost_on,
        by=by,
    )
    record(Kind.INFORMATION_ASKED, about=f"order:{order_id}", by=by, at=at, what=what, complaint=complaint)
    schedule(kind=OVERDUE, key=f"information:{order_id}", run_at=due, order_id=str(order_id))
    return asked
