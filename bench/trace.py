"""One claim at a time through many postings: the index of `thaam trace` against SQLite's recursive CTE.

Both get the same prepared rows (levels and next-smaller rows for LIFO, running totals for FIFO), both
are warm, and every answer is compared: the same paise of the same payments, or the benchmark fails.
The traces here are plain Python; kernels for the `scale` extra are not written yet.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import time
from array import array

from thaam.money.trace import Rule, trace
from thaam.postings.files import NO_SEQ, Columns
from thaam.postings.index import PostingsIndex
from thaam.postings.steps import Steps

LIFO = """
WITH RECURSIVE walk (scan, a, k, lo, hi) AS (
    VALUES (0, :payment, 0, 0, :amount)
    UNION ALL
    SELECT 1, c.account, c.below, c.base + w.lo, c.base + w.hi
      FROM walk w JOIN credit c ON c.payment = w.a WHERE w.scan = 0
    UNION ALL
    SELECT 1, w.a, r.below, w.lo, min(w.hi, r.level) FROM walk w JOIN debit r ON r.account = w.a AND r.k = w.k
     WHERE w.scan = 1 AND min(w.hi, r.level) > w.lo
    UNION ALL
    SELECT 0, r.payment, 0, max(w.lo, r.level) - r.level, w.hi - r.level
      FROM walk w JOIN debit r ON r.account = w.a AND r.k = w.k WHERE w.scan = 1 AND r.level < w.hi
)
SELECT a, lo, hi FROM walk WHERE scan = 0
"""
FIFO = """
WITH RECURSIVE walk (payment, lo, hi) AS (
    VALUES (:payment, 0, :amount)
    UNION ALL
    SELECT r.payment, max(c.base + w.lo, r.start) - r.start, min(c.base + w.hi, r.finish) - r.start
      FROM walk w JOIN credit c ON c.payment = w.payment
      JOIN debit r ON r.account = c.account AND r.finish > c.base + w.lo AND r.start < c.base + w.hi
)
SELECT payment, lo, hi FROM walk
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--postings", type=int, default=400_000)
    parser.add_argument("--claims", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)


