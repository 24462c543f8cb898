"""The twelve behaviours of mule accounts, each an explained feature of one account.

A behaviour has a *strength* 0..1 on a fixed scale an officer can follow (how far it goes), the postings that show
it (for the window), and a detail for the sentence. How much a strength counts in a given ledger is decided in
`scoring.py` by how rare it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.postings.mules.ledger import Ledger, seconds_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

DAY = 86_400
_EAST = int(IST.utcoffset(None).total_seconds())  # seconds India is ahead of UTC
STRUCTURING = (10_000_00, 50_000_00, 1_00_000_00, 2_00_000_00, 5_00_000_00, 10_00_000_00)
"""Sums from which Indian banks ask more: PAN, reporting, second factor, RTGS."""


@dataclass(slots=True)
class Shown:
    """Of every account: strength 0..1, a raw measure (any unit) for rarity, a number for the sentence;
    of every posting: does it show the behaviour?"""

    strength: Floats
    measure: Floats
    detail: Floats
    postings: Bools


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One of the twelve: code, sentence with {n}, weight, and how it is computed."""

    code: str
    title: Text
    weight: float
    compute: Callable[[Ledger], Shown]


def _scale(values: Floats, low: float, high: float) -> Floats:
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def _per_account(ledger: Ledger, values: NDArray[np.generic], where: Bools | None = None) -> Floats:
    account = ledger.account if where is None else ledger.account[where]
    weights = values if where is None else values[where]
    total: Floats = np.bincount(account, weights.astype(np.float64), minlength=ledger.size).astype(np.float64)
    return total


def _most(ledger: Ledger, groups: Ints, counts: NDArray[np.generic]) -> Floats:
    most = np.zeros(ledger.size)
    np.maximum.at(most, groups, counts.astype(np.float64))
    return most


