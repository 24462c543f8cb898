"""What the payer's bank says of a debit: real or not, and of a customer with the reporter's number or not.

A real debit of the reporter's own account confirms the claim: provisional holds become holds of full length. A debit
the bank does not know is no ground to hold anybody's money: what was held on it is let go at once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.holds.amending import amend_order, amendments_of, ordered_end
from thaam.holds.asking import mandate_of
from thaam.holds.book import lock_hold
from thaam.holds.models import Hold
from thaam.holds.releasing import NothingHeld, RangeEarmarked, cancel_order, order_release, releases_of
from thaam.holds.states import HoldState
from thaam.journal.gathering import gathered
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer, Order
from thaam.money import ranges as sets
from thaam.rulebook.clocks import due_at
from thaam.wire.messages import Located
from thaam.wire.words import CANNOT_MATCH
from thaam.work.scheduling import unschedule

from . import disagreeing, lines
from .advance import advance
from .asking import ASK_AGAIN_MAX, BY, NOT_LOCATED
from .lines import Word, trail_lock
from .models import Claim, Partition, Payment, Trail
from .payments import find_or_add, payment_of
from .saying import said_in


class NoSuchClaim(LookupError):
    """There is no claim of this id."""


# Why a hold is let go whose debit the payer's bank denies.
NOT_CONFIRMED = "not_confirmed"
_LIVE = (HoldState.ASKED, HoldState.HELD, HoldState.PARTLY_HELD, HoldState.NOT_HELD)


def is_locate(order_id: Any) -> bool:
    """Whether this order was a LocatePayment. The caller gathers."""
    order = gathered().one(Order, order_id)
    return order is not None and order.kind == "LocatePayment"


def take_located(answer: Answer, at: dt.datetime) -> None:
    """Record the payer's bank's word, learn the payee's bank, confirm the claim where the number matches."""
    said = said_in(answer, Located)
    if not said.found:
        return take_not_found(answer, "not_found", at)
    with trail_lock():
        claim = _claim_of(answer.order_id)
        if claim is None:
            return None
        unschedule(key=f"{NOT_LOCATED}:{answer.order_id}")
        payment = find_or_add(said.payment)
        if payment.located != Payment.Located.FOUND:
            payment.located = Payment.Located.FOUND
            gathered().change(payment, "located")
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
        gathered().change(claim, "denied_at")
        payment = payment_of(claim)
        payment.located = Payment.Located.DENIED
        gathered().change(payment, "located")
        record(
            Kind.CLAIM_DENIED, about=f"complaint:{claim.chase_id}", by=f"bank:{answer.partner_id}", at=at,
            claim=str(claim.pk), code=code,
        )  # fmt: skip
        for hold in _holds_of(claim):
            _let_go(hold, at)
        known = sets.union(*(getattr(payment, kind) for kind in Payment.KINDS if kind != "asked"))
        unknown = sets.subtract([(claim.lo, claim.hi)], known)
        lines.put(payment.pk, [Word(lo, hi, "unexplained", why=code) for lo, hi in unknown], at=at)
        disagreeing.note_denial(payment, at=at)
        advance(chase_id=claim.chase_id, at=at)


def note_not_located(payload: dict[str, Any], at: dt.datetime) -> None:
    """The payer's bank did not answer in time, or says it was too late: no word on it, so ask again, a few times.

    Without the payee's bank nothing else helps.
    """
    with trail_lock():
        claim = _claim_of(payload["order_id"])
        if claim is None:
            return
        payment = payment_of(claim)
        if payment.located:
            return
        if claim.locate_rounds < ASK_AGAIN_MAX:
            claim.locate_id = None
            gathered().change(claim, "locate_id")
        elif payment.payee_bank is None:
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
    gathered().change(claim, "confirmed_at", "confirmed_by")
    record(Kind.CLAIM_CONFIRMED, about=f"complaint:{claim.chase_id}", by=by, at=at, claim=str(claim.pk))
    if claim.denied_at is not None:
        _take_up_again(claim)
    for hold in _holds_of(claim):
        _give_full_length(hold, at)


def is_confirmed(hold: Hold) -> bool:
    """Whether a claim that stands on the payment of this hold is confirmed. The caller gathers."""
    rows = gathered()
    on_it = rows.many(Claim, {step.claim_id for step in rows.all_of(Trail, "payment_id", hold.payment_id)})
    return any(claim.confirmed_at is not None and claim.withdrawn_at is None for claim in on_it.values())


