"""Write down who was on the other side, as the reporter knows them; what repeats is found by the suspects registry."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.suspects.models import Sighting
from thaam.suspects.naming import IdentifierKind, name_of
from thaam.suspects.sighting import TooCommon, note_sighting
from thaam.suspects.weighing import Word, weight_of

from .models import Complaint, Person
from .telling import clean_words

TOLD = {
    IdentifierKind.PHONE: Sighting.Reason.CALLED,
    IdentifierKind.VPA: Sighting.Reason.OTHER,
    IdentifierKind.URL: Sighting.Reason.USED_SITE,
    IdentifierKind.EMAIL: Sighting.Reason.WROTE,
    IdentifierKind.SOCIAL: Sighting.Reason.WROTE,
    IdentifierKind.HEADER: Sighting.Reason.WROTE,
}
NAME = "name"
"""A bare name is kept with the complaint and told to nobody else: many people share one."""


@transaction.atomic
def add_person(
    *, person_id: str, complaint_id: Any, kind: str, typed: str, words: str, by: str, at: dt.datetime
) -> Person:
    """Keep one number, handle, link or name; the same id again is the same person. Fact "complaint:person".

    A number, handle or link is also a sighting of the registry; one that too many people share is kept here only.
    Raises suspects.naming.NotAnIdentifier, ValueError for an unknown kind, CannotFile.
    """
    if known := Person.objects.filter(pk=person_id).first():
        return known
    complaint = Complaint.objects.get(pk=complaint_id)
    words = clean_words("words", words, 500)
    if kind == NAME:
        value = clean_words("value", typed, 120)
    else:
        value = _sighted(person_id, complaint, IdentifierKind(kind), typed, words, by, at)
    person = Person(id=person_id, complaint=complaint, kind=kind, value=value[:300], words=words, by=by, at=at)
    person.save(force_insert=True)
    record(Kind.COMPLAINT_PERSON, about=f"complaint:{complaint.pk}", by=by, at=at, person=person_id, what=kind)
    return person


def _sighted(
    person_id: str, complaint: Complaint, kind: IdentifierKind, typed: str, words: str, by: str, at: dt.datetime
) -> str:
    value = name_of(kind, typed)
    try:
        note_sighting(
            sighting_id=person_id,
            kind=kind,
            typed=typed,
            source=f"complaint:{complaint.number}",
            confidence=weight_of(Word.VICTIM_TOLD, at=complaint.filed_at),
            reason=TOLD[kind],
            seen_at=complaint.filed_at,
            by=by,
            at=at,
            words=words,
        )
    except TooCommon:
        return value
    return value
