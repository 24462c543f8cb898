"""The network across complaints: which accounts, phones, devices and people belong together, and whom to stop first.

Two identifiers belong together when one complaint names both, when both were found with one arrested person, or when
an officer said that they are one. An
identifier that very many complaints share (a wallet's own account, not yet on the stop-list) joins nothing. Rings are
connected parts; a very large one is cut where its parts hang together weakly. Rupees are losses of distinct complaints.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Sum

from thaam.complaints.models import Complaint, Debit
from thaam.language.dates import IST
from thaam.prevention.models import ArrestIdentifier
from thaam.suspects.models import Alias, Sighting

SHARED_MOST = 200
"""Complaints an identifier may be in and still join others."""
LARGE = 80
ROWS_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Node:
    """One identifier of a ring: its key ("phone 9876500001"), and the complaints and arrests that name it."""

    key: str
    kind: str
    name: str
    complaints: frozenset[str]
    arrests: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stopping:
    """Whom to stop next: the rupees of complaints this node touches that none before it did, and of all it touches."""

    node: Node
    adds_paise: int
    paise: int


@dataclass(slots=True)
class Ring:
    """Identifiers that belong together: complaints, loss, growth by week, whom to stop first, arrests elsewhere."""

    nodes: list[Node]
    edges: dict[tuple[str, str], int]
    complaints: set[str]
    paise: int
    weeks: list[tuple[dt.date, int]]
    first: list[Stopping]
    arrests: set[str] = field(default_factory=set)

    @property
    def code(self) -> str:
        """A short name that stays as long as the ring's most touched identifier does."""
        return self.first[0].node.key.replace(" ", "-") if self.first else self.nodes[0].key.replace(" ", "-")

    @property
    def address(self) -> str:
        """Its name in an address: bank/number has a slash that an address may not have."""
        return self.code.replace("/", "~")

    @property
    def doubling(self) -> bool:
        """Whether the last four weeks brought more complaints than the four before, and at least three."""
        counts = [count for _, count in self.weeks]
        return len(counts) >= 5 and sum(counts[-4:]) >= 3 and sum(counts[-4:]) > sum(counts[-8:-4])


def rings(*, at: dt.datetime, days: int = 182, least: int = 2) -> list[Ring]:
    """Rings with at least `least` complaints, most rupees first. Reads sightings and arrests; writes nothing."""
    seen = Sighting.objects.filter(
        source__startswith="complaint:", withdrawn=None, noted_at__gt=at - dt.timedelta(days=days), noted_at__lte=at
    ).order_by("noted_at")
    touches: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, tuple[str, str]] = {}
    for source, kind, name in seen.values_list("source", "identifier__kind", "identifier__name")[:ROWS_MOST]:
        key = f"{kind} {name}"
        touches[key].add(source.removeprefix("complaint:"))
        kinds[key] = (kind, name)
    arrests: dict[str, set[str]] = defaultdict(set)
    for arrest, kind, name in ArrestIdentifier.objects.values_list("arrest_id", "identifier__kind", "identifier__name"):
        key = f"{kind} {name}"
        arrests[key].add(str(arrest))
        kinds[key] = (kind, name)
        touches.setdefault(key, set())
    joined: dict[str, set[str]] = defaultdict(set)
    pairs = Alias.objects.filter(end=None).values_list("id", "one__kind", "one__name", "other__kind", "other__name")[
        :ROWS_MOST
    ]
    for alias, *two in pairs:
        ends = [(two[0], two[1]), (two[2], two[3])]
        if any(f"{kind} {name}" in touches for kind, name in ends):
            for kind, name in ends:
                key = f"{kind} {name}"
                joined[key].add(str(alias))
                kinds[key] = (kind, name)
                touches.setdefault(key, set())
    numbers = {number for each in touches.values() for number in each}
    losses, days_of = _losses(numbers)
    nodes = {
        key: Node(key, *kinds[key], frozenset(touches[key]), frozenset(arrests[key]), frozenset(joined[key]))
        for key in touches
    }
    return [ring for ring in grouped(nodes, losses, days_of) if len(ring.complaints) >= least or ring.arrests]


def _losses(numbers: Iterable[str]) -> tuple[dict[str, int], dict[str, dt.date]]:
    losses: dict[str, int] = {}
    days: dict[str, dt.date] = {}
    wanted = Complaint.objects.filter(number__in=list(numbers), withdrawn_at=None)
    for number, filed_at in wanted.values_list("number", "filed_at"):
        days[number] = filed_at.astimezone(IST).date()
    sums = (
        Debit.objects.filter(complaint__in=wanted).values_list("complaint__number").annotate(paise=Sum("amount_paise"))
    )
    for number, paise in sums:
        losses[number] = paise
    return losses, days


