"""Whose complaint it is: any desk takes any victim down, the office of the right place is offered it and answers.

A complaint without an office is the helpline's. The money never waits for this: banks are asked whoever owns it.
Source: domain/india B2 (routing by the caller's place loses the golden hour).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Office, Officer

from .models import Complaint, Handing
from .telling import clean_words


class CannotHand(Exception):
    """The complaint cannot be offered, or the offer cannot be answered; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


OPEN_ALREADY = Text(
    "यह शिकायत पहले ही किसी कार्यालय को भेजी जा चुकी है। पहले उसका जवाब आने दें।",
    "This complaint is already on offer to an office. Let it answer first.",
)
SAME_OFFICE = Text("शिकायत पहले से इसी कार्यालय की है।", "The complaint is this office's already.")
NOT_YOURS = Text(
    "यह प्रस्ताव दूसरे कार्यालय के लिए है। जवाब वही दे सकता है।",
    "This offer is for another office. Only that office can answer it.",
)
ANSWERED = Text("इस प्रस्ताव का जवाब दिया जा चुका है।", "This offer was answered already.")
REASON_MISSING = Text("वापस करने का कारण लिखें।", "Write the reason for sending it back.")


@transaction.atomic
def offer(
    *, handing_id: str, complaint_id: Any, to_office: Office, words: str, officer: Officer, at: dt.datetime
) -> Handing:
    """Offer the complaint to another office; fact "complaint:offered". The same id again is the same offer.

    Raises CannotHand while another offer is open or when the office owns it already.
    """
    if known := Handing.objects.filter(pk=handing_id).first():
        return known
    complaint = Complaint.objects.select_for_update(of=("self",)).get(pk=complaint_id)
    if complaint.office_id == to_office.pk:
        raise CannotHand(SAME_OFFICE)
    handing = Handing(
        id=handing_id,
        complaint=complaint,
        from_office_id=complaint.office_id or officer.office_id,
        to_office=to_office,
        words=clean_words("words", words, 500),
        offered_by=officer,
        offered_at=at,
    )
    try:
        with transaction.atomic():
            handing.save(force_insert=True)
    except IntegrityError as already:
        raise CannotHand(OPEN_ALREADY) from already
    about = f"complaint:{complaint.pk}"
    record(Kind.COMPLAINT_OFFERED, about=about, by=f"officer:{officer.pk}", at=at, to=to_office.code)
    return handing


@transaction.atomic
def answer_offer(*, handing_id: Any, accept: bool, words: str, officer: Officer, at: dt.datetime) -> Handing:
    """The offered office takes the complaint, or sends it back with a reason. Fact "complaint:handed" or
    "complaint:sent_back". Locks the offer. Raises CannotHand."""
    handing = Handing.objects.select_for_update(of=("self",)).select_related("to_office").get(pk=handing_id)
    if handing.state != Handing.State.OFFERED:
        raise CannotHand(ANSWERED)
    if handing.to_office_id != officer.office_id:
        raise CannotHand(NOT_YOURS)
    words = clean_words("words", words, 500)
    if not accept and not words:
        raise CannotHand(REASON_MISSING)
    handing.state = Handing.State.ACCEPTED if accept else Handing.State.REJECTED
    handing.answered_by, handing.answered_at, handing.answer_words = officer, at, words
    handing.save(update_fields=["state", "answered_by", "answered_at", "answer_words"])
    if accept:
        Complaint.objects.filter(pk=handing.complaint_id).update(office=handing.to_office)
    kind = Kind.COMPLAINT_HANDED if accept else Kind.COMPLAINT_SENT_BACK
    about = f"complaint:{handing.complaint_id}"
    record(kind, about=about, by=f"officer:{officer.pk}", at=at, to=handing.to_office.code, words=words)
    return handing
