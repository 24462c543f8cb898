"""The harm meter: what holds cost people who turned out to be innocent, per hold, bank, unit and month, published.

Rupee-minutes are the honest unit: a thousand rupees held for a day weigh as much as a day's wages held for an hour
times their size. Reckoned from the hold book's entries (and the bank's own word on the balance); nothing is stored.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from thaam.holds.models import Entry, Hold, Release
from thaam.money import ranges as sets
from thaam.money.ranges import Ranges

# Releases that say the holder was in the right; the others end a hold without saying so.
CLEARED = frozenset({"objection_upheld", "holder_cleared", "false_report", "not_confirmed"})


@dataclass(frozen=True, slots=True)
class Harm:
    """One hold: how long something was held, how much of that turned out wrong, and how long that took to clear."""

    hold_id: Any
    bank: str
    unit: str  # the office that ordered it
    held_paise_most: int
    minutes_held: float
    rupee_minutes: float
    cleared_paise: int
    cleared_rupee_minutes: float
    minutes_to_clear: float | None


@dataclass(frozen=True, slots=True)
class HarmOfGroup:
    """All holds of one bank, or of one unit, that began in a period."""

    name: str
    holds: int
    rupee_minutes: float
    cleared_holds: int
    cleared_paise: int
    cleared_rupee_minutes: float
    median_minutes_to_clear: float | None

    @property
    def bank(self) -> str:
        """The name, where the group is a bank's."""
        return self.name

    @property
    def cleared_percent(self) -> float | None:
        """Of a hundred holds so many were wrong."""
        return 100 * self.cleared_holds / self.holds if self.holds else None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of the reports of one channel: how many led to holds, and how many of those holds proved wrong."""

    channel: str
    reports: int
    holds: int
    wrong: int

    @property
    def percent_right(self) -> float | None:
        """Holds that did not prove wrong."""
        return 100 * (self.holds - self.wrong) / self.holds if self.holds else None


def harm_of(hold: Hold, *, at: dt.datetime) -> Harm:
    """The hold's harm up to `at`, from its entries in the order they were made. Read-only, two queries."""
    entries = list(hold.entries.filter(at__lte=at).order_by("at", "id"))
    return _harm(hold, entries, _wrong_by_order(hold.releases.filter(ordered_at__lte=at)), at)


def harm_by_bank(*, from_at: dt.datetime, to_at: dt.datetime, at: dt.datetime) -> list[HarmOfGroup]:
    """Holds asked for in `[from_at, to_at)`, by bank, the most wrongly held first. Read-only, two queries."""
    return _grouped(harms(from_at=from_at, to_at=to_at, at=at), lambda harm: harm.bank)


def harm_by_unit(*, from_at: dt.datetime, to_at: dt.datetime, at: dt.datetime) -> list[HarmOfGroup]:
    """The same by the office in whose name the orders went out."""
    return _grouped(harms(from_at=from_at, to_at=to_at, at=at), lambda harm: harm.unit)


def harms(*, from_at: dt.datetime, to_at: dt.datetime, at: dt.datetime) -> list[Harm]:
    """Every hold asked for in `[from_at, to_at)` that a bank answered. Read-only, three queries."""
    holds = {
        hold.pk: hold for hold in Hold.objects.filter(asked_at__gte=from_at, asked_at__lt=to_at, book__isnull=False)
    }
    entries: dict[Any, list[Entry]] = {key: [] for key in holds}
    for entry in Entry.objects.filter(hold_id__in=list(holds), at__lte=at).order_by("at", "id"):
        entries[entry.hold_id].append(entry)
    releases: dict[Any, list[Release]] = {}
    for release in Release.objects.filter(hold_id__in=list(holds), reason__in=CLEARED, ordered_at__lte=at):
        releases.setdefault(release.hold_id, []).append(release)
    return [_harm(hold, entries[key], _wrong_by_order(releases.get(key, ())), at) for key, hold in holds.items()]


