"""An officer chooses the trick of a complaint; the program's three suggestions are kept beside it, to be judged by."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.complaints.models import Complaint
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Officer
from thaam.prevention.models import TrickChosen
from thaam.prevention.tricks import suggest, trick_of


@transaction.atomic
def choose_trick(*, choice_id: str, complaint: Complaint, code: str, by: Officer, at: dt.datetime) -> TrickChosen:
    """Keep the choice; the newest counts. The same id returns the first. Raises UnknownTrick."""
    if known := TrickChosen.objects.filter(id=choice_id).first():
        return known
    trick = trick_of(code)
    offered = [each.trick.code for each in suggest(complaint.story)]
    chosen = TrickChosen.objects.create(
        id=choice_id, complaint=complaint, code=trick.code, offered=offered, by=by, at=at
    )
    record(
        Kind.MODUS_CHOSEN, about=f"complaint:{complaint.pk}", by=f"officer:{by.pk}", at=at, code=trick.code,
        offered=trick.code in offered,
    )  # fmt: skip
    return chosen


def chosen_for(complaint: Complaint) -> TrickChosen | None:
    """The choice that counts."""
    return complaint.tricks.order_by("-at", "-id").first()
