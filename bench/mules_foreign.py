"""Ledgers in the manner of public simulators, never grown on: what `thaam mules` is judged by besides its own shapes.

Written anew from the published descriptions of each simulator's typologies (PaySim, SAML-D, AMLworld with high and low
illicit share, the second AMLSim); not their data, not their code, and smaller. Each function returns transfers (payer,
payee, paise, seconds; -1 is cash) and the labels of the accounts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mules_worlds import BEGIN, DAY, KINDS, Rng, World, pattern

HOUR = 3600


def _done(rows: list[tuple], size: int, label: np.ndarray) -> World:
    table = np.array(rows, dtype=np.float64).astype(np.int64).reshape(-1, 4)
    return table[(table[:, 2] > 0) & (table[:, 0] != table[:, 1])], label


def paysim(rng: Rng) -> World:
    """A month by the hour. Payers are mostly seen once; receivers again and again. A fraud empties a payer's account
    into a receiver's, and the same sum is taken out as cash within the hour, mostly by that receiver."""
    merchants, receivers, payers, frauds = 1500, 4000, 30_000, 220
    size, rows = merchants + receivers + payers, []
    label = np.zeros(size, dtype=int)
    usual = merchants + np.minimum(rng.zipf(1.4, 60_000), receivers) - 1
    for payer, kind, hour in zip(
        rng.integers(merchants + receivers, size, 60_000), rng.random(60_000), rng.integers(0, 720, 60_000), strict=True
    ):
        at = BEGIN + hour * HOUR
        receiver = usual[rng.integers(60_000)]
        if kind < 0.34:
            rows.append((payer, rng.integers(merchants), rng.lognormal(9, 0.9), at))
        elif kind < 0.69:
            rows.append((receiver, -1, rng.lognormal(11.5, 1) * 10, at))
        elif kind < 0.91:
            rows.append((-1, receiver, rng.lognormal(11.5, 1) * 10, at))
        else:
            rows.append((payer, receiver, rng.lognormal(12.5, 1.3) * 10, at))
    for _ in range(frauds):
        mule, hour = merchants + rng.integers(receivers), rng.integers(0, 718)
        sum_ = min(rng.lognormal(13, 1.2) * 10, 10_000_000_00)
        label[mule] = 1
        at = BEGIN + hour * HOUR
        rows.append((rng.integers(merchants + receivers, size), mule, sum_, at))
        rows.append((mule, -1, sum_, at + int(rng.random() < 0.3) * HOUR))
    return _done(rows, size, label)


def saml_d(rng: Rng) -> World:
    """A year: eleven ordinary habits, among them fans, groups, mutual and periodic payments, and suspicious ones of
    the same forms: smurfing, structuring, layered fans, bipartite, cycles, a change of behaviour, single large sums."""
    size, days = 9000, 330
    label, rows = np.zeros(size, dtype=int), []
    sums = rng.lognormal(8.5, 0.7, size) * 100
    for who in range(size):
        habit, many = rng.integers(6), int(rng.integers(2, 14))
        others = rng.integers(0, size, many)
        days_ = rng.integers(0, days, many) + rng.random(many)
        near = sums[who] * rng.uniform(0.5, 1.5, many)
        if habit == 0:  # periodic: one payee
            days_, others = np.linspace(rng.random() * 20, days - 1, many), np.full(many, others[0])
        elif habit == 1:  # fan-in: a small shop
            rows += [(o, who, x / 3, BEGIN + d * DAY) for o, x, d in zip(others, near, days_, strict=True)]
            continue
        elif habit == 2:  # mutual
            rows += [
                (others[0], who, x, BEGIN + (d + 1) * DAY) for x, d in zip(near, days_, strict=True) if d < days - 2
            ]
            others = np.full(many, others[0])
        elif habit == 3:  # a group of friends
            others = who // 8 * 8 + rng.integers(0, 8, many)
        elif habit == 4:  # cash
            others = np.full(many, -1)
        rows += [(who, min(o, size - 1), x, BEGIN + d * DAY) for o, x, d in zip(others, near, days_, strict=True)]
    for number in range(55):
        who, day = list(rng.choice(size, int(rng.integers(4, 10)), replace=False)), rng.integers(0, days - 20)
        paise, kind = rng.lognormal(9.6, 0.5) * 100, number % 11
        if kind < 8:
            made = [
                (a, b, x, BEGIN + (day + w * 8) * DAY) for a, b, x, w in pattern(rng, KINDS[kind], who, paise, 0.96)
            ]
        elif kind == 8:  # smurfing: many under a threshold, then out
            made = [
                (a, who[0], rng.uniform(8500, 9990) * 100, BEGIN + (day + rng.random() * 3) * DAY) for a in who[1:] * 2
            ]
            made.append((who[0], -1, sum(x for _, _, x, _ in made) * 0.9, BEGIN + (day + 4) * DAY))
        elif kind == 9:  # a quiet account changes its behaviour
            made = [(who[0], b, paise * 3, BEGIN + (day + rng.random() * 2) * DAY) for b in who[1:]]
        else:
            made = [(who[0], who[1], paise * 30, BEGIN + day * DAY)]
            who = who[:2]
        label[who] = 1
        rows += made
    return _done(rows, size, label)


