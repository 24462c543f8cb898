"""Read the journal in order, from a position on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from thaam.journal.kinds import Kind
from thaam.journal.models import Cursor, Fact, Line


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact and its position."""

    position: int
    fact: Fact


def facts_after(position: int, limit: int, kinds: Collection[Kind] | None = None) -> Iterator[Numbered]:
    """Numbered facts after `position`, at most `limit` lines of the journal looked at, only those of `kinds`.

    A reader moves its cursor to the last position looked at: use `last_position(position, limit)` for that when it
    filters by kind and may get nothing.
    """
    lines = Line.objects.filter(position__gt=position, position__lte=position + limit).order_by("position")
    if kinds is not None:
        lines = lines.filter(fact__kind__in=[kind.value for kind in kinds])
    for line in lines.select_related("fact"):
        yield Numbered(position=line.position, fact=line.fact)


def last_position(position: int | None = None, limit: int = 0) -> int:
    """The head of the journal, or with arguments the last position a read of `limit` lines after `position` covers."""
    head = Line.objects.order_by("-position").values_list("position", flat=True).first() or 0
    return head if position is None else max(position, min(head, position + limit))


def cursor_of(reader: str) -> int:
    """Where `reader` (a loop's name) stands; 0 for a new one."""
    return Cursor.objects.filter(reader=reader).values_list("position", flat=True).first() or 0


def cursors() -> dict[str, int]:
    """Where every reader stands, by name."""
    return dict(Cursor.objects.values_list("reader", "position"))


def take_cursor(reader: str) -> Cursor | None:
    """The cursor of `reader`, locked until the transaction ends, made when new; None when another process has it."""
    Cursor.objects.bulk_create([Cursor(reader=reader)], ignore_conflicts=True)
    return Cursor.objects.select_for_update(of=("self",), skip_locked=True).filter(reader=reader).first()


def move_cursor(reader: str, position: int) -> None:
    """Remember that `reader` has dealt with everything up to `position`; in the transaction of what it did."""
    Cursor.objects.update_or_create(reader=reader, defaults={"position": position})
