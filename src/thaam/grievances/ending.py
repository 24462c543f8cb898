"""Let go at once of what need not be held any more, and close objections whose hold is over.

Holds end here because the journal says so, within a second of the cause; that nothing counts as held past its date does
not depend on this: the book itself says so at every reading (Hold.held_at).
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeEarmarked, order_release
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact

from .climbing import end_without_hold, lock
from .telling import open_objection_on

LESS_HELD = (Kind.HOLD_LOWERED, Kind.HOLD_RELEASED, Kind.HOLD_EXPIRED, Kind.HOLD_RESTORED, Kind.HOLD_BROKEN)


@transaction.atomic
def see_less_held(fact: Fact, at: dt.datetime) -> None:
    """A hold got smaller: over, the objection to it ends; left with less than its floor, the rest goes too."""
    hold = Hold.objects.get(pk=fact.about.removeprefix("hold:"))
    held = hold.held_at(at)
    if not held:
        if open_id := open_objection_on(hold.pk):
            objection = lock(open_id)
            if objection.closed_at is None:
                end_without_hold(objection, at=at)
        return
    if sum(hi - lo for lo, hi in held) < hold.floor_paise:
        let_go_under_floor(hold, at=at)


def let_go_under_floor(hold: Hold, *, at: dt.datetime) -> bool:
    """Order the rest of a hold released because it is less than the order's floor; False when it is promised."""
    try:
        order_release(
            hold_id=hold.pk, reason="ordered", words=f"what is left is less than the floor of {hold.floor_paise} paise",
            mandate=mandate_of(hold), decides_objection=True, by="clock", at=at,
        )  # fmt: skip
    except (RangeEarmarked, NothingHeld):
        return False
    return True
