"""Release what nobody claims any more: a hold stands only on a claim.

Claims end by withdrawal, by correction of a reference, by a refund further up the trail (the victim is made good).
Where another claim covers the same paise the hold stays, and goes on in that claim's name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from thaam.holds.amending import amend_order
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeContested, RangeEarmarked, cancel_order, order_release
from thaam.holds.states import HoldState
from thaam.money import ranges as sets
from thaam.money.ranges import Ranges

from . import lines
from .models import Chase, Claim, Trail

BY = "loop:chase"


def release_unclaimed(chase: Chase, *, at: dt.datetime) -> None:
    """Order released, or cancel, what this chase's orders hold or ask and no live claim covers.

    The caller has the trail lock.
    """
    live = [HoldState.ASKED, HoldState.HELD, HoldState.PARTLY_HELD]
    holds = list(Hold.objects.filter(reference=chase.reference, state__in=live))
    claims_on = _claims_on(hold.payment_id for hold in holds)
    for hold in holds:
        claims = claims_on.get(hold.payment_id, {})
        claimed = sets.union(*claims.values())
        if sets.covers(claimed, hold.held or hold.asked):
            if chase.state == Chase.State.STOPPED:
                _pass_on(hold, claims, at)
            continue
        mandate = mandate_of(hold)
        if hold.state == HoldState.ASKED:
            if sets.disjoint(claimed, hold.asked):
                cancel_order(hold_id=hold.pk, reason="withdrawn", mandate=mandate, by=BY, at=at)
                lines.forget(hold.payment_id, lines.of_order(hold.pk, ["asked"]))
            continue
        unclaimed = sets.subtract(hold.held, claimed)
        try:
            reason = "ordered" if chase.state == Chase.State.STOPPED else "victim_made_good"
            order_release(
                hold_id=hold.pk, ranges=unclaimed, reason=reason, mandate=mandate, by=BY, at=at,
                words="nobody claims these paise any more",
            )  # fmt: skip
        except (NothingHeld, RangeEarmarked, RangeContested):
            continue


def _claims_on(payment_ids: Iterable[Any]) -> dict[Any, dict[Any, Ranges]]:
    """The paise of each payment that each live claim passes: one query."""
    found: dict[Any, dict[Any, Ranges]] = {}
    rows = Trail.objects.filter(payment_id__in=list(payment_ids), claim__withdrawn_at=None)
    for payment_id, claim_id, lo, hi in rows.values_list("payment_id", "claim_id", "lo", "hi"):
        claims = found.setdefault(payment_id, {})
        claims[claim_id] = sets.union(claims.get(claim_id, ()), [(lo, hi)])
    return found


def _pass_on(hold: Hold, claims: dict[Any, Ranges], at: dt.datetime) -> None:
    """Put the order on the ground of a claim that still stands on these paise."""
    heir = Claim.objects.filter(pk__in=claims).select_related("chase").order_by("chase__opened_at").first()
    if heir is None or heir.chase.reference == hold.reference or at >= hold.expires_at:
        return
    if hold.amendments.filter(reference=heir.chase.reference).exists() or hold.state == HoldState.ASKED:
        return
    amend_order(hold=hold, mandate=heir.chase.mandate, by=BY, at=at, new_basis=True)
