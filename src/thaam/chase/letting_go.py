"""Release what nobody claims any more: a hold stands only on a claim.

Claims end by withdrawal, by correction of a reference, by a refund further up the trail (the victim is made good).
Where another claim covers the same paise the hold stays, and goes on in that claim's name. An objection does not stop a
release: it asked for nothing else, and ends with the hold. A promise does: restoration takes it back first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from thaam.holds.amending import amend_order, amendments_of
from thaam.holds.asking import mandate_of
from thaam.holds.book import lock_hold
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeEarmarked, cancel_order, order_release
from thaam.holds.states import HoldState
from thaam.journal.gathering import gathered
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
    holds = [hold for hold in gathered().all_of(Hold, "reference", chase.reference) if hold.state in live]
    claims_on = _claims_on(hold.payment_id for hold in holds)
    own = gathered().all_of(Claim, "chase_id", chase.pk)
    for hold in holds:
        if hold.secured and any(_stands(claim) for claim in own):
            continue  # no claim passes these paise; it goes with the complaint it was secured for
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
                lines.forget(hold.payment_id, lines.of_order(hold.payment_id, hold.pk, ["asked"]))
            continue
        unclaimed = sets.subtract(hold.held, claimed)
        try:
            reason = _why(chase)
            order_release(
                hold_id=hold.pk, ranges=unclaimed, reason=reason, mandate=mandate, by=BY, at=at,
                words="nobody claims these paise any more", decides_objection=True,
            )  # fmt: skip
        except (NothingHeld, RangeEarmarked):
            continue


def _claims_on(payment_ids: Iterable[Any]) -> dict[Any, dict[Any, Ranges]]:
    """The paise of each payment that each live claim passes: two queries at most."""
    rows = gathered()
    payment_ids = set(payment_ids)
    rows.load(Trail, "payment_id", payment_ids)
    steps = [step for each in payment_ids for step in rows.all_of(Trail, "payment_id", each)]
    claims = rows.many(Claim, {step.claim_id for step in steps})
    found: dict[Any, dict[Any, Ranges]] = {}
    for step in steps:
        if _stands(claims[step.claim_id]):
            mine = found.setdefault(step.payment_id, {})
            mine[step.claim_id] = sets.union(mine.get(step.claim_id, ()), [(step.lo, step.hi)])
    return found


def _stands(claim: Claim) -> bool:
    """Whether anything may be held for this claim: not when it was withdrawn, or denied by the payer's bank."""
    return claim.withdrawn_at is None and (claim.denied_at is None or claim.confirmed_at is not None)


def _why(chase: Chase) -> str:
    if chase.state == Chase.State.STOPPED:
        return "ordered"
    claims = [claim for claim in gathered().all_of(Claim, "chase_id", chase.pk) if claim.withdrawn_at is None]
    return "victim_made_good" if any(_stands(claim) for claim in claims) else "not_confirmed"


def _pass_on(hold: Hold, claims: dict[Any, Ranges], at: dt.datetime) -> None:
    """Put the order on the ground of a claim that still stands on these paise."""
    rows = gathered()
    heirs = rows.many(Chase, {claim.chase_id for claim in rows.many(Claim, claims).values()})
    heir = min(heirs.values(), key=lambda chase: (chase.opened_at, chase.pk), default=None)
    if heir is None or heir.reference == hold.reference or at >= hold.expires_at:
        return
    if any(each.reference == heir.reference for each in amendments_of(hold)) or hold.state == HoldState.ASKED:
        return
    amend_order(hold=lock_hold(hold.pk), mandate=heir.mandate, by=BY, at=at, new_basis=True)
