"""The second officer's word: approve, and the bank is ordered to pay; or refuse, and the promise is taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q

from thaam.chase.letting_go import release_unclaimed
from thaam.chase.lines import trail_lock
from thaam.chase.models import Chase
from thaam.complaints.models import Complaint
from thaam.holds.asking import mandate_of
from thaam.holds.restoring import SameOfficer, drop_earmark, order_restoration
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.parties.models import Officer
from thaam.wire.parts import IssuedBy

from .models import Restoration
from .paths import about_of
from .registering import check_orders_agree, done
from .roles import MAY_APPROVE, NotTheirPlace, approves_here, check_rank, check_role


class Decided(Exception):
    """This restoration was approved or refused before."""


@transaction.atomic
def approve(*, restoration_id: Any, officer: Officer, at: dt.datetime) -> Restoration:
    """Approve and order the payment, in one transaction. Locks the restoration, then the hold.

    A repeat by the same officer returns the restoration. Raises NotAllowed, RankTooLow (so much needs a DCP or SP),
    NotTheirPlace, SameOfficer, Decided, registering.OrdersInConflict, and of holds: NotEarmarked (the hold ended
    meanwhile), RangeContested.
    """
    check_role(officer, MAY_APPROVE)
    restoration = _lock(restoration_id)
    place = restoration.claim.chase.jurisdiction
    check_rank(officer, paise=restoration.amount_paise, jurisdiction=place, at=at)
    if not approves_here(officer, Complaint.objects.select_related("office").get(pk=restoration.claim.chase_id)):
        raise NotTheirPlace(f"{officer.username} at {officer.office}")
    if restoration.state != "proposed":
        if restoration.approved_by_id == officer.pk:
            return restoration
        raise Decided(restoration.state)
    if restoration.proposed_by_id == officer.pk:
        raise SameOfficer(officer.username)
    hold = restoration.hold
    assert hold is not None
    check_orders_agree(hold, at=at)
    restoration.repayment = order_restoration(
        order_id=id_from("restore", restoration.pk),
        hold_id=hold.pk,
        ranges=restoration.ranges,
        claim_id=restoration.claim_id,
        to_bank=restoration.to_bank,
        to_account=restoration.to_account,
        mandate=mandate_of(hold),
        proposed_by=issued_by(restoration.proposed_by),
        approved_by=issued_by(officer),
        by=f"officer:{officer.pk}",
        at=at,
        law=about_of(restoration.path),
    )
    restoration.approved_by, restoration.approved_at = officer, at
    restoration.save(update_fields=["repayment", "approved_by", "approved_at"])
    record(
        Kind.RESTORATION_APPROVED, about=f"complaint:{restoration.claim.chase_id}", by=f"officer:{officer.pk}", at=at,
        restoration=str(restoration.pk), proposed_by=f"officer:{restoration.proposed_by_id}",
        amount_paise=restoration.amount_paise, path=restoration.path,
    )  # fmt: skip
    _finish_order(restoration, officer, at)
    return restoration


def _finish_order(restoration: Restoration, officer: Officer, at: dt.datetime) -> None:
    """The order of the authority is carried out once everything it names is approved."""
    order = restoration.court_order
    if order is None or order.done_at is not None:
        return
    wanted = sum(row.amount_paise for row in order.accounts.all())
    approved = order.restorations.filter(refused_at=None).exclude(approved_at=None)
    if sum(one.amount_paise for one in approved) >= wanted:
        done(order, by=f"officer:{officer.pk}", at=at)


@transaction.atomic
def refuse(*, restoration_id: Any, officer: Officer, words: str, at: dt.datetime) -> Restoration:
    """Refuse with reasons; the paise are free again. Raises NotAllowed, Decided, ValueError without words."""
    check_role(officer, MAY_APPROVE)
    if not words.strip():
        raise ValueError("a refusal gives its reasons")
    restoration = _lock(restoration_id)
    if restoration.state != "proposed":
        raise Decided(restoration.state)
    if restoration.hold_id is not None:
        drop_earmark(hold_id=restoration.hold_id, ranges=restoration.ranges, by=f"officer:{officer.pk}", at=at)
    restoration.refused_by, restoration.refused_at, restoration.refused_words = officer, at, words.strip()[:500]
    restoration.save(update_fields=["refused_by", "refused_at", "refused_words"])
    record(
        Kind.RESTORATION_DECLINED, about=f"complaint:{restoration.claim.chase_id}", by=f"officer:{officer.pk}", at=at,
        restoration=str(restoration.pk), words=words,
    )  # fmt: skip
    return restoration


def issued_by(officer: Officer) -> IssuedBy:
    """An officer as a bank reads them."""
    return IssuedBy(office=officer.office.code if officer.office else "1930", officer=officer.username)


@transaction.atomic
def see_claim_ended(fact: Fact, at: dt.datetime) -> None:
    """A claim was withdrawn or denied: what was promised to it is promised no more, and then nobody claims it.

    What two officers have ordered paid stays ordered; that is what reversing.py is for.
    """
    chase = Chase.objects.filter(pk=fact.about.removeprefix("complaint:")).first()
    if chase is None:
        return
    with trail_lock():
        waiting = Restoration.objects.select_for_update(of=("self",)).filter(
            Q(claim__withdrawn_at__isnull=False) | Q(claim__denied_at__isnull=False, claim__confirmed_at=None),
            claim__chase=chase, repayment=None, refused_at=None, approved_at=None,
        )  # fmt: skip
        for one in waiting:
            if one.hold_id is not None:
                drop_earmark(hold_id=one.hold_id, ranges=one.ranges, by="clock", at=at)
            one.refused_at, one.refused_words = at, "the claim was withdrawn or denied"
            one.save(update_fields=["refused_at", "refused_words"])
            record(
                Kind.RESTORATION_DECLINED, about=f"complaint:{chase.pk}", by="clock", at=at, restoration=str(one.pk),
                words=one.refused_words,
            )  # fmt: skip
        release_unclaimed(chase, at=at)


def _lock(restoration_id: Any) -> Restoration:
    restorations = Restoration.objects.select_for_update(of=("self",))
    return restorations.select_related("hold", "claim__chase", "proposed_by__office", "repayment", "court_order").get(
        pk=restoration_id
    )
