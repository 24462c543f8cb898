"""Lodge an objection without signing in: a reason, a few words, a mobile number; the first clock starts at once.

The pages come here only through proving.py, when the code sent to that mobile has come back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from thaam.complaints.numbering import number_for
from thaam.complaints.telling import clean_mobile, clean_words
from thaam.holds.contesting import contest
from thaam.holds.models import OwnHoldSeen
from thaam.holds.releasing import NothingHeld
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.desks import seated

from .climbing import begin_stage
from .codes import link_of
from .models import Joined, Objection, Step
from .stages import Reason, Stage
from .telling import open_objection_on

# A bank's own hold names no place: the Union's rules apply to it.
OWN_HOLD_PLACE = "IN"


class UnknownReason(ValueError):
    """The reason is not in the picker."""


@dataclass(frozen=True, slots=True)
class Lodged:
    """The objection, and whether it was there before: then this report joined it."""

    objection: Objection
    joined: bool


def lodge(
    *,
    objection_id: Any,
    reason: str,
    words: str,
    name: str,
    mobile: str,
    lang: str,
    at: dt.datetime,
    hold_id: Any = None,
    own_hold_id: Any = None,
    helper: str = "",
) -> Lodged:
    """Put the whole of what is held under objection and start the bank's clock, in one transaction.

    The hold is one of ours (`hold_id`) or one the bank placed on its own (`own_hold_id`). A second report on the same
    hold joins the open objection and does not move its clock. `helper` names a person who writes for the holder.
    Locks the hold. Raises UnknownReason, complaints.CannotFile, holds.NothingHeld.
    """
    person = {"name": clean_words("name", name, 120), "mobile": clean_mobile(mobile)}
    told = check_told(reason=reason, words=words)
    with seated(f"complaint:{objection_id}"):
        if mine := Objection.objects.filter(pk=objection_id).first():
            return Lodged(mine, joined=False)
        about = _contested(hold_id, own_hold_id, at)
        open_id = open_objection_on(hold_id or own_hold_id)
        if open_id is None:
            words_of = {"reason": reason, "words": told, "lang": "en" if lang == "en" else "hi"}
            words_of["helper"] = clean_words("helper", helper, 120)
            return Lodged(_open(objection_id, about | person | words_of, at), joined=False)
    with seated(f"complaint:{open_id}"):
        objection = Objection.objects.get(pk=open_id)
        Joined.objects.get_or_create(
            id=objection_id, defaults={"objection": objection, "words": told, "at": at, **person}
        )
        record(Kind.OBJECTION_JOINED, about=f"objection:{objection.pk}", by="holder", at=at)
    return Lodged(objection, joined=True)


def check_told(*, reason: str, words: str) -> str:
    """The words, cleaned. Raises UnknownReason, complaints.CannotFile."""
    if reason not in Reason.values:
        raise UnknownReason(reason)
    return clean_words("words", words, 10_000)


def _contested(hold_id: Any, own_hold_id: Any, at: dt.datetime) -> dict[str, Any]:
    """What the objection is about, after putting it under objection."""
    if hold_id is not None:
        hold = contest(hold_id=hold_id, ranges=None, by="holder", at=at)
        return {"hold": hold, "bank_id": hold.bank_id, "jurisdiction": hold.jurisdiction}
    own = OwnHoldSeen.objects.get(pk=own_hold_id)
    about = {"own_hold": own, "bank_id": own.bank_id, "jurisdiction": OWN_HOLD_PLACE}
    if not Objection(**about).held_paise_at(at):
        raise NothingHeld(str(own.pk))
    return about


def _open(objection_id: Any, told: dict[str, Any], at: dt.datetime) -> Objection:
    objection = Objection(id=objection_id, link=link_of(objection_id), lodged_at=at, stage_since=at, **told)
    for attempt in range(10):
        objection.number = f"A{number_for(objection_id, at=at, attempt=attempt)}"
        if not Objection.objects.filter(number=objection.number).exists():
            break
    with transaction.atomic():
        objection.save(force_insert=True)
    Step.objects.create(objection=objection, stage=Stage.BANK, what="lodged", by="holder", words=objection.words, at=at)
    record(
        Kind.OBJECTION_LODGED, about=f"objection:{objection.pk}", by="holder", at=at, reason=objection.reason,
        hold=str(objection.hold_id or ""), own_hold=str(objection.own_hold_id or ""), bank=objection.bank_id,
    )  # fmt: skip
    begin_stage(objection, Stage.BANK, at=at)
    return objection