def grouped(nodes: Mapping[str, Node], losses: Mapping[str, int], days_of: Mapping[str, dt.date]) -> list[Ring]:
    """Rings of these nodes; pure. A complaint without a loss row (withdrawn) counts for nothing."""
    edges = edges_of(nodes)
    found = []
    for members in _parts(nodes, edges):
        inside = [nodes[key] for key in sorted(members)]
        complaints = {number for node in inside for number in node.complaints if number in losses}
        if not complaints and not any(node.arrests for node in inside):
            continue
        found.append(
            Ring(
                inside,
                {pair: weight for pair, weight in edges.items() if pair[0] in members},
                complaints,
                sum(losses[number] for number in complaints),
                _weeks(days_of[number] for number in complaints),
                stop_first(inside, losses),
                {arrest for node in inside for arrest in node.arrests},
            )
        )
    return sorted(found, key=lambda ring: (-ring.paise, ring.nodes[0].key))


def edges_of(nodes: Mapping[str, Node]) -> dict[tuple[str, str], int]:
    """Pairs named together, with the number of complaints and arrests that name both."""
    together: dict[str, list[str]] = defaultdict(list)
    for key, node in nodes.items():
        if len(node.complaints) <= SHARED_MOST:
            for reason in (*node.complaints, *node.arrests, *node.aliases):
                together[reason].append(key)
    edges: Counter[tuple[str, str]] = Counter()
    for keys in together.values():
        for place, one in enumerate(sorted(keys)):
            for other in sorted(keys)[place + 1 :]:
                edges[one, other] += 1
    return dict(edges)


def _parts(nodes: Mapping[str, Node], edges: Mapping[tuple[str, str], int]) -> list[set[str]]:
    near: dict[str, dict[str, int]] = {key: {} for key in nodes}
    for (one, other), weight in edges.items():
        near[one][other] = near[other][one] = weight
    parts = []
    left = set(nodes)
    while left:
        reached = {start := min(left)}
        border = [start]
        while border:
            fresh = [other for other in near[border.pop()] if other not in reached]
            reached.update(fresh)
            border.extend(fresh)
        left -= reached
        parts.extend(_cut(reached, near) if len(reached) > LARGE else [reached])
    return parts


def _cut(members: set[str], near: Mapping[str, Mapping[str, int]]) -> list[set[str]]:
    """A large part by label propagation in a fixed order: each node takes the label most of its weight points to."""
    label = {key: key for key in members}
    for _ in range(20):
        changed = False
        for key in sorted(members):
            weight: Counter[str] = Counter()
            for other, strength in near[key].items():
                weight[label[other]] += strength
            if not weight:
                continue
            best = max(weight.items(), key=lambda each: (each[1], each[0] == label[key], each[0]))[0]
            changed |= best != label[key]
            label[key] = best
        if not changed:
            break
    groups: dict[str, set[str]] = defaultdict(set)
    for key, name in label.items():
        groups[name].add(key)
    return list(groups.values())


def stop_first(nodes: Iterable[Node], losses: Mapping[str, int], *, most: int = 10) -> list[Stopping]:
    """In which order stopping them covers the most rupees soonest: each next one by what it adds. Greedy cover."""
    covered: set[str] = set()
    waiting = list(nodes)
    order: list[Stopping] = []
    while waiting and len(order) < most:
        adds = {node.key: sum(losses.get(number, 0) for number in node.complaints - covered) for node in waiting}
        # equal sums: a person or phone before an account, because accounts are many
        best = max(waiting, key=lambda node: (adds[node.key], _REACH.get(node.kind, 0), len(node.complaints), node.key))
        if order and adds[best.key] == 0:
            break
        order.append(Stopping(best, adds[best.key], sum(losses.get(number, 0) for number in best.complaints)))
        covered |= best.complaints
        waiting.remove(best)
    return order


_REACH = {"person": 4, "imei": 3, "phone": 2, "email": 1, "social": 1}


def _weeks(days: Iterable[dt.date]) -> list[tuple[dt.date, int]]:
    counts = Counter(day - dt.timedelta(days=day.weekday()) for day in days)
    if not counts:
        return []
    week, last = min(counts), max(counts)
    weeks = []
    while week <= last:
        weeks.append((week, counts[week]))
        week += dt.timedelta(days=7)
    return weeks
