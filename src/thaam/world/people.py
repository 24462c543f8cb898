"""Who has an account: people, mules and pools, spread over the banks by a power law."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from thaam.world.settings import Setting

Array = np.ndarray[Any, np.dtype[Any]]

COMMUNITY = 50
"""People who mostly pay each other: neighbours, a bazaar, an office."""

POWER = 2.2
"""Exponent of the power law of senders and receivers."""


@dataclass(frozen=True, slots=True)
class People:
    """Accounts are numbers 0..n; people first, then accounts opened for fraud, then pools."""

    bank: Array
    people: int
    mules: Array
    """All mule accounts; those below `people` are somebody's ordinary account."""
    pools: Array
    overdrawn: Array
    """Mules whose account stands below zero at the start."""
    limited: Array
    """Those of `overdrawn` whose bank states a limit."""

    @property
    def count(self) -> int:
        return len(self.bank)

    def roles(self) -> Array:
        """0 person, 1 mule, 2 pool, by account."""
        roles = np.zeros(self.count, dtype=np.int8)
        roles[self.mules] = 1
        roles[self.pools] = 2
        return roles

    def draw(self, rng: np.random.Generator, size: int) -> Array:
        """People by the power law: a few are in very many payments."""
        return np.minimum((self.people * rng.random(size) ** POWER).astype(np.int64), self.people - 1)


def settle(*, setting: Setting, payments: int, banks: int, claims: int, rng: np.random.Generator) -> People:
    """Open the accounts of a world of so many payments and banks."""
    people = max(int(payments * setting.accounts_per_payment), 40 * banks)
    pool = max(int(claims * setting.mules_per_claim), 12)
    if setting.wide_share:
        pool = max(pool, 300)
    ordinary = min(int(pool * setting.mule_traffic), people // 4)
    opened = np.arange(people, people + pool - ordinary)
    mules = np.concatenate([rng.choice(people, size=ordinary, replace=False), opened])
    pools = np.arange(people + len(opened), people + len(opened) + (2 * banks if setting.pool_traffic else 0))
    weights = 1.0 / np.arange(1, banks + 1) ** 0.8
    bank = rng.choice(banks, size=people + len(opened) + len(pools), p=weights / weights.sum())
    bank[pools] = np.arange(len(pools)) % banks
    overdrawn = opened[: int(pool * setting.overdraft_share)]
    return People(
        bank=bank.astype(np.int32),
        people=people,
        mules=rng.permutation(mules),
        pools=pools,
        overdrawn=overdrawn,
        limited=overdrawn[::2],
    )


def bank_code(number: int) -> str:
    """The short code of the bank with this number; toy banks use the same ones."""
    return f"DEMO{number + 1}"
