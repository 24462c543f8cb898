"""The people and banks of the tests, made through the verbs, and how to run as another database role."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator

from django.db import connection

NOON = datetime.datetime(2026, 11, 25, 6, 30, tzinfo=datetime.UTC)


@contextlib.contextmanager
def running_as(role: str) -> Iterator[None]:
    """Run as `thaam_app` or `thaam_loops` until the block ends, then as before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET ROLE {role}")
    yield
    # an aborted transaction undoes its own SET ROLE
    if not connection.needs_rollback and connection.connection and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {before}")
