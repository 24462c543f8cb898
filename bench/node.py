"""The node's store: live ingest and one hop, on a file with many accounts. Figures of this machine, one process.

A third of the postings are fraud-like chains (in, then out in parts within minutes), the rest is
everyday traffic over accounts of very different size. Hops are asked in random order, half of them
about chain credits: first about the latest hundredth of the credits, as fresh complaints ask, then
about all. Every hundredth answer is checked against a whole-account replay.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from thaam.money.lots import Pile
from thaam.money.rowlist import RowList
from thaam.postings.posting import Posting
from thaam.postings.store import NodeStore

START = datetime(2026, 1, 1, tzinfo=UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--postings", type=int, default=200_000)
    parser.add_argument("--hops", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=1_000, help="postings a transaction")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", type=Path, help="keep the store there; one that is there is not filled again")


def main(args: argparse.Namespace) -> dict[str, object]:
    """Ingest, then hop. Raises when a checked answer differs."""
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory(prefix="thaam-bench-") as folder:
        path = args.store or Path(folder) / "bank.sqlite"
        store = NodeStore.open(str(path))
        credits: list[tuple[int, int, bool]] = []
        wall, cpu = ingest(store, rng, args, credits)
        gc.freeze()  # or the collector walks our own list of credits in the middle of somebody's hop
        recent = hops(store, rng, credits[-len(credits) // 100 :], args.hops // 4)
        times = {f"hop_recent_{name}": recent[name] for name in ("us_cpu", "second_us_cpu")} | {
            f"hop_{name}": seconds for name, seconds in hops(store, rng, credits, args.hops).items()
        }
        checked = check(store, rng, credits, min(200, args.hops // 100 + 1))
        size = sum(f.stat().st_size for f in path.parent.glob(f"{path.name}*"))
        store.close()
    per_hop = {
        f"{name}_{share}": seconds[len(seconds) * part // 100] * 1e6
        for name, seconds in times.items()
        for share, part in (("p50", 50), ("p99", 99))
    }
    return {
        "postings": args.postings,
        "ingest_per_s_wall": args.postings / wall if wall else None,
        "ingest_per_s_cpu": args.postings / cpu if cpu else None,
        "bytes_per_posting": size / args.postings,
        "hops": args.hops,
        **per_hop,
        "answers_checked_equal": checked,
        "load_average": os.getloadavg()[0],
    }


def ingest(
    store: NodeStore, rng: random.Random, args: argparse.Namespace, credits: list[tuple[int, int, bool]]
) -> tuple[float, float]:
    """Seconds of wall and of CPU spent in `ingest`, not in making the postings; none when they are there already."""
    made = postings(rng, args.postings, credits)
    if store.position() == args.postings:
        deque(made, maxlen=0)
        return 0.0, 0.0
    wall = cpu = 0.0
    done = 0
    while batch := list(islice(made, args.batch)):
        started, worked = time.perf_counter(), time.process_time()
        store.ingest(batch)
        wall += time.perf_counter() - started
        cpu += time.process_time() - worked
        done += len(batch)
        if done % 1_000_000 < args.batch and done >= 1_000_000:
            print(f"{done:,} postings, {done / wall:,.0f}/s", file=sys.stderr)
    return wall, cpu


def postings(rng: random.Random, count: int, credits: list[tuple[int, int, bool]]) -> Iterator[Posting]:
    """Everyday postings, and chains: a credit whose money leaves in one to four parts soon after."""
    people = max(10, count // 10)
    seqs: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []  # (mule, paise to pass on)

    def make(position: int, who: int, side: str, amount: int) -> Posting:
        seqs[who] = seqs.get(who, 0) + 1
        return Posting(
            position, f"{who:012d}", seqs[who], f"6{position:011d}", side, amount, "UPI",  # type: ignore[arg-type]
            START + timedelta(seconds=position), counterparty_bank="DEMO2", counterparty_account="1",
        )  # fmt: skip

    for position in range(1, count + 1):
        if waiting and rng.random() < 0.25:
            who, amount = waiting.pop(rng.randrange(len(waiting)))
            yield make(position, who, "D", amount)
        elif rng.random() < 0.1:
            who, amount = people - rng.randrange(max(1, people // 50)), rng.randint(100_000, 9_000_000)
            credits.append((position, amount, True))
            parts = rng.randint(1, 4)
            waiting += [(who, amount // parts)] * parts
            yield make(position, who, "C", amount)
        else:
            who, amount = int(people * rng.random() ** 2.5), int(rng.lognormvariate(10, 1.5)) + 1
            side = "C" if rng.random() < 0.5 else "D"
            if side == "C" and rng.random() < 0.2:
                credits.append((position, amount, False))
            yield make(position, who, side, amount)


def hops(
    store: NodeStore, rng: random.Random, credits: list[tuple[int, int, bool]], count: int
) -> dict[str, list[float]]:
    """Seconds, sorted, of the first asking of each hop (wall, CPU, CPU with every debit on the way read out as an
    answer needs it), of its second asking, measured once like the first but with the pages at hand, of the least of
    three more, and of a plain loop about as long: what second and loop take more at p99 is mostly the machine's."""
    chains = [credit for credit in credits if credit[2]]
    others = [credit for credit in credits if not credit[2]]
    asked = [rng.choice(chains if i % 2 else others) for i in range(count + 200)]
    times: dict[str, list[float]] = {
        name: [] for name in ("us", "us_cpu", "with_debits_us_cpu", "second_us_cpu", "least_us_cpu", "loop_us_cpu")
    }
    for position, amount, _ in asked:
        started, worked = time.perf_counter(), time.process_time()
        hop = store.hop(credit_position=position, ranges=((0, amount),))
        hopped = time.process_time()
        times["us"].append(time.perf_counter() - started)
        times["us_cpu"].append(hopped - worked)
        for out in hop.outs:
            _ = out.posting
        times["with_debits_us_cpu"].append(time.process_time() - worked)
        again: list[float] = []
        for _ in range(4):
            worked = time.process_time()
            store.hop(credit_position=position, ranges=((0, amount),))
            again.append(time.process_time() - worked)
        times["second_us_cpu"].append(again[0])
        times["least_us_cpu"].append(min(again[1:]))
        worked = time.process_time()
        sum(range(2_000))
        times["loop_us_cpu"].append(time.process_time() - worked)
    return {name: sorted(seconds[200:]) for name, seconds in times.items()}  # the first ones warm the page cache


def check(store: NodeStore, rng: random.Random, credits: list[tuple[int, int, bool]], count: int) -> int:
    """Compare with a pile built from the account's postings, read back from the store."""
    for position, amount, _ in (rng.choice(credits) for _ in range(count)):
        account = store.posting(position).account
        pile, k = Pile(RowList()), 0
        for posting in store.postings_of(account=account, limit=10_000_000):
            verb = pile.credit if posting.side == "C" else pile.debit
            row = verb(amount=posting.amount_paise, source=posting.position, stamp=0)
            k = row.k if posting.position == position else k
        expected = pile.hop(credit_k=k, ranges=[(0, amount)])
        found = store.hop(credit_position=position, ranges=[(0, amount)])
        same_outs = [(o.lo, o.hi, o.posting.position, o.child_lo) for o in found.outs] == [
            (o.lo, o.hi, o.source, o.child_lo) for o in expected.outs
        ]
        if not same_outs or found.here != tuple((h.lo, h.hi) for h in expected.here):
            raise AssertionError(f"position {position}: {found} is not {expected}")
    return count
