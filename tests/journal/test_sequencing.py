"""Positions without gaps, whatever order transactions commit in; heads that fit each other."""

from __future__ import annotations

import datetime
import itertools

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from cast import NOON, running_as
from thaam.journal import proof
from thaam.journal.kinds import Kind
from thaam.journal.models import Checkpoint, Fact, Line, Pending, Tile
from thaam.journal.reading import facts_after, last_position
from thaam.journal.recording import record
from thaam.journal.sequencing import Sequencer
from thaam.parties.desks import seated
from thaam.parties.keys import platform_key
from thaam.wire.checkpoints import check_consistency, check_inclusion, leaf_hash

SECOND = datetime.timedelta(seconds=1)


def _record(number: int) -> Fact:
    with transaction.atomic():
        return record(Kind.CHASE_ADVANCED, about=f"chase:{number}", by="loop:chase", at=NOON, paise=number)


def _numbered() -> list[str]:
    return [numbered.fact.about for numbered in facts_after(0, 1000)]


@pytest.mark.django_db(transaction=True)
def test_a_fact_of_a_transaction_that_commits_late_is_not_skipped() -> None:
    sequencer = Sequencer(platform_key())
    settings = connection.settings_dict
    with psycopg.connect(host=settings["HOST"], dbname=settings["NAME"], user="postgres") as slow:
        # This writer has its serial number first and commits last.
        slow.execute(
            "INSERT INTO journal_fact (id, kind, about, by, at, data, topic)"
            " VALUES (gen_random_uuid(), 'chase:advanced', 'chase:slow', 'loop:chase', now(), '{}', '')"
        )
        slow.execute("INSERT INTO journal_pending (fact_id) SELECT id FROM journal_fact WHERE about = 'chase:slow'")
        for number in range(3):
            _record(number)
        sequencer.number(at=NOON)
        read_to = last_position()
        assert _numbered() == ["chase:0", "chase:1", "chase:2"]
        slow.commit()
    sequencer.number(at=NOON)
    assert [numbered.fact.about for numbered in facts_after(read_to, 1000)] == ["chase:slow"]
    assert list(Line.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3, 4]
    assert not Pending.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_never_give_one_position_twice() -> None:
    first, second = Sequencer(platform_key()), Sequencer(platform_key())
    for number in range(6):
        _record(number)
        (first, second)[number % 2].number(at=NOON + number * SECOND)
    lines = list(Line.objects.order_by("position"))
    assert [line.position for line in lines] == [1, 2, 3, 4, 5, 6]
    assert [bytes(line.prev) for line in lines[1:]] == [bytes(line.leaf) for line in lines[:-1]]


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_undone_leaves_no_trace() -> None:
    sequencer = Sequencer(platform_key())
    _record(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        sequencer.number(at=NOON)
        raise ZeroDivisionError
    assert not Line.objects.exists()
    sequencer.number(at=NOON)
    assert _numbered() == ["chase:1"]


@pytest.mark.django_db
def test_a_restarted_sequencer_goes_on_where_the_tiles_end() -> None:
    for number in range(530):
        _record(number)
    at = NOON
    while Pending.objects.exists():
        Sequencer(platform_key()).number(at=at, limit=200)
        at += SECOND
    assert Tile.objects.filter(level=1).count() == 2
    heads = list(Checkpoint.objects.order_by("position"))
    assert [head.position for head in heads] == [200, 400, 530]
    for older, newer in itertools.pairwise(heads):
        check_consistency(
            first=older.position,
            first_root=bytes(older.root),
            second=newer.position,
            second_root=bytes(newer.root),
            path=proof.consistency_of(older.position, newer.position),
        )
    for number in (0, 255, 256, 529):
        line = Line.objects.get(position=number + 1)
        found = proof.inclusion_of(str(line.fact_id))
        check_inclusion(
            leaf=leaf_hash(found.entry),
            index=number,
            size=530,
            path=found.path,
            root=bytes(heads[-1].root),
        )


@pytest.mark.django_db
def test_the_requests_role_cannot_number() -> None:
    _record(1)
    with running_as("thaam_app"), pytest.raises(DatabaseError, match="permission denied"), seated("office:1"):
        Sequencer(platform_key()).number(at=NOON)
