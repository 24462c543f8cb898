"""Put something on the work table, in the transaction that makes it necessary."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.db import connection

from thaam.work.models import Job


def schedule(
    *, kind: str, key: str, run_at: datetime.datetime, partner: str = "", attempts_max: int = 12, **payload: Any
) -> None:
    """Do `kind` at `run_at` (aware UTC) with `payload` (JSON values). `key` names the thing to be done, once.

    The same key again changes time and payload while nobody has begun it, and does nothing once it is leased, done or
    dead: to do it again, use another key. Locks that one row.
    """
    columns: dict[str, Any] = {"kind": kind, "key": key, "run_at": run_at, "partner": partner}
    columns |= {"attempts_max": attempts_max}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO work_job AS job (kind, key, run_at, partner, attempts_max, payload, state, lease_no, attempt,
                                         last_error, scheduled_at)
            VALUES (%(kind)s, %(key)s, %(run_at)s, %(partner)s, %(attempts_max)s, %(payload)s::jsonb, 'due', 0, 0, '',
                    now())
            ON CONFLICT (key) DO UPDATE SET run_at = excluded.run_at, payload = excluded.payload
                WHERE job.state = 'due'
                  AND (job.run_at, job.payload) IS DISTINCT FROM (excluded.run_at, excluded.payload)
            """,
            columns | {"payload": json.dumps(payload, ensure_ascii=False)},
        )


def unschedule(*, key: str) -> bool:
    """Take a thing off the table that nobody has begun; False when there was none. Locks that one row."""
    deleted, _ = Job.objects.filter(key=key, state=Job.State.DUE).delete()
    return bool(deleted)
