"""Ask one bank about paise of one payment: is it a real debit (the payer's bank), hold what is there (the payee's)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from thaam.holds.asking import ask_for_hold
from thaam.holds.models import Hold
from thaam.holds.states import HoldState
from thaam.journal.gathering import gathered
from thaam.journal.ids import id_from
from thaam.mailbox.posting import post
from thaam.money import ranges as sets
from thaam.money.ranges import Ranges
from thaam.rulebook.clocks import due_at
from thaam.wire.messages import LocatePayment
from thaam.work.scheduling import schedule

from . import lines
from .lines import Word
from .models import Chase, Claim, Payment
from .payments import identity_of, in_network

BY = "loop:chase"
OVERDUE = "chase:overdue"
NOT_LOCATED = "chase:not located"
ASK_AGAIN_MAX = 3
EXPIRE = "chase:expire"
WARN = "chase:hold ends soon"


def ask_about(
    *, chase: Chase, claim: Claim, payment: Payment, ranges: Ranges, provisional: bool, at: dt.datetime
) -> None:
    """Ask the payee's bank to hold these paise, or note why nobody can be asked. The caller has the trail lock.

    The order's id is derived from payment, ranges and round, so the same question is never sent twice.
    """
    if not in_network(payment.payee_bank):
        lines.put(payment.pk, [Word(lo, hi, "unexplained", why="outside_network") for lo, hi in ranges], at=at)
        return
    order_id = id_from("hold", payment.pk, payment.rounds, ranges)
    payment.rounds += 1
    gathered().change(payment, "rounds")
    hold = ask_for_hold(
        order_id=order_id,
        bank=payment.payee_bank or "",
        payment_id=payment.pk,
        payment=identity_of(payment),
        ranges=ranges,
        provisional=provisional,
        payee_hint=payment.payee_hint or None,
        mandate=chase.mandate,
        by=BY,
        at=at,
    )
    lines.put(payment.pk, [Word(lo, hi, "asked", order_id=order_id) for lo, hi in ranges], at=at)
    claim.asked_count += len(ranges)
    gathered().change(claim, "asked_count")
    schedule(kind=OVERDUE, key=f"{OVERDUE}:{order_id}", run_at=hold.execute_before, order_id=order_id)
    schedule_expiry(order_id, hold.expires_at)
    schedule_warning(order_id, jurisdiction=chase.jurisdiction, asked_at=at)


def may_ask_again(payment_id: Any, ranges: Ranges) -> bool:
    """Whether these paise may be asked about once more, after orders that came to nothing: ASK_AGAIN_MAX in all.

    Orders about other paise of the payment count for nothing here: many victims' money often goes on in one payment.
    """
    came_to_nothing = (HoldState.LAPSED, HoldState.DECLINED, HoldState.ENDED)
    holds = gathered().all_of(Hold, "payment_id", payment_id)
    tried = [hold for hold in holds if hold.state in came_to_nothing and not sets.disjoint(hold.asked, ranges)]
    return len(tried) < ASK_AGAIN_MAX


def schedule_expiry(order_id: object, expires_at: dt.datetime) -> None:
    """Look at this hold again when its time is over. The book does not depend on it; the pages come sooner."""
    schedule(
        kind=EXPIRE, key=f"{EXPIRE}:{order_id}:{expires_at.isoformat()}", run_at=expires_at, order_id=str(order_id)
    )


def schedule_warning(order_id: object, *, jurisdiction: str, asked_at: dt.datetime) -> None:
    """Tell officers in time that a hold will end by law: renew it with an order, or let it end."""
    when = due_at("hold_expiry_warning", jurisdiction=jurisdiction, start=asked_at)
    schedule(kind=WARN, key=f"{WARN}:{order_id}", run_at=when, order_id=str(order_id))


def ask_payer(*, chase: Chase, claim: Claim, payment: Payment, at: dt.datetime) -> bool:
    """Ask the payer's bank, one question at a time, whether this is a real debit of a customer with this mobile number.

    A payment without a reference cannot be named to a bank: nothing goes out until the victim or an officer adds it.
    True when the account has to be reckoned anew: nobody can be asked, and that is written down.
    """
    if not payment.reference or claim.denied_at is not None or payment.located or claim.locate_id is not None:
        return False
    if not in_network(payment.payer_bank):
        unasked = sets.subtract([(claim.lo, claim.hi)], payment.known()) if payment.payee_bank is None else []
        lines.put(payment.pk, [Word(lo, hi, "unexplained", why="outside_network") for lo, hi in unasked], at=at)
        return bool(unasked)
    execute_before = due_at("order_execute_within", jurisdiction=chase.jurisdiction, start=at)
    claim.locate_rounds += 1
    claim.locate_id = UUID(id_from("locate", claim.pk, claim.payment_id, claim.locate_rounds))
    gathered().change(claim, "locate_rounds", "locate_id")
    message = LocatePayment(
        id=str(claim.locate_id),
        payment=identity_of(payment),
        payer_account_last4=claim.payer_last4 or None,
        payer_mobile=claim.payer_mobile or None,
        basis=chase.mandate.basis("locate", at),
        issued_by=chase.mandate.issued_by,
        issued_at=at,
        execute_before=execute_before,
    )
    post(partner=payment.payer_bank, message=message, at=at, by=BY, fresh=True)
    schedule(
        kind=NOT_LOCATED, key=f"{NOT_LOCATED}:{claim.locate_id}", run_at=execute_before, order_id=str(claim.locate_id)
    )
    return False


def leave_as_too_wide(payment: Payment, ranges: Ranges, at: dt.datetime) -> None:
    """The claim has as many open ends as may be followed at a time: these wait until an officer takes them up."""
    lines.put(payment.pk, [Word(lo, hi, "seen", why="too_wide") for lo, hi in sets.normalise(ranges)], at=at)
