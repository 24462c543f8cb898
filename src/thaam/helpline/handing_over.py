"""Words of one shift to the next: written by who leaves, read once by who comes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from thaam.complaints.telling import clean_words
from thaam.helpline.models import Handover
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Officer

SHOWN = dt.timedelta(days=2)


@transaction.atomic
def hand_over(*, handover_id: str, words: str, officer: Officer, at: dt.datetime) -> Handover:
    """Leave words for the next shift of this office; fact "shift:handed". The same id again is the same words.

    Raises CannotFile when they are too long, ValueError when there are none or the officer sits nowhere.
    """
    if known := Handover.objects.filter(pk=handover_id).first():
        return known
    words = clean_words("words", words, 4000)
    if not words or officer.office_id is None:
        raise ValueError("nothing to hand over, or nobody to hand it to")
    handover = Handover(id=handover_id, office_id=officer.office_id, by=officer, words=words, at=at)
    handover.save(force_insert=True)
    record(Kind.SHIFT_HANDED, about=f"office:{officer.office_id}", by=f"officer:{officer.pk}", at=at)
    return handover


@transaction.atomic
def take_over(*, handover_id: Any, officer: Officer, at: dt.datetime) -> None:
    """The next shift has read it; the first reader's name stays."""
    Handover.objects.filter(pk=handover_id, read_at=None).exclude(by=officer).update(read_by=officer, read_at=at)


def handovers_of(officer: Officer, at: dt.datetime) -> QuerySet[Handover]:
    """The last two days' words at this officer's office, newest first."""
    return Handover.objects.filter(office=officer.office_id, at__gt=at - SHOWN).select_related("by", "read_by")
