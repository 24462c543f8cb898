"""Carry out one order of the mailbox exactly once: the table of order kinds, and what closes an order beforehand."""

from __future__ import annotations

import re
from datetime import datetime

from thaam.node.amending import amend
from thaam.node.holding import as_hold_order, begin_hold, cannot_match, hold_what_is_here
from thaam.node.locating import locate
from thaam.node.parts import Parts, id_from
from thaam.node.records import Taken
from thaam.node.releasing import acknowledged, cancel, let_go_untold, release
from thaam.node.restoring import restore
from thaam.node.warning import payers_of, tell_holder, warn_customer
from thaam.node.watch import start_watch
from thaam.wire.messages import (
    AmendOrder,
    BalanceWatch,
    BlockAnswer,
    BlockOrder,
    CancelOrder,
    CannotMatch,
    FreezeToHoldOrder,
    HoldOrder,
    InformationAnswer,
    InformationRequest,
    LocatePayment,
    Message,
    Notice,
    PayersRequest,
    ReleaseOrder,
    RestoreOrder,
    WarnOrder,
)
from thaam.wire.words import NOT_RECORDED

# States of a mailbox item in which there is nothing left to carry out: somebody else did, or nobody may any more.
CLOSED = frozenset({"answered", "done", "cancelled", "lapsed", "tombstone"})


class NotAnOrder(TypeError):
    """A message of the mailbox that no bank carries out."""


def carry_out(parts: Parts, taken: Taken, *, at: datetime) -> str:
    """Carry out one order, put its answers in the outbox and settle it; how it went, in a word or two.

    May be killed anywhere and called again: steps taken are not repeated, an answer computed is not computed anew.
    Raises CoreUnreachable, and then nothing is settled.
    """
    if taken.fault is not None:
        return _settle(parts, taken, f"faulty: {taken.fault}", _refused(parts, taken, at), at)
    if taken.state in CLOSED and not _is_ours_to_finish(parts, taken):
        return _settle(parts, taken, f"closed: {taken.state}", _too_late(taken, at), at)
    order = taken.message()
    if isinstance(order, HoldOrder | FreezeToHoldOrder):
        return _settle(parts, taken, _hold(parts, order, at), [], at)
    answers = _answers(parts, order, at)
    return _settle(parts, taken, ", ".join(type(answer).__name__ for answer in answers), answers, at)


def _too_late(taken: Taken, at: datetime) -> list[Message]:
    """Of an order that lapsed before it was taken: what money waits for is said not to have happened.

    A hold is asked for anew without that; a release or a restoration would stand as if it were still on its way.
    """
    if taken.state != "lapsed" or taken.kind not in ("ReleaseOrder", "RestoreOrder"):
        return []
    code = "lapsed_unexecuted"
    return [CannotMatch(id_from(taken.order_id, "CannotMatch", code), taken.order_id, at, code, "it came too late")]


def _is_ours_to_finish(parts: Parts, taken: Taken) -> bool:
    """A hold begun here; or new terms of one: whoever took note of them meanwhile, they are to be kept to here."""
    if taken.kind == "AmendOrder":
        order = taken.message()
        assert isinstance(order, AmendOrder)
        hold = parts.records.find_hold(order.hold_order_id)
        return hold is not None and hold.state != "ended"
    return parts.records.find_hold(taken.order_id) is not None


def give_up(parts: Parts, taken: Taken, why: str) -> str:
    """Settle an order that this program cannot answer; its silence, and the log, bring it to people.

    What it has placed under liens and cannot tell of is let go: nobody would know of it. Raises CoreUnreachable, and
    then nothing is settled.
    """
    order = taken.message()
    let_go_untold(parts, order.hold_order_id if isinstance(order, AmendOrder) else order.id, cause=order.id)
    with parts.records.one_step():
        parts.records.settle(taken, outcome := f"failed: {why}")
    return outcome


