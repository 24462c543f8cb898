"""What the chase does with messages and timers: joined in project/loops.py, run by `thaam serve chase` and `work`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from thaam.holds.own import take_own_hold
from thaam.journal.kinds import Kind
from thaam.mailbox.models import Answer

from . import answering, foreseeing, locating, pools, waiting
from .asking import EXPIRE, NOT_LOCATED, OVERDUE, WARN
from .starting import ADVANCE

takes: dict[str, Callable[[Answer, dt.datetime], None]] = {
    "Located": locating.take_located,
    "HoldAnswer": answering.take_hold_answer,
    "Expected": answering.take_expected,
    "Acknowledged": answering.take_acknowledged,
    "CannotMatch": answering.take_cannot_match,
    "ReleaseDone": answering.take_release_done,
    "RestoreDone": answering.take_restore_done,
    "HoldBroken": answering.take_hold_broken,
    "LateCredit": answering.take_late_credit,
    "OwnHold": take_own_hold,
}

reads = {"declared pools": ((Kind.POOL_DECLARED,), pools.ask_declared)}

timers: dict[str, Callable[[dict[str, Any], dt.datetime], None]] = {
    ADVANCE: waiting.go_on,
    NOT_LOCATED: locating.note_not_located,
    OVERDUE: waiting.note_overdue,
    EXPIRE: waiting.end_hold,
    WARN: waiting.warn_of_end,
    answering.EXPECTATION: waiting.end_expectation,
}

# These verbs work on what is gathered and refuse before they change anything: many of them share one transaction.
together: list[tuple[frozenset[str], Callable[..., None]]] = [
    (frozenset(takes) - {"OwnHold"}, foreseeing.foresee_answers),
    (frozenset(timers), foreseeing.foresee_chases),
]
