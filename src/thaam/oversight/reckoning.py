"""Reckon a snapshot's sums once, by every axis, in the database: what pages show is read from these rows.

The same function serves a snapshot of fifty complaints and one of a million (bench/oversight.py loads those by COPY).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection, transaction

from thaam.oversight.models import STATES, Snapshot

# Delay of the report in seconds: lower end of each step.
DELAYS = (0, 900, 1800, 3600, 21600, 86400)
_SUMS = ", ".join(f"sum({name}_paise)" for name in ("reported", *STATES, "same_day"))
_COLUMNS = ", ".join(f"{name}_paise" for name in ("reported", *STATES, "same_day"))
_HERE = "filed_at AT TIME ZONE 'Asia/Kolkata'"
_AXES = f"""
    ('all', ''),
    ('district', coalesce(district_code::text, '')),
    ('channel', channel),
    ('bank', payer_bank),
    ('modus', modus),
    ('delay', (width_bucket(reported_after_s, ARRAY[{", ".join(map(str, DELAYS))}]) - 1)::text),
    ('hour', (extract(isodow FROM {_HERE})::int - 1) || '|' || extract(hour FROM {_HERE})::int),
    ('district_channel', coalesce(district_code::text, '') || '|' || channel),
    ('step', CASE WHEN restored_paise > 0 THEN 'restored'
                  WHEN held_paise + released_paise > 0 THEN 'held' ELSE 'reported' END),
    ('week_modus', to_char({_HERE}, 'IYYY-"W"IW') || '|' || modus)
"""


def reckon(snapshot: Snapshot, *, divisions: Mapping[str, list[int]]) -> None:
    """Write the sums of a snapshot whose complaints and orders are in; withdrawn ones stand in none but their own.

    `divisions` are groups of districts (LGD codes) with medians of their own.
    """
    halves = (
        "percentile_disc(0.5) WITHIN GROUP (ORDER BY reported_after_s), "
        "percentile_disc(0.5) WITHIN GROUP (ORDER BY held_after_s)"
    )
    into = (
        f"INSERT INTO oversight_summed (snapshot_id, axis, key, complaints, {_COLUMNS}, "
        "half_reported_after_s, half_held_after_s) "
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # a million complaints by ten axes take longer than a page may
        cursor.execute("SET LOCAL statement_timeout = '30min'")
        cursor.execute(
            f"{into} SELECT %s, axis, key, count(*), {_SUMS}, {halves} "
            f"FROM oversight_counted CROSS JOIN LATERAL (VALUES {_AXES}) AS by_axis(axis, key) "
            "WHERE snapshot_id = %s AND NOT withdrawn GROUP BY axis, key",
            [snapshot.pk, snapshot.pk],
        )
        for name, codes in divisions.items():
            cursor.execute(
                f"{into} SELECT %s, 'division', %s, count(*), {_SUMS}, {halves} FROM oversight_counted "
                "WHERE snapshot_id = %s AND NOT withdrawn AND district_code = ANY(%s) HAVING count(*) > 0",
                [snapshot.pk, name, snapshot.pk, codes],
            )
        cursor.execute(
            f"{into} SELECT %s, 'withdrawn', '', count(*), {_SUMS}, {halves} FROM oversight_counted "
            "WHERE snapshot_id = %s AND withdrawn HAVING count(*) > 0",
            [snapshot.pk, snapshot.pk],
        )
        cursor.execute(
            """
            INSERT INTO oversight_banktime (snapshot_id, bank, bank_kind, way, n, in_time, silent, paused,
                                            half_s, p90_s, book_held_paise)
            SELECT %(id)s, bank, max(bank_kind),
                   CASE WHEN EXISTS (SELECT 1 FROM parties_partnerkey k WHERE k.partner = bank) THEN 'api' ELSE 'screen'
                   END,
                   count(*) FILTER (WHERE answered_at IS NOT NULL OR due_at <= %(at)s),
                   count(*) FILTER (WHERE answered_at <= due_at),
                   count(*) FILTER (WHERE answered_at IS NULL AND due_at <= %(at)s),
                   count(*) FILTER (WHERE paused_s > 0),
                   percentile_disc(0.5) WITHIN GROUP (
                       ORDER BY extract(epoch FROM answered_at - asked_at)::int - paused_s),
                   percentile_disc(0.9) WITHIN GROUP (
                       ORDER BY extract(epoch FROM answered_at - asked_at)::int - paused_s),
                   coalesce((SELECT sum(upper(r) - lower(r)) FROM holds_hold h, unnest(h.held) r
                             WHERE h.bank_id = bank AND h.expires_at > %(at)s), 0)
            FROM oversight_countedorder WHERE snapshot_id = %(id)s GROUP BY bank
            """,
            {"id": snapshot.pk, "at": snapshot.taken_at},
        )
