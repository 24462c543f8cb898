"""How an identifier stands: a level with reasons and counters, derived from sightings and marks, never stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import IntEnum

from thaam.language.text import Text
from thaam.rulebook.rules import rule
from thaam.suspects.models import Identifier, Mark, Sighting
from thaam.suspects.weighing import Word, weight_of


class Level(IntEnum):
    """What is known. The number is the level byte of published lists."""

    NOTHING = 0
    SEEN = 1
    REPEATED = 2
    MARKED = 3


ADVICE = {
    Level.NOTHING: Text(
        "हमारे पास इसकी कोई पुष्ट सूचना नहीं है। इसका मतलब यह नहीं कि यह सुरक्षित है।",
        "We have no confirmed report of it. That does not mean it is safe.",
    ),
    Level.SEEN: Text(
        "इसकी शिकायत आई है, अभी जाँची नहीं गई। पैसा भेजने से पहले दूसरे रास्ते से पक्का करें।",
        "It has been reported, not yet checked. Make sure by another way before you send money.",
    ),
    Level.REPEATED: Text(
        "इसकी कई शिकायतें आई हैं। पैसा न भेजें।",
        "It has been reported several times. Do not send money.",
    ),
    Level.MARKED: Text(
        "पुलिस या बैंक ने इसे ठगी में इस्तेमाल माना है। पैसा न भेजें, 1930 पर बताएँ।",
        "Police or a bank found it used for fraud. Do not send money; tell 1930.",
    ),
}
WINDOWS = (("3 days", 3), ("30 days", 30), ("6 months", 182))
_STEPS = (0, 1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Standing:
    """Level, why, and how many independent sources saw it (rounded down to 0, 1, 2, 5, 10, 20, 50, 100)."""

    level: Level
    reasons: tuple[Text, ...]
    counters: dict[str, int]
    until: dt.datetime | None = None

    @property
    def advice(self) -> Text:
        """What to tell somebody who asks."""
        return ADVICE[self.level]


NOTHING = Standing(Level.NOTHING, (), {name: 0 for name, _ in WINDOWS})


def standing_of(identifier: Identifier, *, at: dt.datetime, jurisdiction: str = "IN") -> Standing:
    """Derived from what counts at `at`: sightings not withdrawn, seen before `at` and within the rulebook's days;
    marks not ended, not expired. Two sightings of one source count once."""
    oldest = at - dt.timedelta(days=rule("suspect_sighting_days", jurisdiction=jurisdiction, on=at).value)
    sightings = list(
        Sighting.objects.filter(identifier=identifier, seen_at__gt=oldest, seen_at__lte=at, withdrawn__isnull=True)
    )
    mark = active_marks(at).filter(identifier=identifier).order_by("-expires_at").first()
    return standing_from(sightings, mark, at=at, jurisdiction=jurisdiction)


def standing_from(sightings: list[Sighting], mark: Mark | None, *, at: dt.datetime, jurisdiction: str) -> Standing:
    """The same from rows that were read already: sightings that count, the mark that counts longest."""
    counters = {
        name: stepped(len({one.source for one in sightings if one.seen_at > at - dt.timedelta(days=days)}))
        for name, days in WINDOWS
    }
    if mark is not None:
        return Standing(Level.MARKED, (_agreed(mark),), counters, mark.expires_at)
    least = weight_of(Word.COUNTS, at=at, jurisdiction=jurisdiction)
    strong = {one.source for one in sightings if one.confidence >= least}
    enough = rule("suspect_watch_count", jurisdiction=jurisdiction, on=at).value
    if len(strong) >= enough:
        return Standing(Level.REPEATED, (_reported(len(strong)),), counters)
    if sightings:
        return Standing(Level.SEEN, (_reported(len({one.source for one in sightings})),), counters)
    return NOTHING


def active_marks(at: dt.datetime):  # type: ignore[no-untyped-def]  # a Django queryset
    """Marks that count at `at`."""
    return Mark.objects.filter(from_at__lte=at, expires_at__gt=at, end__isnull=True)


def stepped(count: int) -> int:
    """Rounded down to a step, so that a counter does not tell of single reports."""
    return max(step for step in _STEPS if step <= count)


def _agreed(mark: Mark) -> Text:
    if mark.agreed_bank_id:
        return Text(
            f"बैंक {mark.agreed_bank_id} ने माना: {mark.reason}", f"Bank {mark.agreed_bank_id} agreed: {mark.reason}"
        )
    return Text(f"अधिकारी ने माना: {mark.reason}", f"An officer agreed: {mark.reason}")


def _reported(sources: int) -> Text:
    many = stepped(sources)
    return Text(f"{many} या ज़्यादा अलग सूचनाएँ", f"{many} or more independent reports")
