"""Look for facts outside the journal: in no line and not waiting for one, or shown under a topic they do not have; and
for stored parts of the tree that are not those of its lines."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from .models import Fact, Line, Tile
from .tree import TILE, Growing


def findings() -> Iterator[str]:
    """One sentence for each; nothing of ours writes such a row."""
    for fact in Fact.objects.filter(line=None, pending=None).order_by("at", "id").iterator():
        yield f"fact {fact.pk} ({fact.kind}): it is in no line of the journal and waits for none"
    for position in Line.objects.exclude(topic=F("fact__topic")).values_list("position", flat=True):
        yield f"line {position}: it is filed under another topic than its fact, so its reader does not see it"
    yield from _tiles()


def _tiles() -> Iterator[str]:
    """Proofs are made from tiles: one that is false, missing or too much would let none hold."""
    kept = {(level, number): bytes(root) for level, number, root in Tile.objects.values_list("level", "number", "hash")}
    tree = Growing()
    for leaf in Line.objects.order_by("position").values_list("leaf", flat=True).iterator(chunk_size=10 * TILE):
        for level, number, root in tree.add(bytes(leaf)):
            if kept.pop((level, number), None) != root:
                yield f"tile {level}/{number}: it is not the root of its lines"
    yield from (f"tile {level}/{number}: no lines belong to it" for level, number in kept)
