"""Who sits at the helpline when (S4.4): one row an officer and turn, written again without harm."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.coordination.models import Shift
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Officer


class NotOfTheDesk(Exception):
    """Only who works calls sits on a turn."""

    text = Text(hi="पाली में केवल हेल्पलाइन के ऑपरेटर या पर्यवेक्षक बैठते हैं।", en="Only operators and supervisors sit on a turn.")


@transaction.atomic
def set_shift(*, shift_id: str, on: dt.date, turn: Shift.Turn, officer: Officer, by: str, at: dt.datetime) -> Shift:
    """Put an officer on a turn; the same officer and turn again returns the first. Raises NotOfTheDesk."""
    if officer.role not in (Officer.Role.OPERATOR, Officer.Role.SUPERVISOR):
        raise NotOfTheDesk(officer.pk)
    shift, fresh = Shift.objects.get_or_create(
        on=on, turn=turn, officer=officer, defaults={"id": shift_id, "by": by, "at": at}
    )
    if fresh:
        record(Kind.SHIFT_SET, about=f"shift:{shift.pk}", by=by, at=at, on=on.isoformat(), turn=str(turn))
    return shift