def _take_up_again(claim: Claim) -> None:
    """An officer answers for a debit that its bank denied: what was let go, or never asked for, is asked for anew."""
    rows = gathered()
    for payment_id in {claim.payment_id, *(step.payment_id for step in rows.all_of(Trail, "claim_id", claim.pk))}:
        let_go = [
            sets.intersect(release.ranges, lines.of_order(payment_id, hold.pk, ["released"]))
            for hold in rows.all_of(Hold, "payment_id", payment_id)
            for release in releases_of(hold)
            if release.reason == NOT_CONFIRMED
        ]
        never_asked = [
            (line.lo, line.hi)
            for line in lines.lines_of(payment_id)
            if line.kind == "unexplained" and line.order_id is None and line.why in CANNOT_MATCH
        ]
        can_be_asked = payment_id != claim.payment_id or payment_of(claim).payee_bank is not None
        lines.forget(payment_id, sets.union(*let_go, never_asked if can_be_asked else ()))


def catch_up(hold: Hold, *, at: dt.datetime) -> None:
    """Do for a hold that was told late what was done for the others when its claim was confirmed meanwhile.

    The caller has the trail lock and the hold's. (A claim denied or withdrawn meanwhile is letting_go's business.)
    """
    if is_confirmed(hold):
        _give_full_length(hold, at)


def _give_full_length(hold: Hold, at: dt.datetime) -> None:
    hold = lock_hold(hold.pk)
    if not hold.provisional or hold.state not in _LIVE or at >= hold.expires_at:
        return
    if any(each.provisional is False for each in amendments_of(hold)):
        return
    until = due_at("hold_expiry", jurisdiction=hold.jurisdiction, start=hold.asked_at)
    amend_order(
        hold=hold, mandate=mandate_of(hold), by=BY, at=at, provisional=False,
        expires_at=until if until > ordered_end(hold) else None,
    )  # fmt: skip


def attest_claim(*, claim_id: Any, officer: str, at: dt.datetime) -> None:
    """An officer answers for the report where the payer's bank cannot. Takes the trail lock."""
    with trail_lock() as rows:
        claim = rows.one(Claim, claim_id)
        if claim is None:
            raise NoSuchClaim(str(claim_id))
        confirm_claim(claim=claim, by=officer, at=at)
        advance(chase_id=claim.chase_id, at=at)


def _let_go(hold: Hold, at: dt.datetime) -> None:
    mandate = mandate_of(hold)
    try:
        if hold.state == HoldState.ASKED:
            cancel_order(hold_id=hold.pk, reason=NOT_CONFIRMED, mandate=mandate, by=BY, at=at)
        elif hold.held:
            # An objection asked for nothing else: it does not stand in the way, and ends with the hold.
            order_release(hold_id=hold.pk, reason=NOT_CONFIRMED, mandate=mandate, decides_objection=True, by=BY, at=at)
    except (NothingHeld, RangeEarmarked):
        return


def _holds_of(claim: Claim) -> list[Hold]:
    """Provisional holds on this claim's trail that no other confirmed claim stands on."""
    rows = gathered()
    mine = {step.payment_id for step in rows.all_of(Trail, "claim_id", claim.pk)}
    rows.load(Hold, "payment_id", mine)
    shared: set[Any] = set()
    if claim.confirmed_at is None:
        rows.load(Trail, "payment_id", mine)
        steps = [step for each in mine for step in rows.all_of(Trail, "payment_id", each) if step.claim_id != claim.pk]
        others = rows.many(Claim, {step.claim_id for step in steps})
        shared = {step.payment_id for step in steps if others[step.claim_id].confirmed_at is not None}
    found = [hold for each in mine - shared for hold in rows.all_of(Hold, "payment_id", each) if hold.provisional]
    return sorted(found, key=lambda hold: (hold.asked_at, hold.pk))


def _claim_of(order_id: Any) -> Claim | None:
    """The claim this is the latest question about; None when it was corrected or withdrawn since."""
    claims = [each for each in gathered().all_of(Claim, "locate_id", order_id) if each.withdrawn_at is None]
    return claims[0] if claims else None


def _move_claim(claim: Claim, payment: Payment, at: dt.datetime) -> None:
    """The bank names the payment otherwise (the day differs): the claim is on what really happened."""
    rows = gathered()
    claim.payment = payment
    claim.lo, claim.hi = max(payment.amount_paise - claim.amount_paise, 0), payment.amount_paise
    rows.change(claim, "payment", "lo", "hi")
    for row in [*rows.all_of(Trail, "claim_id", claim.pk), *rows.many(Partition, [claim.pk]).values()]:
        rows.remove(row)
    record(Kind.CLAIM_MOVED, about=f"complaint:{claim.chase_id}", by=BY, at=at, payment=str(payment.pk))
