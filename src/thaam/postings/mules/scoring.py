"""From behaviours to one score with reasons.

A behaviour counts by its strength (a fixed scale) times its rarity in this ledger (how few accounts show as much,
in powers of ten, at most three): what everybody does is no sign. Counterparties that themselves show much add to
it: mules come in rings. No labels are used anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from thaam.language.text import Text
from thaam.postings.mules import behaviours as seen
from thaam.postings.mules.behaviours import Behaviour
from thaam.postings.mules.ledger import Ledger

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RARITY_MAX = 3.0
REASONS_MAX = 5

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        "pass_through",
        Text("आया पैसा 24 घंटे में निकला ({n}%)", "left within 24 h of coming in ({n} %)"),
        9.0,
        seen.passing_through,
    ),
    Behaviour(
        "split", Text("एक दिन में एक ही को {n} बार", "{n} payments with one counterparty in a day"), 4.0, seen.splitting
    ),
    Behaviour("repeat", Text("एक ही खाते से {n} बार", "{n} times with one counterparty"), 1.5, seen.repeating),
    Behaviour("fan_in", Text("एक दिन में {n} बार पैसा आया", "{n} credits in a day"), 2.0, seen.fanning_in),
    Behaviour("fan_out", Text("एक दिन में {n} बार पैसा गया", "{n} debits in a day"), 2.0, seen.fanning_out),
    Behaviour(
        "out_of_line",
        Text("अपनी आम रकम से {n} गुना", "{n} times its usual sum, rare in this bank"),
        2.0,
        seen.out_of_line,
    ),
    Behaviour("busy", Text("{n} लेन-देन", "{n} postings"), 1.0, seen.busy),
    Behaviour("dormant_then_busy", Text("{n} दिन शांत, फिर अचानक", "silent {n} days, then busy"), 1.0, seen.waking),
    Behaviour(
        "under_threshold", Text("सीमा से ज़रा कम {n} बार", "{n} sums just under a threshold"), 0.8, seen.under_thresholds
    ),
    Behaviour("round_sums", Text("{n}% पूरे हज़ार", "{n} % whole thousands"), 0.5, seen.round_sums),
    Behaviour("odd_hours", Text("रात में {n} बार", "{n} postings at night"), 0.7, seen.odd_hours),
    Behaviour(
        "new_high_value",
        Text("नया खाता, पहले महीने में ₹{n}", "new account, Rs {n} in its first month"),
        0.7,
        seen.new_and_high,
    ),
    Behaviour(
        "after_mobile_change",
        Text("मोबाइल बदलते ही {n} लेन-देन", "{n} postings right after a mobile change"),
        3.0,
        seen.after_mobile_change,
    ),
    Behaviour(
        "salary_days", Text("{n} महीने केवल वेतन के दिनों में", "{n} months only around pay day"), 1.0, seen.in_salary_days
    ),
    Behaviour(
        "shared_details",
        Text("एक ही फ़ोन, पते या डिवाइस पर {n} खाते", "{n} accounts share a phone, address or device"),
        3.0,
        seen.shared_details,
    ),
)
CLUSTER = Text("जिन खातों से लेन-देन, वे भी संदिग्ध", "its counterparties show the same")
CLUSTER_WEIGHT = 0.35
SEVERAL = Text("कई हल्के संकेत एक साथ", "several weak signs together")


@dataclass(frozen=True, slots=True)
class Scored:
    """One account: score 0..1 (an order, not a probability), the time in which it showed most,
    reasons strongest first."""

    bank: str
    account: str
    score: float
    window_from: datetime | None
    window_to: datetime | None
    reasons: tuple[tuple[str, Text, int], ...]


def score_accounts(ledger: Ledger) -> list[Scored]:
    """Every account with postings, highest score first (ties by bank and account)."""
    if not len(ledger.at):
        return []
    weighed = np.zeros((len(BEHAVIOURS), ledger.size))
    details = np.zeros((len(BEHAVIOURS), ledger.size))
    window = _Windows(ledger)
    for place, behaviour in enumerate(BEHAVIOURS):
        shown = behaviour.compute(ledger)
        weighed[place] = behaviour.weight * shown.strength * rarity(shown.measure, ledger.own) / RARITY_MAX
        details[place] = shown.detail
        window.take(weighed[place], shown.postings)
    alone = weighed.sum(axis=0)
    total = alone + CLUSTER_WEIGHT * rarity(_of_counterparties(ledger, alone), ledger.own) * (alone > 0)
    return _scored(ledger, weighed, details, alone, total, window)


def rarity(measure: Floats, own: NDArray[np.bool_]) -> Floats:
    """-log10 of the share of accounts that show at least as much (ties by half), capped; 0 for
    other banks' accounts."""
    values = measure[own]
    ordered = np.sort(values)
    at_least = len(values) - np.searchsorted(ordered, values, "left")
    more = len(values) - np.searchsorted(ordered, values, "right")
    found = np.zeros(len(measure))
    found[own] = np.minimum(-np.log10((at_least + more + 1) / 2 / len(values)), RARITY_MAX).clip(min=0)
    return found


