"""What one victim may know of a share-out: the own part by every method, the rule, and how many others; no names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.complaints.models import Complaint

from .models import Restoration, Reversal, Share, ShareOut
from .sharing import law_of_method


@dataclass(frozen=True, slots=True)
class MyShare:
    """My part of what is held on one account."""

    method: str
    section: str
    source: str
    pool_paise: int
    claimed_paise: int
    mine_paise: int
    pro_rata_paise: int
    first_come_paise: int
    reckoned_at: dt.datetime
    cut_off_at: dt.datetime


def shares_of(complaint: Complaint) -> list[MyShare]:
    """The latest share-out of each account the complaint's money entered. Works at the complaint's own desk."""
    found: dict[object, MyShare] = {}
    rows = Share.objects.filter(claim__chase_id=complaint.pk).select_related("share_out", "claim")
    for row in rows.order_by("share_out__reckoned_at"):
        made: ShareOut = row.share_out
        law = law_of_method(made.method, jurisdiction=complaint.jurisdiction, on=made.reckoned_at)
        found[made.book_id, row.claim_id] = MyShare(
            made.method, law.section, law.source, made.pool_paise, made.claimed_paise, row.paise(made.method),
            row.pro_rata_paise, row.first_come_paise, made.reckoned_at, made.cut_off_at,
        )  # fmt: skip
    return list(found.values())


def payouts_of(complaint: Complaint) -> list[Restoration]:
    """The complaint's restorations, one line each: part payments over several accounts stay apart."""
    rows = Restoration.objects.filter(claim__chase_id=complaint.pk)
    return list(rows.select_related("hold__bank", "repayment", "recovery").order_by("proposed_at", "id"))


def reversals_of(complaint: Complaint) -> list[Reversal]:
    """Contests against money this victim got."""
    return list(Reversal.objects.filter(restoration__claim__chase_id=complaint.pk).order_by("contested_at"))
