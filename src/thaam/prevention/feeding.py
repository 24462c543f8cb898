"""Sightings from complaints: every account, handle, phone, page a confirmed complaint names goes to the registry.

Where a bank said the money went on to, that account is seen too. A withdrawn complaint takes its sightings back.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from thaam.chase.models import Claim
from thaam.complaints.models import Complaint
from thaam.holds.models import Hold
from thaam.journal.ids import id_from
from thaam.journal.models import Fact
from thaam.prevention.printing import print_story
from thaam.suspects.models import Sighting
from thaam.suspects.naming import IdentifierKind, NotAnIdentifier, name_of
from thaam.suspects.sighting import AlreadyWithdrawn, TooCommon, note_sighting, withdraw_sighting
from thaam.suspects.weighing import Word, weight_of

Seen = tuple[IdentifierKind, str, str, Word]
_PHONE = re.compile(r"(?<!\d)(?:\+?91[ -]?|0)?([6-9]\d{4}[ -]?\d{5})(?!\d)")
_VPA = re.compile(r"(?<![\w.@-])[A-Za-z0-9._-]{2,64}@[A-Za-z][A-Za-z0-9]{1,40}(?![\w@-]|\.\w)")
_URL = re.compile(r"\bhttps?://[^\s<>\"']{4,200}", re.I)
_PEOPLE = {
    "phone": IdentifierKind.PHONE, "mobile": IdentifierKind.PHONE, "vpa": IdentifierKind.VPA,
    "upi": IdentifierKind.VPA, "url": IdentifierKind.URL, "link": IdentifierKind.URL, "email": IdentifierKind.EMAIL,
    "account": IdentifierKind.ACCOUNT, "social": IdentifierKind.SOCIAL, "app": IdentifierKind.APP,
}  # fmt: skip


def see_complaint(fact: Fact, at: dt.datetime) -> None:
    """A complaint is confirmed: note what it names, print its story. Safe to run again."""
    complaint = Complaint.objects.get(pk=fact.about.partition(":")[2])
    if complaint.confirmed_at is None or complaint.withdrawn_at is not None:
        return
    for kind, typed, reason, word in dict.fromkeys(named_by(complaint)):
        _note(complaint, kind, typed, reason, word, at)
    print_story(complaint=complaint, at=at)


def see_answer(fact: Fact, at: dt.datetime) -> None:
    """A bank said where disputed paise lie or went: those accounts received the money of that complaint."""
    hold = Hold.objects.select_related("book").filter(pk=fact.about.partition(":")[2]).first()
    complaint = Complaint.objects.filter(number=hold.reference).first() if hold else None
    if hold is None or complaint is None or hold.book is None or hold.secured:
        return
    first = Claim.objects.filter(chase_id=complaint.pk, payment_id=hold.payment_id).exists()
    _note(
        complaint, IdentifierKind.ACCOUNT, f"{hold.bank_id}/{hold.book.account}", Sighting.Reason.RECEIVED_MONEY,
        Word.TRACED_FIRST if first else Word.TRACED_ONWARD, at,
    )  # fmt: skip


def forget_complaint(fact: Fact, at: dt.datetime) -> None:
    """A withdrawn complaint is no source any more."""
    complaint = Complaint.objects.get(pk=fact.about.partition(":")[2])
    for sighting in Sighting.objects.filter(source=f"complaint:{complaint.number}", withdrawn=None):
        try:
            withdraw_sighting(sighting=sighting, words="complaint withdrawn", by="loop:work", at=at)
        except AlreadyWithdrawn:
            continue


def named_by(complaint: Complaint) -> Iterator[Seen]:
    """What a complaint names: payees of its debits, the people it tells of, numbers and links in its story."""
    own = {complaint.mobile[-10:]}
    for debit in complaint.debits.all():
        if debit.payee_vpa:
            yield IdentifierKind.VPA, debit.payee_vpa, Sighting.Reason.RECEIVED_MONEY, Word.TRACED_FIRST
        if debit.payee_account and debit.payee_bank:
            yield (
                IdentifierKind.ACCOUNT, f"{debit.payee_bank}/{debit.payee_account}", Sighting.Reason.RECEIVED_MONEY,
                Word.TRACED_FIRST,
            )  # fmt: skip
    for person in complaint.people.all():
        if kind := _PEOPLE.get(person.kind):
            yield kind, person.value, _reason(kind), Word.TRACED_FIRST
    for kind, pattern in (
        (IdentifierKind.PHONE, _PHONE), (IdentifierKind.VPA, _VPA), (IdentifierKind.URL, _URL),
    ):  # fmt: skip
        for hit in pattern.finditer(complaint.story):
            if kind is IdentifierKind.PHONE and re.sub(r"\D", "", hit[0])[-10:] in own:
                continue
            yield kind, hit[0], _reason(kind), Word.VICTIM_TOLD


def _reason(kind: IdentifierKind) -> str:
    return {
        IdentifierKind.PHONE: Sighting.Reason.CALLED,
        IdentifierKind.URL: Sighting.Reason.USED_SITE,
        IdentifierKind.APP: Sighting.Reason.USED_APP,
        IdentifierKind.EMAIL: Sighting.Reason.WROTE,
        IdentifierKind.SOCIAL: Sighting.Reason.WROTE,
    }.get(kind, Sighting.Reason.RECEIVED_MONEY)


def _note(complaint: Complaint, kind: IdentifierKind, typed: str, reason: str, word: Word, at: dt.datetime) -> None:
    try:
        name = name_of(kind, typed)
        note_sighting(
            sighting_id=id_from("complaint sighting", complaint.number, kind.value, name),
            kind=kind, typed=typed, source=f"complaint:{complaint.number}", reason=reason,
            confidence=weight_of(word, at=complaint.filed_at, jurisdiction=complaint.jurisdiction),
            seen_at=complaint.filed_at, by="loop:work", at=at, jurisdiction=complaint.jurisdiction,
        )  # fmt: skip
    except (NotAnIdentifier, TooCommon):
        return
