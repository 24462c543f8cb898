"""The hold books replayed line by line: what does not add up is found, and a paisa held twice most of all."""

from __future__ import annotations

import datetime as dt

import pytest

from banking import Rs, debit, files, hold_answer, order, orders, run_timers, says
from cast import NOON
from thaam.holds.models import Entry, Hold
from thaam.holds.verifying import findings
from thaam.journal.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold() -> Hold:
    files(debit(Rs(40_000)))
    says("DEMO2", hold_answer(order("DEMO2")))
    return Hold.objects.latest("asked_at")


def test_books_that_add_up_have_no_findings(hold: Hold) -> None:
    assert hold.held
    assert list(findings()) == []


def test_paise_told_late_as_held_and_ended_count_before_the_next_hold_of_the_same_moment() -> None:
    files(debit(Rs(40_000)))
    first = order("DEMO2")
    at = NOON + dt.timedelta(days=1)
    run_timers(at)
    (second,) = [each for each in orders("DEMO2") if each.id != first.id]
    for each in (hold_answer(first, at=NOON), hold_answer(second, at=at)):  # a loop takes many at one time
        says("DEMO2", each, at=at)
    assert sorted(Entry.objects.values_list("kind", "at")) == [("expired", at), ("held", at), ("held", at)]
    assert list(findings()) == []


def test_a_hold_that_keeps_other_paise_than_its_lines_say_is_found(hold: Hold) -> None:
    Hold.objects.filter(pk=hold.pk).update(held=((0, 1),))
    sums, state = findings()
    assert "it cannot be held" in state or "it cannot be held" in sums
    told = "the entries add up to 4000000 paise ((0, 4000000),), 1 paise ((0, 1),) are held"
    assert told in sums or told in state


def test_paise_that_two_orders_hold_are_found(hold: Hold) -> None:
    other = Hold.objects.get(pk=hold.pk)
    other.pk = new_id()
    other.save(force_insert=True)
    line = hold.entries.get()
    line.pk, line.hold_id = new_id(), other.pk
    line.save(force_insert=True)
    found = list(findings())
    assert any("is held by" in finding for finding in found)
    assert any("no fact tells of it" in finding for finding in found)


def test_a_release_of_paise_that_are_not_held_is_found(hold: Hold) -> None:
    Entry.objects.create(
        id=new_id(), book_id=hold.book_id, hold=hold, kind=Entry.Type.RELEASED, ranges=((0, 5_000_000),),
        amount_paise=5_000_000, cause=new_id(), at=NOON, stated_at=NOON,
    )  # fmt: skip
    assert any("is held" in finding for finding in findings())
