"""A press note from locked facts: figures come from one snapshot, one person writes, another releases.

Verbs are enforced: money that was held was held, not saved; returned is what reached victims. Names, accounts and
small numbers are refused.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language import rupees
from thaam.language.personal import find_personal
from thaam.language.text import Text
from thaam.oversight.models import PressNote, Snapshot
from thaam.oversight.tables import SMALL, channel_table, check_together, district_table

_BANNED = ("बचाए", "बचाया", "बचाई", "रिकवर", "saved", "recovered")


class NotPublishable(Exception):
    """The note may not go out as it is; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def facts_of(snapshot: Snapshot, *, district_code: int | None = None) -> dict[str, object]:
    """The locked figures of a note: of one district or of the whole. Raises DoesNotAddUp, NotPublishable (too few)."""
    districts, channels = district_table(snapshot), channel_table(snapshot)
    check_together([districts, channels])
    row = districts.total if district_code is None else districts.rows.get(district_code)
    if row is None or row.complaints < SMALL:
        raise NotPublishable(
            Text(
                hi=f"{SMALL} से कम शिकायतों के आँकड़े प्रेस नोट में नहीं दिए जाते।",
                en=f"Figures of fewer than {SMALL} complaints are not given to the press.",
            )
        )
    return {
        "snapshot": snapshot.name,
        "complaints": row.complaints,
        "reported": row.reported,
        "held": row.held_ever,
        "held_percent": round(row.held_percent or 0),
        "restored": row.restored,
    }


@transaction.atomic
def write_note(
    *, note_id: str, snapshot: Snapshot, place: Text, district_code: int | None, prose: Text, by: str, at: dt.datetime
) -> PressNote:
    """Write a note; `prose` is the officer's own paragraph. Raises NotPublishable, DoesNotAddUp."""
    for words in (prose.hi, prose.en):
        if found := find_personal(words):
            raise NotPublishable(
                Text(
                    hi=f"प्रेस नोट में खाता, फ़ोन या पता नहीं लिख सकते: “{found}” हटाइए।",
                    en=f"A press note carries no account, phone or address: remove “{found}”.",
                )
            )
        if banned := next((word for word in _BANNED if word in words.casefold()), None):
            raise NotPublishable(
                Text(
                    hi=f"“{banned}” की जगह “रोका गया” या “लौटाया गया” लिखिए: दोनों अलग बातें हैं।",
                    en=f"Write “held” or “returned” instead of “{banned}”: they are different things.",
                )
            )
    facts = facts_of(snapshot, district_code=district_code)
    note = PressNote.objects.create(
        id=note_id,
        snapshot=snapshot,
        place_hi=place.hi,
        place_en=place.en,
        facts=facts,
        prose_hi=prose.hi,
        prose_en=prose.en,
        written_by=by,
        written_at=at,
    )
    record(Kind.PRESS_NOTE_WRITTEN, about=f"press_note:{note_id}", by=by, at=at, snapshot=snapshot.name)
    return note


@transaction.atomic
def release_note(*, note: PressNote, by: str, at: dt.datetime) -> PressNote:
    """A second person releases it. Raises NotPublishable (the same person; figures that no longer match)."""
    locked = PressNote.objects.select_for_update(of=("self",)).select_related("snapshot").get(id=note.id)
    if locked.written_by == by:
        raise NotPublishable(Text(hi="जिसने लिखा, वही जारी नहीं कर सकता।", en="Whoever wrote it cannot release it."))
    PressNote.objects.filter(id=note.id, released_at=None).update(released_by=by, released_at=at)
    record(Kind.PRESS_NOTE_RELEASED, about=f"press_note:{note.id}", by=by, at=at)
    locked.refresh_from_db()
    return locked


def text_of(note: PressNote, lang: str) -> str:
    """The note as it goes out, in the house form: place and date, headline, figures, prose, appeal, slogan, source."""
    f = note.facts
    period = _period(note.snapshot, lang)
    if lang == "en":
        return (
            f"{note.place_en} — {note.snapshot.to_on:%d.%m.%Y}\n\n"
            f"{rupees.short(f['held'], 'en')} held in {f['complaints']} complaints of cyber fraud, "
            f"{rupees.short(f['restored'], 'en')} returned to victims\n\n"
            f"In {period}, {f['complaints']} complaints reported a loss of {rupees.short(f['reported'], 'en')}. With "
            f"the banks, {rupees.short(f['held'], 'en')} were held ({f['held_percent']} %). Of these, "
            f"{rupees.short(f['restored'], 'en')} have been returned to victims.\n\n{note.prose_en}\n\n"
            "If you are cheated, call 1930 at once. Police and banks never ask for an OTP, a PIN or a fee.\n"
            f"(Figures: snapshot {f['snapshot']}; held money is not returned money)"
        )
    return (
        f"{note.place_hi} — दिनांक {note.snapshot.to_on:%d.%m.%Y}\n\n"
        f"साइबर ठगी के {f['complaints']} मामलों में {rupees.short(f['held'], 'hi')} पर रोक, "
        f"{rupees.short(f['restored'], 'hi')} शिकायतकर्ताओं को लौटाए गए\n\n"
        f"{period} में कुल {f['complaints']} शिकायतें मिलीं, जिनमें {rupees.short(f['reported'], 'hi')} की ठगी बताई गई। "
        f"बैंकों के साथ मिलकर {rupees.short(f['held'], 'hi')} पर रोक लगाई गई ({f['held_percent']} %)। इनमें से "
        f"{rupees.short(f['restored'], 'hi')} शिकायतकर्ताओं को लौटाए जा चुके हैं।\n\n{note.prose_hi}\n\n"
        "आमजन से अपील है कि ठगी होते ही 1930 पर कॉल करें। पुलिस या बैंक कभी OTP, PIN या फ़ीस नहीं माँगते।\n"
        "“साइबर सुरक्षा, जन सुरक्षा”\n"
        f"(आँकड़े: स्नैपशॉट {f['snapshot']}; रोकी गई रकम लौटाई गई रकम नहीं है)"
    )


_MONTHS = (
    ("जनवरी", "January"), ("फ़रवरी", "February"), ("मार्च", "March"), ("अप्रैल", "April"), ("मई", "May"), ("जून", "June"),
    ("जुलाई", "July"), ("अगस्त", "August"), ("सितंबर", "September"), ("अक्टूबर", "October"), ("नवंबर", "November"),
    ("दिसंबर", "December"),
)  # fmt: skip


def _period(snapshot: Snapshot, lang: str) -> str:
    first, last = snapshot.from_on, snapshot.to_on - dt.timedelta(days=1)
    if (first.year, first.month) == (last.year, last.month) and first.day == 1:
        hi, en = _MONTHS[first.month - 1]
        return f"{en} {first.year}" if lang == "en" else f"माह {hi} {first.year}"
    return f"{first:%d.%m.%Y} – {last:%d.%m.%Y}"
