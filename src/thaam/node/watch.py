"""What the node notices unasked: an awaited credit came, a payment was sent back, new money came to a held account, the
core broke a lien, watched money moved, an expected payment never came."""

from __future__ import annotations

from datetime import datetime, timedelta

from thaam.money import ranges as sets
from thaam.node.holding import answer_again, find_credits, hold_what_is_here
from thaam.node.lines import account_token, lines_of, payment_in
from thaam.node.parts import Parts, id_from
from thaam.node.reading import read_on
from thaam.node.records import Ending
from thaam.node.releasing import acknowledged, bury, let_go, let_go_untold, release_done
from thaam.node.resuming import finish_ending, kept
from thaam.node.times import day_in_india
from thaam.wire.messages import (
    Answer,
    BalanceWatch,
    CannotMatch,
    HoldAnswer,
    HoldBroken,
    InvalidMessage,
    LateCredit,
    pairs_of,
    ranges_of,
)


def look(parts: Parts, *, at: datetime) -> int:
    """Act on everything noticed since the last look; how many things that were. Each is told once, crash or not."""
    done = 0
    position = parts.ledger.position()
    for at_position, kind, about in parts.records.noticed():
        if at_position > position:
            continue
        if kind == "awaited":
            _hold_awaited(parts, about, at)
        elif kind == "refund":
            _tell_refund(parts, about, at_position, at)
        elif kind == "late":
            _tell_late_credit(parts, at_position, about, at)
        elif kind == "refused":
            _let_go_refused(parts, about, at)
        elif kind == "anew":
            _answer_anew(parts, about, at)
        else:
            _find_broken(parts, at_position, about, at)
        with parts.records.one_step():
            parts.records.noted(at_position, kind, about)
        done += 1
    return done + _tell_moved(parts, at) + _give_up_waiting(parts, at)


def start_watch(parts: Parts, order: BalanceWatch, *, at: datetime) -> Answer:
    """Watch what is left of these paise; CannotMatch when the payment is not here."""
    if parts.records.tombstone(order.id) is not None:
        return _cannot(order, "cancelled", at)
    read_on(parts)
    payment = order.payment
    match = parts.ledger.find_credits(
        rail=payment.rail, reference=payment.reference, paid_on=payment.date, amount_paise=payment.amount_paise
    )
    if match.problem is not None:
        return _cannot(order, match.problem, at)
    credit = match.postings[0]
    part = sets.intersect(pairs_of(order.ranges), ((credit.payment_lo, credit.payment_lo + credit.amount_paise),))
    parts.ledger.watch(watch_id=order.id, credit_position=credit.position, ranges=part)
    with parts.records.one_step():
        parts.records.write_watch(order, account=credit.account, until=order.watch_until, answer_revision=0)
    return acknowledged(order.id, at)


def _hold_awaited(parts: Parts, order_id: str, at: datetime) -> None:
    hold = parts.records.find_hold(order_id)
    if hold is not None and hold.state == "waiting":
        try:
            hold_what_is_here(parts, hold, at=at)
        except InvalidMessage:  # something in the core cannot be said on the wire
            let_go_untold(parts, hold.id, cause=hold.id)


def _let_go_refused(parts: Parts, order_id: str, at: datetime) -> None:
    """Our answer came too late to count: what is held under the order is the holder's again, now and for good."""
    hold = parts.records.find_hold(order_id)
    if hold is None or hold.state == "ended":
        return
    released = let_go(parts, hold, ranges=None, cause=f"{order_id}/refused")
    with parts.records.one_step():
        if released:
            parts.records.answer(release_done(order_id, order_id, released, "cancelled", at), at=at)
        bury(parts, order_id, "the platform refused the answer: the order is closed")


def _answer_anew(parts: Parts, order_id: str, at: datetime) -> None:
    """A copy of this node has answered meanwhile, and differently: the next answer says what is so, by these files."""
    hold = parts.records.find_hold(order_id)
    if hold is not None and hold.state in ("held", "empty"):
        with parts.records.one_step():
            answer_again(parts, hold, at=at)
            parts.records.noted(0, "anew", order_id)


def _tell_refund(parts: Parts, order_id: str, position: int, at: datetime) -> None:
    """Part of a payment we answered about was sent back: the next answer says which paise are returned."""
    hold = parts.records.find_hold(order_id)
    told = f"refund/{order_id}"
    if hold is None or hold.state not in ("held", "empty") or int(parts.records.get(told) or 0) >= position:
        return
    with parts.records.one_step():
        parts.records.put(told, str(position))
        answer_again(parts, hold, at=at)