def passing_through(ledger: Ledger) -> Shown:
    """Share of what came in that left within the same 24 hours (two grids, twelve hours apart)."""
    paise = ledger.paise.astype(np.float64)
    came = _per_account(ledger, paise, ~ledger.out)
    share, windows = np.zeros(ledger.size), np.zeros(ledger.size)
    shown = np.zeros(len(paise), dtype=np.bool_)
    for shift in (0, DAY // 2):
        groups, place = _grouped(ledger, (ledger.at + _EAST + shift) // DAY)
        inside, outside = (
            np.bincount(place, paise * side, minlength=len(groups)) for side in (~ledger.out, ledger.out)
        )
        moved = np.minimum(inside, outside)
        even = moved > 0.7 * np.maximum(inside, outside)
        share = np.maximum(share, np.bincount(groups, moved, minlength=ledger.size) / np.maximum(came, 1))
        windows = np.maximum(windows, np.bincount(groups, even & (moved > 0), minlength=ledger.size))
        shown |= (even & (moved > 0))[place]
    strength = _scale(share, 0.5, 0.9) * (1 - np.exp(-windows / 2))
    return Shown(strength, strength, 100 * share, shown)


def splitting(ledger: Ledger) -> Shown:
    """Payments cut into several of one day with one counterparty."""
    known = ledger.other >= 0
    key = (ledger.account * ledger.size + np.maximum(ledger.other, 0)) * 2 + ledger.out
    day = (ledger.at + _EAST) // DAY
    order = np.lexsort((day, key))
    order = order[known[order]]
    if not len(order):
        return _nothing(ledger)
    fresh = np.r_[True, (np.diff(key[order]) != 0) | (np.diff(day[order]) != 0)]
    group = np.cumsum(fresh) - 1
    counts = np.bincount(group)
    most = _most(ledger, ledger.account[order[fresh]], counts)
    shown = np.zeros(len(ledger.at), dtype=np.bool_)
    shown[order] = counts[group] >= 3
    extra = np.bincount(ledger.account[order[fresh]], counts - 1, minlength=ledger.size)
    return Shown(_scale(most, 1.5, 4), most + extra / 100, most, shown)


def repeating(ledger: Ledger) -> Shown:
    """One counterparty again and again, far more than the account's others."""
    known = np.flatnonzero(ledger.other >= 0)
    pairs, place, counts = np.unique(
        ledger.account[known] * ledger.size + ledger.other[known], return_inverse=True, return_counts=True
    )
    holder = pairs // ledger.size
    most = _most(ledger, holder, counts)
    shown = np.zeros(len(ledger.at), dtype=np.bool_)
    shown[known] = counts[place] == most[ledger.account[known]]
    others = np.bincount(holder, counts - 1, minlength=ledger.size)
    return Shown(np.where(most >= 2, 0.3 + 0.7 * _scale(most, 2, 6), 0.0), most + others / 100, most, shown)


def fanning_in(ledger: Ledger) -> Shown:
    """Many payers in a short time."""
    return _fan(ledger, ~ledger.out)


def fanning_out(ledger: Ledger) -> Shown:
    """Many payees in a short time."""
    return _fan(ledger, ledger.out)


def _fan(ledger: Ledger, side: Bools) -> Shown:
    where = np.flatnonzero(side)
    groups, place = _grouped(ledger, (ledger.at + _EAST) // DAY, where)
    counts = np.bincount(place, minlength=len(groups))
    most = _most(ledger, groups, counts)
    shown = np.zeros(len(ledger.at), dtype=np.bool_)
    shown[where] = counts[place] >= np.maximum(most[ledger.account[where]], 2)
    return Shown(np.where(most >= 2, 0.5 + 0.5 * _scale(most, 2, 6), 0.0), most, most, shown)


def out_of_line(ledger: Ledger) -> Shown:
    """Sums that are rare in this bank and unlike the account's own usual sums."""
    logs = np.log10(ledger.paise.astype(np.float64))
    counts, edges = np.histogram(logs, 200)
    smooth = np.convolve(counts, [0.25, 0.5, 0.25], "same")
    rare = -np.log10((smooth[np.clip(np.searchsorted(edges, logs) - 1, 0, 199)] + 1) / max(1, len(logs)))
    unlike = np.zeros(len(logs))
    for side in (ledger.out, ~ledger.out):
        where = np.flatnonzero(side)
        usual = _median(ledger, where)
        unlike[where] = np.abs(logs[where] - usual[ledger.account[where]])
    most_rare, most_unlike = _most(ledger, ledger.account, rare), _most(ledger, ledger.account, unlike)
    # log10: 0.5 is three times the usual sum, 1.5 thirty times
    strength = np.maximum(_scale(most_rare, 2.5, 4.0), 0.6 * _scale(most_unlike, 0.5, 1.5))
    shown = rare >= np.maximum(most_rare[ledger.account] - 0.3, 2.5)
    return Shown(strength, most_rare + most_unlike, 10**most_unlike, shown)


def busy(ledger: Ledger) -> Shown:
    """More postings, in and out, than accounts of this bank have."""
    both = np.minimum(_per_account(ledger, ~ledger.out), _per_account(ledger, ledger.out))
    count = _per_account(ledger, np.ones(len(ledger.at)))
    return Shown(np.where(count >= 3, 0.6, 0.0), count + both, count, np.ones(len(ledger.at), dtype=np.bool_))


def waking(ledger: Ledger) -> Shown:
    """Silent for a month or more, then busy within three days."""
    same = np.r_[False, ledger.account[1:] == ledger.account[:-1]]
    gap = np.r_[0, np.diff(ledger.at)] * same
    key = ledger.account * (1 << 40) + ledger.at
    following = np.searchsorted(key, key + 3 * DAY, "right") - np.arange(len(key))
    burst = np.where((gap >= 30 * DAY) & (following >= 3), gap * np.minimum(following, 12), 0).astype(np.float64)
    measure = _most(ledger, ledger.account, burst) / DAY
    silent = _most(ledger, ledger.account, np.where(burst > 0, gap, 0)) / DAY
    starts = burst > 0
    shown = np.zeros(len(ledger.at), dtype=np.bool_)
    for start, count in zip(np.flatnonzero(starts), following[starts], strict=True):
        shown[start : start + count] = True
    return Shown(_scale(measure, 90, 900), measure, silent, shown)


def under_thresholds(ledger: Ledger) -> Shown:
    """Sums kept just below the sums from which a bank asks more."""
    near = np.zeros(len(ledger.at), dtype=np.bool_)
    for limit in STRUCTURING:
        near |= (ledger.paise >= int(0.94 * limit)) & (ledger.paise < limit)
    count = _per_account(ledger, near)
    share = count / np.maximum(_per_account(ledger, np.ones(len(ledger.at))), 1)
    return Shown(_scale(count, 1, 5) * _scale(share, 0.1, 0.5), count * share, count, near)


def round_sums(ledger: Ledger) -> Shown:
    """Mostly whole thousands."""
    is_round = (ledger.paise % 1_000_00 == 0) & (ledger.paise > 0)
    count = _per_account(ledger, is_round)
    share = count / np.maximum(_per_account(ledger, np.ones(len(ledger.at))), 1)
    return Shown(_scale(count, 3, 10) * _scale(share, 0.4, 0.9), count * share, 100 * share, is_round)


def odd_hours(ledger: Ledger) -> Shown:
    """Between midnight and five, where the postings carry a clock."""
    second = (ledger.at + _EAST) % DAY
    night = (second < 5 * 3600) & (second > 0)
    count = _per_account(ledger, night)
    share = count / np.maximum(_per_account(ledger, np.ones(len(ledger.at))), 1)
    return Shown(_scale(count, 2, 8) * _scale(share, 0.3, 0.8), count * share, count, night)


def new_and_high(ledger: Ledger) -> Shown:
    """Opened (or first seen) after the ledger began, and high sums in its first thirty days."""
    first = np.full(ledger.size, np.iinfo(np.int64).max)
    np.minimum.at(first, ledger.account, ledger.at)
    for number, text in ledger.facts.get("opened_at", {}).items():
        first[number] = seconds_of(text) or first[number]
    begin = int(ledger.at.min()) if len(ledger.at) else 0
    new = first - begin > 30 * DAY
    early = (ledger.at - first[ledger.account] <= 30 * DAY) & new[ledger.account]
    came = _per_account(ledger, ledger.paise, early & ~ledger.out)
    typical = np.median(_per_account(ledger, ledger.paise, ~ledger.out)[ledger.own]) if ledger.own.any() else 1.0
    return Shown(_scale(came / max(typical, 1), 2, 10), came, came / 100, early)


def after_mobile_change(ledger: Ledger) -> Shown:
    """Busy within three days of a new mobile number (accounts file: `mobile_changed_at`)."""
    changed = np.full(ledger.size, np.iinfo(np.int64).max // 2)
    for number, text in ledger.facts.get("mobile_changed_at", {}).items():
        changed[number] = seconds_of(text) or changed[number]
    since = ledger.at - changed[ledger.account]
    shown = (since >= 0) & (since <= 3 * DAY)
    count = _per_account(ledger, shown)
    return Shown(_scale(count, 2, 8), count, count, shown)


def far_places(ledger: Ledger) -> Shown:
    """Odd geography: used from several places in a day, or mostly away from home (the accounts file's `place`, else
    where the account is used most). Needs postings that say where they were made."""
    if ledger.place is None or not len(ledger.at):
        return _nothing(ledger)
    said = np.flatnonzero(ledger.place >= 0)
    many = len(ledger.places)
    account, place, day = ledger.account[said], ledger.place[said], (ledger.at[said] + _EAST) // DAY
    days, day = np.unique(day, return_inverse=True)
    visits = np.unique((account * len(days) + day) * many + place)  # a place counts once a day
    groups, different = np.unique(visits // many, return_counts=True)
    most = _most(ledger, groups // len(days), different)
    used, times = np.unique(account * many + place, return_counts=True)
    home = np.full(ledger.size, -1, dtype=np.int64)
    order = np.argsort(times, kind="stable")
    home[used[order] // many] = used[order] % many
    number_of = {name: number for number, name in enumerate(ledger.places)}
    for number, name in ledger.facts.get("place", {}).items():
        home[number] = number_of.get(name, -2)
    away = np.zeros(len(ledger.at), dtype=np.bool_)
    away[said] = place != home[account]
    count = _per_account(ledger, away)
    share = count / np.maximum(_per_account(ledger, ledger.place >= 0), 1)
    # a day with one more place is a journey; three places, or ten postings away, are not a life
    strength = np.maximum(_scale(most, 2, 5), _scale(count, 3, 10) * _scale(share, 0.4, 0.9))
    busiest = np.zeros(len(ledger.at), dtype=np.bool_)
    busiest[said] = different[np.searchsorted(groups, account * len(days) + day)] >= 3
    return Shown(strength, np.maximum(most - 1, 0) + count * share / 10, most, busiest | away)


def in_salary_days(ledger: Ledger) -> Shown:
    """Money that passes through only around pay day, where it looks like everybody's."""
    day = (ledger.at + _EAST) // DAY
    of_month = (day.astype("datetime64[D]") - day.astype("datetime64[D]").astype("datetime64[M]")).astype(np.int64) + 1
    pay = (of_month >= 28) | (of_month <= 5)
    passing = passing_through(ledger)
    hidden = pay & passing.postings
    share = _per_account(ledger, hidden) / np.maximum(_per_account(ledger, passing.postings), 1)
    months = np.unique(
        np.stack(
            [ledger.account[hidden], (day[hidden].astype("datetime64[D]").astype("datetime64[M]")).astype(np.int64)]
        ),
        axis=1,
    )
    count = np.bincount(months[0], minlength=ledger.size) if months.size else np.zeros(ledger.size)
    return Shown(
        passing.strength * _scale(share, 0.7, 1.0) * _scale(count.astype(np.float64), 1, 3),
        share * count,
        count.astype(np.float64),
        hidden,
    )


def shared_details(ledger: Ledger) -> Shown:
    """Three accounts or more with one phone, address, device or introducer (accounts file)."""
    most = np.zeros(ledger.size)
    for name in ("phone", "address", "device", "introducer"):
        together: dict[str, list[int]] = {}
        for number, value in ledger.facts.get(name, {}).items():
            together.setdefault(value, []).append(number)
        for numbers in together.values():
            most[numbers] = np.maximum(most[numbers], len(numbers))
    return Shown(_scale(most, 2, 6), most, most, np.zeros(len(ledger.at), dtype=np.bool_))


def _nothing(ledger: Ledger) -> Shown:
    none = np.zeros(ledger.size)
    return Shown(none, none, none, np.zeros(len(ledger.at), dtype=np.bool_))


def _grouped(ledger: Ledger, day: Ints, where: Ints | None = None) -> tuple[Ints, Ints]:
    """Account of each (account, day) group, and each posting's group; postings are sorted by account and time."""
    account = ledger.account if where is None else ledger.account[where]
    day = day if where is None else day[where]
    if not len(account):
        return account, account
    fresh = np.r_[True, (np.diff(account) != 0) | (np.diff(day) != 0)]
    return account[fresh], np.cumsum(fresh) - 1


def _median(ledger: Ledger, where: Ints) -> Floats:
    logs = np.log10(ledger.paise[where].astype(np.float64))
    account = ledger.account[where]
    order = np.lexsort((logs, account))
    account, logs = account[order], logs[order]
    start = np.searchsorted(account, np.arange(ledger.size))
    end = np.searchsorted(account, np.arange(ledger.size), "right")
    middle = np.zeros(ledger.size)
    some = end > start
    middle[some] = logs[(start[some] + end[some] - 1) // 2]
    return middle
