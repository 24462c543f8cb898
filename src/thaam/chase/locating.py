"""What the payer's bank says of a debit: real or not, and of a customer with the reporter's number or not.

A real debit of the reporter's own account confirms the claim: provisional holds become holds of full length. A debit
the bank does not know is no ground to hold anybody's money: what was held on it is let go at once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.holds.amending import amend_order
from thaam.holds.asking import mandate_of
from thaam.holds.book import lock_hold
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeContested, RangeEarmarked, cancel_order, order_release
from thaam.holds.states import HoldState
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer, Order
from thaam.money import ranges as sets
from thaam.rulebook.clocks import due_at
from thaam.wire.messages import Located

from . import disagreeing, lines
from .advance import advance
from .asking import ASK_AGAIN_MAX, BY
from .lines import Word, trail_lock
from .models import Claim, Partition, Payment, Trail
from .payments import find_or_add
from .saying import said_in

_LIVE = (HoldState.ASKED, HoldState.HELD, HoldState.PARTLY_HELD, HoldState.NOT_HELD)


def is_locate(order_id: Any) -> bool:
    """Whether this order was a LocatePayment."""
    return Order.objects.filter(pk=order_id, kind="LocatePayment").exists()


def take_located(answer: Answer, at: dt.datetime) -> None:
    """Record the payer's bank's word, learn the payee's bank, confirm the claim where the number matches."""
    said = said_in(answer, Located)
    if not said.found:
        return take_not_found(answer, "not_found", at)
    with trail_lock():
        claim = _claim_of(answer.order_id)
        if claim is None:
            return None
        payment = find_or_add(said.payment)
        payment.located = Payment.Located.FOUND
        payment.save(update_fields=["located"])
        if payment.pk != claim.payment_id:
            _move_claim(claim, payment, at)
        disagreeing.note(payment, at=at)
        if not _is_their_own(claim, said):
            record(
                Kind.CLAIM_NUMBER_DIFFERS, about=f"complaint:{claim.chase_id}", by=f"bank:{answer.partner_id}", at=at,
                claim=str(claim.pk),
            )  # fmt: skip
        else:
            confirm_claim(claim=claim, by=f"bank:{answer.partner_id}", at=at)
        advance(chase_id=claim.chase_id, at=at)
    return None


def _is_their_own(claim: Claim, said: Located) -> bool:
    """Whether the debit is of the reporter's account: the bank says so, or knows no number and the digits agree."""
    if said.mobile_matches is None:
        return bool(claim.payer_last4) and (said.account or "").endswith(claim.payer_last4)
    return said.mobile_matches


def take_not_found(answer: Answer, code: str, at: dt.datetime) -> None:
    """The payer's bank does not know the debit: ask for nothing more on it, and let go of what was held."""
    with trail_lock():
        claim = _claim_of(answer.order_id)
        if claim is None or claim.confirmed_at is not None:
            return
        claim.denied_at = at
        claim.save(update_fields=["denied_at"])
        payment = claim.payment
        payment.located = Payment.Located.DENIED
        payment.save(update_fields=["located"])
        record(
            Kind.CLAIM_DENIED, about=f"complaint:{claim.chase_id}", by=f"bank:{answer.partner_id}", at=at,
            claim=str(claim.pk), code=code,
        )  # fmt: skip
        for hold in _holds_of(claim):
            _let_go(hold, at)
        known = sets.union(*(getattr(payment, kind) for kind in Payment.KINDS if kind != "asked"))
        unknown = sets.subtract([(claim.lo, claim.hi)], known)
        lines.put(payment.pk, [Word(lo, hi, "unexplained", why=code) for lo, hi in unknown], at=at)
        advance(chase_id=claim.chase_id, at=at)


