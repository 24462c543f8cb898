"""The hold book of one bank account: double entry, append-only, every paisa of every payment in one place.

An entry moves ranges of one payment, under one hold, from one place to another; what it takes from
one it adds to the other, so the book balances by construction, and a correction is a further entry.
Two marks lie on held paise and move nothing: `contested` (someone objects) and `earmarked`
(promised to a restoration).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Ranges


class Place(StrEnum):
    """Where paise of a payment can be, as a book sees them."""

    OUTSIDE = "outside"  # no order speaks of them: the other side of every first entry
    ASKED = "asked"
    HELD = "held"
    NOT_HELD = "not_held"  # the bank's answer, or the order's end, left them alone
    RELEASED = "released"
    RESTORED = "restored"
    EXPIRED = "expired"
    BROKEN = "broken"  # the core debited through the lien


class Step(StrEnum):
    """What an entry says."""

    ASK = "ask"
    HOLD = "hold"
    DECLINE = "decline"  # also: lapsed, cancelled before it was carried out
    LOWER = "lower"  # the bank lifted an excess; the order stands, so it may hold these paise again
    RELEASE = "release"
    RESTORE = "restore"
    EXPIRE = "expire"
    BREAK = "break"
    CONTEST = "contest"
    SETTLE = "settle"  # the objection is decided
    EARMARK = "earmark"
    FREE = "free"  # the promise is withdrawn


MOVES: dict[Step, tuple[Place, Place]] = {
    Step.ASK: (Place.OUTSIDE, Place.ASKED),
    Step.HOLD: (Place.ASKED, Place.HELD),
    Step.DECLINE: (Place.ASKED, Place.NOT_HELD),
    Step.LOWER: (Place.HELD, Place.ASKED),
    Step.RELEASE: (Place.HELD, Place.RELEASED),
    Step.RESTORE: (Place.HELD, Place.RESTORED),
    Step.EXPIRE: (Place.HELD, Place.EXPIRED),
    Step.BREAK: (Place.HELD, Place.BROKEN),
}


class EntryRefused(ValueError):
    """The entry would take paise from where they are not, hold a paisa twice, or break a mark."""


class OtherEntry(ValueError):
    """An entry with this id and other content is in the book."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One immutable line: under `hold`, paise `ranges` of `payment` take `step`. `id` is the sender's."""

    id: str
    hold: str
    payment: str
    step: Step
    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Standing:
    """What the entries of a book add up to, in paise."""

    held: int
    contested: int
    earmarked: int
    places: dict[Place, int]


class Book:
    """All entries of one account, and what they add up to.

    Pure values in memory: whoever keeps entries in a database replays them through here to check
    what it has (`thaam verify --all` does, thaam.holds.verifying).
    """

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[str, Entry] = {}
        self._places: dict[tuple[str, str, Place], Ranges] = {}
        self._contested: dict[tuple[str, str], Ranges] = {}
        self._earmarked: dict[tuple[str, str], Ranges] = {}
        for entry in entries:
            self.enter(entry)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All lines, oldest first."""
        return tuple(self._entries.values())

    def ranges(self, place: Place, *, hold: str, payment: str) -> Ranges:
        """Paise of a payment that a hold has in a place; OUTSIDE is what the hold never spoke of, so it has no set."""
        return self._places.get((hold, payment, place), NONE)

    def contested(self, *, hold: str, payment: str) -> Ranges:
        """Held paise under objection."""
        return self._contested.get((hold, payment), NONE)

    def earmarked(self, *, hold: str, payment: str) -> Ranges:
        """Held paise promised to a restoration."""
        return self._earmarked.get((hold, payment), NONE)

    def enter(self, entry: Entry) -> bool:
        """Add a line. False when the same line was there already.

        Raises OtherEntry for a known id with other content, EntryRefused when the paise are not
        where the step takes them from; then the book is as it was.
        """
        known = self._entries.get(entry.id)
        if known is not None:
            if known != entry:
                raise OtherEntry(entry.id)
            return False
        if not entry.ranges or sets.normalise(entry.ranges) != entry.ranges or entry.ranges[0][0] < 0:
            raise EntryRefused(f"{entry.id}: {entry.ranges} is not a set of paise")
        if entry.step in MOVES:
            self._move(entry, *MOVES[entry.step])
        else:
            self._mark(entry)
        self._entries[entry.id] = entry
        return True

    def standing(self) -> Standing:
        """Paise in every place over all holds; their sum with OUTSIDE is zero, as in any double entry."""
        places = dict.fromkeys(Place, 0)
        for (_, _, place), ranges in self._places.items():
            places[place] += sets.total(ranges)
        places[Place.OUTSIDE] = -sum(places.values())
        return Standing(
            held=places[Place.HELD],
            contested=sum(map(sets.total, self._contested.values())),
            earmarked=sum(map(sets.total, self._earmarked.values())),
            places=places,
        )

    def _move(self, entry: Entry, source: Place, target: Place) -> None:
        key = (entry.hold, entry.payment)
        if source is Place.OUTSIDE:
            if any(sets.intersect(self.ranges(p, hold=entry.hold, payment=entry.payment), entry.ranges) for p in Place):
                raise EntryRefused(f"{entry.id}: the hold spoke of some of {entry.ranges} before")
        elif not sets.covers(self._places.get((*key, source), NONE), entry.ranges):
            raise EntryRefused(f"{entry.id}: not all of {entry.ranges} is {source}")
        if target is Place.HELD:
            self._check_held_once(entry)
        if entry.step in (Step.RELEASE, Step.RESTORE) and sets.intersect(
            self._contested.get(key, NONE) if entry.step is Step.RESTORE else self._earmarked.get(key, NONE),
            entry.ranges,
        ):
            mark = "contested" if entry.step is Step.RESTORE else "earmarked"
            raise EntryRefused(f"{entry.id}: some of {entry.ranges} is {mark}")
        if source is not Place.OUTSIDE:
            self._places[*key, source] = sets.subtract(self._places[*key, source], entry.ranges)
        self._places[*key, target] = sets.union(self._places.get((*key, target), NONE), entry.ranges)
        if source is Place.HELD:
            for marks in (self._contested, self._earmarked):
                marks[key] = sets.subtract(marks.get(key, NONE), entry.ranges)

    def _check_held_once(self, entry: Entry) -> None:
        for (hold, payment, place), ranges in self._places.items():
            if place is Place.HELD and payment == entry.payment and hold != entry.hold:
                twice = sets.intersect(ranges, entry.ranges)
                if twice:
                    raise EntryRefused(f"{entry.id}: {twice} of {payment} is held by {hold}")

    def _mark(self, entry: Entry) -> None:
        key = (entry.hold, entry.payment)
        held = self._places.get((*key, Place.HELD), NONE)
        contesting = entry.step in (Step.CONTEST, Step.SETTLE)
        marks, others = (self._contested, self._earmarked) if contesting else (self._earmarked, self._contested)
        had = marks.get(key, NONE)
        if entry.step in (Step.CONTEST, Step.EARMARK):
            if not sets.covers(held, entry.ranges):
                raise EntryRefused(f"{entry.id}: not all of {entry.ranges} is held")
            if entry.step is Step.EARMARK and sets.intersect(others.get(key, NONE), entry.ranges):
                raise EntryRefused(f"{entry.id}: some of {entry.ranges} is contested")
            marks[key] = sets.union(had, entry.ranges)
        else:
            if not sets.covers(had, entry.ranges):
                raise EntryRefused(f"{entry.id}: not all of {entry.ranges} has the mark")
            marks[key] = sets.subtract(had, entry.ranges)
