"""Invented ledgers with known mules, of eight shapes: what the model of `thaam mules` is grown on and measured with.

Each shape is a function of a random generator and returns transfers (payer, payee, paise, seconds) and the labels of
the accounts; -1 stands for cash. The shapes differ on purpose: how busy ordinary accounts are, whether ordinary
payments repeat, whether files carry a clock, whether stolen sums differ from ordinary ones, how long mules wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from thaam.postings.mules.ledger import Ledger

Rng = np.random.Generator
World = tuple[np.ndarray, np.ndarray]
DAY = 86_400
BEGIN = 1_735_669_800  # 1 January 2025 in India
KINDS = ("fan_in", "fan_out", "cycle", "bipartite", "stack", "scatter_gather", "gather_scatter", "random")
PLAN = {"samples": 24, "patterns": 34, "rings": 10, "mules": 16, "cash_out": 6, "busy": 9, "collectors": 6, "wide": 5}
"""How many ledgers of each shape the model is grown on."""


def _rows(rows: list[tuple[int, int, float, float]]) -> np.ndarray:
    found = np.array(rows, dtype=np.float64).astype(np.int64).reshape(-1, 4)
    return found[(found[:, 2] > 0) & (found[:, 0] != found[:, 1])]


def ordinary(
    rng: Rng, size: int, days: int, edges: int, sums: tuple[float, float], times: float, clock: bool, once: bool = False
) -> np.ndarray:
    """Ordinary traffic on a skewed random graph; each pair pays about `times` times the pair's usual sum."""
    payer = rng.choice(size, edges, p=_skewed(rng, size))
    payee = rng.choice(size, edges, p=_skewed(rng, size))
    pairs = np.unique(np.stack([payer, payee], axis=1)[payer != payee], axis=0)
    again = np.ones(len(pairs), dtype=int) if once else np.maximum(1, rng.poisson(times, len(pairs)))
    which = np.repeat(np.arange(len(pairs)), again)
    paise = rng.uniform(*sums, len(pairs))[which] * rng.uniform(0.9, 1.1, len(which)) * 100
    at = BEGIN + rng.integers(0, days, len(which)) * DAY + (rng.integers(0, DAY, len(which)) if clock else 0)
    return np.c_[pairs[which], paise.astype(np.int64), at]


