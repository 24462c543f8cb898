"""A bank that says it cannot match is not silent in the table: the ball is with the sender from then on."""

import datetime as dt

import pytest

from banking import files, order, says
from cast import NOON
from thaam.clocks.models import Clock
from thaam.clocks.running import resume_clock
from thaam.clocks.sources import begin_and_end
from thaam.holds.models import Hold
from thaam.journal.ids import new_id
from thaam.language.dates import in_ist
from thaam.oversight.models import CountedOrder
from thaam.oversight.speed import bank_league
from thaam.oversight.taking import take_snapshot
from thaam.wire.messages import CannotMatch

pytestmark = pytest.mark.django_db


def test_a_reference_nobody_finds_counts_as_answered_when_the_bank_said_so():
    files()
    asked = order("DEMO2")
    at = NOON + dt.timedelta(minutes=12)
    assert says("DEMO2", CannotMatch(new_id(), asked.id, at, "not_found", "all of November"), at=at) == ""
    day = in_ist(NOON).date()
    take_snapshot(
        snapshot_id=new_id(), from_on=day, to_on=day + dt.timedelta(days=1), by="officer:1",
        at=NOON + dt.timedelta(hours=5),
    )  # fmt: skip
    counted = CountedOrder.objects.get(order_id=asked.id)
    assert counted.answered_at == at < counted.due_at


def test_the_time_in_which_the_bank_waited_for_us_is_not_the_banks():
    """No match after 12 minutes, our word after two hours, the hold ten minutes later: 22 minutes are its own."""
    files()
    asked = order("DEMO2")
    told, ours, held = (NOON + dt.timedelta(minutes=minutes) for minutes in (12, 132, 142))
    says("DEMO2", CannotMatch(new_id(), asked.id, told, "not_found", "all of November"), at=told)
    begin_and_end(told + dt.timedelta(minutes=1))
    clock = Clock.objects.get(about="order", subject=asked.id)
    without = clock.due_at
    resume_clock(clock=clock, by="officer:1", at=ours)
    Hold.objects.filter(pk=asked.id).update(answered_at=held)
    day = in_ist(NOON).date()
    snapshot = take_snapshot(
        snapshot_id=new_id(), from_on=day, to_on=day + dt.timedelta(days=1), by="officer:1",
        at=NOON + dt.timedelta(hours=5),
    )  # fmt: skip
    counted = CountedOrder.objects.get(order_id=asked.id)
    assert (counted.answered_at, counted.paused_s) == (held, 120 * 60)
    assert counted.due_at - without == ours - told
    league = {each.bank: each for each in bank_league(snapshot)}
    assert (league["DEMO2"].in_time, league["DEMO2"].paused, league["DEMO2"].median_minutes) == (1, 1, 22)
