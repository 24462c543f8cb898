"""What a wrong hold cost its holder: told by the holder, noted by an officer for whoever pays compensation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Officer

from .models import Loss, Objection
from .stages import LADDER, Outcome, Stage


class NotCleared(Exception):
    """Compensation is noted for holds that were found wrong."""


class NotTheirs(Exception):
    """This officer's role notes no compensation."""


MAY_NOTE = frozenset(LADDER[Stage.STATE].roles)


@transaction.atomic
def tell_loss(*, loss_id: Any, objection_id: Any, words: str, told_paise: int | None, at: dt.datetime) -> Loss:
    """The holder says what the hold cost: a bounced instalment, wages not paid. The same id again is the first.

    Raises NotCleared, ValueError without words.
    """
    return _write(loss_id, objection_id, words, "holder", at, told_paise=told_paise)


@transaction.atomic
def note_compensation(
    *, loss_id: Any, objection_id: Any, officer: Officer, words: str, noted_paise: int, at: dt.datetime
) -> Loss:
    """A supervisor notes what should be made good, with the ground for it. Raises NotTheirs, NotCleared, ValueError."""
    if not officer.is_active or officer.role not in MAY_NOTE:
        raise NotTheirs(officer.username)
    return _write(loss_id, objection_id, words, f"officer:{officer.pk}", at, noted_paise=noted_paise, officer=officer)


def _write(loss_id: Any, objection_id: Any, words: str, by: str, at: dt.datetime, **more: Any) -> Loss:
    if earlier := Loss.objects.filter(pk=loss_id).first():
        return earlier
    if not words.strip():
        raise ValueError("a loss is said in words")
    objection = Objection.objects.get(pk=objection_id)
    if objection.outcome not in (Outcome.UPHELD, Outcome.PARTLY_UPHELD):
        raise NotCleared(objection.number)
    loss = Loss(id=loss_id, objection=objection, words=words.strip()[:4000], by=by, at=at, **more)
    loss.save(force_insert=True)
    paise = {name: value for name, value in more.items() if name.endswith("_paise")}
    record(Kind.LOSS_TOLD, about=f"objection:{objection.pk}", by=by, at=at, **paise)
    return loss
