"""Awareness work: plan an event for an audience, then say that it was held and whom it reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from thaam.coordination.bulletins import PersonalData
from thaam.coordination.models import CampaignEvent, Material
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.personal import find_personal
from thaam.language.text import Text
from thaam.parties.models import Officer


class NotYetHeld(Exception):
    """An event cannot have been held on a day still to come."""

    text = Text(
        hi="कार्यक्रम की तारीख़ अभी आई नहीं है। होने के बाद दर्ज करें।",
        en="That day has not come yet. Record it once it is held.",
    )


class BadReach(Exception):
    """People reached is a count."""

    text = Text(hi="पहुँचे लोगों की गिनती 0 या उससे ज़्यादा लिखिए।", en="Write the number of people reached, 0 or more.")


@transaction.atomic
def plan_event(
    *, event_id: str, audience: CampaignEvent.Audience, place: str, planned_on: dt.date, by: Officer, at: dt.datetime
) -> CampaignEvent:
    """Write a planned event of the officer's office or bank; a repeat with the same id returns the first."""
    event, fresh = CampaignEvent.objects.get_or_create(
        id=event_id,
        defaults={
            "audience": audience,
            "office": by.office,
            "bank": by.bank,
            "place": place,
            "planned_on": planned_on,
        },
    )
    if fresh:
        record(Kind.CAMPAIGN_PLANNED, about=f"campaign:{event_id}", by=f"officer:{by.pk}", at=at)
    return event


@transaction.atomic
def note_held(
    *,
    event: CampaignEvent,
    held_on: dt.date,
    reach: int,
    note: str,
    photos: Sequence[str] = (),
    by: Officer,
    today: dt.date,
    at: dt.datetime,
) -> None:
    """Say that it was held and how many it reached, with digests of photos. Raises NotYetHeld, BadReach."""
    if held_on > today:
        raise NotYetHeld(held_on)
    if reach < 0:
        raise BadReach(reach)
    CampaignEvent.objects.filter(id=event.id).update(held_on=held_on, reach=reach, note=note, photos=list(photos))
    record(Kind.CAMPAIGN_HELD, about=f"campaign:{event.id}", by=f"officer:{by.pk}", at=at, reach=reach)


@transaction.atomic
def add_material(
    *, material_id: str, kind: Material.Type, title: Text, text: Text, link: str, by: Officer, at: dt.datetime
) -> Material:
    """Put something into the library; a repeat with the same id returns the first. Raises PersonalData (bulletins.py):
    what everybody sees points at nobody."""
    for words in (title.hi, title.en, text.hi, text.en):
        if found := find_personal(words):
            raise PersonalData(found)
    made, fresh = Material.objects.get_or_create(
        id=material_id,
        defaults={
            "kind": kind,
            "title_hi": title.hi,
            "title_en": title.en,
            "text_hi": text.hi,
            "text_en": text.en,
            "link": link,
            "added_by": by,
            "added_at": at,
        },
    )
    if fresh:
        record(Kind.MATERIAL_ADDED, about=f"material:{material_id}", by=f"officer:{by.pk}", at=at, material=str(kind))
    return made
