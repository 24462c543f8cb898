"""The pool of one account: what is held there and free, whose money entered it, and whether too much is claimed.

Found before any order goes out: nobody is paid from an account that others have a better or equal right to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.chase.counting import walk_of
from thaam.chase.models import Claim, Trail
from thaam.chase.walking import Walk
from thaam.holds.models import Book, Entry, Hold
from thaam.holds.standing import marks_of
from thaam.money import ranges as sets
from thaam.money import shares
from thaam.money.marks import Standing, standings
from thaam.money.partition import State
from thaam.money.ranges import Ranges
from thaam.rulebook.clocks import due_at

from .due import held_for, open_loss_paise


@dataclass(frozen=True, slots=True)
class OverClaim:
    """More is claimed from what is held on an account than is there, and by how many claims."""

    pool_paise: int
    claimed_paise: int
    claims: int


class NothingToShare(Exception):
    """Nothing on this account is held and free, or nobody claims it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What of an account's holds can be shared: held, not contested, not promised, not on its way out."""

    holds: tuple[tuple[Hold, Ranges], ...]

    @property
    def paise(self) -> int:
        """How much there is."""
        return sum(sets.total(ranges) for _, ranges in self.holds)


def pool_of(book: Book, *, at: dt.datetime) -> Pool:
    """The free part of every hold on the account."""
    parts = [(hold, free_of(hold, at=at)) for hold in book.holds.order_by("asked_at", "id")]
    return Pool(tuple((hold, free) for hold, free in parts if free))


def free_of(hold: Hold, *, at: dt.datetime) -> Ranges:
    """Paise of a hold that nothing has been said of: not contested, not promised, not on their way to anybody."""
    return standings(marks_of(hold, at=at))[Standing.FREE]


def cut_off_of(book: Book, *, jurisdiction: str) -> dt.datetime:
    """Until when other victims of this account are waited for: the rulebook's time from its first hold."""
    first = Entry.objects.filter(book=book, kind=Entry.Type.HELD).order_by("at").first()
    if first is None:
        raise NothingToShare(str(book))
    return due_at("claims_cut_off", jurisdiction=jurisdiction, start=first.at)


def over_claim_of(hold: Hold, *, at: dt.datetime) -> OverClaim | None:
    """The over-claim on the hold's account, None when what is held is enough for everybody, or one alone claims it."""
    if hold.book is None:
        return None
    claims = claims_into(hold.book)
    if len({claim.chase_id for claim in claims}) < 2:
        return None
    pool = pool_of(hold.book, at=at)
    claimants = claimants_of(claims, hold.book, pool, at=at)
    claimed = sum(min(one.weight, one.unrecovered) for one in claimants)
    return OverClaim(pool.paise, claimed, len(claimants)) if claimed > pool.paise else None


def claims_into(book: Book) -> list[Claim]:
    """Live claims whose money entered the account, in the order they came: the ledger of claims on it."""
    payments = book.holds.values("payment_id")
    ids = Trail.objects.filter(payment_id__in=payments, claim__withdrawn_at=None).values("claim_id")
    claims = Claim.objects.filter(pk__in=ids).select_related("chase", "partition")
    return list(claims.order_by("chase__opened_at", "number", "id"))


def claimants_of(claims: list[Claim], book: Book, pool: Pool, *, at: dt.datetime) -> list[shares.Claimant]:
    """Each claim as the sharing rule wants it: what entered, what of that is back or held elsewhere, what is open."""
    walks = {claim.pk: walk_of(claim, at=at) for claim in claims}
    here = {hold.pk for hold in book.holds.all()}
    payments = {hold.payment_id for hold in book.holds.all()}
    found = []
    for claim in claims:
        walk = walks[claim.pk]
        entered = sets.normalise(
            (step.root_lo, step.root_lo + step.hi - step.lo) for step in walk.passes if step.payment in payments
        )
        elsewhere = sets.normalise(
            (piece.root_lo, piece.root_lo + piece.paise)
            for piece in walk.pieces
            if piece.state in (State.RETURNED, State.RESTORED)
            or (piece.state is State.HELD and piece.order not in here)
        )
        traced = sum(sets.total(sets.intersect(held_for(claim, hold, at=at), free)) for hold, free in pool.holds)
        found.append(
            shares.Claimant(
                claim_id=str(claim.pk),
                entered=sets.total(entered),
                elsewhere=sets.total(sets.intersect(entered, elsewhere)),
                unrecovered=open_loss_paise(claim),
                traced=traced,
                inside=_inside(claim, walk, claims),
            )
        )
    return found


def _inside(claim: Claim, walk: Walk, claims: list[Claim]) -> str | None:
    """The nearest claim whose disputed debit carried this claim's money: their money was this victim's before."""
    hops = {step.payment: step.hop for step in reversed(walk.passes)}
    others = [
        other
        for other in claims
        if other.pk != claim.pk and hops.get(other.payment_id, 1) > 1 and other.payment_id != claim.payment_id
    ]
    nearest = min(others, key=lambda other: (hops[other.payment_id], str(other.pk)), default=None)
    return str(nearest.pk) if nearest else None
