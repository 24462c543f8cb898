"""Money taken from criminals goes back to victims (S2.5): entered under its memo, shared, approved by two, paid out.

Source `recovery`: no bank's hold stands behind it. Paise of a recovery are ranges, so none is promised twice; nobody
gets more than is lost to them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from thaam.chase.lines import trail_lock
from thaam.chase.models import Claim
from thaam.chase.recovering import lost_paise, recover
from thaam.holds.restoring import SameOfficer
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.money import ranges as sets
from thaam.money import shares
from thaam.money.ranges import Ranges
from thaam.parties.models import Officer

from .applying import check_account
from .approving import Decided
from .due import open_loss_paise
from .models import Path, Recovery, Restoration
from .roles import MAY_ENTER, MAY_PROPOSE, check_rank, check_role

RULE = Text(
    hi="बरामद रकम, हर दावे को उसके बाकी नुकसान के अनुपात में",
    en="recovered money, to each claim in proportion to the loss still open",
)


class NothingLeft(Exception):
    """All of the recovery is promised or paid, or nobody named has a loss left."""


class NotApproved(Exception):
    """Only what two officers approved is paid."""


@transaction.atomic
def enter_recovery(
    *,
    recovery_id: Any,
    amount_paise: int,
    recovered_on: dt.date,
    memo: str,
    kept_at: str,
    words: str,
    officer: Officer,
    at: dt.datetime,
) -> Recovery:
    """Write a recovered sum into the books. The same id again returns the first. Raises NotAllowed, ValueError."""
    if earlier := Recovery.objects.filter(pk=recovery_id).first():
        return earlier
    check_role(officer, MAY_ENTER)
    if amount_paise <= 0 or not memo.strip() or not kept_at.strip() or officer.office is None:
        raise ValueError("a recovery has a sum, a seizure memo and a place where it lies")
    made = Recovery(
        id=recovery_id, amount_paise=amount_paise, recovered_on=recovered_on, memo=memo.strip(),
        kept_at=kept_at.strip(), words=words.strip()[:500], office=officer.office, entered_by=officer, entered_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    record(
        Kind.RECOVERY_ENTERED, about=f"recovery:{made.pk}", by=f"officer:{officer.pk}", at=at,
        amount_paise=amount_paise, memo=made.memo,
    )  # fmt: skip
    return made


def free_of(recovery: Recovery) -> Ranges:
    """Paise of a recovery that nobody has been promised."""
    promised = sets.union(*(one.ranges for one in recovery.restorations.filter(refused_at=None)))
    return sets.subtract([(0, recovery.amount_paise)], promised)


@transaction.atomic
def share_recovery(
    *,
    recovery_id: Any,
    claims: Iterable[Claim],
    accounts: dict[Any, tuple[str, str]],
    officer: Officer,
    words: str,
    at: dt.datetime,
) -> list[Restoration]:
    """Propose the free part of a recovery to these claims, in proportion to what is lost to each, none above it.

    Locks the recovery. Raises NotAllowed, NothingLeft, ValueError without reasons, and of applying:
    NotVerified, OtherAccount.
    """
    check_role(officer, MAY_PROPOSE)
    if not words.strip():
        raise ValueError("say why these victims")
    recovery = Recovery.objects.select_for_update(of=("self",)).get(pk=recovery_id)
    free = free_of(recovery)
    wants = {str(claim.pk): min(lost_paise(claim, at=at), open_loss_paise(claim)) for claim in claims}
    parts = shares.apportion(sets.total(free), weights=wants, caps=wants)
    made = []
    for claim in sorted(claims, key=lambda each: str(each.pk)):
        taken = sets.bottom(free, parts.get(str(claim.pk), 0))
        if not taken or claim.pk not in accounts:
            continue
        check_account(claim, to_bank=accounts[claim.pk][0], to_account=accounts[claim.pk][1])
        free = sets.subtract(free, taken)
        one = Restoration(
            id=id_from("recovery", recovery.pk, claim.pk, taken), claim=claim, recovery=recovery, ranges=taken,
            source=Restoration.Source.RECOVERY, path=Path.MAGISTRATE, to_bank=accounts[claim.pk][0],
            to_account=accounts[claim.pk][1], rule=RULE.en, words=words.strip()[:500], proposed_by=officer,
            proposed_at=at,
        )  # fmt: skip
        one.save(force_insert=True)
        made.append(one)
        record(
            Kind.RECOVERY_SHARED, about=f"complaint:{claim.chase_id}", by=f"officer:{officer.pk}", at=at,
            restoration=str(one.pk), recovery=str(recovery.pk), amount_paise=one.amount_paise,
        )  # fmt: skip
    if not made:
        raise NothingLeft(str(recovery))
    return made


@transaction.atomic
def approve_recovery(*, restoration_id: Any, officer: Officer, at: dt.datetime) -> Restoration:
    """The second officer's word. Locks the row. Raises NotAllowed, RankTooLow, SameOfficer, Decided."""
    one = _lock(restoration_id)
    check_rank(officer, paise=one.amount_paise, jurisdiction=one.claim.chase.jurisdiction, at=at)
    if one.state != "proposed":
        raise Decided(one.state)
    if one.proposed_by_id == officer.pk:
        raise SameOfficer(officer.username)
    one.approved_by, one.approved_at = officer, at
    one.save(update_fields=["approved_by", "approved_at"])
    record(
        Kind.RESTORATION_APPROVED, about=f"complaint:{one.claim.chase_id}", by=f"officer:{officer.pk}", at=at,
        restoration=str(one.pk), proposed_by=f"officer:{one.proposed_by_id}", amount_paise=one.amount_paise,
    )  # fmt: skip
    return one


@transaction.atomic
def record_recovery_paid(*, restoration_id: Any, officer: Officer, reference: str, at: dt.datetime) -> Restoration:
    """Whoever keeps the money has paid: the claim's lost paise are restored. Takes the trail lock.

    Raises NotAllowed, NotApproved, ValueError without a reference, chase.MoreThanLost.
    """
    check_role(officer, MAY_ENTER)
    if not reference.strip():
        raise ValueError("name the reference of the payment")
    with trail_lock() as rows:
        one = _lock(restoration_id)
        if one.state != "approved":
            raise NotApproved(one.state)
        one.paid_from_recovery_at, one.paid_reference = at, reference.strip()[:64]
        one.save(update_fields=["paid_from_recovery_at", "paid_reference"])
        claim = rows.one(Claim, one.claim_id)
        assert claim is not None
        recover(claim=claim, paise=one.amount_paise, by=f"officer:{officer.pk}", at=at)
        record(
            Kind.RECOVERY_PAID, about=f"complaint:{one.claim.chase_id}", by=f"officer:{officer.pk}", at=at,
            restoration=str(one.pk), amount_paise=one.amount_paise, reference=one.paid_reference,
        )  # fmt: skip
    return one


def _lock(restoration_id: Any) -> Restoration:
    rows = Restoration.objects.select_for_update(of=("self",)).filter(source=Restoration.Source.RECOVERY)
    return rows.select_related("claim__chase", "recovery").get(pk=restoration_id)
