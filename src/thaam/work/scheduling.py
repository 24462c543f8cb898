"""Put something on the work table, in the transaction that makes it necessary."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from thaam.journal.gathering import Gathered, open_gathering

_INSERT = """
    INSERT INTO work_job AS job (kind, key, run_at, partner, attempts_max, payload, state, lease_no, attempt,
                                 last_error, scheduled_at)
    SELECT kind, key, run_at, partner, attempts_max, payload, 'due', 0, 0, '', now()
    FROM json_populate_recordset(NULL::work_job, %s)
    ON CONFLICT (key) DO UPDATE SET run_at = excluded.run_at, payload = excluded.payload
        WHERE job.state = 'due'
          AND (job.run_at, job.payload) IS DISTINCT FROM (excluded.run_at, excluded.payload)
"""
_GATHERED = "work:jobs"


def schedule(
    *, kind: str, key: str, run_at: datetime.datetime, partner: str = "", attempts_max: int = 12, **payload: Any
) -> None:
    """Do `kind` at `run_at` (aware UTC) with `payload` (JSON values). `key` names the thing to be done, once.

    The same key again changes time and payload while nobody has begun it, and does nothing once it is leased, done or
    dead: to do it again, use another key. Locks that one row. In a gathering it is written when that closes.
    """
    row = {
        "kind": kind, "key": key, "run_at": run_at.isoformat(), "partner": partner, "attempts_max": attempts_max,
        "payload": payload,
    }  # fmt: skip
    if (rows := open_gathering()) is not None:
        _gathered(rows)[key] = row
    else:
        _insert([row])


def unschedule(*, key: str) -> None:
    """Take a thing off the table that nobody has begun. Locks that one row. In a gathering: when that closes."""
    if (rows := open_gathering()) is not None:
        _gathered(rows)[key] = None
    else:
        _delete([key])


def _gathered(rows: Gathered) -> dict[str, dict[str, Any] | None]:
    """What to do by key, None to take it off; the last word counts."""
    jobs: dict[str, dict[str, Any] | None] = rows.once(_GATHERED, dict)
    rows.at_the_end(_GATHERED, lambda: _write(jobs))
    return jobs


def _write(jobs: dict[str, dict[str, Any] | None]) -> None:
    # by key, so that two gatherings never wait for each other
    if gone := sorted(key for key, row in jobs.items() if row is None):
        _delete(gone)
    if rows := [row for _, row in sorted(jobs.items()) if row is not None]:
        _insert(rows)


def _insert(rows: Sequence[dict[str, Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [json.dumps(rows, ensure_ascii=False)])


def _delete(keys: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM work_job WHERE key = ANY(%s) AND state = 'due'", [keys])
