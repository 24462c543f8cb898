"""A bank that says it cannot match is not silent in the table: the ball is with the sender from then on."""

import datetime as dt

import pytest

from banking import files, order, says
from cast import NOON
from thaam.journal.ids import new_id
from thaam.language.dates import in_ist
from thaam.oversight.models import CountedOrder
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
