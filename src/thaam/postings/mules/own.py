"""A bank's own model, on its own confirmed cases: grown with LightGBM, calibrated, compared with later ledgers.

Optional (extra `mules`). Nothing leaves the bank. The signs are those of signs.py; the trees rise with every sign, as
the committed ones do. Scores become probabilities by a rising step function fitted on accounts the trees did not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from thaam.postings.mules.ledger import Ledger
from thaam.postings.mules.model import model, odds_to_share, weigh
from thaam.postings.mules.signs import NAMES, neighbourhood, signs_of, table_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FEWEST_CASES = 30
PARTS = 10
SHIFTED = 0.25
"""Population stability index from which a sign has shifted (0.1 a little, 0.25 much)."""


class TooFewCases(ValueError):
    """Fewer confirmed cases than a model can be grown on: the committed model is better."""


@dataclass(slots=True)
class Own:
    """Trees, the steps from score to probability, and the card: what it was grown on and how well it did."""

    trees: Any
    steps: list[tuple[float, float]]
    edges: Floats
    shares: Floats
    card: dict[str, Any]


def columns_of(ledger: Ledger) -> Floats:
    """The signs of every account with postings, with the committed model's view of their neighbourhood."""
    signs = signs_of(ledger)
    table = table_of(signs, ledger.own)
    alone = odds_to_share(weigh(model().alone, table))
    return np.hstack([table, neighbourhood(alone, signs.pairs, ledger.own)])


def grow_own(ledger: Ledger, confirmed: set[tuple[str, str]], *, seed: int = 1) -> Own:
    """Grow on three quarters of the accounts, calibrate and judge on the rest. Raises TooFewCases, ImportError."""
    import lightgbm

    own = np.flatnonzero(ledger.own)
    label = np.array([ledger.names[number] in confirmed for number in own], dtype=np.int64)
    if label.sum() < FEWEST_CASES:
        raise TooFewCases(f"{label.sum()} confirmed cases, at least {FEWEST_CASES} are needed")
    table = columns_of(ledger)
    held_out = np.random.default_rng(seed).random(len(own)) < 0.25
    trees = lightgbm.LGBMClassifier(
        n_estimators=120, num_leaves=8, learning_rate=0.06, min_child_samples=20, subsample=0.8, subsample_freq=1,
        colsample_bytree=0.4, random_state=seed, n_jobs=1, verbose=-1,
        monotone_constraints=[1] * table.shape[1],
    ).fit(table[~held_out], label[~held_out])  # fmt: skip
    odds = np.asarray(trees.predict(table[held_out], raw_score=True), dtype=np.float64)
    steps = rising_steps(odds, label[held_out])
    edges, shares = _spread(table)
    probability = calibrated(steps, odds)
    card = {
        "accounts": len(own), "confirmed": int(label.sum()), "held_out": int(held_out.sum()),
        "held_out_confirmed": int(label[held_out].sum()),
        "brier": float(np.mean((probability - label[held_out]) ** 2)),
        "mean_probability": float(probability.mean()), "base_rate": float(label[held_out].mean()),
        "signs": list(NAMES), "monotone": True,
    }  # fmt: skip
    return Own(trees, steps, edges, shares, card)


def rising_steps(score: Floats, label: Ints) -> list[tuple[float, float]]:
    """Pool adjacent violators: (from this score on, this share of confirmed), rising."""
    order = np.argsort(score, kind="stable")
    blocks: list[list[float]] = []
    for value, hit in zip(score[order], label[order], strict=True):
        blocks.append([float(value), float(hit), 1.0])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            _, hits, many = blocks.pop()
            blocks[-1][1] += hits
            blocks[-1][2] += many
    return [(start, hits / many) for start, hits, many in blocks]


def calibrated(steps: list[tuple[float, float]], score: Floats) -> Floats:
    """Scores as probabilities."""
    starts = np.array([start for start, _ in steps])
    shares = np.array([share for _, share in steps])
    found: Floats = shares[np.clip(np.searchsorted(starts, score, "right") - 1, 0, len(steps) - 1)]
    return found


def drift(own: Own, ledger: Ledger) -> dict[str, float]:
    """How far each sign of a later ledger has moved from the one the model was grown on (population stability index),
    those beyond `SHIFTED` first: a reason to grow anew, or to ask what changed."""
    table = columns_of(ledger)
    found = {}
    for place, name in enumerate(NAMES):
        now = _shares(table[:, place], own.edges[place])
        before = own.shares[place]
        found[name] = float(np.sum((now - before) * np.log(now / before)))
    return dict(sorted(found.items(), key=lambda each: -each[1]))


def _spread(table: Floats) -> tuple[Floats, Floats]:
    wanted = np.linspace(0, 1, PARTS + 1)[1:-1]
    edges = np.stack([np.quantile(table[:, place], wanted) for place in range(len(NAMES))])
    return edges, np.stack([_shares(table[:, place], edges[place]) for place in range(len(NAMES))])


def _shares(values: Floats, edges: Floats) -> Floats:
    counts = np.bincount(np.searchsorted(edges, values, "right"), minlength=PARTS)[:PARTS]
    shares: Floats = (counts + 0.5) / (counts.sum() + 0.5 * PARTS)
    return shares
