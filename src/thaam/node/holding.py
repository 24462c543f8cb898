"""Carry out a hold order: find the credit, trace, place the lien, cut, answer. Four steps, each safe to repeat.

1 read on and compute what is still here · 2 the core's lien · 3 read to its position, recompute, lift the excess ·
4 cut and answer. The steps and what a crash between them leaves are in resuming.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from thaam.money import ranges as sets
from thaam.node.lines import account_token, lines_of
from thaam.node.parts import Parts, id_from
from thaam.node.pools import is_pool
from thaam.node.reading import read_on
from thaam.node.records import HoldRecord, Leg
from thaam.node.resuming import cut, place
from thaam.node.times import day_in_india
from thaam.postings.answers import Match
from thaam.postings.posting import Posting
from thaam.wire.messages import CannotMatch, Expected, FreezeToHoldOrder, HoldAnswer, HoldOrder, pairs_of

CREDITS = 3
"""So many credits of one payment are looked at for liens that our files forgot; nearly all payments have one."""


def begin_hold(parts: Parts, order: HoldOrder, *, at: datetime) -> HoldRecord | str:
    """The hold's record, made now if need be; or the code of CannotMatch for an order that may not be begun."""
    earlier = parts.records.find_hold(order.id)
    if earlier is not None:
        if earlier.state == "open" and not parts.records.legs(order.id) and _too_late(parts, order, at):
            parts.records.end_hold(order.id, "lapsed_unexecuted")
            return "lapsed_unexecuted"  # written down in time, and then the core was away: no lien stands
        return earlier
    if parts.records.tombstone(order.id) is not None:
        return "cancelled"
    if not parts.is_ours(order.payment.payee_bank):
        return "not_ours"
    if _too_late(parts, order, at):
        return "lapsed_unexecuted"
    with parts.records.one_step():
        return parts.records.write_hold(HoldRecord(order, "open"))


def _too_late(parts: Parts, order: HoldOrder, at: datetime) -> bool:
    return parts.true_time(at) >= min(order.execute_before, order.expires_at)


def hold_what_is_here(
    parts: Parts, hold: HoldRecord, *, at: datetime, before_answer: Callable[[str], None] = lambda account: None
) -> str:
    """Hold what is still here of the asked paise and put the answer in the outbox; how it went, in one word.

    `before_answer` is called with the account once the lien stands. The caller runs it again after a crash: a step
    taken before is not taken twice, and the answer goes into the outbox with the last of them.
    """
    legs = [leg for leg in parts.records.legs(hold.id) if leg.attempt == hold.attempt]
    if not legs:
        read_on(parts)
    match = find_credits(parts, hold.order)
    if match.problem is not None:
        return _not_here(parts, hold, match.problem, at)
    if not legs:
        legs = _plan(parts, hold, match.postings)
    for leg in legs:
        place(parts, leg, fresh=leg.step == "placing")
    for leg in sorted((parts.records.leg(leg.id) for leg in legs), key=lambda leg: (leg.lien_position or 0, leg.id)):
        cut(parts, leg)
    before_answer(match.postings[0].account)
    return answer_hold(parts, hold, match.postings, at=at)


def answer_hold(parts: Parts, hold: HoldRecord, credits: tuple[Posting, ...], *, at: datetime) -> str:
    """Put the next revision of the answer in the outbox, as the ledger stands; the hold's new state."""
    lines = lines_of(
        parts,
        order_id=hold.id,
        credits=credits,
        asked=pairs_of(hold.order.ranges),
        left_alone=lambda account: _left_alone(parts, hold, account),
    )
    legs = parts.records.legs(hold.id)
    revision = hold.answer_revision + 1
    message = HoldAnswer(
        id=id_from(hold.id, "HoldAnswer", revision),
        order_id=hold.id,
        answered_at=at,
        revision=revision,
        replaces=hold.answer_revision or None,
        account=account_token(credits[0].account),
        position=parts.ledger.position(),
        lines=lines,
        exactness="exact" if all(leg.exact for leg in legs) else "lagged",
        rule_applied="lifo",
        ranges_kind="exact",
        order_revision=hold.order.revision,
    )
    state = "held" if any(leg.kept_paise for leg in legs) else "empty"
    with parts.records.one_step():
        parts.records.answer(message, at=at)
        parts.records.write_hold(
            replace(hold, state=state, answer_revision=revision, answered_order_revision=hold.order.revision)
        )
    return state


def answer_again(parts: Parts, hold: HoldRecord, *, at: datetime) -> str:
    """The next revision of an answer after something else than a hold changed: fewer paise asked, or some returned."""
    return answer_hold(parts, hold, find_credits(parts, hold.order).postings, at=at)


