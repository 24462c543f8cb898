"""Proofs from the stored journal: that a fact is in it, and that an older head is its beginning."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from thaam.journal.entries import entry_at
from thaam.journal.models import Checkpoint, Line, Tile
from thaam.journal.tree import consistency, inclusion, root_of_range


class NotNumberedYet(Exception):
    """The fact has no position yet, or no signed checkpoint covers it yet: ask again in a second."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A line's bytes and the path from its leaf to the root of a signed checkpoint."""

    position: int
    entry: bytes
    path: list[bytes]
    checkpoint: Checkpoint


def inclusion_of(fact_id: str, *, checkpoint: Checkpoint | None = None) -> Inclusion:
    """The proof that this fact is in the journal, under `checkpoint` or the newest. Raises NotNumberedYet."""
    line = Line.objects.select_related("fact").filter(fact_id=uuid.UUID(fact_id)).first()
    checkpoint = checkpoint or Checkpoint.objects.order_by("-position").first()
    if not line or not checkpoint or checkpoint.position < line.position:
        raise NotNumberedYet(fact_id)
    path = inclusion(line.position - 1, checkpoint.position, _root_of)
    return Inclusion(line.position, entry_of(line), path, checkpoint)


def head_since(first: int) -> tuple[Checkpoint, list[bytes]]:
    """The newest signed head, and the proof that the first `first` lines are its beginning. Raises NotNumberedYet
    unless it has as many, and at least one."""
    checkpoint = Checkpoint.objects.order_by("-position").first()
    if not checkpoint or not 1 <= first <= checkpoint.position:
        raise NotNumberedYet(str(first))
    return checkpoint, consistency_of(first, checkpoint.position)


def consistency_of(first: int, second: int) -> list[bytes]:
    """The proof that the first `first` lines are the beginning of the first `second`."""
    return consistency(first, second, _root_of)


def entry_of(line: Line) -> bytes:
    """The bytes of a line as its fact stands in the database now; its leaf hash shows whether they are unchanged."""
    return entry_at(line.fact, position=line.position, prev=bytes(line.prev))


def _root_of(lo: int, hi: int) -> bytes:
    return root_of_range(lo, hi, _leaves, _tile)


def _leaves(lo: int, hi: int) -> list[bytes]:
    # leaf 0 is line 1
    lines = Line.objects.filter(position__gt=lo, position__lte=hi).order_by("position")
    return [bytes(leaf) for leaf in lines.values_list("leaf", flat=True)]


def _tile(level: int, number: int) -> bytes | None:
    found = Tile.objects.filter(level=level, number=number).values_list("hash", flat=True).first()
    return bytes(found) if found else None
