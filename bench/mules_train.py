"""Grow the model of `thaam mules` on invented ledgers and write src/thaam/postings/mules/model.json.

    python bench/mules_train.py [--samples DIR] [--check]

--samples: the published AMLSim samples (folders with nodes.csv and transactions.csv) are grown on as well.
--check: leave each shape out in turn and print how well it is found by trees that never saw it.

Needs the extra `mules` (LightGBM). The trees only rise with every sign; each ledger weighs the same, and in it mules
weigh as much as everybody else, so that no shape and no base rate is learnt.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import lightgbm
import numpy as np

from mules_worlds import BEGIN, DAY, PLAN, SHAPES, ledger_of, worlds
from thaam.postings.mules.ledger import Ledger
from thaam.postings.mules.model import odds_to_share
from thaam.postings.mules.signs import NAMES, neighbourhood, signs_of, table_of

SEED = 20261125
ORDINARY_MOST = 1000
"""Ordinary accounts taken of each ledger; every mule is."""
SAMPLE_TURNS = 4
OUT = Path(__file__).resolve().parents[1] / "src/thaam/postings/mules/model.json"


def grow(tables: list[np.ndarray], labels: list[np.ndarray]) -> lightgbm.LGBMClassifier:
    """One set of trees."""
    chance = np.random.default_rng(3)
    taken = [np.flatnonzero((y == 1) | (chance.random(len(y)) < ORDINARY_MOST / len(y))) for y in labels]
    tables = [table[rows] for table, rows in zip(tables, taken, strict=True)]
    labels = [y[rows] for y, rows in zip(labels, taken, strict=True)]
    weights = [np.where(y == 1, 0.5 / max(1, y.sum()), 0.5 / max(1, len(y) - y.sum())) * 3000 for y in labels]
    table = np.concatenate(tables)
    trees = lightgbm.LGBMClassifier(
        n_estimators=140, num_leaves=10, learning_rate=0.08, min_child_weight=15, colsample_bytree=0.3, subsample=0.7,
        subsample_freq=1, random_state=1, n_jobs=1, verbose=-1, monotone_constraints=[1] * table.shape[1],
    )  # fmt: skip
    return trees.fit(table, np.concatenate(labels), sample_weight=np.concatenate(weights))


def both(sets: list) -> tuple[lightgbm.LGBMClassifier, lightgbm.LGBMClassifier]:
    """Trees for the account alone, and with its neighbourhood; the second learns on scores made without its ledger."""
    halves = [sets[0::2], sets[1::2]]
    blind = [grow([each[1] for each in half], [each[4] for each in half]) for half in halves]
    wide = []
    for number, (_, table, pairs, own, _) in enumerate(sets):
        odds = blind[1 - number % 2].predict(table, raw_score=True)
        wide.append(np.hstack([table, neighbourhood(odds_to_share(odds), pairs, own)]))
    labels = [each[4] for each in sets]
    return grow([each[1] for each in sets], labels), grow(wide, labels)


def flat(trees: lightgbm.LGBMClassifier) -> dict:
    """The trees as arrays, as model.py reads them."""
    column, threshold, below, above, value, roots = [], [], [], [], [], []

    def put(node: dict) -> int:
        number = len(column)
        for row in (column, threshold, below, above, value):
            row.append(0)
        if "leaf_value" in node:
            column[number], value[number] = -1, float(f"{node['leaf_value']:.6g}")
        else:
            column[number], threshold[number] = node["split_feature"], float(f"{node['threshold']:.6g}")
            below[number], above[number] = put(node["left_child"]), put(node["right_child"])
        return number

    told = trees.booster_.dump_model()
    roots = [put(tree["tree_structure"]) for tree in told["tree_info"]]
    return {
        "columns": trees.n_features_in_, "roots": roots, "column": column, "threshold": threshold, "below": below,
        "above": above, "value": value,
    }  # fmt: skip


def published(folder: Path) -> Iterator[tuple[str, Ledger, np.ndarray]]:
    """The published samples in a folder, each several times over, so that three ledgers weigh like a shape."""
    for path in sorted(folder.rglob("transactions.csv")):
        nodes = np.genfromtxt(path.with_name("nodes.csv"), delimiter=",", skip_header=1)
        rows = np.genfromtxt(path, delimiter=",", skip_header=1)
        rows = rows[(rows[:, 0] != rows[:, 1])][np.argsort(rows[rows[:, 0] != rows[:, 1], 3], kind="stable")]
        day = rows[:, 3].astype(int)
        place = np.arange(len(day)) - np.searchsorted(day, day)
        many = np.searchsorted(day, day, "right") - np.searchsorted(day, day)
        at = BEGIN + day * DAY + place * (DAY - 1) // np.maximum(1, many)
        whole = np.c_[rows[:, :2], np.round(rows[:, 2] * 100), at].astype(np.int64)
        for _ in range(SAMPLE_TURNS):
            yield "published", ledger_of(whole, len(nodes)), nodes[:, 1].astype(int)


def prepared(plan: dict[str, int], seed: int, samples: Path | None) -> list:
    """(shape, table, pairs, own, labels of accounts with postings) of every ledger."""
    found = []
    for shape, ledger, label in [*worlds(plan, seed=seed), *(published(samples) if samples else ())]:
        signs = signs_of(ledger)
        found.append((shape, table_of(signs, ledger.own), signs.pairs, ledger.own, label[ledger.own]))
    return found


def measures(label: np.ndarray, score: np.ndarray) -> tuple[float, float]:
    """AUC and average precision, ties shared."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = np.cumsum(counts) - (counts - 1) / 2
    hits, rest = label.sum(), len(label) - label.sum()
    auc = (rank[place][label == 1].sum() - hits * (hits + 1) / 2) / hits / rest
    _, place = np.unique(-score, return_inverse=True)
    right, all_ = np.cumsum(np.bincount(place, label)), np.cumsum(np.bincount(place))
    return float(auc), float((np.diff(np.r_[0, right / hits]) * right / all_).sum())


def check(sets: list) -> None:
    """Each shape found by trees that never saw that shape: what an unknown ledger may expect."""
    for shape in SHAPES:
        alone, together = both([each for each in sets if each[0] != shape])
        found = []
        for _, table, pairs, own, label in (each for each in sets if each[0] == shape):
            near = neighbourhood(odds_to_share(alone.predict(table, raw_score=True)), pairs, own)
            degree = np.bincount(pairs.one, minlength=len(own))[own].astype(float)
            odds = together.predict(np.hstack([table, near]), raw_score=True)
            found.append((*measures(label, odds), *measures(label, degree)))
        told = np.mean(found, axis=0)
        print(
            f"{shape:11} left out: AUC {told[0]:.3f} AP {told[1]:.3f}; degree {told[2]:.3f} {told[3]:.3f}", flush=True
        )


def main() -> None:
    """Grow, and write or check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--samples", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    sets = prepared(PLAN, asked.seed, asked.samples)
    if asked.check:
        check(sets)
        return
    alone, together = both(sets)
    grown = {"ledgers": len(sets), "accounts": sum(len(each[4]) for each in sets), "seed": asked.seed, "plan": PLAN}
    told = {"names": NAMES, "grown": grown, "alone": flat(alone), "together": flat(together)}
    OUT.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{OUT}: {OUT.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main()
