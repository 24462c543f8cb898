"""Propose that held paise go back to a victim: check the right to them, show the rule, promise them in the book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from thaam.chase.models import Claim, Trail
from thaam.chase.reading import claims_on_hold
from thaam.holds.models import Hold
from thaam.holds.restoring import earmark
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Range, Ranges
from thaam.parties.models import Officer

from . import paths, registering
from .applying import check_account
from .due import FirNeeded, check_fir, held_for, open_loss_paise
from .models import CourtOrder, Path, Restoration, ShareOut
from .pooling import OverClaim, over_claim_of
from .roles import MAY_PROPOSE, check_role


class NotTheirs(Exception):
    """These paise are not on the claim's trail, or no longer held."""


class OverClaimed(Exception):
    """More is claimed from this account than is held on it: shares first, or an authority's order. Carries them."""

    def __init__(self, over: OverClaim) -> None:
        super().__init__(f"{over.claimed_paise} claimed of {over.pool_paise}")
        self.over = over


class CompetingClaims(Exception):
    """Other victims claim the same paise: reckon shares first (sharing.py)."""

    def __init__(self, claims: list[Claim]) -> None:
        super().__init__(f"{len(claims)} claims")
        self.claims = claims


class MoreThanLoss(Exception):
    """With this the claim would have got back more than was taken: returned and restored never exceed a debit."""


@transaction.atomic
def propose(
    *,
    restoration_id: Any,
    claim_id: Any,
    hold_id: Any,
    to_bank: str,
    to_account: str,
    officer: Officer,
    words: str,
    at: dt.datetime,
    ranges: Iterable[Range] | None = None,
    fir_number: str = "",
    shared: bool = False,
    path: str = "",
    court_order: CourtOrder | None = None,
    share_out: ShareOut | None = None,
) -> Restoration:
    """Propose to restore these paise (all the claim has under this hold, without `ranges`) and earmark them.

    `shared` says that the ranges come out of a share-out of all claims; then they may be another claim's by tracing.
    `path` is the legal way (paths.py); without one the lightest that the rule allows. Above the limit it is an FIR or
    an order of an authority. Locks the hold. A repeat of the id returns the first proposal. Raises NotAllowed,
    NotTheirs, MoreThanLoss, CompetingClaims, OverClaimed, FirNeeded, and of paths: OrderNeeded, OrderDoesNotFit, and of
    registering: OrdersInConflict, of applying: NotVerified, OtherAccount, and of holds: NothingHeld, RangeContested,
    RangeEarmarked.
    """
    if earlier := Restoration.objects.filter(pk=restoration_id).first():
        return earlier
    check_role(officer, MAY_PROPOSE)
    hold = Hold.objects.get(pk=hold_id)
    claim = Claim.objects.select_related("chase").get(pk=claim_id)
    wanted = _theirs(claim, hold, ranges, shared=shared, at=at)
    by_order = path in paths.NEEDS_ORDER
    if not shared:
        _check_others(claim, hold, wanted, by_order=by_order, at=at)
    check_account(claim, to_bank=to_bank, to_account=to_account)
    limit = check_fir(claim, hold, fir_number="by order" if by_order else fir_number, at=at)
    path = path or (Path.FIR if fir_number.strip() else Path.POLICE)
    paths.check_path(path, order=court_order, hold=hold, paise=sets.total(wanted))
    registering.check_orders_agree(hold, at=at)
    earmark(hold_id=hold_id, ranges=wanted, by=f"officer:{officer.pk}", at=at)
    if sets.total(wanted) > open_loss_paise(claim):
        raise MoreThanLoss(f"{sets.total(wanted)} of {open_loss_paise(claim)} open paise")
    restoration = Restoration(
        id=restoration_id,
        claim=claim,
        hold=hold,
        ranges=wanted,
        path=path,
        court_order=court_order,
        share_out=share_out,
        to_bank=to_bank,
        to_account=to_account,
        fir_number=fir_number,
        rule=limit.explain("en"),
        words=words,
        proposed_by=officer,
        proposed_at=at,
    )
    restoration.save(force_insert=True)
    record(
        Kind.RESTORATION_PROPOSED, about=f"complaint:{claim.chase_id}", by=f"officer:{officer.pk}", at=at,
        restoration=str(restoration_id), hold=str(hold_id), amount_paise=sets.total(wanted),
    )  # fmt: skip
    return restoration


def _theirs(claim: Claim, hold: Hold, ranges: Iterable[Range] | None, *, shared: bool, at: dt.datetime) -> Ranges:
    """The paise wanted, if they are there to be had. Raises NotTheirs."""
    mine = held_for(claim, hold, at=at)
    wanted = mine if ranges is None else sets.normalise(ranges)
    theirs = hold.held_at(at) if shared else mine
    if wanted == NONE or not sets.covers(theirs, wanted) or claim.withdrawn_at is not None:
        raise NotTheirs(f"{wanted} of hold {hold.pk}")
    return wanted


def _check_others(claim: Claim, hold: Hold, wanted: Ranges, *, by_order: bool, at: dt.datetime) -> None:
    """Raise CompetingClaims or OverClaimed when others have a right to the same money that was not weighed yet."""
    if others := _competing(claim, hold, wanted):
        raise CompetingClaims(others)
    if not by_order and (over := over_claim_of(hold, at=at)) is not None:
        raise OverClaimed(over)


def _competing(claim: Claim, hold: Hold, wanted: Ranges) -> list[Claim]:
    """Live claims of other complaints that pass any of these paise."""
    found = []
    for other in claims_on_hold(hold.pk):
        if other.chase_id == claim.chase_id:
            continue
        passed = Trail.objects.filter(claim=other, payment_id=hold.payment_id).values_list("lo", "hi")
        if not sets.disjoint(wanted, sets.normalise(passed)):
            found.append(other)
    return found


__all__ = [
    "CompetingClaims", "FirNeeded", "MoreThanLoss", "NotTheirs", "OverClaimed", "check_fir", "held_for",
    "open_loss_paise", "propose",
]  # fmt: skip
