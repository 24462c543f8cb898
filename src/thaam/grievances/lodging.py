"""Lodge an objection without signing in: a reason, a few words, a mobile number; the first clock starts at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from thaam.complaints.telling import clean_mobile, clean_words
from thaam.holds.contesting import contest
from thaam.holds.models import Hold
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.desks import seated

from .climbing import begin_stage
from .models import Joined, Objection, Step
from .stages import Reason, Stage
from .telling import open_objection_on


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
    hold_id: Any,
    reason: str,
    words: str,
    name: str,
    mobile: str,
    lang: str,
    at: dt.datetime,
    helper: str = "",
) -> Lodged:
    """Put the whole of what is held under objection and start the bank's clock, in one transaction.

    A second report on the same hold joins the open objection and does not move its clock. `helper` names a person who
    writes for the holder. Locks the hold. Raises UnknownReason, complaints.CannotFile, holds.NothingHeld.
    """
    if reason not in Reason.values:
        raise UnknownReason(reason)
    person = {"name": clean_words("name", name, 120), "mobile": clean_mobile(mobile)}
    told = clean_words("words", words, 10_000)
    with seated(f"complaint:{objection_id}"):
        if mine := Objection.objects.filter(pk=objection_id).first():
            return Lodged(mine, joined=False)
        hold = contest(hold_id=hold_id, ranges=None, by="holder", at=at)
        open_id = open_objection_on(hold.pk)
        if open_id is None:
            return Lodged(_open(objection_id, hold, reason, told, person, lang, helper, at), joined=False)
    with seated(f"complaint:{open_id}"):
        objection = Objection.objects.get(pk=open_id)
        Joined.objects.get_or_create(
            id=objection_id, defaults={"objection": objection, "words": told, "at": at, **person}
        )
        record(Kind.OBJECTION_JOINED, about=f"objection:{objection.pk}", by="holder", at=at)
    return Lodged(objection, joined=True)


def _open(
    objection_id: Any, hold: Hold, reason: str, words: str, person: dict[str, str], lang: str, helper: str,
    at: dt.datetime,
) -> Objection:  # fmt: skip
    objection = Objection(
        id=objection_id, hold=hold, reason=reason, words=words, lang="en" if lang == "en" else "hi",
        helper=clean_words("helper", helper, 120), jurisdiction=hold.jurisdiction, lodged_at=at, stage_since=at,
        **person,
    )  # fmt: skip
    objection.save(force_insert=True)
    Step.objects.create(objection=objection, stage=Stage.BANK, what="lodged", by="holder", words=words, at=at)
    record(
        Kind.OBJECTION_LODGED, about=f"objection:{objection.pk}", by="holder", at=at, hold=str(hold.pk), reason=reason
    )
    begin_stage(objection, Stage.BANK, at=at)
    return objection