def note_not_located(payload: dict[str, Any], at: dt.datetime) -> None:
    """The payer's bank did not answer in time: ask again, a few times; without the payee's bank nothing else helps."""
    with trail_lock():
        claim = _claim_of(payload["order_id"])
        if claim is None or claim.payment.located:
            return
        if claim.locate_rounds < ASK_AGAIN_MAX:
            claim.locate_id = None
            claim.save(update_fields=["locate_id"])
        elif claim.payment.payee_bank is None:
            word = Word(claim.lo, claim.hi, "unexplained", why="not_answered")
            lines.put(claim.payment_id, [word], at=at)
        advance(chase_id=claim.chase_id, at=at)


def confirm_claim(*, claim: Claim, by: str, at: dt.datetime) -> None:
    """The debit is real (the payer's bank says so, or an officer attests): its holds last their full time now.

    The caller has the trail lock; locks each provisional hold it amends. A repeat changes nothing.
    """
    if claim.confirmed_at is not None:
        return
    claim.confirmed_at, claim.confirmed_by = at, by
    claim.save(update_fields=["confirmed_at", "confirmed_by"])
    record(Kind.CLAIM_CONFIRMED, about=f"complaint:{claim.chase_id}", by=by, at=at, claim=str(claim.pk))
    for hold in _holds_of(claim):
        hold = lock_hold(hold.pk)
        if not hold.provisional or hold.state not in _LIVE or at >= hold.expires_at:
            continue
        if hold.amendments.filter(provisional=False).exists():
            continue
        until = due_at("hold_expiry", jurisdiction=hold.jurisdiction, start=hold.asked_at)
        amend_order(
            hold=hold, mandate=mandate_of(hold), by=BY, at=at, provisional=False,
            expires_at=until if until > hold.expires_at else None,
        )  # fmt: skip


def attest_claim(*, claim_id: Any, officer: str, at: dt.datetime) -> None:
    """An officer answers for the report where the payer's bank cannot. Takes the trail lock."""
    with trail_lock():
        claim = Claim.objects.select_related("chase").get(pk=claim_id)
        confirm_claim(claim=claim, by=officer, at=at)
        advance(chase_id=claim.chase_id, at=at)


def _let_go(hold: Hold, at: dt.datetime) -> None:
    mandate = mandate_of(hold)
    try:
        if hold.state == HoldState.ASKED:
            cancel_order(hold_id=hold.pk, reason="not_confirmed", mandate=mandate, by=BY, at=at)
        elif hold.held:
            order_release(hold_id=hold.pk, reason="not_confirmed", mandate=mandate, by=BY, at=at)
    except (NothingHeld, RangeEarmarked, RangeContested):
        return


def _holds_of(claim: Claim) -> list[Hold]:
    """Provisional holds on this claim's trail that no other confirmed claim stands on."""
    mine = Trail.objects.filter(claim=claim).values("payment_id")
    shared = (
        Trail.objects.filter(payment_id__in=mine, claim__confirmed_at__isnull=False)
        .exclude(claim=claim)
        .values("payment_id")
    )
    holds = Hold.objects.filter(payment_id__in=mine, provisional=True)
    return list(holds if claim.confirmed_at else holds.exclude(payment_id__in=shared))


def _claim_of(order_id: Any) -> Claim | None:
    """The claim this is the latest question about; None when it was corrected or withdrawn since."""
    claims = Claim.objects.filter(locate_id=order_id, withdrawn_at=None)
    return claims.select_related("chase", "payment").first()


def _move_claim(claim: Claim, payment: Payment, at: dt.datetime) -> None:
    """The bank names the payment otherwise (the day differs): the claim is on what really happened."""
    claim.payment = payment
    claim.lo, claim.hi = max(payment.amount_paise - claim.amount_paise, 0), payment.amount_paise
    claim.save(update_fields=["payment", "lo", "hi"])
    claim.trail.all().delete()
    Partition.objects.filter(claim=claim).delete()
    record(Kind.CLAIM_MOVED, about=f"complaint:{claim.chase_id}", by=BY, at=at, payment=str(payment.pk))
