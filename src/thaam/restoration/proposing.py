"""Propose that held paise go back to a victim: check the right to them, show the rule, promise them in the book."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from thaam.chase.models import Claim, Trail
from thaam.chase.reading import claims_on_hold
from thaam.holds.models import Hold, Repayment
from thaam.holds.restoring import earmark
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Range, Ranges
from thaam.parties.models import Officer
from thaam.rulebook.rules import Rule, rule

from .models import Restoration
from .roles import MAY_PROPOSE, check_role


class NotTheirs(Exception):
    """These paise are not on the claim's trail, or no longer held."""


class CompetingClaims(Exception):
    """Other victims claim the same paise: reckon shares first (sharing.py)."""

    def __init__(self, claims: list[Claim]) -> None:
        super().__init__(f"{len(claims)} claims")
        self.claims = claims


class MoreThanLoss(Exception):
    """With this the claim would have got back more than was taken: returned and restored never exceed a debit."""


class FirNeeded(Exception):
    """So much is held in one account that the rule asks for an FIR. Carries the rule."""

    def __init__(self, rule_: Rule) -> None:
        super().__init__(rule_.explain("en"))
        self.rule = rule_


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
) -> Restoration:
    """Propose to restore these paise (all the claim has under this hold, without `ranges`) and earmark them.

    `shared` says that the ranges come out of a share-out of all claims; then they may be another claim's by tracing.
    Locks the hold. A repeat of the id returns the first proposal. Raises NotAllowed, NotTheirs, MoreThanLoss,
    CompetingClaims, FirNeeded, and of holds: NothingHeld, RangeContested, RangeEarmarked.
    """
    if earlier := Restoration.objects.filter(pk=restoration_id).first():
        return earlier
    check_role(officer, MAY_PROPOSE)
    hold = Hold.objects.get(pk=hold_id)
    claim = Claim.objects.select_related("chase").get(pk=claim_id)
    mine = held_for(claim, hold, at=at)
    wanted = mine if ranges is None else sets.normalise(ranges)
    theirs = hold.held_at(at) if shared else mine
    if wanted == NONE or not sets.covers(theirs, wanted) or claim.withdrawn_at is not None:
        raise NotTheirs(f"{wanted} of hold {hold_id}")
    if not shared and (others := _competing(claim, hold, wanted)):
        raise CompetingClaims(others)
    limit = check_fir(claim, hold, fir_number=fir_number, at=at)
    earmark(hold_id=hold_id, ranges=wanted, by=f"officer:{officer.pk}", at=at)
    if sets.total(wanted) > open_loss_paise(claim):
        raise MoreThanLoss(f"{sets.total(wanted)} of {open_loss_paise(claim)} open paise")
    restoration = Restoration(
        id=restoration_id,
        claim=claim,
        hold=hold,
        ranges=wanted,
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


def held_for(claim: Claim, hold: Hold, *, at: dt.datetime) -> Ranges:
    """The paise of the hold that are on the claim's trail and held at that moment."""
    passed = Trail.objects.filter(claim=claim, payment_id=hold.payment_id).values_list("lo", "hi")
    return sets.intersect(hold.held_at(at), sets.normalise(passed))


def open_loss_paise(claim: Claim) -> int:
    """What of the claim is neither back nor promised: its amount less returned, paid and proposed paise."""
    paid = sum(sets.total(one.ranges) for one in Repayment.objects.filter(claim_id=claim.pk, refused_at=None))
    waiting = Restoration.objects.filter(claim=claim, refused_at=None, repayment=None)
    promised = sum(one.amount_paise for one in waiting)
    return claim.amount_paise - sets.total(claim.partition.returned) - paid - promised


def check_fir(claim: Claim, hold: Hold, *, fir_number: str, at: dt.datetime) -> Rule:
    """The rule on FIRs, satisfied: up to its sum held for this victim in one account none is needed.

    What went back from that account already counts too, so that parts cannot slip under the limit. Raises FirNeeded.
    """
    limit = rule("restore_without_fir", jurisdiction=claim.chase.jurisdiction, on=at)
    in_account = 0
    for other in Hold.objects.filter(book=hold.book):
        for mine in Claim.objects.filter(chase_id=claim.chase_id):
            in_account += sets.total(held_for(mine, other, at=at))
            in_account += sum(
                sets.total(one.ranges)
                for one in other.repayments.filter(claim_id=mine.pk, refused_at=None)
                if one.paid_at is not None
            )
    if in_account > limit.value and not fir_number.strip():
        raise FirNeeded(limit)
    return limit


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
