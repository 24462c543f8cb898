"""Bulletins on new tricks and trends (S0.11, S1.2, S2.5): one drafts, another approves, every bank and station reads.

A bulletin tells a method, never a person: what looks like an account, a phone number or an address of a person is
refused before it can be approved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from thaam.coordination.models import Bulletin, BulletinCopy
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.personal import find_personal
from thaam.language.text import Text
from thaam.parties.models import Bank, Office, Officer


class PersonalData(Exception):
    """The text holds something that could point at a person."""

    text = Text(
        hi="बुलेटिन में खाता, फ़ोन, UPI या ई-मेल नहीं लिख सकते: “{found}” हटाइए।",
        en="A bulletin may not carry an account, phone, UPI or e-mail: remove “{found}”.",
    )

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class SamePerson(Exception):
    """Who drafts may not approve."""

    text = Text(hi="जिसने लिखा, वही मंज़ूर नहीं कर सकता।", en="Whoever drafted it cannot approve it.")


class AlreadySent(Exception):
    """An approved bulletin is not changed or sent again."""

    text = Text(hi="यह बुलेटिन भेजा जा चुका है।", en="This bulletin has been sent already.")


@transaction.atomic
def draft_bulletin(
    *,
    bulletin_id: str,
    title: Text,
    body: Text,
    figures: dict[str, object],
    for_public: bool = False,
    by: Officer,
    at: dt.datetime,
) -> Bulletin:
    """Write a draft. `figures` are locked facts of one snapshot ({"snapshot": ..., "n": 41}).

    Raises PersonalData.
    """
    for words in (title.hi, title.en, body.hi, body.en):
        if found := find_personal(words):
            raise PersonalData(found)
    bulletin = Bulletin.objects.create(
        id=bulletin_id,
        title_hi=title.hi,
        title_en=title.en,
        body_hi=body.hi,
        body_en=body.en,
        figures=figures,
        for_public=for_public,
        drafted_by=by,
        drafted_at=at,
    )
    record(Kind.BULLETIN_DRAFTED, about=f"bulletin:{bulletin_id}", by=f"officer:{by.pk}", at=at)
    return bulletin


@transaction.atomic
def approve_bulletin(
    *, bulletin: Bulletin, banks: Iterable[Bank], offices: Iterable[Office], by: Officer, at: dt.datetime
) -> list[BulletinCopy]:
    """Approve and send: one copy a receiver. Locks the bulletin. Raises SamePerson, AlreadySent."""
    locked = Bulletin.objects.select_for_update(of=("self",)).get(id=bulletin.id)
    if locked.approved_at is not None:
        raise AlreadySent(bulletin.id)
    if locked.drafted_by_id == by.pk:
        raise SamePerson(bulletin.id)
    Bulletin.objects.filter(id=bulletin.id).update(approved_by=by, approved_at=at)
    copies = BulletinCopy.objects.bulk_create(
        [BulletinCopy(bulletin=locked, bank=bank, sent_at=at) for bank in banks]
        + [BulletinCopy(bulletin=locked, office=office, sent_at=at) for office in offices]
    )
    record(Kind.BULLETIN_SENT, about=f"bulletin:{bulletin.id}", by=f"officer:{by.pk}", at=at, copies=len(copies))
    return copies


@transaction.atomic
def note_read(*, copy: BulletinCopy, by: str, at: dt.datetime) -> bool:
    """The first time somebody there opened it; True when this was it."""
    return bool(BulletinCopy.objects.filter(id=copy.id, read_at=None).update(read_at=at, read_by=by))
