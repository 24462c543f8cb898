"""All signs of an account as one table of numbers: what the model weighs, column by column.

Each sign enters twice: by how rare it is in this ledger (powers of ten) and by how far it lies beyond the ledger's own
body of ordinary accounts. So a sign that everybody shows weighs nothing, and no absolute sum or currency matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from thaam.postings.mules import behaviours as seen
from thaam.postings.mules import links, structures
from thaam.postings.mules.behaviours import Shown
from thaam.postings.mules.ledger import Ledger

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

RAREST = 5.0
FURTHEST = 6.0
STEPS = 6
BAND_LEAST = 60
BAND_WIDE = 0.7

# From behaviours.py: the measure of each, under the name of its column.
MEASURED = {
    "pass_through": seen.passing_through,
    "split": seen.splitting,
    "repeat": seen.repeating,
    "fan_in": seen.fanning_in,
    "fan_out": seen.fanning_out,
    "out_of_line": seen.out_of_line,
    "busy": seen.busy,
    "dormant_then_busy": seen.waking,
    "under_threshold": seen.under_thresholds,
    "round_sums": seen.round_sums,
    "odd_hours": seen.odd_hours,
    "new_high_value": seen.new_and_high,
    "salary_days": seen.in_salary_days,
}
# From links.py and structures.py.
SHAPED = (
    "again", "forwarded", "forwarded_share", "chain", "ring", "gathered", "shared", "payees", "payers",
    "counterparties",
    "both_ways", "new_payers_1", "new_payers_3", "new_payers_10", "new_payees_1", "new_payees_3", "new_payees_10",
    "burst_both_1", "burst_both_3", "burst_both_10", "closed", "returned",
)  # fmt: skip
NAMES = (*MEASURED, *SHAPED)
FAMILIES = (
    ("out_of_line", "under_threshold", "round_sums", "new_high_value"),
    ("closed", "returned", "shared"),
    ("split", "repeat", "again"),
    ("pass_through", "forwarded", "forwarded_share", "chain", "ring", "gathered", "salary_days"),
    ("busy", "fan_in", "fan_out", "payees", "payers", "counterparties", "both_ways"),
    ("new_payers_1", "new_payers_3", "new_payers_10", "new_payees_1", "new_payees_3", "new_payees_10", "burst_both_1",
     "burst_both_3", "burst_both_10"),
    ("dormant_then_busy", "odd_hours"),
)  # fmt: skip
"""Signs that say the same thing about an account."""


@dataclass(slots=True)
class Signs:
    """`measures` by name, one number an account of the ledger; `shown` for behaviours that point to postings;
    `pairs` is who has to do with whom (each ordered pair once), with transfers and the rarest sum between them."""

    measures: dict[str, Floats]
    shown: dict[str, Shown]
    pairs: Pairs
    linked: Linked


@dataclass(slots=True)
class Linked:
    """Sums passed on: by which account, when they came and when they went."""

    account: Ints
    came_at: Ints
    went_at: Ints


@dataclass(slots=True)
class Pairs:
    """Account and counterparty of each pair, how many postings, and how rare the rarest sum between them is; and which
    three accounts all have to do with each other."""

    one: Ints
    other: Ints
    many: Ints
    rarest: Floats
    triangles: structures.Triangles


def signs_of(ledger: Ledger) -> Signs:
    """Compute every sign. Time and memory grow with the postings; nothing loops over accounts."""
    size = ledger.size
    shown = {name: compute(ledger) for name, compute in MEASURED.items()}
    measures: dict[str, Floats] = {name: each.measure for name, each in shown.items()}
    edges = links.edges_of(ledger)
    linked = links.links_of(edges, size)
    many, share = links.forwarded(linked, size)
    measures["forwarded"], measures["forwarded_share"] = many, share * np.minimum(many, 3)
    measures["chain"], measures["ring"] = links.chains(linked, size)
    measures["gathered"] = links.gathered(linked, size)
    payer, payee, times = structures.pairs_of(edges, size)
    payees, payers = structures.degrees(payer, payee, size)
    measures["payees"], measures["payers"] = payees, payers
    measures["counterparties"], measures["both_ways"] = payees + payers, np.minimum(payees, payers)
    more = (times - 1).astype(np.float64)
    again = np.bincount(payer, more, minlength=size) + np.bincount(payee, more, minlength=size)
    measures["again"] = np.asarray(again, dtype=np.float64)
    measures["shared"] = structures.shared_neighbours(payer, payee, size)
    triangles = structures.triangles_of(payer, payee, size)
    measures["closed"] = structures.closed(triangles, size)
    measures["returned"] = structures.returned(payer, payee, size)
    for days in (1, 3, 10):
        came = structures.burst(edges, size, incoming=True, days=days)
        went = structures.burst(edges, size, incoming=False, days=days)
        measures[f"new_payers_{days}"], measures[f"new_payees_{days}"] = came, went
        measures[f"burst_both_{days}"] = np.minimum(came, went)
    child = np.flatnonzero(linked.parent >= 0)
    passed_on = Linked(edges.payer[child], edges.at[linked.parent[child]], edges.at[child])
    return Signs(measures, shown, _pairs(ledger, triangles), passed_on)


def table_of(signs: Signs, own: Bools) -> Floats:
    """One row an account with postings: rarity of every sign, how far beyond the body, how rare among accounts as busy
    as it; and, beyond the body and among its peers, how surprising the two, three and all families of signs that
    surprise most are together, and odd sums in a closed group."""
    columns = [signs.measures[name][own].astype(np.float64) for name in NAMES]
    far = [beyond(each) for each in columns]
    bands = bands_of(signs.measures["busy"][own])
    among = [_in_bands(each, bands) for each in columns]
    both = [surprises(dict(zip(NAMES, each, strict=True))) for each in (far, among)]
    return np.stack([*(rarity(each) for each in columns), *far, *among, *both[0], *both[1]], axis=1)


def bands_of(busy: Floats) -> list[Ints]:
    """Accounts in bands of like activity (from one to about 1.6 times), at least BAND_LEAST and half a percent of all
    in each: a shop with a thousand customers is compared with shops."""
    order = np.argsort(busy, kind="stable")
    steps = np.log2(np.maximum(busy[order], 0) + 1)
    least = max(BAND_LEAST, len(busy) // 200)
    bands: list[Ints] = []
    low = 0
    while low < len(order):
        high = max(int(np.searchsorted(steps, steps[low] + BAND_WIDE, "right")), min(low + least, len(order)))
        high = int(np.searchsorted(steps, steps[high - 1], "right"))
        if len(order) - high < least:
            high = len(order)
        bands.append(order[low:high])
        low = high
    return bands


def _in_bands(values: Floats, bands: list[Ints]) -> Floats:
    found = np.zeros(len(values))
    for band in bands:
        found[band] = rarity(values[band])
    return found


def surprises(far: dict[str, Floats]) -> tuple[Floats, ...]:
    """Signs of one family say the same thing, so a family counts by its strongest; different families add up: an
    account that is odd in two independent ways is far rarer than one that is odd in one."""
    strongest = np.stack([np.max([far[name] for name in family], axis=0) for family in FAMILIES])
    ordered = -np.sort(-strongest, axis=0)
    return ordered[:2].sum(axis=0), ordered[:3].sum(axis=0), ordered.sum(axis=0), strongest[0] + strongest[1]


def neighbourhood(score: Floats, pairs: Pairs, own: Bools) -> Floats:
    """One row an account with postings: how the accounts it has to do with score, plainly and weighed by how unusual
    the sums between them are and how often they repeat; and the rarity of each of these numbers."""
    size = len(own)
    whole = np.zeros(size)
    whole[own] = score
    theirs = whole[pairs.other]
    wide = np.maximum(np.bincount(pairs.one, minlength=size), 1).astype(np.float64)
    columns: list[Floats] = []
    for value in (
        theirs, theirs * np.clip(pairs.rarest / 3, 0.3, 1.5), theirs * np.sqrt(np.minimum(pairs.many, 4)),
    ):  # fmt: skip
        columns += _highest(pairs.one, value, size)
    columns.append(np.bincount(pairs.one, theirs, minlength=size) / wide)
    for part in (0.01, 0.05):
        hot = (theirs >= np.quantile(score, 1 - part)) & own[pairs.other]
        columns.append(_more_than(np.bincount(pairs.one, hot, minlength=size), part * wide))
    columns += _reached(whole, score, pairs, wide)
    mine = np.zeros(size)
    mine[own] = rarity(score)
    columns.append(mine)
    plain = np.stack(columns, axis=1)[own]
    return np.hstack([plain, np.stack([rarity(column) for column in plain.T], axis=1)])


def _reached(whole: Floats, score: Floats, pairs: Pairs, wide: Floats) -> list[Floats]:
    """Suspicion that flows on: each account gives what it has beyond the ledger's body in equal parts to those it has
    to do with, who pass half of it on; first one step, then six; and what reaches it over closed triangles."""
    body, top = (float(np.quantile(score, part)) for part in (0.9, 0.999)) if len(score) else (0.0, 1.0)
    hot = np.clip((whole - body) / max(top - body, 1e-9), 0, 1)
    flowing, reached = hot, np.zeros(len(whole))
    first = reached
    for step in range(STEPS):
        flowing = np.bincount(pairs.one, (flowing / wide)[pairs.other], minlength=len(whole)) / 2
        reached = reached + flowing
        first = reached if step == 0 else first
    three = pairs.triangles
    over = np.zeros(len(whole))
    for corner, others in (
        (three.one, (three.other, three.bridge)), (three.other, (three.one, three.bridge)),
        (three.bridge, (three.one, three.other)),
    ):  # fmt: skip
        over += np.bincount(corner, three.weight * (hot[others[0]] + hot[others[1]]), minlength=len(whole))
    return [first, reached, over]


def rarity(values: Floats) -> Floats:
    """-log10 of the share of accounts that show at least as much, ties by half."""
    ordered = np.sort(values)
    at_least = len(values) - np.searchsorted(ordered, values, "left")
    more = len(values) - np.searchsorted(ordered, values, "right")
    return np.clip(-np.log10((at_least + more + 1) / 2 / max(1, len(values))), 0, RAREST)


def beyond(values: Floats) -> Floats:
    """How improbable a value is for the body of the ledger (small counts: Poisson; sums: log-normal; else exponential),
    in powers of ten, held near its rarity so that a badly fitting body cannot shout."""
    rare = rarity(values)
    if not len(values):
        return rare
    if np.all(values == np.round(values)) and np.median(values) < 3:
        mean = max(float(values[values <= np.quantile(values, 0.9)].mean()), 0.02)
        far = _more_than(values, np.full(len(values), mean))
    elif np.mean(values <= 0) < 0.3:
        logs = np.log(np.maximum(values, 1e-9))
        middle, high = np.quantile(logs, [0.5, 0.8])
        steps = (logs - middle) / max(float(high - middle) / 0.8416, 1e-3)
        far = np.where(steps > 0, (steps * steps / 2 + np.log(np.maximum(steps, 1) * 2.5)) / np.log(10), 0.0)
    else:
        mean = max(float(values[values <= np.quantile(values, 0.95)].mean()), 0.02)
        far = values / mean / np.log(10) * 0.5
    return np.clip(np.where(far > rare, np.minimum(far, rare * 2), rare * 0.5 + far * 0.5), 0, FURTHEST)


def _more_than(counts: NDArray[np.generic], expected: Floats) -> Floats:
    seen_ = counts.astype(np.float64)
    ratio = np.maximum(seen_, 1e-9) / expected
    return np.where(seen_ > expected, (seen_ * np.log(ratio) - seen_ + expected) / np.log(10), 0.0)


def _highest(one: Ints, value: Floats, size: int) -> list[Floats]:
    order = np.lexsort((-value, one))
    one, value = one[order], value[order]
    rank = np.arange(len(one)) - np.searchsorted(one, np.arange(size))[one]
    return [
        np.bincount(one[rank < most], value[rank < most], minlength=size).astype(np.float64) / most for most in (1, 3)
    ]


def _pairs(ledger: Ledger, triangles: structures.Triangles) -> Pairs:
    known = ledger.other >= 0
    logs = np.log10(np.maximum(ledger.paise, 1).astype(np.float64))
    counts, edges = np.histogram(logs, 200) if len(logs) else (np.zeros(200), np.zeros(201))
    smooth = np.convolve(counts, [0.25, 0.5, 0.25], "same")
    rare = -np.log10((smooth[np.clip(np.searchsorted(edges, logs) - 1, 0, 199)] + 1) / max(1, len(logs)))
    keys, place, many = np.unique(
        ledger.account[known] * ledger.size + ledger.other[known], return_inverse=True, return_counts=True
    )
    rarest = np.zeros(len(keys))
    np.maximum.at(rarest, place, rare[known])
    return Pairs(keys // ledger.size, keys % ledger.size, many, rarest, triangles)