def find_credits(parts: Parts, order: HoldOrder) -> Match:
    """The credits of the order's payment here; of several candidates the one the payee hint names."""
    payment = order.payment
    match = parts.ledger.find_credits(
        rail=payment.rail, reference=payment.reference, paid_on=payment.date, amount_paise=payment.amount_paise
    )
    if match.problem == "ambiguous" and order.payee_hint is not None:
        hinted = tuple(credit for credit in match.postings if credit.account == order.payee_hint)
        if len(hinted) == 1:
            return Match(hinted)
    return match


def as_hold_order(order: FreezeToHoldOrder) -> HoldOrder:
    """The hold that takes the place of a whole account's freeze: no floor, not provisional."""
    return HoldOrder(
        id=order.id,
        revision=1,
        payment=order.payment,
        ranges=order.ranges,
        amount_paise=order.amount_paise,
        floor_paise=0,
        provisional=False,
        payee_hint=order.account,
        basis=order.basis,
        issued_by=order.issued_by,
        issued_at=order.issued_at,
        execute_before=order.execute_before,
        expires_at=order.expires_at,
    )


def _plan(parts: Parts, hold: HoldRecord, credits: tuple[Posting, ...]) -> list[Leg]:
    """Step one: what is wanted of each credit, written down; nothing on an account where less than the floor is."""
    asked = pairs_of(hold.order.ranges)
    wanted: list[Leg] = []
    for number, credit in enumerate(credits):
        part = sets.intersect(asked, ((credit.payment_lo, credit.payment_lo + credit.amount_paise),))
        if not part:
            continue
        if is_pool(parts, credit.account, at=credit.posted_at):
            parts.ledger.declare_pool(account=credit.account)
            continue
        here = sets.subtract(
            parts.ledger.hop(credit_position=credit.position, ranges=part).here, parts.records.released(hold.id)
        )
        if not here:
            continue
        leg_id = _lien_name(hold.id, hold.attempt, number)
        wanted.append(
            Leg(leg_id, hold.id, hold.attempt, credit.account, credit.position, here, "placing", None, None, None,
                True, 0)
        )  # fmt: skip
    here_on: dict[str, int] = {}
    for leg in wanted:
        here_on[leg.account] = here_on.get(leg.account, 0) + sets.total(leg.wanted)
    wanted = [leg for leg in wanted if here_on[leg.account] >= hold.order.floor_paise]
    with parts.records.one_step():
        for leg in wanted:
            parts.records.plan_leg(leg)
    return wanted


def _lien_name(order_id: str, attempt: int, number: int) -> str:
    return order_id if (attempt, number) == (1, 0) else f"{order_id}/{attempt}.{number}"


def lien_names(order_id: str, *, attempts: int) -> list[str]:
    """What the liens of an order on the first credits of its payment may be called in the core."""
    return [_lien_name(order_id, attempt, number) for attempt in range(1, attempts + 1) for number in range(CREDITS)]


def _left_alone(parts: Parts, hold: HoldRecord, account: str) -> str:
    """Why paise that are here are not held: the core has no power to, less than the floor is here, another lien."""
    legs = [leg for leg in parts.records.legs(hold.id) if leg.account == account]
    if any(leg.step == "done" and leg.lien_reference is None for leg in legs):
        return "no_power"
    return "floor" if not legs and hold.order.floor_paise else "other_lien"


def _not_here(parts: Parts, hold: HoldRecord, problem: str, at: datetime) -> str:
    """No credit fits: wait for it while it may still come, else say why not."""
    payment = hold.order.payment
    last_day = payment.date + timedelta(days=parts.limits.expect_days)
    comes = payment.payee_bank is not None and parts.is_ours(payment.payee_bank)
    if problem == "not_found" and comes and day_in_india(parts.true_time(at)) <= last_day:
        if hold.state == "waiting":
            return "waiting"
        with parts.records.one_step():
            parts.records.answer(Expected(id_from(hold.id, "Expected"), hold.id, at, payment), at=at)
            parts.records.write_hold(replace(hold, state="waiting"))
        return "waiting"
    with parts.records.one_step():
        parts.records.answer(cannot_match(parts, hold.order, problem, at=at), at=at)
        parts.records.end_hold(hold.id, problem)
    return problem


def cannot_match(parts: Parts, order: HoldOrder, code: str, *, at: datetime) -> CannotMatch:
    """The refusal of a hold order, saying where we looked."""
    searched = (
        f"credits of {order.payment.rail} {order.payment.reference}, {order.payment.date}, at {parts.bank}"
        f" up to posting {parts.ledger.position()}"
    )
    return CannotMatch(id_from(order.id, "CannotMatch", code), order.id, at, code, searched)
