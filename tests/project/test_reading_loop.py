"""Readers of the journal, turn by turn: each fact once and in order; who stands at the head costs nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cast import NOON
from thaam.journal.kinds import Kind
from thaam.journal.reading import cursors
from thaam.journal.recording import record
from thaam.journal.sequencing import Sequencer
from thaam.parties.keys import platform_key
from thaam.project.loops import Joined, read_some

pytestmark = pytest.mark.django_db


def happens(*kinds: Kind) -> None:
    with transaction.atomic():
        for number, kind in enumerate(kinds):
            record(kind, about=f"order:{number}", by="loop:chase", at=NOON)
    Sequencer(platform_key()).number(at=NOON)


def told(table: Joined, reader: str, *kinds: Kind) -> list[str]:
    """A reader of these kinds that writes down what it was told."""
    seen: list[str] = []
    table.reads[reader] = (kinds, lambda fact, at: seen.append(fact.about))
    return seen


def until_quiet(table: Joined) -> int:
    return sum(iter(lambda: read_some(table, at=NOON), 0))


def test_each_reader_is_told_its_facts_once_and_in_order() -> None:
    table = Joined()
    posted, kept = told(table, "posted", Kind.ORDER_POSTED), told(table, "kept", Kind.ANSWER_KEPT, Kind.ORDER_POSTED)
    happens(*[Kind.ORDER_POSTED, Kind.ANSWER_KEPT] * 5)
    assert until_quiet(table) == 5 + 10
    assert posted == [f"order:{number}" for number in range(0, 10, 2)]
    assert kept == [f"order:{number}" for number in range(10)]
    assert until_quiet(table) == 0


def test_readers_at_the_head_cost_two_statements_however_many_they_are() -> None:
    table = Joined()
    for number in range(20):
        told(table, f"reader {number}", Kind.ANSWER_KEPT)
    happens(*[Kind.ORDER_POSTED] * 3)
    until_quiet(table)
    with CaptureQueriesContext(connection) as queries:
        assert read_some(table, at=NOON) == 0
    assert len(queries) == 2
    happens(Kind.ANSWER_KEPT)
    assert until_quiet(table) == 20


def test_a_reader_that_fails_stops_there_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    def breaks(fact: Any, at: Any) -> None:
        raise ValueError("cannot read this")

    table = Joined()
    table.reads["broken"] = ((Kind.ORDER_POSTED,), breaks)
    whole = told(table, "whole", Kind.ORDER_POSTED)
    happens(Kind.ORDER_POSTED, Kind.ORDER_POSTED)
    until_quiet(table)
    assert (len(whole), cursors()) == (2, {"broken": 0, "whole": 2})
    assert "reader broken at position 1" in caplog.text
