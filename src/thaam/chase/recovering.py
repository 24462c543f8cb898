"""Note that a claim got money back out of other money: a share of what was held in common, or a recovery."""

from __future__ import annotations

import datetime as dt

from thaam.journal.gathering import gathered
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets

from .counting import recount, walk_of
from .models import Claim
from .walking import LOST


class MoreThanLost(ValueError):
    """Nobody gets back more than is lost to them: returned and restored together never exceed a debit."""


def recover(*, claim: Claim, paise: int, by: str, at: dt.datetime) -> None:
    """Mark the lowest lost paise of the claim as restored. The caller has the trail lock. Raises MoreThanLost."""
    found = walk_of(claim, at=at)
    lost = sets.normalise(
        (piece.root_lo - found.root_lo, piece.root_lo - found.root_lo + piece.paise)
        for piece in found.pieces
        if piece.state in LOST
    )
    if sets.total(lost) < paise:
        raise MoreThanLost(f"{paise} of {sets.total(lost)} lost paise")
    claim.recovered = sets.union(claim.recovered, sets.bottom(lost, paise))
    gathered().change(claim, "recovered")
    record(Kind.CLAIM_RECOVERED, about=f"complaint:{claim.chase_id}", by=by, at=at, claim=str(claim.pk), paise=paise)
    recount([claim], at=at)


def give_up_recovered(*, claim: Claim, paise: int, at: dt.datetime) -> None:
    """What made good for lost paise was taken back (a restoration was reversed): the highest are lost again.

    The caller has the trail lock.
    """
    claim.recovered = sets.subtract(claim.recovered, sets.top(claim.recovered, paise))
    gathered().change(claim, "recovered")
    recount([claim], at=at)


def lost_paise(claim: Claim, *, at: dt.datetime) -> int:
    """How much of the claim is lost as of now: money from elsewhere may make good for so much."""
    return sum(piece.paise for piece in walk_of(claim, at=at).pieces if piece.state in LOST)
