"""Mark held paise as under objection, and lift the mark when the objection is decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from thaam.journal.gathering import gathered, gathering
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money.ranges import Range

from .book import lock_hold
from .models import Hold
from .releasing import NothingHeld


@gathering()
def contest(*, hold_id: object, ranges: Iterable[Range] | None, by: str, at: dt.datetime) -> Hold:
    """Put held paise (all, without `ranges`) under objection. Locks the hold; a repeat changes nothing.

    Earmarked paise may be contested too: then the restoration waits for the decision. Raises NothingHeld.
    """
    hold = lock_hold(hold_id)
    held = hold.held_at(at)
    wanted = held if ranges is None else sets.intersect(ranges, held)
    if not wanted:
        raise NothingHeld(str(hold.pk))
    if not sets.covers(hold.contested, wanted):
        hold.contested = sets.union(hold.contested, wanted)
        gathered().change(hold, "contested")
        record(Kind.HOLD_CONTESTED, about=f"hold:{hold.pk}", by=by, at=at, amount_paise=sets.total(wanted))
    return hold


@gathering()
def settle_contest(*, hold_id: object, by: str, at: dt.datetime) -> Hold:
    """No objection stands on this hold any more. Locks the hold."""
    hold = lock_hold(hold_id)
    if hold.contested:
        hold.contested = ()
        gathered().change(hold, "contested")
        record(Kind.HOLD_CONTEST_SETTLED, about=f"hold:{hold.pk}", by=by, at=at)
    return hold
