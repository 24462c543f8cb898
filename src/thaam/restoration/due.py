"""What of held money is whose: a claim's paise under a hold, what it still misses, and the rule on FIRs."""

from __future__ import annotations

import datetime as dt

from thaam.chase.models import Claim, Trail
from thaam.holds.models import Hold, Repayment
from thaam.money import ranges as sets
from thaam.money.ranges import Ranges
from thaam.rulebook.rules import Rule, rule

from .models import Restoration, Reversal


class FirNeeded(Exception):
    """So much is held in one account that the rule asks for an FIR. Carries the rule."""

    def __init__(self, rule_: Rule) -> None:
        super().__init__(rule_.explain("en"))
        self.rule = rule_


def held_for(claim: Claim, hold: Hold, *, at: dt.datetime) -> Ranges:
    """The paise of the hold that are on the claim's trail and held at that moment."""
    passed = Trail.objects.filter(claim=claim, payment_id=hold.payment_id).values_list("lo", "hi")
    return sets.intersect(hold.held_at(at), sets.normalise(passed))


def open_loss_paise(claim: Claim) -> int:
    """What of the claim is neither back nor promised: its amount less returned, paid and proposed paise."""
    paid = sum(sets.total(one.ranges) for one in Repayment.objects.filter(claim_id=claim.pk, refused_at=None))
    # promised from a hold, or promised or paid from a recovery
    waiting = Restoration.objects.filter(claim=claim, refused_at=None, repayment=None)
    promised = sum(one.amount_paise for one in waiting)
    back = Reversal.objects.filter(restoration__claim=claim).exclude(approved_at=None).select_related("restoration")
    taken_back = sum(one.restoration.amount_paise for one in back)
    return claim.amount_paise - sets.total(claim.partition.returned) - paid - promised + taken_back


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