# Faults of what the platform did not sign, which is no order, and of orders a later version may know.
_UNANSWERED = frozenset({"not_evidence", "unknown_key", "unknown_kind", "unknown_version"})


def _refused(parts: Parts, taken: Taken, at: datetime) -> list[Message]:
    """An order the platform signed and that breaks a rule of its kind is refused, naming the problem's code."""
    fault = taken.fault or ""
    if re.split(r"[ :]", fault, maxsplit=1)[0] in _UNANSWERED or parts.records.find_hold(taken.order_id) is not None:
        return []
    name = id_from(taken.order_id, "CannotMatch", "needs_order")
    return [CannotMatch(name, taken.order_id, at, "needs_order", fault[:2000])]


def _hold(parts: Parts, order: HoldOrder | FreezeToHoldOrder, at: datetime) -> str:
    wanted = as_hold_order(order) if isinstance(order, FreezeToHoldOrder) else order
    hold = begin_hold(parts, wanted, at=at)
    if isinstance(hold, str):
        with parts.records.one_step():
            parts.records.answer(cannot_match(parts, wanted, hold, at=at), at=at)
        return hold
    if hold.state != "open":
        return hold.state
    if isinstance(order, FreezeToHoldOrder):
        reference = order.freeze_reference

        def lift_freeze(account: str) -> None:
            parts.core.lift_freeze(account=account, lift_id=order.id, freeze_reference=reference)

        return hold_what_is_here(parts, hold, at=at, before_answer=lift_freeze)
    return hold_what_is_here(parts, hold, at=at)


def _answers(parts: Parts, order: Message, at: datetime) -> list[Message]:
    match order:
        case LocatePayment():
            if parts.records.tombstone(order.id) is not None:
                return []
            if parts.true_time(at) >= order.execute_before:
                words = f"its time ended at {order.execute_before}"
                code = "lapsed_unexecuted"
                return [CannotMatch(id_from(order.id, "CannotMatch", code), order.id, at, code, words)]
            return [locate(parts, order, at=at)]
        case AmendOrder():
            return [amend(parts, order, at=at)]
        case CancelOrder():
            return [cancel(parts, order, at=at)]
        case ReleaseOrder():
            return [release(parts, order, at=at)]
        case RestoreOrder():
            return list(restore(parts, order, at=at))
        case BalanceWatch():
            return [start_watch(parts, order, at=at)]
        case InformationRequest():
            return [_inform(parts, order, at)]
        case Notice():
            return tell_holder(parts, order, at=at)
        case PayersRequest():
            return [payers_of(parts, order, at=at)]
        case WarnOrder():
            return [warn_customer(parts, order, at=at)]
        case BlockOrder():
            # a bank gives out no numbers and runs no pages
            return [BlockAnswer(id_from(order.id, "BlockAnswer"), order.id, at, "not_ours", None, None)]
    raise NotAnOrder(type(order).__name__)


def _inform(parts: Parts, order: InformationRequest, at: datetime) -> Message:
    """Particulars of a debit come from the ledger; everything else is for the bank's people, and only acknowledged."""
    if order.what != "particulars":
        return acknowledged(order.id, at)
    about = order.about
    match = parts.ledger.find_debits(
        rail=about.rail, reference=about.reference, paid_on=about.date, amount_paise=about.amount_paise
    )
    name = id_from(order.id, "InformationAnswer")
    if match.problem is not None or not match.postings:
        return InformationAnswer(name, order.id, at, False, None, ())
    debit = match.postings[0]
    words = f"{debit.channel} {debit.posted_at.isoformat()} {debit.detail or NOT_RECORDED}"
    return InformationAnswer(name, order.id, at, True, words[:2000], ())


def _settle(parts: Parts, taken: Taken, outcome: str, answers: list[Message], at: datetime) -> str:
    with parts.records.one_step():
        for answer in answers:
            parts.records.answer(answer, at=at)
        parts.records.settle(taken, outcome)
    return outcome
