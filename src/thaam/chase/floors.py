"""Do not let floors add up: when accounts left alone under the floor hold too much of a claim, hold the largest."""

from __future__ import annotations

import datetime as dt

from thaam.holds.amending import amend_order, amendments_of
from thaam.holds.book import lock_hold
from thaam.holds.states import WrongState
from thaam.money.partition import State
from thaam.rulebook.rules import rule

from . import lines
from .lines import Word
from .models import Chase, Claim
from .walking import Walk


def hold_more_than_floors_leave(chase: Chase, claim: Claim, found: Walk, *, at: dt.datetime) -> bool:
    """Amend the largest floored orders to floor 0 until what floors leave is at most `floors_of_claim` of the claim.

    Those paise are `asked` again until the bank answers; returns whether there were any. The caller has the trail lock;
    locks each hold it amends.
    """
    left = found.pieces_of(State.SEEN, "floor")
    share = rule("floors_of_claim", jurisdiction=chase.jurisdiction, on=at).value
    over = sum(piece.paise for piece in left) * 100 - share * claim.amount_paise
    lifted = False
    for piece in left:
        if over <= 0:
            break
        if piece.order is None:
            continue
        hold = lock_hold(piece.order)
        if hold.floor_paise == 0 or any(each.floor_paise == 0 for each in amendments_of(hold)):
            continue
        try:
            amend_order(hold=hold, mandate=chase.mandate, by="loop:chase", at=at, floor_paise=0)
        except WrongState:
            continue
        lines.put(piece.payment, [Word(piece.lo, piece.hi, "asked", order_id=piece.order, why="floor lifted")], at=at)
        over -= piece.paise * 100
        lifted = True
    return lifted
