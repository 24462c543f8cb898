"""The picture of a ring: circles by kind on one ring each, lines where one complaint names both; no script needed."""

from __future__ import annotations

import math
from html import escape

from thaam.prevention.network import Node, Ring
from thaam.web.suspects.words import KINDS

WIDTH, HEIGHT = 760, 460
SHOWN = 40
NAMED_ALL = 14
"""Up to so many every one is named in the picture; of more only those to be stopped first, or names hide names."""
_SHAPES = {"person": 12, "phone": 9, "imei": 9}


def drawn(ring: Ring, lang: str) -> str:
    """SVG of the ring's most touched identifiers; the table beside it says the same."""
    nodes = sorted(ring.nodes, key=lambda node: (-len(node.complaints) - 5 * len(node.arrests), node.key))[:SHOWN]
    place = _placed(nodes)
    first = {each.node.key for each in ring.first[:1]}
    lines = "".join(
        f'<line x1="{place[one][0]}" y1="{place[one][1]}" x2="{place[other][0]}" y2="{place[other][1]}" '
        f'stroke="var(--line)" stroke-width="{min(1 + weight, 5)}"/>'
        for (one, other), weight in ring.edges.items()
        if one in place and other in place
    )
    named = {node.key for node in nodes} if len(nodes) <= NAMED_ALL else {each.node.key for each in ring.first}
    dots = "".join(_dot(node, place[node.key], node.key in first, node.key in named, lang) for node in nodes)
    label = f"{len(ring.nodes)} / {len(ring.complaints)}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}" '
        f'style="width:100%;height:auto;font-size:12px">{lines}{dots}</svg>'
    )


def _placed(nodes: list[Node]) -> dict[str, tuple[int, int]]:
    """The most touched in the middle, the rest around it, kinds side by side so that lines cross little."""
    if not nodes:
        return {}
    place = {nodes[0].key: (WIDTH // 2, HEIGHT // 2)}
    rest = sorted(nodes[1:], key=lambda node: (node.kind, sorted(node.complaints)[:1], node.key))
    for number, node in enumerate(rest):
        far = 0.62 if number % 2 and len(rest) > 14 else 1.0
        angle = 2 * math.pi * number / max(1, len(rest)) - math.pi / 2
        place[node.key] = (
            round(WIDTH / 2 + far * (WIDTH / 2 - 110) * math.cos(angle)),
            round(HEIGHT / 2 + far * (HEIGHT / 2 - 36) * math.sin(angle)),
        )
    return place


def _dot(node: Node, at: tuple[int, int], first: bool, named: bool, lang: str) -> str:
    x, y = at
    size = _SHAPES.get(node.kind, 6) + min(len(node.complaints), 8)
    kind = KINDS[node.kind].in_(lang) if node.kind in KINDS else node.kind
    colour = "var(--geru)" if first else "var(--jamun)" if node.arrests else "var(--neel)"
    shape = (
        f'<rect x="{x - size}" y="{y - size}" width="{2 * size}" height="{2 * size}" fill="{colour}"/>'
        if node.kind in ("account", "vpa", "card")
        else f'<circle cx="{x}" cy="{y}" r="{size}" fill="{colour}"/>'
    )
    short = node.name if len(node.name) <= 18 else f"…{node.name[-14:]}"
    words = (
        f'<text x="{x}" y="{y + size + 13}" text-anchor="middle" fill="var(--ink)" stroke="var(--card)" '
        f'stroke-width="4" paint-order="stroke">{escape(short)}</text>'
        if named
        else ""
    )
    return f"<g><title>{escape(kind)}: {escape(node.name)} ({len(node.complaints)})</title>{shape}{words}</g>"
