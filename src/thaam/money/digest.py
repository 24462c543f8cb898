"""Reconciliation of open holds between platform and node: one 256-bit comparison, then a binary walk.

Both sides keep the XOR of a keyed digest of every open hold. Opening and closing a hold are the same
operation, order does not matter, and with a key only the two sides know nobody can make up a set of
holds with a wanted sum. When the sums differ, the walk asks for sums of ever smaller parts until it
has the holds that differ.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping

from thaam.money.ranges import Range, normalise

BITS = 256


def row_digest(*, key: bytes, hold_id: str, revision: int, ranges: Iterable[Range]) -> int:
    """A 256-bit keyed digest of one open hold: its id, revision and exactly the paise it keeps."""
    paise = ",".join(f"{lo}-{hi}" for lo, hi in normalise(ranges))
    text = f"{len(hold_id)}:{hold_id}|{revision}|{paise}"
    return int.from_bytes(hashlib.blake2b(text.encode(), key=key, digest_size=BITS // 8).digest())


def sum_of(digests: Iterable[int]) -> int:
    """The sum of a set of holds; the same for the same set in any order. Adding one twice takes it out."""
    total = 0
    for digest in digests:
        total ^= digest
    return total


def place_of(hold_id: str) -> int:
    """Where a hold stands in the walk: the same on both sides, evenly spread, no key needed."""
    return int.from_bytes(hashlib.blake2b(hold_id.encode(), digest_size=BITS // 8).digest())


def sum_between(rows: Mapping[str, int], low: int, high: int) -> tuple[int, int]:
    """Sum and count of the holds whose place is in `[low, high)`. `rows` is hold id -> digest."""
    part = [digest for hold_id, digest in rows.items() if low <= place_of(hold_id) < high]
    return sum_of(part), len(part)


def find_drift(
    rows: Mapping[str, int], ask: Callable[[int, int], tuple[int, int]], list_ids: Callable[[int, int], Iterable[str]]
) -> set[str]:
    """Ids of holds that differ: on one side only, or with other content.

    `ask(low, high)` gives the other side's sum and count of a part, `list_ids(low, high)` its ids;
    both are asked only where the sums differ, so n holds with d differences cost about d log n asks.
    """
    places = sorted((place_of(hold_id), hold_id) for hold_id in rows)
    drift: set[str] = set()
    waiting = [(0, 2**BITS)]
    while waiting:
        low, high = waiting.pop()
        mine = [hold_id for _, hold_id in places[bisect_left(places, (low, "")) : bisect_left(places, (high, ""))]]
        sum_here, (sum_there, count_there) = sum_of(rows[hold_id] for hold_id in mine), ask(low, high)
        if (sum_here, len(mine)) == (sum_there, count_there):
            continue
        if len(mine) + count_there <= 2 or high - low == 1:
            # So few, and the sums differ: a hold of one side only, or one of both with other content.
            drift |= {*mine, *list_ids(low, high)}
            continue
        middle = (low + high) // 2
        waiting += [(low, middle), (middle, high)]
    return drift