def _tell_late_credit(parts: Parts, position: int, account: str, at: datetime) -> None:
    """New money on an account with a hold or a watch: told to an officer, never held under the old order."""
    legs = parts.records.legs_on(account)
    hold_order_id = legs[0].order_id if legs else None
    told = f"late_credits/{hold_order_id or account}"
    count = int(parts.records.get(told) or 0)
    if count >= parts.limits.late_credits_per_hold or any(leg.credit_position == position for leg in legs):
        return
    credit = parts.ledger.posting(position)
    message = LateCredit(
        id_from("LateCredit", parts.bank, account, position),
        at,
        hold_order_id,
        account_token(account),
        payment_in(parts, credit),
    )
    with parts.records.one_step():
        parts.records.answer(message, at=at)
        parts.records.put(told, str(count + 1))


def _find_broken(parts: Parts, position: int, account: str, at: datetime) -> None:
    """The core debited through liens when less than nothing is available: the youngest of ours gave way first."""
    cause = id_from("broken", parts.bank, account, position)
    if not parts.records.endings(cause):
        facts = parts.core.about_accounts(accounts=[account])
        missing = -facts[0].available_paise if facts else 0
        with parts.records.one_step():
            for leg in parts.records.legs_on(account):
                lost = sets.top(kept(parts, leg), max(0, missing))
                missing -= sets.total(lost)
                if lost:
                    parts.records.plan_ending(
                        Ending(id_from(cause, leg.id), cause, "broken", leg.id, lost, sets.total(lost), None, None,
                               "going", None, None)
                    )  # fmt: skip
    for ending in parts.records.endings(cause):
        if ending.step == "going":
            finish_ending(parts, ending)
        order_id = parts.records.leg(ending.leg_id).order_id
        message = HoldBroken(id_from("HoldBroken", ending.id), at, order_id, ranges_of(ending.ranges), ending.paise)
        with parts.records.one_step():
            parts.records.answer(message, at=at)


def _tell_moved(parts: Parts, at: datetime) -> int:
    """Watched paise that moved: say where they are now, and go on watching the rest until its time is over."""
    told = 0
    moved = {watch_id: (credit, ranges) for watch_id, credit, ranges in parts.ledger.moved()}
    for order, account, until, revision in parts.records.watches():
        if parts.true_time(at) >= until:
            parts.ledger.unwatch(watch_id=order.id)
            with parts.records.one_step():
                parts.records.end_watch(order.id)
            continue
        if order.id not in moved or not isinstance(order, BalanceWatch):
            continue
        credit_position, ranges = moved[order.id]
        credit = parts.ledger.posting(credit_position)
        message = HoldAnswer(
            id=id_from(order.id, "HoldAnswer", revision + 1),
            order_id=order.id,
            answered_at=at,
            revision=revision + 1,
            replaces=revision or None,
            account=account_token(account),
            position=parts.ledger.position(),
            lines=lines_of(
                parts,
                order_id=order.id,
                credits=(credit,),
                asked=pairs_of(order.ranges),
                left_alone=lambda account: "watched",
            ),
            exactness="exact",
            rule_applied="lifo",
            ranges_kind="exact",
        )
        with parts.records.one_step():
            parts.records.answer(message, at=at)
            parts.records.write_watch(order, account=account, until=until, answer_revision=revision + 1)
        parts.ledger.watch(watch_id=order.id, credit_position=credit_position, ranges=ranges)
        told += 1
    return told


def _give_up_waiting(parts: Parts, at: datetime) -> int:
    """An expected payment that did not come within the limit: the order ends as not found."""
    given_up = 0
    for hold in parts.records.holds_waiting():
        last_day = hold.order.payment.date + timedelta(days=parts.limits.expect_days)
        if day_in_india(parts.true_time(at)) > last_day and find_credits(parts, hold.order).problem == "not_found":
            hold_what_is_here(parts, hold, at=at)
            given_up += 1
    return given_up


def _cannot(order: BalanceWatch, code: str, at: datetime) -> CannotMatch:
    words = f"credits of {order.payment.rail} {order.payment.reference}, {order.payment.date}"
    return CannotMatch(id_from(order.id, "CannotMatch", code), order.id, at, code, words)