def _of_counterparties(ledger: Ledger, alone: Floats) -> Floats:
    """Mean standing of an account's distinct counterparties, after two rounds."""
    known = ledger.other >= 0
    pairs = np.unique(ledger.account[known] * ledger.size + ledger.other[known])
    one, two = pairs // ledger.size, pairs % ledger.size
    many = np.maximum(np.bincount(one, minlength=ledger.size), 1)
    standing = rarity(alone, ledger.own)
    mean = np.zeros(ledger.size)
    for _ in range(2):
        mean = np.bincount(one, standing[two], minlength=ledger.size) / many
        standing = rarity(alone, ledger.own) + CLUSTER_WEIGHT * rarity(mean, ledger.own)
    return mean


class _Windows:
    """First and last posting of each account that shows its strongest behaviour."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.best = np.zeros(ledger.size)
        self.first = np.full(ledger.size, -1, dtype=np.int64)
        self.last = np.full(ledger.size, -1, dtype=np.int64)

    def take(self, weighed: Floats, postings: NDArray[np.bool_]) -> None:
        ledger = self.ledger
        where = np.flatnonzero(postings & (weighed > self.best)[ledger.account])
        if not len(where):
            return
        account = ledger.account[where]
        first = np.full(ledger.size, np.iinfo(np.int64).max)
        last = np.full(ledger.size, -1, dtype=np.int64)
        np.minimum.at(first, account, ledger.at[where])
        np.maximum.at(last, account, ledger.at[where])
        better = last >= 0
        self.first[better], self.last[better] = first[better], last[better]
        self.best[better] = weighed[better]


def _scored(
    ledger: Ledger, weighed: Floats, details: Floats, alone: Floats, total: Floats, window: _Windows
) -> list[Scored]:
    scores = 1 - np.exp(-total / 3)
    listed = sorted(np.flatnonzero(ledger.own), key=lambda number: (-scores[number], ledger.names[number]))
    strongest = np.argsort(-weighed, axis=0, kind="stable")[:REASONS_MAX]
    found: list[Scored] = []
    for number in listed:
        reasons = [
            (BEHAVIOURS[place].code, BEHAVIOURS[place].title, round(float(details[place, number])))
            for place in strongest[:, number]
            if weighed[place, number] >= 0.1
        ]
        if total[number] - alone[number] >= 0.35:
            reasons.append(("cluster", CLUSTER, 0))
        if len(reasons) >= 4 and weighed[:, number].max() < 1:
            reasons.append(("several_weak", SEVERAL, 0))
        bank, account = ledger.names[number]
        found.append(
            Scored(
                bank,
                account,
                float(scores[number]),
                _at(window.first[number]),
                _at(window.last[number]),
                tuple(reasons),
            )
        )
    return found


def _at(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(int(seconds), UTC) if seconds >= 0 else None
