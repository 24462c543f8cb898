"""Find a complaint without signing in: by its short link, or by its number with the last four of the mobile.

Row-level security hides every complaint from a request without a desk; two functions in the database answer exactly
these two questions with an id, and the caller then sits at that complaint's desk.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from .numbering import is_number


def complaint_by_link(link: str) -> Any | None:
    """The id behind a citizen's short link, or None."""
    return _ask("SELECT complaint_by_link(%s)", link.strip().lower())


def complaint_by_number(number: str, last4: str) -> Any | None:
    """The id of the complaint of this number whose mobile ends so, or None (which of the two is wrong is not told)."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    if not is_number(digits) or len(last4) != 4:
        return None
    return _ask("SELECT complaint_by_number(%s, %s)", digits, last4)


def _ask(question: str, *words: str) -> Any | None:
    with connection.cursor() as cursor:
        cursor.execute(question, words)
        return cursor.fetchone()[0]
