"""The investigating officer hears the holder by video: slots are offered, one is taken, the words are written down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Officer

from .climbing import NotAtThisStage, lock, write_step
from .deciding import NotTheirStage
from .models import Hearing
from .stages import LADDER, OPEN, Stage


class SlotGone(Exception):
    """The slot is over, or was withdrawn: take another one."""


class SlotTooLate(ValueError):
    """A slot lies between now and the end of the clock; waiting for a call moves no clock."""


@transaction.atomic
def offer_slot(
    *, hearing_id: Any, objection_id: Any, officer: Officer, start_at: dt.datetime, address: str, at: dt.datetime
) -> Hearing:
    """Offer a time for a video call; the same id again returns the first. Locks the objection.

    Raises NotAtThisStage, NotTheirStage, SlotTooLate.
    """
    if earlier := Hearing.objects.filter(pk=hearing_id).first():
        return earlier
    objection = lock(objection_id)
    if objection.stage not in OPEN or objection.closed_at is not None:
        raise NotAtThisStage(objection.stage)
    if not officer.is_active or officer.role not in LADDER[Stage(objection.stage)].roles:
        raise NotTheirStage(officer.username)
    if start_at <= at or (objection.due_at is not None and start_at >= objection.due_at):
        raise SlotTooLate(start_at.isoformat())
    slot = Hearing(
        id=hearing_id, objection=objection, start_at=start_at, address=address, officer=officer, offered_at=at
    )
    slot.save(force_insert=True)
    record(
        Kind.VIDEO_OFFERED, about=f"objection:{objection.pk}", by=f"officer:{officer.pk}", at=at,
        start=start_at.isoformat(),
    )  # fmt: skip
    return slot


@transaction.atomic
def take_slot(*, hearing_id: Any, objection_id: Any, at: dt.datetime) -> Hearing:
    """The holder takes a slot; an earlier choice is given back. Locks the objection. Raises SlotGone."""
    objection = lock(objection_id)
    slot = objection.hearings.filter(pk=hearing_id, held_at=None).first()
    gone = slot is None or slot.start_at <= at or slot.offered_at < objection.stage_since  # another officer's turn now
    if slot is None or gone or objection.closed_at is not None:
        raise SlotGone(str(hearing_id))
    if slot.taken_at is None:
        objection.hearings.filter(held_at=None).exclude(taken_at=None).update(taken_at=None)
        slot.taken_at = at
        slot.save(update_fields=["taken_at"])
        write_step(objection, "slot taken", "holder", "", at)
        record(
            Kind.VIDEO_TAKEN, about=f"objection:{objection.pk}", by="holder", at=at, hearing=str(slot.pk),
            start=slot.start_at.isoformat(),
        )  # fmt: skip
    return slot


@transaction.atomic
def record_hearing(*, hearing_id: Any, officer: Officer, words: str, at: dt.datetime) -> Hearing:
    """Write down what was said. Locks the objection. Raises ValueError without words, SlotGone."""
    if not words.strip():
        raise ValueError("a hearing is written down")
    slot = Hearing.objects.get(pk=hearing_id)
    objection = lock(slot.objection_id)
    slot.refresh_from_db()
    if slot.taken_at is None or slot.held_at is not None:
        raise SlotGone(str(hearing_id))
    slot.held_at, slot.words = at, words.strip()
    slot.save(update_fields=["held_at", "words"])
    write_step(objection, "heard", f"officer:{officer.pk}", slot.words, at, officer=officer)
    record(Kind.VIDEO_HELD, about=f"objection:{objection.pk}", by=f"officer:{officer.pk}", at=at)
    return slot
