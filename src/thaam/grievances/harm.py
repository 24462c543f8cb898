"""The harm meter: what holds cost people who turned out to be innocent, per hold, bank and month, for publication.

Rupee-minutes are the honest unit: a thousand rupees held for a day weigh as much as a day's wages held for an hour
times their size. Reckoned from the hold book's entries alone; nothing is stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thaam.holds.models import Entry, Hold

# Releases that say the holder was in the right; the others end a hold without saying so.
CLEARED = frozenset({"objection_upheld", "holder_cleared", "false_report", "not_confirmed"})


@dataclass(frozen=True, slots=True)
class Harm:
    """One hold: how long something was held, how much of that turned out wrong, and how long that took to clear."""

    hold_id: Any
    bank: str
    held_paise_most: int
    rupee_minutes: float
    cleared_paise: int
    cleared_rupee_minutes: float
    minutes_to_clear: float | None


@dataclass(frozen=True, slots=True)
class HarmOfBank:
    """All holds of one bank that began in a period."""

    bank: str
    holds: int
    rupee_minutes: float
    cleared_holds: int
    cleared_paise: int
    cleared_rupee_minutes: float
    median_minutes_to_clear: float | None


def harm_of(hold: Hold, *, at: dt.datetime) -> Harm:
    """The hold's harm up to `at`, from its entries in the order they were made. Read-only, one query."""
    entries = list(hold.entries.filter(at__lte=at).order_by("at", "id"))
    return _harm(hold, entries, at)


def harm_by_bank(*, from_at: dt.datetime, to_at: dt.datetime, at: dt.datetime) -> list[HarmOfBank]:
    """Holds asked for in `[from_at, to_at)`, by bank, the most wrongly held first. Read-only, two queries."""
    holds = {
        hold.pk: hold for hold in Hold.objects.filter(asked_at__gte=from_at, asked_at__lt=to_at, book__isnull=False)
    }
    entries: dict[Any, list[Entry]] = {key: [] for key in holds}
    for entry in Entry.objects.filter(hold_id__in=list(holds), at__lte=at).order_by("at", "id"):
        entries[entry.hold_id].append(entry)
    by_bank: dict[str, list[Harm]] = {}
    for key, hold in holds.items():
        by_bank.setdefault(hold.bank_id, []).append(_harm(hold, entries[key], at))
    rows = [_of_bank(bank, harms) for bank, harms in by_bank.items()]
    return sorted(rows, key=lambda row: (-row.cleared_rupee_minutes, row.bank))


def _harm(hold: Hold, entries: Iterable[Entry], at: dt.datetime) -> Harm:
    held = most = cleared = 0
    paise_minutes = cleared_paise_minutes = 0.0
    began: dt.datetime | None = None
    cleared_at: dt.datetime | None = None
    since = at
    for entry in entries:
        paise_minutes += held * _minutes(since, entry.at)
        if entry.kind == Entry.Type.HELD:
            began = began or entry.at
            held += entry.amount_paise
            most = max(most, held)
        else:
            held -= entry.amount_paise
            if entry.kind == Entry.Type.RELEASED and entry.reason in CLEARED and began is not None:
                cleared += entry.amount_paise
                cleared_paise_minutes += entry.amount_paise * _minutes(began, entry.at)
                cleared_at = entry.at
        since = entry.at
    paise_minutes += held * _minutes(since, min(at, hold.expires_at))
    return Harm(
        hold_id=hold.pk,
        bank=hold.bank_id,
        held_paise_most=most,
        rupee_minutes=paise_minutes / 100,
        cleared_paise=cleared,
        cleared_rupee_minutes=cleared_paise_minutes / 100,
        minutes_to_clear=_minutes(began, cleared_at) if began and cleared_at else None,
    )


def _minutes(begin: dt.datetime, end: dt.datetime) -> float:
    return max(0.0, (end - begin).total_seconds() / 60)


def _of_bank(bank: str, harms: list[Harm]) -> HarmOfBank:
    times = sorted(harm.minutes_to_clear for harm in harms if harm.minutes_to_clear is not None)
    return HarmOfBank(
        bank=bank,
        holds=len(harms),
        rupee_minutes=sum(harm.rupee_minutes for harm in harms),
        cleared_holds=len(times),
        cleared_paise=sum(harm.cleared_paise for harm in harms),
        cleared_rupee_minutes=sum(harm.cleared_rupee_minutes for harm in harms),
        median_minutes_to_clear=times[len(times) // 2] if times else None,
    )
