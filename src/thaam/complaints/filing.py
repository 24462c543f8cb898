"""Write down a complaint: the citizen's words, the debits, the claims on them, and a number. No bank is asked yet."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from thaam.chase.starting import Told, open_chase
from thaam.holds.asking import Mandate
from thaam.journal.gathering import gathering
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.journal.rows import insert
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.parties.desks import seated
from thaam.parties.districts import place_of_district

from .models import Complaint, Debit
from .numbering import number_for
from .telling import DEBITS_MAX, STORY_MAX, CannotFile, DebitTold, clean_mobile, clean_words, cleaned

HELPLINE = "1930"
_NUMBER_ATTEMPTS = 20


class SameIdOtherContent(Exception):
    """A complaint of this id was filed with other content; nothing was changed."""


def file_complaint(
    *,
    complaint_id: Any,
    lang: str,
    channel: str,
    mobile: str,
    name: str,
    district: str,
    story: str,
    debits: Sequence[DebitTold],
    by: str,
    at: dt.datetime,
) -> Complaint:
    """File once: complaint, debits, claims (every paisa `asked`) and the fact, in one transaction.

    The same id with the same content returns the first complaint; with other content raises SameIdOtherContent.
    Amounts are paise, `at` and `paid_at` aware. Sits at the complaint's own desk meanwhile, so a citizen's request
    needs no desk. Takes this complaint id's lock, then the trail lock. Raises CannotFile with a sentence
    for the person.
    """
    if not debits or len(debits) > DEBITS_MAX:
        raise CannotFile("debits", Text(hi="कम से कम एक कटी हुई रकम लिखें।", en="Tell us at least one debit (at most 50)."))
    told = [cleaned(debit, at=at) for debit in debits]
    words = {
        "lang": "en" if lang == "en" else "hi",
        "channel": channel,
        "mobile": clean_mobile(mobile),
        "name": clean_words("name", name, 120),
        "district": clean_words("district", district, 80),
        "story": clean_words("story", story, STORY_MAX),
    }
    digest = _digest_of(words, told)
    complaint_id = uuid.UUID(str(complaint_id))
    with seated(f"complaint:{complaint_id}"), gathering() as rows:
        _wait_for_twin(complaint_id)
        if earlier := rows.one(Complaint, complaint_id):
            if earlier.digest != digest:
                raise SameIdOtherContent(str(complaint_id))
            return earlier
        place = place_of_district(words["district"], drill=getattr(settings, "DRILL", False))
        complaint = Complaint(
            id=complaint_id, link=link_of(complaint_id), jurisdiction=place, digest=digest, filed_by=by, filed_at=at,
            **words,
        )  # fmt: skip
        _number(complaint, at)
        open_chase(
            chase_id=complaint.pk,
            told=[told_of(complaint, number, debit) for number, debit in enumerate(told, start=1)],
            mandate=Mandate(reference=complaint.number, jurisdiction=place, office=HELPLINE, officer="duty officer"),
            payer_mobile=complaint.mobile,
            by=by,
            at=at,
        )
        for number, debit in enumerate(told, start=1):
            rows.add(
                Debit(claim_id=debit_id(complaint_id, number), complaint=complaint, number=number, **row_of(debit))
            )
        record(
            Kind.COMPLAINT_FILED, about=f"complaint:{complaint.pk}", by=by, at=at, number=complaint.number,
            channel=channel, debits=len(told), claimed_paise=sum(debit.claimed_paise or 0 for debit in told),
        )  # fmt: skip
    return complaint


def _wait_for_twin(complaint_id: uuid.UUID) -> None:
    """Two presses of one button arrive together: the second waits here until the first is kept, and then finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [complaint_id.int % 2**63])


def told_of(complaint: Complaint, number: int, debit: DebitTold) -> Told:
    """A cleaned debit as the chase wants it; the day is the day in India."""
    return Told(
        claim_id=debit_id(complaint.pk, number),
        number=number,
        rail=debit.rail,
        reference=debit.reference,
        on=debit.paid_at.astimezone(IST).date(),
        amount_paise=debit.amount_paise,
        claimed_paise=debit.claimed_paise or debit.amount_paise,
        payer_bank=debit.payer_bank,
        payer_last4=debit.payer_last4,
        payee_bank=debit.payee_bank or None,
        payee_hint=debit.payee_account or debit.payee_vpa,
    )


def debit_id(complaint_id: Any, number: int) -> str:
    """The id of a complaint's n-th debit, and of the claim on it."""
    return id_from("debit", complaint_id, number)


def link_of(complaint_id: Any) -> str:
    """Ten letters and digits nobody can guess who does not have our secret: the citizen's short address."""
    mac = hmac.new(settings.SECRET_KEY.encode(), f"link/{complaint_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac)[:10].decode().lower()


def _number(complaint: Complaint, at: dt.datetime) -> None:
    """Save with the first free number. Other complaints' rows are not seen here, so the unique index decides."""
    for attempt in range(_NUMBER_ATTEMPTS):
        complaint.number = number_for(complaint.pk, at=at, attempt=attempt)
        try:
            with transaction.atomic():
                insert(Complaint, [complaint])
            return
        except IntegrityError:
            if attempt == _NUMBER_ATTEMPTS - 1:
                raise


def row_of(debit: DebitTold) -> dict[str, Any]:
    """The columns of a debit's row."""
    row = asdict(debit)
    row.pop("claimed_paise")
    return row


def _digest_of(words: dict[str, str], told: Sequence[DebitTold]) -> str:
    debits = [{key: str(value) for key, value in asdict(debit).items()} for debit in told]
    return hashlib.sha256(json.dumps([words, debits], sort_keys=True).encode()).hexdigest()