def circles(rng: Rng, size: int, days: int, clock: bool) -> np.ndarray:
    """Families, clubs, firms that pay each other: in some ledgers many, in others none; no sign of a mule."""
    if rng.random() < 0.5:
        return np.zeros((0, 4), dtype=np.int64)
    many, wide = int(size * rng.uniform(0.05, 0.8)), int(rng.integers(3, 12))
    who = rng.choice(size, many, replace=False)
    times = int(many * rng.uniform(0.5, 3))
    place = rng.integers(0, many, times)
    other = np.minimum(place // wide * wide + rng.integers(0, wide, times), many - 1)
    paise = rng.lognormal(rng.uniform(4, 8), rng.uniform(0.3, 1.2), times) * 100
    at = BEGIN + rng.integers(0, days, times) * DAY + (rng.integers(0, DAY, times) if clock else 0)
    rows = np.c_[who[place], who[other], paise.astype(np.int64) + 1, at]
    return rows[rows[:, 0] != rows[:, 1]]


def _skewed(rng: Rng, size: int) -> np.ndarray:
    weight = rng.pareto(2.0, size) + 0.3
    return weight / weight.sum()


def pattern(rng: Rng, kind: str, who: Sequence[int], paise: float, kept: float) -> list[tuple[int, int, float, float]]:
    """One laundering pattern among its members: (payer, payee, paise, when as a share of the span)."""
    many, first, near = len(who), who[0], lambda: paise * rng.uniform(0.9, 1.1)
    if kind == "fan_in":
        return [(a, first, near(), rng.random()) for a in who[1:]]
    if kind == "fan_out":
        return [(first, a, near(), rng.random()) for a in who[1:]]
    if kind in ("cycle", "chain"):
        when = np.sort(rng.random(many))
        steps = many if kind == "cycle" else many - 1
        return [(who[n], who[(n + 1) % many], paise * kept**n, when[n]) for n in range(steps)]
    if kind == "bipartite":
        return [(a, c, near(), rng.random()) for a in who[: many // 2] for c in who[many // 2 :]]
    if kind == "stack":
        third = max(1, many // 3)
        layers = [who[:third], who[third : 2 * third], who[2 * third :]]
        return [
            (a, c, near() * kept**level, (level + rng.random()) / 2)
            for level in range(2) for a in layers[level] for c in layers[level + 1]
        ]  # fmt: skip
    if kind == "scatter_gather":
        rows = []
        for a in who[2:]:
            when, sum_ = rng.random() / 2, near()
            rows += [(first, a, sum_, when), (a, who[1], sum_ * kept, when + rng.random() / 2)]
        return rows
    if kind == "gather_scatter":
        half = many // 2
        rows = [(a, first, near(), rng.random() / 2) for a in who[1:half]]
        whole = sum(row[2] for row in rows)
        return rows + [(first, c, whole * kept / (many - half), 0.5 + rng.random() / 2) for c in who[half:]]
    both = [rng.choice(who, 2, replace=False) for _ in range(2 * many)]
    return [(a, c, paise * rng.uniform(0.5, 1.2), rng.random()) for a, c in both]


def planted(
    rng: Rng, size: int, days: int, share: float, kinds: Sequence[str], sums: tuple[float, float], span: float,
    clock: bool, members: tuple[int, int], kept: float, repeats: int = 1, pool: np.ndarray | None = None,
    groups: list[np.ndarray] | None = None,
) -> World:  # fmt: skip
    """Patterns among members drawn from `pool` until about `share` of the accounts are labelled."""
    label, rows = np.zeros(size, dtype=int), []
    pool = np.arange(size) if pool is None else pool
    for number in range(max(1, int(share * size / np.mean(members)))):
        who = rng.choice(pool, int(rng.integers(*members)), replace=False)
        label[who] = 1
        if groups is not None:
            groups.append(who)
        start, paise = rng.integers(0, max(1, days - int(span))), rng.uniform(*sums) * 100
        made = pattern(rng, kinds[number % len(kinds)], list(who), paise, kept)
        for turn in range(int(rng.integers(1, repeats + 1))):
            for payer, payee, sum_, when in made:
                day = start + (when if turn == 0 else rng.random()) * span
                if day < days:
                    at = BEGIN + (day * DAY if clock else int(day) * DAY)
                    rows.append((payer, payee, sum_ * (1 if turn == 0 else rng.uniform(0.9, 1.1)), at))
    return _rows(rows), label


_SUMS = ((100, 600), (700, 5000), (3, 80), (300, 3000), (600, 4000))


def samples(rng: Rng) -> World:
    """As published sample ledgers are: ordinary pairs pay once, alerts repeat and are often of other sums."""
    size, days, clock = int(rng.integers(2000, 6000)), int(rng.integers(60, 200)), bool(rng.random() < 0.4)
    usual = ordinary(rng, size, days, size * int(rng.integers(3, 7)), (100, 600), 1, clock, once=True)
    kinds = (("cycle",), ("fan_in",), ("fan_in", "cycle"), ("fan_out",), KINDS[:3], KINDS[5:7], KINDS[3:5])
    which, share, pool = kinds[rng.integers(len(kinds))], rng.uniform(0.03, 0.1), rng.permutation(size)
    pool = pool[: int(size * 0.6)]
    groups: list[np.ndarray] = []
    rows, label = planted(
        rng, size, days, share, which, _SUMS[rng.integers(3)], rng.integers(3, 25), clock, (3, 9),
        rng.uniform(0.9, 1), 4, pool, groups,
    )  # fmt: skip
    knit = _knit(rng, groups, clock, days) if rng.random() < 0.75 else rows[:0]
    if rng.random() < 0.6:  # members of groups that did nothing yet but pay each other as everybody does
        quiet: list[np.ndarray] = []
        _, named = planted(
            rng, size, days, share * rng.uniform(0.2, 0.6), which, (100, 600), days, clock, (3, 9), 1, 1, pool, quiet
        )
        label |= named
        knit = np.r_[knit, _knit(rng, quiet, clock, days)]
    return np.r_[usual, rows, knit], label


def _knit(rng: Rng, groups: list[np.ndarray], clock: bool, days: int) -> np.ndarray:
    """Ordinary payments inside the groups: who moves money together also knows each other."""
    close = rng.uniform(0.15, 0.7)
    both = [
        (a, c) for who in groups for a in who for c in who if a != c and rng.random() < min(close, 2 / len(who))
    ]  # fmt: skip
    pairs = np.array(both, dtype=np.int64).reshape(-1, 2)
    at = BEGIN + rng.integers(0, days, len(pairs)) * DAY + (rng.integers(0, DAY, len(pairs)) if clock else 0)
    return np.c_[pairs, (rng.uniform(100, 600, len(pairs)) * 100).astype(np.int64), at]


def patterns(rng: Rng) -> World:
    """All patterns in mostly ordinary traffic that may repeat, with or without a clock."""
    size, days, clock = int(rng.integers(1500, 6000)), int(rng.integers(15, 400)), bool(rng.random() < 0.5)
    usual = ordinary(
        rng, size, days, size * int(rng.integers(2, 7)), (100, 600), 3.0 if rng.random() < 0.3 else 1.0, clock
    )
    kinds = (KINDS, KINDS[:2], ("cycle", "fan_in"), KINDS[5:7], KINDS[3:5], ("cycle", "chain"), (*KINDS, "chain"))
    rows, label = planted(
        rng, size, days, rng.uniform(0.02, 0.12), kinds[rng.integers(len(kinds))], _SUMS[rng.integers(4)],
        float(rng.choice([2, 5, 15, 30])), clock, ((4, 13), (3, 7), (8, 21))[rng.integers(3)], rng.uniform(0.9, 1),
    )  # fmt: skip
    return np.r_[usual, circles(rng, size, days, clock), rows], label


def rings(rng: Rng) -> World:
    """Small ledgers with a clock: rings of three to five, many small payers into one, shells; shops and payrolls."""
    size, days = int(rng.integers(400, 4000)), int(rng.integers(10, 60))
    rows: list[tuple[int, int, float, float]] = []
    label = np.zeros(size, dtype=int)
    some = lambda many: rng.integers(20, size, many)  # noqa: E731
    for payer, share, at in zip(
        some(size * 6), rng.random(size * 6), rng.integers(0, days * DAY, size * 6), strict=True
    ):
        shop = share < 0.4
        payee = rng.integers(15) if shop else rng.integers(20, size)
        rows.append((payer, payee, rng.lognormal(6.5 if shop else 7, 0.8 if shop else 1) * 100, BEGIN + at))
    for worker in rng.permutation(np.arange(20, size))[: size // 3]:
        for day in range(1, days, 30):
            rows.append((15 + rng.integers(5), worker, rng.lognormal(10.3, 0.3) * 100, BEGIN + day * DAY + 36_000))
    free = list(rng.permutation(np.arange(20, size)))
    while label.sum() < rng.uniform(0.03, 0.12) * size and len(free) > 10:
        kind, at, paise = rng.random(), BEGIN + rng.integers(0, (days - 4) * DAY), rng.lognormal(9.5, 0.5) * 100
        if kind < 0.4 or kind >= 0.75:
            ring = kind < 0.4
            who = [free.pop() for _ in range(int(rng.integers(3, 6 if ring else 5)))]
            label[who] = 1
            way = [*who, who[0]] if ring else [int(rng.integers(20, size)), *who, int(rng.integers(20, size))]
            for payer, payee in pairwise(way):
                at += rng.integers(600, 12 * 3600)
                rows.append((payer, payee, paise, at))
                paise *= rng.uniform(0.93, 0.99)
        else:
            mule, many = free.pop(), int(rng.integers(8, 16))
            label[mule] = 1
            rows += [(v, mule, rng.uniform(0.6, 2) * 5e6 / many, at + rng.integers(0, 2 * DAY)) for v in some(many)]
            rows += [(mule, v, rng.uniform(1.5, 2.5) * 1e6, at + 2 * DAY + rng.integers(0, DAY)) for v in some(3)]
    return _rows(rows), label


def mules(rng: Rng) -> World:
    """First-layer mules paid by victims, money on to a second layer or to cash within hours; salaries, rents, shops."""
    size, days, many = int(rng.integers(2000, 7000)), int(rng.integers(20, 90)), int(rng.integers(60, 300))
    shops, cash = int(rng.integers(20, 150)), rng.uniform(0.1, 0.9)
    usual = _life(rng, size, days, shops, rng.uniform(3, 12))
    least, most = ((2000, 80_000), (500, 9000), (5000, 300_000))[rng.integers(3)]
    few, lots = ((2, 5), (3, 15), (1, 4), (6, 25))[rng.integers(4)]
    label, rows = np.zeros(size, dtype=int), []
    who = rng.choice(np.arange(shops, size), many, replace=False)
    label[who] = 1
    for mule in who[: many // 2]:
        for _ in range(int(rng.integers(1, 4))):
            at = BEGIN + rng.integers(0, (days - 2) * DAY)
            for victim in rng.integers(shops, size, int(rng.integers(few, lots))):
                at += rng.integers(60, 4 * 3600)
                paise = np.exp(rng.uniform(np.log(least), np.log(most))) * 100
                rows.append((victim, mule, paise, at))
                rows += _moved_on(rng, mule, paise, at, who[many // 2 :], cash)
    return np.r_[usual, circles(rng, size, days, True), _rows(rows)], label


def _moved_on(rng: Rng, mule: int, paise: float, at: float, layer: np.ndarray, cash: float) -> list[tuple]:
    rest, rows = paise * rng.uniform(0.85, 1), []
    while rest > 50_000:
        part = rest if rng.random() < 0.5 else rest * rng.uniform(0.3, 0.8)
        at += rng.integers(30, 3600)
        rest -= part
        if rng.random() < cash:
            rows.append((mule, -1, part, at))
            continue
        second = rng.choice(layer)
        rows.append((mule, second, part, at))
        then = -1 if rng.random() < 0.5 else rng.choice(layer)
        rows.append((second, then, part * 0.97, at + rng.integers(60, 2 * 3600)))
    return rows


def _life(rng: Rng, size: int, days: int, shops: int, busy: float) -> np.ndarray:
    many = int(size * busy)
    payer, share = rng.integers(shops, size, many), rng.random(many)
    friends = rng.integers(shops, size, (size, 5))
    payee = np.where(share < 0.35, rng.zipf(1.3, many) % shops, friends[payer, rng.integers(0, 5, many)])
    payee = np.where(share > 0.9, -1, payee)
    rupees = np.where(share < 0.35, rng.lognormal(6, 0.9, many), rng.lognormal(7, 1.1, many))
    rupees = np.where(share > 0.7, np.round(rupees / 100) * 100 + 100, rupees)
    parts = [np.c_[payer, payee, rupees * 100 + 1, BEGIN + rng.integers(0, days * DAY, many)]]
    workers = rng.permutation(np.arange(shops, size))[: size // 2]
    for day in range(0, days, 30):
        pay = rng.lognormal(10.2, 0.4, len(workers)) * 100
        at = BEGIN + day * DAY + rng.integers(0, 2 * DAY, len(workers))
        parts.append(np.c_[rng.integers(0, shops, len(workers)), workers, pay, at])
        rent = rng.random(len(workers)) < 0.15
        to = rng.integers(shops, size, rent.sum())
        parts.append(np.c_[workers[rent], to, pay[rent] * 0.6, at[rent] + rng.integers(DAY, 2 * DAY, rent.sum())])
    rows = np.concatenate(parts).astype(np.int64)
    return rows[rows[:, 0] != rows[:, 1]]


def cash_out(rng: Rng) -> World:
    """By the hour: a victim's account is emptied into a mule's, which takes the same sum out in cash."""
    size, days, frauds, shops = (
        int(rng.integers(3000, 9000)),
        int(rng.integers(10, 40)),
        int(rng.integers(80, 400)),
        300,
    )
    many = size * 3
    share, who = rng.random(many), rng.integers(shops, size, many)
    other = np.where(
        share < 0.35, rng.integers(0, shops, many), np.where(share < 0.6, -1, rng.integers(shops, size, many))
    )
    payer, payee = np.where(share > 0.8, -1, who), np.where(share > 0.8, who, other)
    paise = np.where(share < 0.35, rng.lognormal(8.5, 1, many), rng.lognormal(11, 1.2, many)) * 10 + 1
    usual = np.c_[payer, payee, paise, BEGIN + rng.integers(0, days * 24, many) * 3600].astype(np.int64)
    label, rows = np.zeros(size, dtype=int), []
    mule_pool = rng.choice(np.arange(shops, size), frauds // 2, replace=False)
    label[mule_pool] = 1
    for _ in range(frauds):
        mule, at, sum_ = (
            rng.choice(mule_pool),
            BEGIN + rng.integers(0, days * 24 - 2) * 3600,
            rng.lognormal(12.3, 1.2) * 10,
        )
        rows += [(rng.integers(shops, size), mule, sum_, at), (mule, -1, sum_, at + rng.integers(0, 2) * 3600)]
    return np.r_[usual[usual[:, 0] != usual[:, 1]], _rows(rows)], label


def busy(rng: Rng) -> World:
    """Mules differ mostly by how many people pay them, and pass on a part within two days."""
    size, days, many, least = (
        int(rng.integers(2000, 6000)),
        int(rng.integers(8, 90)),
        int(rng.integers(80, 500)),
        int(rng.integers(3, 8)),
    )
    usual = ordinary(rng, size, days, size * 3, (100, 5000), 1.0, True)
    label, rows = np.zeros(size, dtype=int), []
    who = rng.choice(size, many, replace=False)
    label[who] = 1
    passes = rng.uniform(0.1, 0.8)
    for mule in who:
        for victim in rng.integers(0, size, int(rng.integers(least, least + 12))):
            at, paise = BEGIN + rng.integers(0, days * DAY), rng.uniform(100, 5000) * 100
            rows.append((victim, mule, paise, at))
            if rng.random() < passes:
                rows.append((mule, rng.integers(size), paise * rng.uniform(0.8, 1), at + rng.integers(0, 2 * DAY)))
    return np.r_[usual, circles(rng, size, days, True), _rows(rows)], label


def collectors(rng: Rng) -> World:
    """Many payers into one account within three days, and nothing comes out before the ledger ends."""
    size, days, many = int(rng.integers(2000, 6000)), int(rng.integers(20, 90)), int(rng.integers(60, 250))
    usual = ordinary(rng, size, days, size * 4, (100, 5000), 1.0, True)
    label, rows = np.zeros(size, dtype=int), []
    who = rng.choice(size, many, replace=False)
    label[who] = 1
    for mule in who:
        at = BEGIN + rng.integers(0, (days - 4) * DAY)
        for victim in rng.integers(0, size, int(rng.integers(4, 20))):
            rows.append((victim, mule, rng.uniform(1000, 9000) * 100, at + rng.integers(0, 3 * DAY)))
    return np.r_[usual, circles(rng, size, days, True), _rows(rows)], label


def wide(rng: Rng) -> World:
    """Two weeks with a clock, sums over many sizes, pairs that pay often; patterns within four days."""
    size, days = int(rng.integers(4000, 9000)), int(rng.integers(8, 25))
    usual = ordinary(rng, size, days, size * 3, (10, 1000), 3.0, True)
    usual[:, 2] = (usual[:, 2] * rng.lognormal(0, 1.5, len(usual))).astype(np.int64) + 1
    rows, label = planted(rng, size, days, 0.03, (*KINDS, "chain"), (500, 20_000), 4, True, (3, 13), 0.97)
    return np.r_[usual, circles(rng, size, days, True), rows], label


SHAPES: dict[str, Callable[[Rng], World]] = {
    "samples": samples, "patterns": patterns, "rings": rings, "mules": mules, "cash_out": cash_out, "busy": busy,
    "collectors": collectors, "wide": wide,
}  # fmt: skip


def worlds(plan: dict[str, int], *, seed: int) -> Iterator[tuple[str, Ledger, np.ndarray]]:
    """Ledgers of the plan with the labels of their accounts, shape by shape; the same seed gives the same ledgers."""
    for number, (shape, many) in enumerate(plan.items()):
        for turn in range(many):
            rows, label = SHAPES[shape](np.random.default_rng([seed, number, turn]))
            yield shape, ledger_of(rows, len(label)), label


def ledger_of(rows: np.ndarray, size: int) -> Ledger:
    """Transfers as both banks' postings."""
    rows = rows[rows[:, 2] > 0]
    payer, payee, paise, at = rows.T
    order = np.tile(np.arange(len(rows)), 2)
    account, other = np.r_[payer, payee], np.r_[payee, payer]
    out = np.r_[np.ones(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)]
    named = account >= 0
    place = np.lexsort((order[named], np.tile(at, 2)[named], account[named]))
    own = np.zeros(size, dtype=bool)
    own[account[named]] = True
    return Ledger(
        [("DEMO1", str(number)) for number in range(size)], account[named][place], other[named][place],
        out[named][place], np.tile(paise, 2)[named][place], np.tile(at, 2)[named][place], own,
    )  # fmt: skip
