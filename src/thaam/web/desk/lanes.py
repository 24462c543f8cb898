"""The lanes of a trail: where each account's card stands, which edges join them, what left at the shore.

x is the hop (the victim at the left, exits at the right), y follows the money's order. Positions come from data
order alone, so the same complaint gives the same picture; new answers append. Pure: values in, values out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CARD_W, CARD_H = 146, 78
GUTTER, ROW_GAP, TOP = 41, 14, 44
SHORE_W, EXIT_H = 150, 48
LANE_CARDS_MAX = 9
"""More than these in one lane are bundled, smallest first; a card that holds money or waits is never bundled."""


@dataclass(slots=True)
class Spot:
    """One account (or bundle): sums in paise; `parts` by state plus "onward" add up to `in_paise`."""

    key: str
    hop: int
    bank: str
    account: str
    in_paise: int
    parts: dict[str, int]
    claims: int = 1
    late: bool = False
    count: int = 1
    x: float = 0
    y: float = 0

    @property
    def waits(self) -> bool:
        """Some of the money here waits for the bank's answer."""
        return self.parts.get("asked", 0) > 0


@dataclass(frozen=True, slots=True)
class Flow:
    """Money from one account to another, all payments between them together."""

    source: str
    target: str
    paise: int


@dataclass(slots=True)
class Exit:
    """Money that left at one account in one way."""

    key: str
    source: str
    kind: str
    detail: str
    paise: int
    y: float = 0


@dataclass(slots=True)
class Lanes:
    """The whole picture, placed."""

    spots: list[Spot]
    flows: list[Flow]
    loops: list[Flow]
    exits: list[Exit]
    width: float = 0
    height: float = 0
    shore_x: float = 0
    by_key: dict[str, Spot] = field(default_factory=dict)


def place(spots: Iterable[Spot], flows: Iterable[Flow], exits: Iterable[Exit]) -> Lanes:
    """Bundle crowded lanes, order each lane by where its money comes from, and give every card its place."""
    spots, flows, exits = _bundled(list(spots), list(flows), list(exits))
    by_key = {spot.key: spot for spot in spots}
    forward = [flow for flow in flows if by_key[flow.source].hop < by_key[flow.target].hop]
    loops = [
        flow for flow in flows if by_key[flow.source].hop >= by_key[flow.target].hop and flow.source != flow.target
    ]
    lanes: dict[int, list[Spot]] = {}
    for spot in spots:
        lanes.setdefault(spot.hop, []).append(spot)
    tallest = max((len(lane) for lane in lanes.values()), default=1)
    column = max(tallest * (CARD_H + ROW_GAP), len(exits) * (EXIT_H + ROW_GAP), CARD_H)
    for hop in sorted(lanes):
        lane = lanes[hop]
        lane.sort(key=lambda spot: (_pull(spot, forward, by_key), -spot.in_paise, spot.key))
        height = len(lane) * (CARD_H + ROW_GAP) - ROW_GAP
        start = TOP + (column - height) / 2
        for row, spot in enumerate(lane):
            spot.x = hop * (CARD_W + GUTTER)
            spot.y = start + row * (CARD_H + ROW_GAP)
    shore_x = (max(lanes, default=0) + 1) * (CARD_W + GUTTER)
    exits.sort(key=lambda each: (by_key[each.source].y, by_key[each.source].x, -each.paise))
    for row, each in enumerate(exits):
        each.y = TOP + row * (EXIT_H + ROW_GAP)
    bottom = TOP + column + (46 if loops else 8)
    return Lanes(spots, forward, loops, exits, shore_x + SHORE_W, bottom, shore_x, by_key)


def _pull(spot: Spot, flows: Iterable[Flow], by_key: Mapping[str, Spot]) -> float:
    """The value-weighted height of where the money comes from."""
    coming = [(by_key[flow.source].y, flow.paise) for flow in flows if flow.target == spot.key]
    weight = sum(paise for _, paise in coming)
    return sum(y * paise for y, paise in coming) / weight if weight else 0


def _bundled(spots: list[Spot], flows: list[Flow], exits: list[Exit]) -> tuple[list[Spot], list[Flow], list[Exit]]:
    """Small cards of a crowded lane become one; sums are kept, nothing is dropped."""
    into: dict[str, str] = {}
    kept: list[Spot] = []
    for hop in sorted({spot.hop for spot in spots}):
        lane = sorted((spot for spot in spots if spot.hop == hop), key=lambda spot: (-spot.in_paise, spot.key))
        quiet = [spot for spot in lane if not spot.parts.get("held") and not spot.waits and spot.hop > 0]
        spare = len(lane) - LANE_CARDS_MAX
        small = quiet[-(spare + 1) :] if spare > 0 and len(quiet) > spare else []
        if len(small) < 2:
            kept += lane
            continue
        parts: dict[str, int] = {}
        for spot in small:
            into[spot.key] = f"bundle-{hop}"
            for state, paise in spot.parts.items():
                parts[state] = parts.get(state, 0) + paise
        bundle = Spot(f"bundle-{hop}", hop, "", "", sum(spot.in_paise for spot in small), parts, count=len(small))
        kept += [spot for spot in lane if spot.key not in into] + [bundle]
    if not into:
        return kept, flows, exits
    sums: dict[tuple[str, str], int] = {}
    for flow in flows:
        pair = (into.get(flow.source, flow.source), into.get(flow.target, flow.target))
        sums[pair] = sums.get(pair, 0) + flow.paise
    left: dict[tuple[str, str], Exit] = {}
    for each in exits:
        source = into.get(each.source, each.source)
        key = (source, each.kind if source.startswith("bundle-") else each.key)
        if key in left:
            left[key].paise += each.paise
        else:
            left[key] = Exit(f"{source}-{each.key}", source, each.kind, each.detail, each.paise)
    return kept, [Flow(a, b, paise) for (a, b), paise in sums.items() if a != b], list(left.values())


def width_of(paise: int, whole: int) -> float:
    """Four widths of an edge by its share of the whole."""
    share = paise / whole if whole else 0
    return 8 if share >= 0.4 else 5.5 if share >= 0.2 else 3.5 if share >= 0.06 else 2


def path_through(picked: str, flows: Iterable[Flow]) -> set[tuple[str, str]]:
    """Every edge on a way from the victim to the picked account or on from it."""
    flows = list(flows)
    on: set[tuple[str, str]] = set()
    for forward in (True, False):
        reached, changed = {picked}, True
        while changed:
            changed = False
            for flow in flows:
                here, there = (flow.source, flow.target) if forward else (flow.target, flow.source)
                if here in reached and (flow.source, flow.target) not in on:
                    on.add((flow.source, flow.target))
                    reached.add(there)
                    changed = True
    return on