def _amlworld(rng: Rng, groups: int) -> World:
    """Two weeks by the minute: pairs that pay again and again, sums over many sizes, shops and payrolls; the eight
    patterns with sums of ordinary size."""
    size, days = 12_000, 15
    label, rows = np.zeros(size, dtype=int), []
    pairs = np.stack([rng.integers(0, size, size * 2), np.minimum(rng.zipf(1.5, size * 2), size) - 1], axis=1)
    mix = rng.permutation(size)
    pairs[:, 1] = mix[pairs[:, 1]]
    usual = rng.lognormal(6.5, 2.0, len(pairs)) * 100
    for number, times in enumerate(np.minimum(rng.zipf(1.9, len(pairs)), 30)):
        for _ in range(times):
            at = BEGIN + rng.integers(0, days * 1440) * 60
            rows.append((*pairs[number], usual[number] * rng.uniform(0.95, 1.05), at))
    for number in range(groups):
        who = list(rng.choice(size, int(rng.integers(4, 13)), replace=False))
        label[who] = 1
        start, paise = rng.integers(0, days - 4), rng.lognormal(8.5, 1.0) * 100
        rows += [
            (a, b, x, BEGIN + (start + w * 4) * DAY // 60 * 60)
            for a, b, x, w in pattern(rng, KINDS[number % 8], who, paise, 0.98)
        ]
    return _done(rows, size, label)


def amlworld_high(rng: Rng) -> World:
    """AMLworld with a high illicit share."""
    return _amlworld(rng, 48)


def amlworld_low(rng: Rng) -> World:
    """AMLworld with a low one."""
    return _amlworld(rng, 12)


def amlsim_second(rng: Rng) -> World:
    """The second AMLSim: two years in days, a skewed graph whose ordinary models repeat (single, fan, mutual, forward,
    periodic); alerts gather round accounts that are busy already, with sums of their own size."""
    size, days = 2500, 720
    label, rows = np.zeros(size, dtype=int), []
    weight = rng.pareto(1.5, size) + 0.2
    weight /= weight.sum()
    for who in rng.choice(size, size * 3, p=weight):
        model, many = rng.integers(5), int(rng.integers(1, 4))
        others = rng.choice(size, many, p=weight)
        paise, begin = rng.uniform(100, 1000) * 100, rng.integers(0, days)
        for step, other in enumerate(others):
            day = int(min(days - 1, begin + step * rng.integers(1, 30)))
            at = BEGIN + day * DAY
            rows.append((other, who, paise, at) if model == 2 else (who, other, paise, at))
            if model == 3:
                rows.append((other, rng.choice(size, p=weight), paise, at + min(days - 1 - day, 2) * DAY))
    hubs = np.argsort(-weight)[: size // 4]
    for number in range(38):
        who = [int(rng.choice(hubs)), *(int(x) for x in rng.choice(size, int(rng.integers(3, 8)), replace=False))]
        label[who] = 1
        start, paise = rng.integers(0, days - 20), rng.uniform(100, 1000) * 100
        made = pattern(rng, ("fan_in", "fan_out", "cycle", "gather_scatter")[number % 4], who, paise, 0.95)
        rows += [(a, b, x, BEGIN + int(start + w * 15) * DAY) for a, b, x, w in made]
    return _done(rows, size, label)


FOREIGN: dict[str, Callable[[Rng], World]] = {
    "paysim": paysim, "saml_d": saml_d, "amlworld_high": amlworld_high, "amlworld_low": amlworld_low,
    "amlsim_second": amlsim_second,
}  # fmt: skip