def main(args: argparse.Namespace) -> dict[str, object]:
    """Build both, ask both. Raises when two answers differ."""
    rng = random.Random(args.seed)
    columns, claims = ledger(rng, args.postings, args.claims)
    started = time.perf_counter()
    index = PostingsIndex(columns)
    figures: dict[str, object] = {"postings": args.postings, "index_build_s": time.perf_counter() - started}
    for rule in Rule:
        started = time.perf_counter()
        db = peer(index, rule)
        figures[f"{rule}_sqlite_load_s"] = time.perf_counter() - started
        ours, theirs, payments = ask(index, db, rule, claims)
        db.close()
        figures |= {
            f"{rule}_thaam_p50_ms": ours[len(ours) // 2] * 1e3,
            f"{rule}_thaam_p99_ms": ours[len(ours) * 99 // 100] * 1e3,
            f"{rule}_sqlite_p50_ms": theirs[len(theirs) // 2] * 1e3,
            f"{rule}_sqlite_p99_ms": theirs[len(theirs) * 99 // 100] * 1e3,
            f"{rule}_sqlite_over_thaam_p50": theirs[len(theirs) // 2] / ours[len(ours) // 2],
            f"{rule}_payments_p50": payments[len(payments) // 2],
        }
    figures["claims_compared_equal"] = 2 * len(claims)
    figures["load_average"] = os.getloadavg()[0]
    return figures


def ledger(rng: random.Random, count: int, claims: int) -> tuple[Columns, list[int]]:
    """Power-law traffic in which a tenth of the payments start chains that are passed on in parts within minutes."""
    people = max(20, count // 20)
    columns = Columns(refs=[], accounts=[("B", str(i)) for i in range(people)])
    columns.ref_ids = {}
    hot: list[tuple[int, int]] = []
    disputed: list[int] = []

    def pay(payer: int, payee: int, amount: int) -> int:
        payment = len(columns.refs)
        columns.refs.append(str(payment))
        for who, debit in ((payer, 1), (payee, 0)):
            columns.account.append(who)
            columns.payment.append(payment)
            columns.debit.append(debit)
            columns.amount.append(amount)
            columns.end.append(0)
            columns.at.append(payment)
            columns.seq.append(NO_SEQ)
            columns.reverses.append(-1)
        return payment

    while len(columns.account) < count:
        who = int(people * rng.random() ** 2.5)
        if hot and rng.random() < 0.5:
            mule, amount = hot.pop(rng.randrange(len(hot)))
            for _ in range(rng.randint(1, 4)):
                part, to = max(1, amount // 3), people - 1 - int(people * 0.05 * rng.random())
                pay(mule, to, part)
                if rng.random() < 0.6 and part > 100:
                    hot.append((to, part))
        elif rng.random() < 0.1:
            mule, amount = people - 1 - int(people * 0.05 * rng.random()), rng.randint(1_000_000, 50_000_000)
            disputed.append(pay(who, mule, amount))
            hot.append((mule, amount))
        else:
            pay(who, int(people * rng.random() ** 2.5), int(rng.lognormvariate(10, 1.5)) + 1)
    columns.at = array("q", columns.at)
    return columns, rng.sample(disputed, min(claims, len(disputed)))


def peer(index: PostingsIndex, rule: Rule) -> sqlite3.Connection:
    """The same rows in SQLite, clustered for the question."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE credit (payment INTEGER PRIMARY KEY, account, base, below)")
    if rule is Rule.LIFO:
        db.execute("CREATE TABLE debit (account, k, level, payment, below, PRIMARY KEY (account, k)) WITHOUT ROWID")
    else:
        db.execute("CREATE TABLE debit (account, finish, start, payment, PRIMARY KEY (account, finish)) WITHOUT ROWID")
    for account in range(len(index.accounts)):
        signed = index.signed(account)
        start = int(index.starts[account])
        payments = index.payment[start : start + len(signed)].tolist()
        if rule is Rule.LIFO:
            steps = Steps(signed, payments, opening=0, opening_stated=False)
            rows = [steps.row(k) for k in range(1, len(signed) + 1)]
            db.executemany(
                "INSERT INTO credit VALUES (?, ?, ?, ?)",
                [(r.source, account, r.level - r.amount, r.below) for r in rows if r.kind == 1],
            )
            db.executemany(
                "INSERT INTO debit VALUES (?, ?, ?, ?, ?)",
                [(account, r.k, r.level, r.source, r.below) for r in rows if r.kind == 2],
            )
        else:
            back, front = index.opening(account, len(signed)), 0
            for amount, payment in zip(signed, payments, strict=True):
                if amount > 0:
                    db.execute("INSERT INTO credit VALUES (?, ?, ?, 0)", (payment, account, back))
                    back += amount
                else:
                    db.execute("INSERT INTO debit VALUES (?, ?, ?, ?)", (account, front - amount, front, payment))
                    front -= amount
    db.execute("ANALYZE")
    return db


def ask(
    index: PostingsIndex, db: sqlite3.Connection, rule: Rule, claims: list[int]
) -> tuple[list[float], list[float], list[int]]:
    """CPU seconds a claim, ours and theirs (the least of three askings after the first: both warm, and no other process
    in between), and payments a claim."""
    ours, theirs, payments = [], [], []
    for claim in claims:
        amount = index.amount(claim)
        took, took_peer = [], []
        for _ in range(4):
            started = time.process_time()
            trail = trace(index, payment=claim, ranges=[(0, amount)], rule=rule, cut=None, max_hops=None)
            took.append(time.process_time() - started)
            started = time.process_time()
            rows = db.execute(LIFO if rule is Rule.LIFO else FIFO, {"payment": claim, "amount": amount}).fetchall()
            took_peer.append(time.process_time() - started)
        ours.append(min(took[1:]))
        theirs.append(min(took_peer[1:]))
        payments.append(len(trail.payments))
        if _paise(rows) != _paise([(p.payment, p.lo, p.hi) for p in trail.payments]):
            raise AssertionError(f"{rule}: payment {claim}: SQLite and the trace differ")
    return sorted(ours), sorted(theirs), sorted(payments)


def _paise(rows: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Touching ranges of a payment joined, so that two ways of cutting them compare equal."""
    joined: list[tuple[int, int, int]] = []
    for payment, lo, hi in sorted(rows):
        if joined and joined[-1][0] == payment and joined[-1][2] == lo:
            joined[-1] = (payment, joined[-1][1], hi)
        else:
            joined.append((payment, lo, hi))
    return joined
