"""Which debit looks like which credit passed on: links between transfers, and what chains, rings and fans they form.

A transfer is one edge however many of its rows the file has. A *link* says: this account got a sum and sent nearly the
same sum on soon after. Links are made one to one, nearest sums first, so a busy shop does not link to everything.
Everything is array arithmetic: no loop runs over accounts or postings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from thaam.postings.mules.ledger import Ledger

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

DAY = 86_400
BACK = 12
"""How many credits before a debit are looked at."""
HORIZON = 7 * DAY
KEPT_MOST = 0.15
DEEPEST = 8


@dataclass(slots=True)
class Edges:
    """Transfers in time order: payer, payee (-1: no account named), paise, seconds."""

    payer: Ints
    payee: Ints
    paise: Ints
    at: Ints


@dataclass(slots=True)
class Links:
    """Of each edge: the edge it passes on (-1: none) and how well it fits, 0..1; and the edges themselves."""

    edges: Edges
    parent: Ints
    fit: Floats


def edges_of(ledger: Ledger) -> Edges:
    """Each transfer once: every debit, and the credits whose payer has no postings here."""
    known = ledger.other >= 0
    foreign = np.ones(len(ledger.at), dtype=np.bool_)
    foreign[known] = ~ledger.own[ledger.other[known]]
    kept = ledger.out | foreign
    account, other, out = ledger.account[kept], ledger.other[kept], ledger.out[kept]
    payer, payee = np.where(out, account, other), np.where(out, other, account)
    at, paise = ledger.at[kept], ledger.paise[kept]
    order = np.argsort(at, kind="stable")
    return Edges(payer[order], payee[order], paise[order], at[order])


def links_of(edges: Edges, size: int) -> Links:
    """The best credit behind each debit: within seven days before it, the debit between 85 and 100 % of the credit."""
    count = len(edges.at)
    numbers = np.arange(count)
    credits = numbers[edges.payee >= 0]
    order = np.lexsort((credits, edges.at[credits], edges.payee[credits]))
    credits = credits[order]
    key = edges.payee[credits] * (1 << 34) + edges.at[credits]
    debits = numbers[edges.payer >= 0]
    place = np.searchsorted(key, edges.payer[debits] * (1 << 34) + edges.at[debits], "right")
    best, parent = np.zeros(count), np.full(count, -1, dtype=np.int64)
    for back in range(1, BACK + 1):
        where = place - back
        some = where >= 0
        child, behind = debits[some], credits[where[some]]
        wait = edges.at[child] - edges.at[behind]
        same = (edges.payee[behind] == edges.payer[child]) & (wait <= HORIZON) & (behind != child)
        child, behind, wait = child[same], behind[same], wait[same]
        kept = 1 - edges.paise[child] / edges.paise[behind]
        fits = (kept >= 0) & (kept <= KEPT_MOST) & (edges.payer[behind] != edges.payee[child])
        child, behind, wait, kept = child[fits], behind[fits], wait[fits], kept[fits]
        fit = (1 - kept / (2 * KEPT_MOST)) / (1 + wait / (2 * DAY))
        better = fit > best[child]
        best[child[better]], parent[child[better]] = fit[better], behind[better]
    return Links(edges, *_one_to_one(parent, best))


def _one_to_one(parent: Ints, fit: Floats) -> tuple[Ints, Floats]:
    """A credit is passed on once: of the debits that point to it the best keeps it."""
    linked = np.flatnonzero(parent >= 0)
    order = linked[np.lexsort((-fit[linked], parent[linked]))]
    first = np.r_[True, np.diff(parent[order]) != 0] if len(order) else np.zeros(0, dtype=np.bool_)
    lost = order[~first]
    parent[lost], fit[lost] = -1, 0.0
    return parent, fit


def forwarded(links: Links, size: int) -> tuple[Floats, Floats]:
    """Of each account: how many credits it passed on nearly whole (by fit), and their share of all its debits."""
    some = links.parent >= 0
    payer = links.edges.payer
    total = np.bincount(payer[some], links.fit[some], minlength=size)
    debits = np.bincount(payer[payer >= 0], minlength=size)
    share: Floats = total / np.maximum(debits, 1)
    return np.asarray(total, dtype=np.float64), share


def chains(links: Links, size: int) -> tuple[Floats, Floats]:
    """Of each account: the longest chain of links through it, and the shortest ring (as 1/length) it stands in."""
    edges, parent = links.edges, links.parent
    count = len(parent)
    below, above = np.zeros(count), np.zeros(count)
    linked = np.flatnonzero(parent >= 0)
    for _ in range(DEEPEST):
        below[linked] = below[parent[linked]] + links.fit[linked]
        longer = np.zeros(count)
        np.maximum.at(longer, parent[linked], above[linked] + links.fit[linked])
        above = longer
    length = np.minimum(below + above, DEEPEST)
    longest = np.zeros(size)
    for end in (edges.payer, edges.payee):
        named = end >= 0
        np.maximum.at(longest, end[named], length[named])
    return longest, _rings(links, size)


def _rings(links: Links, size: int) -> Floats:
    edges, parent = links.edges, links.parent
    ring = np.zeros(size)
    at = np.arange(len(parent))
    child = at.copy()
    for length in range(2, DEEPEST + 1):
        alive = parent[at] >= 0
        child, at = child[alive], parent[at[alive]]
        closed = (edges.payer[at] == edges.payee[child]) & (edges.payer[at] >= 0)
        walk = child[closed]
        for _ in range(length):
            np.maximum.at(ring, edges.payer[walk], 2.0 / length)
            walk = parent[walk]
            walk = walk[walk >= 0]
    return ring


def gathered(links: Links, size: int) -> Floats:
    """Of each account: in how many parallel two-step paths with the same ends it stands (scatter and gather)."""
    edges, parent = links.edges, links.parent
    child = np.flatnonzero(parent >= 0)
    child = child[(edges.payer[parent[child]] >= 0) & (edges.payee[child] >= 0)]
    if not len(child):
        return np.zeros(size)
    start, middle, end = edges.payer[parent[child]], edges.payer[child], edges.payee[child]
    triple = np.unique(np.stack([start, end, middle], axis=1), axis=0)
    pair = triple[:, 0] * size + triple[:, 1]
    _, place, counts = np.unique(pair, return_inverse=True, return_counts=True)
    through = counts[place].astype(np.float64) - 1
    found = np.zeros(size)
    for column in range(3):
        np.maximum.at(found, triple[:, column], through)
    return found
