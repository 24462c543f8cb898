"""How often one address may guess, counted in one small table for all processes of the platform together."""

from __future__ import annotations

import datetime as dt

from django.db import connection

# One statement: two processes that count at the same moment count two.
_COUNT = """
    INSERT INTO parties_guess AS g (key, count, from_at) VALUES (%(key)s, 1, %(at)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN g.from_at <= %(since)s THEN 1 ELSE g.count + 1 END,
        from_at = CASE WHEN g.from_at <= %(since)s THEN %(at)s ELSE g.from_at END
    RETURNING count
"""


def count_guess(*, key: str, at: dt.datetime, within: dt.timedelta) -> int:
    """Count one try under `key`; returns how many there were within `within`, this one included."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key[:160], "at": at, "since": at - within})
        return int(cursor.fetchone()[0])


def uncount_guess(*, key: str) -> None:
    """One that was right is no guess."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_guess SET count = greatest(count - 1, 0) WHERE key = %s", [key[:160]])


def forget_guesses(*, before: dt.datetime) -> int:
    """Delete counts that began before `before`; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM parties_guess WHERE from_at < %s", [before])
        return int(cursor.rowcount)
