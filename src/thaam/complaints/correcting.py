"""Put right what was told: another reference, bank or amount for a debit; the national number; taking it all back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.chase.starting import correct_claim, withdraw_claims
from thaam.journal.kinds import Kind
from thaam.journal.recording import record

from .filing import told_of
from .models import Complaint, Debit
from .telling import DebitTold, clean_words, cleaned


class Withdrawn(Exception):
    """The complaint was taken back; nothing about it changes any more."""


@transaction.atomic
def correct_debit(*, debit_id: Any, told: DebitTold, by: str, at: dt.datetime) -> Debit:
    """Chase the payment as corrected from here on; the old words stay in the journal. Takes the trail lock.

    Raises CannotFile, Withdrawn.
    """
    debit = Debit.objects.select_related("complaint").get(pk=debit_id)
    if debit.complaint.withdrawn_at is not None:
        raise Withdrawn(debit.complaint.number)
    new = cleaned(told, at=at)
    names = [
        "amount_paise", "paid_at", "rail", "reference", "payer_bank", "payer_last4", "payee_bank", "payee_account",
        "payee_vpa",
    ]  # fmt: skip
    before = {name: str(getattr(debit, name)) for name in names if getattr(debit, name) != getattr(new, name)}
    for name in names:
        setattr(debit, name, getattr(new, name))
    debit.save(update_fields=names)
    correct_claim(told=told_of(debit.complaint, debit.number, new), by=by, at=at)
    record(
        Kind.COMPLAINT_CORRECTED, about=f"complaint:{debit.complaint_id}", by=by, at=at, debit=str(debit_id), was=before
    )
    return debit


@transaction.atomic
def note_acknowledgement(*, complaint_id: Any, number: str, by: str, at: dt.datetime) -> Complaint:
    """Note the 14-digit number the national portal gave this report."""
    complaint = Complaint.objects.get(pk=complaint_id)
    complaint.acknowledgement_number = "".join(sign for sign in number if sign.isdecimal())[:14]
    complaint.save(update_fields=["acknowledgement_number"])
    record(Kind.COMPLAINT_CORRECTED, about=f"complaint:{complaint_id}", by=by, at=at, acknowledgement_number=number)
    return complaint


@transaction.atomic
def withdraw(*, complaint_id: Any, words: str, by: str, at: dt.datetime) -> Complaint:
    """The victim takes the complaint back: what only it holds is released. A repeat changes nothing.

    Takes the trail lock.
    """
    complaint = Complaint.objects.get(pk=complaint_id)
    if complaint.withdrawn_at is not None:
        return complaint
    complaint.withdrawn_at = at
    complaint.withdrawn_words = clean_words("words", words, 500)
    complaint.save(update_fields=["withdrawn_at", "withdrawn_words"])
    record(Kind.COMPLAINT_WITHDRAWN, about=f"complaint:{complaint_id}", by=by, at=at)
    withdraw_claims(chase_id=complaint_id, by=by, at=at)
    return complaint
