"""Take due jobs under a lease, and finish or fail them under its fence number.

At least once, with a stable key: a killed worker's job comes back when its lease runs out, and a worker that was only
slow changes nothing any more, because its number is old.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from thaam.journal.ids import draw_below
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.work.models import Job

# What a killed worker had in its hands comes back after this long: somebody may be waiting for a code.
LEASE = datetime.timedelta(seconds=15)
BACKOFF_BASE = datetime.timedelta(seconds=2)
BACKOFF_MAX = datetime.timedelta(minutes=15)
# Work for one partner at one time, however many workers there are.
PARTNER_MAX = 4
LOCK = 0x776F726B  # "work"


class LeaseLost(Exception):
    """Somebody else has this job by now: drop what was done for it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One job in our hands until `lease_until`."""

    id: int
    kind: str
    key: str
    partner: str
    payload: dict[str, Any]
    attempt: int
    lease_no: int


_CLAIM = """
    WITH busy AS (
        SELECT partner, count(*) AS jobs FROM work_job
        WHERE state = 'leased' AND lease_until > %(at)s AND partner <> '' GROUP BY partner
    ), due AS (
        SELECT id, partner, row_number() OVER (PARTITION BY partner ORDER BY run_at, id) AS place, run_at
        FROM work_job
        WHERE kind = ANY(%(kinds)s)
          AND ((state = 'due' AND run_at <= %(at)s) OR (state = 'leased' AND lease_until <= %(at)s))
    ), chosen AS (
        SELECT due.id FROM due LEFT JOIN busy USING (partner)
        WHERE due.partner = '' OR due.place <= %(partner_max)s - coalesce(busy.jobs, 0)
        ORDER BY due.run_at, due.id LIMIT %(limit)s
    )
    UPDATE work_job SET state = 'leased', lease_until = %(until)s, lease_no = lease_no + 1, attempt = attempt + 1
    WHERE id IN (SELECT id FROM chosen)
    RETURNING id, kind, key, partner, payload, attempt, lease_no
"""


@transaction.atomic
def claim(*, kinds: list[str], limit: int, at: datetime.datetime, lease: datetime.timedelta = LEASE) -> list[Claim]:
    """Lease up to `limit` due jobs of these kinds, oldest first; expired leases count as due.

    Takes the claim's advisory lock until commit: the limit per partner is exact with many workers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(
            _CLAIM, {"kinds": kinds, "limit": limit, "at": at, "until": at + lease, "partner_max": PARTNER_MAX}
        )
        names = ("id", "kind", "key", "partner", "payload", "attempt", "lease_no")
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    # Django has psycopg hand JSON columns over as text
    claims = [Claim(**row | {"payload": json.loads(row["payload"])}) for row in rows]
    return sorted(claims, key=lambda claim: claim.id)


def finish(claim: Claim, *, at: datetime.datetime, forget: bool = False) -> None:
    """Done. In the transaction of the effect, so that both happen or neither. Raises LeaseLost.

    `forget` empties the payload: a message to a person is nobody's business once it is sent.
    """
    columns: dict[str, Any] = {"payload": {}} if forget else {}
    _change(claim, state=Job.State.DONE, finished_at=at, lease_until=None, **columns)


def finish_all(claims: Sequence[Claim], *, at: datetime.datetime) -> None:
    """All done, in the transaction of their effect. Raises LeaseLost when one of them is somebody else's by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE work_job AS job SET state = 'done', finished_at = %s, lease_until = NULL "
            "FROM unnest(%s::bigint[], %s::bigint[]) AS mine (id, lease_no) "
            "WHERE job.id = mine.id AND job.lease_no = mine.lease_no AND job.state = 'leased'",
            [at, [claim.id for claim in claims], [claim.lease_no for claim in claims]],
        )
        if cursor.rowcount != len(claims):
            raise LeaseLost(f"{len(claims) - cursor.rowcount} of {len(claims)}")


@transaction.atomic
def fail(claim: Claim, *, at: datetime.datetime, error: str, chance: float | None = None) -> None:
    """Try again later, twice as late each time, half more or less by chance; after the last try it is dead.

    A dead job is the fact "job:dead", never silence. `chance` in [0, 1) is drawn here when not given. Raises LeaseLost.
    """
    attempts_max = Job.objects.values_list("attempts_max", flat=True).get(id=claim.id)
    if claim.attempt >= attempts_max:
        _change(claim, state=Job.State.DEAD, finished_at=at, lease_until=None, last_error=error[:2000])
        record(Kind.JOB_DEAD, about=f"job:{claim.id}", by="loop:work", at=at, key=claim.key, kind_of_job=claim.kind)
        return
    wait = min(BACKOFF_MAX, BACKOFF_BASE * 2 ** (claim.attempt - 1))
    wait *= 0.5 + (draw_below(1_000) / 1_000 if chance is None else chance)
    _change(claim, state=Job.State.DUE, run_at=at + wait, lease_until=None, last_error=error[:2000])


def _change(claim: Claim, **columns: Any) -> None:
    mine = Job.objects.filter(id=claim.id, lease_no=claim.lease_no, state=Job.State.LEASED)
    if not mine.update(**columns):
        raise LeaseLost(claim.key)
