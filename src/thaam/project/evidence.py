"""What `thaam verify` reads of a database; which tables are evidence, and which of their columns are none, and why.

tests/stories/test_verify_under_attack.py changes every column of these tables behind the back of the database: each
change must be found, but for those named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from thaam.holds import verifying as books
from thaam.journal import strays
from thaam.letters import verifying as letters
from thaam.mailbox.exporting import export

TABLES = (
    "journal_fact", "journal_line", "journal_tile", "journal_checkpoint", "parties_partnerkey", "mailbox_order",
    "mailbox_answer", "holds_book", "holds_hold", "holds_entry", "holds_amendment", "letters_letter",
)  # fmt: skip

# Table and column, or "row" for a row that is gone: why nothing is found, and what speaks instead.
NO_EVIDENCE = {
    "journal_line.numbered_at": "when a line got its number; the line's own time is the fact's",
    "journal_checkpoint row": "a head that is simply gone; whoever took a page of a mailbox has one, and brings it",
    "mailbox_order.state": "where an order stands just now, made from its answers and the clock; those are evidence",
    "mailbox_answer.skew_seconds": "how wrong the bank's clock was by our measure; its own time is in its signed words",
    "mailbox_answer.settled_at": "when its verb ran here; what that changed stands in facts, entries and holds",
    "holds_book.opened_at": "when the row was made; what happened in the book stands in its entries",
    "letters_letter.id": "a letter is known by its number",
}


def records() -> Iterator[dict[str, Any]]:
    """The export, entries and letters behind it: one moment of the database, later commits are not seen in between."""
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from export(has=("entries", "letters"))
        yield from books.entry_records()
        yield from letters.letter_records()


def findings() -> list[str]:
    """What shows in the database alone: rows that contradict each other or the journal."""
    return [*strays.findings(), *books.findings(), *letters.findings()]
