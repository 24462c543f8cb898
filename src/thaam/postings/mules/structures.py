"""The shape of an account's neighbourhood: distinct counterparties, bursts of new ones, rare shared neighbours.

Counterparties count once however often they pay. Accounts with very many counterparties (shops, employers) say
nothing about who else pays them and are left out as bridges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from thaam.language.dates import IST
from thaam.postings.mules.links import DAY, Edges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

BRIDGE_MOST = 40
CHUNK = 2_000_000
"""How many meetings at bridges are laid out at a time: bounds the memory of triangles."""
_EAST = int(IST.utcoffset(None).total_seconds())


def pairs_of(edges: Edges, size: int) -> tuple[Ints, Ints, Ints]:
    """Distinct (payer, payee) pairs and how many transfers each has."""
    named = (edges.payer >= 0) & (edges.payee >= 0)
    keys, counts = np.unique(edges.payer[named] * size + edges.payee[named], return_counts=True)
    return keys // size, keys % size, counts


def degrees(payer: Ints, payee: Ints, size: int) -> tuple[Floats, Floats]:
    """Distinct payees and distinct payers of each account."""
    return (
        np.bincount(payer, minlength=size).astype(np.float64),
        np.bincount(payee, minlength=size).astype(np.float64),
    )


def burst(edges: Edges, size: int, *, incoming: bool, days: int) -> Floats:
    """Most *first-time* counterparties of an account within `days`, over two grids half a window apart."""
    holder, other = (edges.payee, edges.payer) if incoming else (edges.payer, edges.payee)
    named = (holder >= 0) & (other >= 0)
    holder, other, at = holder[named], other[named], edges.at[named]
    _, first = np.unique(holder * size + other, return_index=True)
    holder, at = holder[first], at[first]
    most = np.zeros(size)
    for shift in (0, days * DAY // 2):
        window = (at + _EAST + shift) // (days * DAY)
        span = int(window.max()) + 1 if len(window) else 1
        keys, counts = np.unique(holder * span + window, return_counts=True)
        np.maximum.at(most, keys // span, counts.astype(np.float64))
    return most


def shared_neighbours(payer: Ints, payee: Ints, size: int) -> Floats:
    """Of each account: how many others share two or more payees (or payers) with it, through narrow bridges only.

    In ordinary traffic two accounts rarely have two narrow counterparties in common; layers of mules do.
    """
    found = np.zeros(size)
    for one, bridge in ((payer, payee), (payee, payer)):
        width = np.bincount(bridge, minlength=size)
        kept = width[bridge] <= BRIDGE_MOST
        first, second = _meeting(one[kept], bridge[kept])
        if not len(first):
            continue
        keys, counts = np.unique(first * size + second, return_counts=True)
        twice = keys[counts >= 2]
        weight = (counts[counts >= 2] - 1).astype(np.float64)
        for end in (twice // size, twice % size):
            found += np.bincount(end, weight, minlength=size)
        found += _of_bridges(bridge[kept], first, second, keys, counts, size)
    return found


def _of_bridges(bridge: Ints, first: Ints, second: Ints, keys: Ints, counts: Ints, size: int) -> Floats:
    """The bridge's own part: it stands between two accounts that also meet elsewhere."""
    width = np.bincount(bridge, minlength=size)
    owners = np.repeat(np.arange(size), width * (width - 1) // 2)
    again = counts[np.searchsorted(keys, first * size + second)] >= 2
    return np.bincount(owners[again], minlength=size).astype(np.float64)


def _meeting(one: Ints, bridge: Ints) -> tuple[Ints, Ints]:
    """All unordered pairs of accounts that meet at a bridge, bridges in ascending order."""
    order = np.lexsort((one, bridge))
    first, second, _ = _met(one[order], bridge[order])
    return first, second


def _met(one: Ints, bridge: Ints) -> tuple[Ints, Ints, Ints]:
    """The same of rows sorted by bridge and account, and where they meet."""
    last = np.searchsorted(bridge, bridge, "right")
    later = last - np.arange(len(one)) - 1
    first = np.repeat(np.arange(len(one)), later)
    offset = np.arange(len(first)) - np.repeat(np.r_[0, np.cumsum(later)[:-1]], later) + 1
    return one[first], one[first + offset], bridge[first]


@dataclass(slots=True)
class Triangles:
    """Three accounts that all have to do with each other: two ends and the bridge, each triangle once for each of its
    corners that is narrow enough; the narrower the bridge, the less likely by chance (weight 1/width)."""

    one: Ints
    other: Ints
    bridge: Ints
    weight: Floats


def triangles_of(payer: Ints, payee: Ints, size: int) -> Triangles:
    """Every triangle of counterparties, whichever way the money went. Memory is bounded by CHUNK and by what is found:
    ordinary traffic closes few, groups that pass money among themselves close many."""
    keys = np.unique(np.r_[payer * size + payee, payee * size + payer])
    one, bridge = keys // size, keys % size
    width = np.bincount(bridge, minlength=size)
    kept = width[bridge] <= BRIDGE_MOST
    one, bridge = one[kept], bridge[kept]
    order = np.argsort(bridge, kind="stable")
    one, bridge = one[order], bridge[order]
    load = np.cumsum(width[bridge])
    cuts = np.searchsorted(load, np.arange(CHUNK, load[-1] + 1 if len(load) else 0, CHUNK))
    ends = np.unique(np.r_[np.searchsorted(bridge, bridge[cuts]) if len(cuts) else cuts, len(bridge)])
    found: list[tuple[Ints, Ints, Ints]] = []
    begin = 0
    for end in ends:
        if end > begin:
            first, second, middle = _met(one[begin:end], bridge[begin:end])
            wanted = first * size + second
            place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            closed = keys[place] == wanted
            found.append((first[closed], second[closed], middle[closed]))
            begin = end
    ends_, others, bridges = (np.concatenate([each[n] for each in found] or [payer[:0]]) for n in range(3))
    return Triangles(ends_, others, bridges, 1 / np.maximum(width[bridges], 1))


def closed(triangles: Triangles, size: int) -> Floats:
    """Of each account: how tightly those it has to do with have to do with each other."""
    found: Floats = np.bincount(triangles.one, triangles.weight, minlength=size).astype(np.float64)
    found += np.bincount(triangles.other, triangles.weight, minlength=size)
    return found


def returned(payer: Ints, payee: Ints, size: int) -> Floats:
    """Of each account: with how many counterparties money went both ways."""
    keys = payer * size + payee  # ascending, each pair once
    back = payee * size + payer
    place = np.minimum(np.searchsorted(keys, back), max(len(keys) - 1, 0))
    both = keys[place] == back if len(keys) else np.zeros(0, dtype=np.bool_)
    return np.bincount(payer[both], minlength=size).astype(np.float64)
