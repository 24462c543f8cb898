"""The weighing of the signs: two small sets of decision trees, read from model.json.

They were grown on invented ledgers only (bench/mules_train.py says how; docs/mules.md is the model card): no bank's
labels, nobody's data. Every tree only ever rises with a sign, so more of a sign never lowers a score.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees as arrays: of node n the column it asks, its threshold, where to go, or (column -1) its value."""

    column: NDArray[np.int64]
    threshold: Floats
    below: NDArray[np.int64]
    above: NDArray[np.int64]
    value: Floats
    roots: NDArray[np.int64]
    columns: int


@dataclass(frozen=True, slots=True)
class Model:
    """First the account by itself, then with its neighbourhood. `names` are the signs it was grown on, in order."""

    names: tuple[str, ...]
    alone: Trees
    together: Trees
    grown: dict[str, Any]


@cache
def model() -> Model:
    """The committed model."""
    told = json.loads(files(__package__).joinpath("model.json").read_text(encoding="utf-8"))
    return Model(tuple(told["names"]), _trees(told["alone"]), _trees(told["together"]), told["grown"])


def _trees(told: dict[str, Any]) -> Trees:
    whole = [np.asarray(told[name], dtype=np.int64) for name in ("column", "below", "above", "roots")]
    real = [np.asarray(told[name], dtype=np.float64) for name in ("threshold", "value")]
    return Trees(whole[0], real[0], whole[1], whole[2], real[1], whole[3], int(told["columns"]))


def weigh(trees: Trees, table: Floats) -> Floats:
    """The sum of all trees for each row: log-odds of looking like the mules of invented ledgers."""
    total = np.empty(len(table))
    for start in range(0, len(table), ROWS):
        total[start : start + ROWS] = _weigh(trees, np.ascontiguousarray(table[start : start + ROWS]))
    return total


def _weigh(trees: Trees, rows: Floats) -> Floats:
    flat, width = rows.ravel(), rows.shape[1]
    offset = np.arange(len(rows)) * width
    total = np.zeros(len(rows))
    for root in trees.roots:
        at = np.full(len(rows), root)
        column = trees.column[at]
        while (going := column >= 0).any():
            low = flat[offset + np.maximum(column, 0)] <= trees.threshold[at]
            at = np.where(going, np.where(low, trees.below[at], trees.above[at]), at)
            column = trees.column[at]
        total += trees.value[at]
    return total


def odds_to_share(odds: Floats) -> Floats:
    """Log-odds as a number 0..1."""
    return 1 / (1 + np.exp(-np.clip(odds, -40, 40)))
