"""What a snapshot freezes besides the complaints: calls, ageing holds, objections, applications."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from thaam.grievances.models import Objection
from thaam.helpline.calls import Call, Outcome
from thaam.helpline.figures import service_figures
from thaam.helpline.store import FILE, CallStore
from thaam.language.dates import IST
from thaam.oversight.people_needed import staffing_of
from thaam.restoration.models import Application, Restoration


def beside_of(*, start: dt.datetime, end: dt.datetime, at: dt.datetime) -> dict[str, Any]:
    """All of them for `[start, end)` as of `at`, as plain values."""
    return {
        "helpline": helpline_of(calls_between(start, end)),
        "ageing": _ageing(at),
        "objections": _objections(start, end, at),
        "restoration": _restoration(start, end),
    }


def calls_between(start: dt.datetime, end: dt.datetime) -> list[Call]:
    """Calls offered in `[start, end)`; none when no call was ever taken in."""
    if not (settings.DATA / FILE).exists():
        return []
    with CallStore(settings.DATA) as store:
        return store.calls_between(round(start.timestamp() * 1000), round(end.timestamp() * 1000))


def helpline_of(calls: list[Call]) -> dict[str, Any]:
    """Service figures, and by weekday and hour: offered, answered within 60 s, mean handling. Empty without calls."""
    if not calls:
        return {}
    grid = [[[0, 0, 0, 0] for _ in range(24)] for _ in range(7)]
    for call in calls:
        if call.outcome not in (Outcome.ANSWERED, Outcome.ABANDONED):
            continue
        here = dt.datetime.fromtimestamp(call.offered_at / 1000, IST)
        cell = grid[here.weekday()][here.hour]
        cell[0] += 1
        if call.outcome is Outcome.ANSWERED:
            cell[1] += call.wait_ms is not None and call.wait_ms <= 60_000
            cell[2] += 1
            cell[3] += call.handling_ms or 0
    days = {dt.datetime.fromtimestamp(call.offered_at / 1000, IST).date() for call in calls}
    figures = {**service_figures(calls), "hours": grid, "days": len(days)}
    return figures | {"staffing": staffing_of(figures)}


def _ageing(at: dt.datetime) -> list[list[int]]:
    """Holds that hold money now, by weeks since they were asked for: [week, holds, paise]; each paisa once."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT week, count(*), sum(paise) FROM (
                SELECT floor(extract(epoch FROM %s - asked_at) / 604800)::int AS week,
                       (SELECT sum(upper(r) - lower(r)) FROM unnest(held) r) AS paise
                FROM holds_hold WHERE NOT isempty(held) AND expires_at > %s AND asked_at <= %s
            ) AS open GROUP BY week ORDER BY week
            """,
            [at, at, at],
        )
        return [[int(week), int(holds), int(paise)] for week, holds, paise in cursor.fetchall()]


def _objections(start: dt.datetime, end: dt.datetime, at: dt.datetime) -> dict[str, int]:
    return Objection.objects.aggregate(
        lodged=Count("id", filter=Q(lodged_at__gte=start, lodged_at__lt=end)),
        decided=Count("id", filter=Q(closed_at__gte=start, closed_at__lt=end)),
        open=Count("id", filter=Q(closed_at=None)),
        overdue=Count("id", filter=Q(closed_at=None, due_at__lt=at)),
    )


def _restoration(start: dt.datetime, end: dt.datetime) -> dict[str, int]:
    applied = Application.objects.aggregate(
        applied=Count("id", filter=Q(applied_at__gte=start, applied_at__lt=end)),
        verified=Count("id", filter=Q(verified_at__gte=start, verified_at__lt=end)),
        refused=Count("id", filter=Q(refused_at__gte=start, refused_at__lt=end)),
    )
    proposed = Restoration.objects.aggregate(
        proposed=Count("id", filter=Q(proposed_at__gte=start, proposed_at__lt=end)),
        approved=Count("id", filter=Q(approved_at__gte=start, approved_at__lt=end)),
        waiting=Count("id", filter=Q(approved_at=None, refused_at=None)),
    )
    return {**applied, **proposed}