def share_of_balance(harm: Harm) -> float | None:
    """What part of the account's money the hold was, where the bank told the rest. Works at no desk; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT share_of_balance(%s, %s)", [str(harm.hold_id), harm.held_paise_most])
        found = cursor.fetchone()[0]
    return float(found) if found is not None else None


def accuracy_by_channel(*, from_at: dt.datetime, to_at: dt.datetime) -> list[Accuracy]:
    """Reports filed in `[from_at, to_at)` by the way they came in. Works at no desk; groups only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, channel FROM reports_by_channel(%s, %s)", [from_at, to_at])
        channel_of: dict[str, str] = dict(cursor.fetchall())
    holds = Hold.objects.filter(reference__in=list(channel_of), book__isnull=False)
    wrong = set(
        Entry.objects.filter(hold__in=holds, kind=Entry.Type.RELEASED, reason__in=CLEARED).values_list(
            "hold_id", flat=True
        )
    )
    wrong |= set(Release.objects.filter(hold__in=holds, reason__in=CLEARED).values_list("hold_id", flat=True))
    reports = Counter(channel_of.values())
    held: Counter[str] = Counter()
    proved: Counter[str] = Counter()
    for hold_id, reference in holds.values_list("pk", "reference"):
        held[channel_of[reference]] += 1
        proved[channel_of[reference]] += hold_id in wrong
    return [Accuracy(name, reports[name], held[name], proved[name]) for name in sorted(reports)]


def _grouped(found: list[Harm], name_of: Callable[[Harm], str]) -> list[HarmOfGroup]:
    groups: dict[str, list[Harm]] = {}
    for harm in found:
        groups.setdefault(name_of(harm), []).append(harm)
    rows = [_of_group(name, harms_) for name, harms_ in groups.items()]
    return sorted(rows, key=lambda row: (-row.cleared_rupee_minutes, row.name))


def _wrong_by_order(releases: Iterable[Release]) -> Ranges:
    """Paise an officer, or the law, has said are the holder's, whether or not the bank has let them go yet."""
    return sets.union(*(each.ranges for each in releases if each.reason in CLEARED))


def _wrong_in(entry: Entry, wrong: Ranges) -> int:
    """How many paise of an ending were the holder's all along; what the clock ended instead of the bank counts too."""
    if entry.kind == Entry.Type.RELEASED and entry.reason in CLEARED:
        return entry.amount_paise
    return 0 if entry.kind == Entry.Type.RESTORED else sets.total(sets.intersect(entry.ranges, wrong))


def _harm(hold: Hold, entries: Iterable[Entry], wrong: Ranges, at: dt.datetime) -> Harm:
    minutes, before = 0.0, wrong
    held = most = cleared = 0
    paise_minutes = cleared_paise_minutes = 0.0
    began: dt.datetime | None = None
    cleared_at: dt.datetime | None = None
    since = at
    for entry in entries:
        paise_minutes += held * _minutes(since, entry.at)
        minutes += _minutes(since, entry.at) if held else 0.0
        if entry.kind == Entry.Type.HELD:
            began = began or entry.at
            held += entry.amount_paise
            most = max(most, held)
        else:
            held -= entry.amount_paise
            wrong = sets.subtract(wrong, entry.ranges)
            if (mine := _wrong_in(entry, before)) and began is not None:
                cleared += mine
                cleared_paise_minutes += mine * _minutes(began, entry.at)
                cleared_at = entry.at
        since = entry.at
    still = sets.total(sets.intersect(wrong, hold.held)) if held else 0
    if still and began is not None:  # found wrong, and the bank has not let go: the clock of the harm runs on
        cleared_at = min(at, hold.expires_at)
        cleared += still
        cleared_paise_minutes += still * _minutes(began, cleared_at)
    paise_minutes += held * _minutes(since, min(at, hold.expires_at))
    minutes += _minutes(since, min(at, hold.expires_at)) if held else 0.0
    return Harm(
        hold_id=hold.pk,
        bank=hold.bank_id,
        unit=hold.office,
        held_paise_most=most,
        minutes_held=minutes,
        rupee_minutes=paise_minutes / 100,
        cleared_paise=cleared,
        cleared_rupee_minutes=cleared_paise_minutes / 100,
        minutes_to_clear=_minutes(began, cleared_at) if began and cleared_at else None,
    )


def _minutes(begin: dt.datetime, end: dt.datetime) -> float:
    return max(0.0, (end - begin).total_seconds() / 60)


def _of_group(name: str, harms: list[Harm]) -> HarmOfGroup:
    times = sorted(harm.minutes_to_clear for harm in harms if harm.minutes_to_clear is not None)
    return HarmOfGroup(
        name=name,
        holds=len(harms),
        rupee_minutes=sum(harm.rupee_minutes for harm in harms),
        cleared_holds=len(times),
        cleared_paise=sum(harm.cleared_paise for harm in harms),
        cleared_rupee_minutes=sum(harm.cleared_rupee_minutes for harm in harms),
        median_minutes_to_clear=times[len(times) // 2] if times else None,
    )
