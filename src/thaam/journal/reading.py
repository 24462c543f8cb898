"""Read the journal in order, from a position on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from thaam.journal.models import Cursor, Fact, Line
from thaam.journal.rows import read_by

_LINES = "SELECT position, fact_id FROM journal_line WHERE position > %s AND position <= %s ORDER BY position"
_MOVE = """
    WITH free AS (
        SELECT reader FROM journal_cursor WHERE reader = ANY(%s) AND position < %s ORDER BY reader
        FOR UPDATE SKIP LOCKED
    )
    UPDATE journal_cursor AS cursor SET position = %s FROM free WHERE cursor.reader = free.reader
"""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A fact and its position."""

    position: int
    fact: Fact


def facts_after(position: int, limit: int) -> list[Numbered]:
    """The facts of the next `limit` lines of the journal after `position`, in order.

    Two statements by key. One that joins and asks for kinds goes through all facts of a kind, line by line, wherever
    the planner does not know the tables yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [position, position + limit])
        lines = cursor.fetchall()
    facts = {fact.id: fact for fact in read_by(Fact, "id", [fact_id for _, fact_id in lines])} if lines else {}
    return [Numbered(position, facts[fact_id]) for position, fact_id in lines]


def last_position() -> int:
    """The head of the journal."""
    return Line.objects.order_by("-position").values_list("position", flat=True).first() or 0


def cursors() -> dict[str, int]:
    """Where every reader stands, by name."""
    return dict(Cursor.objects.values_list("reader", "position"))


def begin_cursors(readers: Collection[str]) -> None:
    """Cursors of new readers, at the beginning of the journal."""
    Cursor.objects.bulk_create([Cursor(reader=reader) for reader in readers], ignore_conflicts=True)


def move_cursors(readers: Collection[str], *, to: int, below: int) -> int:
    """Move the cursors that stand `below` a position; how many. Those that another process has in hand stay.

    Locks the rows moved, by name, until the transaction ends: what is done with a fact goes after this into the
    same transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [list(readers), below, to])
        return int(cursor.rowcount)
