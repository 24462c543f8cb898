"""Awareness work: plan an event for an audience, then say that it was held and whom it reached."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.coordination.models import CampaignEvent
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
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
    *, event: CampaignEvent, held_on: dt.date, reach: int, note: str, by: Officer, today: dt.date, at: dt.datetime
) -> None:
    """Say that it was held and how many it reached. Raises NotYetHeld, BadReach."""
    if held_on > today:
        raise NotYetHeld(held_on)
    if reach < 0:
        raise BadReach(reach)
    CampaignEvent.objects.filter(id=event.id).update(held_on=held_on, reach=reach, note=note)
    record(Kind.CAMPAIGN_HELD, about=f"campaign:{event.id}", by=f"officer:{by.pk}", at=at, reach=reach)
