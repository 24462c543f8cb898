"""A press note from locked facts: figures come from one snapshot, one person writes, another releases.

Verbs are enforced: money that was held was held, not saved; returned is what reached victims. Names, accounts and
small numbers are refused.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Sum

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language import dates, rupees
from thaam.language.personal import find_personal
from thaam.language.text import Text
from thaam.oversight.models import Counted, OpenData, PressNote, Snapshot
from thaam.oversight.tables import SMALL, Figures, all_tables, channel_table, check_together, district_table

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
    where: dict[str, Any] = {} if district_code is None else {"district_code": district_code}
    early = Counted.objects.filter(snapshot=snapshot, withdrawn=False, reported_after_s__lt=3600, **where).aggregate(
        n=Count("id"),
        reported=Sum("reported_paise"),
        held=Sum(F("held_paise") + F("restored_paise") + F("released_paise")),
    )
    back = Counted.objects.filter(snapshot=snapshot, withdrawn=False, restored_paise__gt=0, **where).count()
    told_back = back if back >= SMALL else 0  # fewer could be recognised: the note does not speak of them
    return {
        "snapshot": snapshot.name,
        "complaints": row.complaints,
        "reported": row.reported,
        "held": row.held_ever,
        "held_percent": round(row.held_percent or 0),
        "restored": row.restored if told_back else 0,
        "restored_complaints": told_back,
        "first_hour_percent": round(100 * early["held"] / early["reported"])
        if early["n"] >= 20 and early["reported"]
        else None,
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
    facts = facts_of(snapshot, district_code=district_code) | {"district": district_code}
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
    if locked.facts != facts_of(locked.snapshot, district_code=locked.facts.get("district")) | {
        "district": locked.facts.get("district")
    }:
        raise NotPublishable(Text(hi="आँकड़े स्नैपशॉट से नहीं मिलते।", en="The figures are not those of the snapshot."))
    if locked.written_by == by:
        raise NotPublishable(Text(hi="जिसने लिखा, वही जारी नहीं कर सकता।", en="Whoever wrote it cannot release it."))
    PressNote.objects.filter(id=note.id, released_at=None).update(released_by=by, released_at=at)
    record(Kind.PRESS_NOTE_RELEASED, about=f"press_note:{note.id}", by=by, at=at)
    locked.refresh_from_db()
    return locked


@dataclass(frozen=True, slots=True)
class Parts:
    """A note in the house form."""

    dateline: str
    headline: str
    paragraphs: tuple[str, ...]
    slogan: str
    source: str


def parts_of(note: PressNote, lang: str) -> Parts:
    """The note as it goes out: place and date, headline, figures, prose, appeal, slogan, source; all from its facts."""
    written = note.released_at or note.written_at
    day = f"{written.astimezone(dates.IST):%d.%m.%Y}"
    return _in_english(note, day) if lang == "en" else _in_hindi(note, day)


def _in_english(note: PressNote, day: str) -> Parts:
    f = note.facts
    reported, held, restored = (rupees.short(f[name], "en") for name in ("reported", "held", "restored"))
    told = (
        f"In {_period(note.snapshot, 'en')}, {f['complaints']} complaints reached helpline 1930, the portal and the "
        f"cyber help desks of police stations; they reported a loss of {reported}. "
        f"With the banks, {held} were held ({f['held_percent']} %)."
    )
    if back := f.get("restored_complaints"):
        told += f" By order of the competent authority {restored} of this went back to {back} complainants."
    if (hour := f.get("first_hour_percent")) is not None:
        told += f" Of what was reported within an hour of the fraud, {hour} % could be held."
    appeal = (
        "The public is asked to call 1930 the moment they are cheated. "
        "Police and banks never ask for an OTP, a PIN or a fee to bring money back."
    )
    return Parts(
        f"{note.place_en} — {day}",
        f"{held} held in {f['complaints']} complaints of cyber fraud"
        + (f", {restored} returned to complainants" if back else ""),
        tuple(filter(None, (told, note.prose_en, appeal))),
        "“Cyber safety is public safety”",
        f"(Figures: snapshot {f['snapshot']}; held money is not returned money)",
    )


def _in_hindi(note: PressNote, day: str) -> Parts:
    f = note.facts
    reported, held, restored = (rupees.short(f[name], "hi") for name in ("reported", "held", "restored"))
    told = (
        f"{_period(note.snapshot, 'hi')} में हेल्पलाइन 1930, पोर्टल और थानों की साइबर हेल्प डेस्क पर कुल {f['complaints']} शिकायतें "
        f"मिलीं, जिनमें {reported} की ठगी बताई गई। बैंकों के साथ मिलकर {held} पर रोक लगाई गई ({f['held_percent']} %)।"
    )
    if back := f.get("restored_complaints"):
        told += f" इनमें से सक्षम अधिकारी के आदेश से {back} शिकायतकर्ताओं को {restored} वापस कराए गए।"
    if (hour := f.get("first_hour_percent")) is not None:
        told += f" ठगी के एक घंटे के भीतर की गई शिकायतों में {hour} % रकम रोकी जा सकी।"
    appeal = "आमजन से अपील है कि ठगी होते ही 1930 पर कॉल करें। पुलिस या बैंक कभी OTP, PIN या पैसा वापस दिलाने की फ़ीस नहीं माँगते।"
    return Parts(
        f"{note.place_hi} — दिनांक {day}",
        f"साइबर ठगी के {f['complaints']} मामलों में {held} पर रोक"
        + (f", {restored} शिकायतकर्ताओं को लौटाए गए" if back else ""),
        tuple(filter(None, (told, note.prose_hi, appeal))),
        "“साइबर सुरक्षा, जन सुरक्षा”",
        f"(आँकड़े: स्नैपशॉट {f['snapshot']}; रोकी गई रकम लौटाई गई रकम नहीं है)",
    )


def chips_of(note: PressNote, lang: str) -> list[tuple[Text, str]]:
    """The locked facts of a note, each with its name."""
    f = note.facts
    return [
        (Text("शिकायतें", "complaints"), str(f["complaints"])),
        (Text("रिपोर्ट", "reported"), rupees.full(f["reported"])),
        (Text("रोका", "held"), rupees.full(f["held"])),
        *([(Text("लौटाया", "returned"), rupees.full(f["restored"]))] if f.get("restored_complaints") else []),
        (Text("स्नैपशॉट", "snapshot"), str(f["snapshot"])),
    ]


def text_of(note: PressNote, lang: str) -> str:
    """The note as one text."""
    parts = parts_of(note, lang)
    return "\n\n".join([parts.dateline, parts.headline, *parts.paragraphs, parts.slogan, parts.source])


def _period(snapshot: Snapshot, lang: str) -> str:
    first, last = snapshot.from_on, snapshot.to_on - dt.timedelta(days=1)
    if (first.year, first.month) == (last.year, last.month) and first.day == 1:
        if lang == "en":
            return f"{dates.MONTHS_EN[first.month - 1]} {first.year}"
        return f"माह {dates.MONTHS_HI[first.month - 1]} {first.year}"
    return f"{first:%d.%m.%Y} – {last:%d.%m.%Y}"


@transaction.atomic
def publish_open_data(*, snapshot: Snapshot, by: str, at: dt.datetime) -> OpenData:
    """Publish the tables of a snapshot for everybody, small cells joined; once. Raises DoesNotAddUp."""
    if known := OpenData.objects.filter(snapshot=snapshot).first():
        return known
    found = {}
    for table in all_tables(snapshot):
        public = table.for_the_public()
        found[table.axis] = {
            "rows": [{"key": str("" if key is None else key), **_plain(row)} for key, row in public.rows.items()],
            "total": _plain(public.total),
            "not_reported": [str(key) for key in public.not_reported],
        }
    made = OpenData.objects.create(snapshot=snapshot, tables=found, by=by, at=at)
    record(Kind.OPEN_DATA_PUBLISHED, about=f"snapshot:{snapshot.pk}", by=by, at=at, name=snapshot.name)
    return made


def _plain(row: Figures) -> dict[str, int]:
    return {name: getattr(row, name) for name in Figures.__dataclass_fields__} | {"held_ever": row.held_ever}
