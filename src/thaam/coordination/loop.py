"""What the loops call in this package: a trader's problem follows its clock when a holiday moves it."""

from __future__ import annotations

import datetime as dt

from thaam.coordination.models import TraderProblem
from thaam.coordination.traders import CLOCK
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact


def follow_clock(fact: Fact, at: dt.datetime) -> None:
    """The date shown beside the problem is the date its clock has now."""
    del at
    about, _, problem_id = fact.about.partition(":")
    if about == CLOCK:
        TraderProblem.objects.filter(pk=problem_id).update(due_at=dt.datetime.fromisoformat(fact.data["is_at"]))


reads = {"clocks of traders' problems": ((Kind.CLOCK_MOVED,), follow_clock)}
