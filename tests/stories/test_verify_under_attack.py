"""Every column of every table that is evidence changed behind the database's back, rows taken out, swapped, tails cut.

`./run test --long tests/stories/test_verify_under_attack.py` does all of it on a lived history; the normal suite does
one change of each table.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from lives import Life
from simulation import fate
from thaam.journal.models import Checkpoint
from thaam.journal.verifying import Verifier, verify
from thaam.project import evidence
from worlds import a_world

# Another value for each type a column of ours has.
OTHER = {
    "uuid": "gen_random_uuid()", "boolean": "NOT {0}", "jsonb": """{0} || '{{"more": 1}}'""", "bigint": "{0} + 1",
    "integer": "{0} + 1", "timestamp with time zone": "{0} - interval '1 second'", "bytea": "{0} || '\\x00'",
    "int8multirange": "{0} + '{{[90000000000,90000000001)}}'", "text": "{0} || 'x'",
    "character varying": "left({0}, length({0}) - 1) || CASE right({0}, 1) WHEN 'x' THEN 'y' ELSE 'x' END",
}  # fmt: skip
ABSENT = {"timestamp with time zone": "now()", "bigint": "1", "integer": "1", "boolean": "true"}


class _Undone(Exception):
    """Leaves the savepoint, so that nothing of the attack stays."""


@contextmanager
def behind_the_back(*statements: str) -> Iterator[None]:
    """As the superuser with triggers and foreign keys off; undone afterwards."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE postgres; SET LOCAL session_replication_role = replica")
                for statement in statements:
                    cursor.execute(statement)
                    assert cursor.rowcount > 0, f"touched nothing: {statement}"
                cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE thaam_loops")
            yield
            raise _Undone
    except _Undone:
        return


def looks(heads: list[dict[str, Any]]) -> list[str]:
    """What `thaam verify --all --checkpoint` finds."""
    records = list(evidence.records())
    first = next((n for n, record in enumerate(records) if "line" in record), len(records))
    records[first:first] = [{"checkpoint": head} for head in heads]
    return [*(str(finding) for finding in verify(records, Verifier())), *evidence.findings()]


def columns(table: str) -> list[tuple[str, str, bool]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type, is_nullable = 'YES' FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = 'public' ORDER BY ordinal_position",
            [table],
        )
        return list(cursor.fetchall())


def changes(table: str) -> Iterator[tuple[str, str]]:
    """(what, SQL): each column of one row made another value, and, where there is one, the value of another row."""
    one = f"(SELECT ctid FROM {table} WHERE {{0}} ORDER BY md5({table}::text) LIMIT 1)"
    for column, sort, may_be_null in columns(table):
        name = f'"{column}"'
        value = OTHER[sort].format(name)
        if sort == "character varying":
            value = f"CASE {name} WHEN '' THEN 'x' ELSE {value} END"
        where = one.format(f"{name} IS NOT NULL")
        yield f"{table}.{column} made", f"UPDATE {table} SET {name} = {value} WHERE ctid = {where}"
        other = f"(SELECT o.{name} FROM {table} o WHERE o.{name} IS DISTINCT FROM t.{name} ORDER BY o.{name} LIMIT 1)"
        yield (
            f"{table}.{column} of another row",
            f"UPDATE {table} t SET {name} = {other} WHERE ctid = {where} AND {other} IS NOT NULL",
        )
        if may_be_null:
            yield f"{table}.{column} emptied", f"UPDATE {table} SET {name} = NULL WHERE ctid = {where}"
            if sort in ABSENT:
                empty = one.format(f"{name} IS NULL")
                yield f"{table}.{column} filled", f"UPDATE {table} SET {name} = {ABSENT[sort]} WHERE ctid = {empty}"
    yield f"{table} row gone", f"DELETE FROM {table} WHERE ctid = {one.format('true')}"


def not_found(attacks: Iterator[tuple[str, str]], heads: list[dict[str, Any]]) -> tuple[list[str], int, int]:
    """What verify did not see of these, how many it saw, and how many the database itself does not let be."""
    missed, seen, refused = [], 0, 0
    for what, statement in attacks:
        try:
            with behind_the_back(statement):
                if looks(heads):
                    seen += 1
                else:
                    missed.append(what)
        except IntegrityError:
            refused += 1
        except Exception as why:
            if isinstance(why, AssertionError) and "touched nothing" in str(why):
                continue
            missed.append(what + " CRASH " + repr(why)[:150])
        except AssertionError as nothing:
            if "touched nothing" not in str(nothing):
                raise
    return missed, seen, refused


def _column(what: str) -> str:
    return what.partition(" ")[0]


@pytest.mark.long
@pytest.mark.req("S4.1")
def test_every_change_of_a_lived_history_is_found_with_one_earlier_head(transactional_db, tmp_path, settings):
    settings.DRILL = True
    with fate(11), a_world(tmp_path) as world:
        life = Life(world, 11)
        life.live(40)
        heads = [Checkpoint.objects.order_by("-position")[3].document()]
        life.come_to_rest()
        assert looks(heads) == []
        missed, seen, refused = [], 0, 0
        for table in evidence.TABLES:
            now = not_found(changes(table), heads)
            missed, seen, refused = missed + now[0], seen + now[1], refused + now[2]
            print(table, now, flush=True)
    print(missed, seen, refused)
    assert {_column(what) for what in missed} - set(evidence.NO_EVIDENCE) == set()
