"""Every column of every table that is evidence changed behind the database's back, rows taken out, swapped, tails cut.

`./run test --long tests/stories/test_verify_under_attack.py` does all of it on a lived history; the normal suite does
one change of each table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from banking import Rs
from lives import Life
from simulation import fate
from thaam.complaints.models import Complaint
from thaam.journal.entries import GENESIS, entry_at
from thaam.journal.ids import id_from
from thaam.journal.models import Checkpoint, Fact, Line, Pending, Tile
from thaam.journal.tree import Growing
from thaam.journal.verifying import Verifier, verify
from thaam.letters.composing import receipt_of
from thaam.letters.writing import write_letter
from thaam.parties.keys import announce_key, platform_key
from thaam.parties.models import PartnerKey
from thaam.project import evidence
from thaam.wire import keys
from thaam.wire.checkpoints import leaf_hash, sign_checkpoint
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


def forge(about: str, at: dt.datetime) -> None:
    """Change one fact and write the whole journal anew so that all of it fits, heads signed with the platform's key."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE postgres; SET LOCAL session_replication_role = replica")
        Fact.objects.filter(about=about, kind="complaint:filed").update(by="officer:9")
        Tile.objects.all().delete()
        Checkpoint.objects.all().delete()
        tree, prev = Growing(), GENESIS
        for line in Line.objects.select_related("fact").order_by("position"):
            leaf = leaf_hash(entry_at(line.fact, position=line.position, prev=prev))
            Line.objects.filter(pk=line.pk).update(prev=prev, leaf=leaf)
            Tile.objects.bulk_create(Tile(level=a, number=b, hash=root) for a, b, root in tree.add(leaf))
            prev = leaf
        head = sign_checkpoint(position=tree.size, root=tree.root().hex(), at=at, key=platform_key())
        Checkpoint(position=tree.size, root=tree.root(), at=at, key_id=head.keyid, signature=head.signature).save()
        cursor.execute("SET LOCAL session_replication_role = origin; SET LOCAL ROLE thaam_loops")


def whole_ways(heads: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """(what, SQL) of attacks on the journal as a whole, each tidied up as well as can be."""
    kept = heads[0]["position"]
    cut = [
        "DELETE FROM mailbox_answer WHERE fact_id IN (SELECT fact_id FROM journal_line WHERE position > {0})",
        "DELETE FROM mailbox_order WHERE fact_id IN (SELECT fact_id FROM journal_line WHERE position > {0})",
        "DELETE FROM journal_checkpoint WHERE position > {0}", "DELETE FROM journal_line WHERE position > {0}",
        "DELETE FROM journal_fact f WHERE NOT EXISTS (SELECT FROM journal_line l WHERE l.fact_id = f.id)",
    ]  # fmt: skip
    for position in (kept - 1, kept // 2, 1):
        yield f"cut after {position}", [each.format(position) for each in cut]
    facts = {line.position: f"'{line.fact_id}'" for line in Line.objects.filter(position__in=(5, 6))}
    swap = [(5, "gen_random_uuid()"), (6, facts[5]), (5, facts[6])]
    yield "two facts swapped", [f"UPDATE journal_line SET fact_id = {fact} WHERE position = {n}" for n, fact in swap]
    yield (
        "two lines swapped",
        [
            "UPDATE journal_line SET position = -position WHERE position IN (5, 6)",
            "UPDATE journal_line SET position = 11 + position WHERE position < 0",
        ],
    )
    yield (
        "a line out of the middle, those behind moved up",
        [
            "DELETE FROM journal_line WHERE position = 7",
            "UPDATE journal_line SET position = -position WHERE position > 7",
            "UPDATE journal_line SET position = -position - 1 WHERE position < 0",
        ],
    )


def _what(missed: str) -> str:
    table, _, rest = missed.partition(".")
    return f"{table}.{rest.split()[0]}" if rest else missed.removesuffix(" gone")


def _lived(world: Any, complaints: int) -> list[dict[str, Any]]:
    """A life under faults with a letter and a bank's next key; returns the one head that a witness kept on its way."""
    with fate(11):
        life = Life(world, 11)
        life.live(complaints)
        heads = [Checkpoint.objects.order_by("-position")[1].document()]
        _a_letter_and_a_next_key(world)
        life.come_to_rest()
    assert looks(heads) == []
    return heads


def _a_letter_and_a_next_key(world: Any) -> None:
    complaint = Complaint.objects.order_by("number")[0]
    write_letter(
        letter_id=id_from("letter", "attack"), template="receipt", about=f"complaint:{complaint.pk}", lang="en",
        data=receipt_of(complaint, lang="en"), by="loop:readers", at=world.at,
    )  # fmt: skip
    key = keys.from_seed(bytes(range(32)))
    announce_key(
        partner="A", public_key=key.public, signed_by=PartnerKey.objects.get(partner="A").key_id,
        valid_from_at=world.at + dt.timedelta(days=7), at=world.at,
    )  # fmt: skip


@pytest.mark.long
@pytest.mark.req("S4.1")
def test_every_change_of_a_lived_history_is_found_with_one_earlier_head(transactional_db, tmp_path, settings):
    settings.DRILL = True
    with a_world(tmp_path) as world:
        heads = _lived(world, 40)
        missed, seen, refused = not_found((each for table in evidence.TABLES for each in changes(table)), heads)
        for what, statements in whole_ways(heads):
            with behind_the_back(*statements):
                assert looks(heads), what
        assert {_what(each) for each in missed} <= set(evidence.NO_EVIDENCE), missed
        assert seen > 170
        assert refused < 40, "the rest the database itself does not let be"


@pytest.mark.req("S4.1")
def test_a_change_in_each_table_a_cut_an_exchange_and_a_forged_whole_are_found(world):
    asha, debi = world.victim(), world.victim("debi")
    world.files(asha, world.stolen(asha, Rs(20_000), to="B/m1"))
    world.pays(Rs(5_000), frm="B/m1", to="C/m2")
    world.run_until_quiet()
    heads = [Checkpoint.objects.order_by("-position")[0].document()]
    world.later(seconds=5)
    world.files(debi, world.stolen(debi, Rs(7_000), to="B/m1"))
    _a_letter_and_a_next_key(world)
    world.run_until_quiet()
    world.later(seconds=5)
    world.run_until_quiet()
    assert looks(heads) == []
    assert not Pending.objects.exists(), "what waits for its number is not yet evidence"
    some = [one for table in evidence.TABLES if (one := next(_finding_ways(table), None))]
    missed, seen, _ = not_found(iter(some), heads)
    assert missed == []
    assert seen == len(evidence.TABLES) - 1, "a journal this short has no tile yet"
    for what, statements in whole_ways(heads):
        with behind_the_back(*statements):
            assert looks(heads), what
    about = Fact.objects.filter(kind="complaint:filed").order_by("about")[0].about
    with behind_the_back():
        forge(about, world.at)
        assert looks([]) == [], "whoever has the platform's key can write another past"
        assert looks(heads), "but not one that a head signed before fits"


def _finding_ways(table: str) -> Iterator[tuple[str, str]]:
    """Attacks on a table that verify can see, the most telling columns first."""
    every = [each for each in changes(table) if _what(each[0]) not in evidence.NO_EVIDENCE]
    yield from sorted(every, key=lambda each: ("made" not in each[0], each[0]))
