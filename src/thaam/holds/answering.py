"""Enter a bank's answer to a hold order in the book.

A bank may answer again (its books moved, a floor was lifted): each answer names the one it replaces, and the entries
written are only the difference. Paise whose hold has ended stay ended, whatever a later answer says.
"""

from __future__ import annotations

import datetime as dt

from thaam.journal.gathering import gathered
from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Ranges
from thaam.wire.messages import HoldAnswer

from .amending import record_carried_out
from .book import book_of, ended_ranges, enter, settle_state
from .models import Entry, Hold
from .states import HoldState, check_can_become


class AnswerRefused(Exception):
    """The answer is kept as evidence and has no effect. `problem` is its name in the closed list of the protocol."""

    problem = "answer_refused"


class LinesDoNotBalance(AnswerRefused):
    """The lines are not exactly the paise the order asked about."""

    problem = "lines_do_not_balance"


class AnswerConflicts(AnswerRefused):
    """There is an answer already, and this one does not say that it replaces it."""

    problem = "answer_conflict"


class NotTheirOrder(AnswerRefused):
    """The bank that answers is not the bank that was asked."""

    problem = "not_your_order"


class NotInCharge(AnswerRefused):
    """The order was cancelled, so nothing may be held under it."""

    problem = "order_closed"


def check_answer(hold: Hold, answer: HoldAnswer, *, bank: str) -> None:
    """Raise the AnswerRefused that applies, if one does."""
    if hold.bank_id != bank:
        raise NotTheirOrder(f"order {hold.pk} went to {hold.bank_id}")
    if hold.state == HoldState.CANCELLED:
        raise NotInCharge(f"order {hold.pk} is cancelled")
    lines = tuple((line.lo, line.hi) for line in answer.lines)
    if sets.normalise(lines) != hold.asked or sum(hi - lo for lo, hi in lines) != sets.total(hold.asked):
        raise LinesDoNotBalance(f"lines cover {sets.normalise(lines)}, asked was {hold.asked}")
    if hold.answer_revision is not None and answer.replaces != hold.answer_revision:
        raise AnswerConflicts(f"answer {hold.answer_revision} stands; this one replaces {answer.replaces}")


def held_by_others(hold: Hold) -> list[tuple[Hold, Ranges]]:
    """What other orders of ours hold of the same payment. A bank that does not name them says the same paise again."""
    others = [
        each for each in gathered().all_of(Hold, "payment_id", hold.payment_id) if each.pk != hold.pk and each.held
    ]
    return [(other, other.held) for other in sorted(others, key=lambda each: (each.asked_at, str(each.pk)))]


def record_hold_answer(*, hold: Hold, answer: HoldAnswer, bank: str, told_at: dt.datetime, at: dt.datetime) -> Ranges:
    """Enter what the answer holds and lowers; returns the paise now held under this order. `told_at`: when it came.

    The caller has the hold's row locked. Raises AnswerRefused (LinesDoNotBalance, AnswerConflicts, NotTheirOrder,
    NotInCharge) and then has changed nothing.
    """
    check_answer(hold, answer, bank=bank)
    says_held = sets.normalise(
        (line.lo, line.hi)
        for line in answer.lines
        if line.kind == "held" and line.hold_order_id in (None, str(hold.pk))
    )
    says_held = sets.subtract(says_held, sets.union(*(paise for _, paise in held_by_others(hold))))
    if hold.book_id is None:
        hold.book = book_of(bank=bank, account=answer.account, at=at)
    ended = ended_ranges(hold) if hold.answer_revision is not None else NONE
    if hold.revision > 1:
        record_carried_out(hold=hold, order_revision=answer.order_revision, told_at=told_at, at=at)
    hold.answer_revision = answer.revision
    hold.answered_at = at
    hold.exactness = answer.exactness
    hold.ranges_kind = answer.ranges_kind
    gathered().change(hold, "book", "answer_revision", "answered_at", "exactness", "ranges_kind")
    for kind, ranges in (
        (Entry.Type.LOWERED, sets.subtract(hold.held, says_held)),
        (Entry.Type.HELD, sets.subtract(says_held, ended)),
    ):
        enter(hold, kind, ranges, cause=answer.id, by=f"bank:{bank}", at=at, stated_at=answer.answered_at)
    if not hold.held:
        settle_state(hold)
        gathered().change(hold, "state")
    return tuple(hold.held)


def record_named(*, hold: Hold, answer: HoldAnswer, bank: str, at: dt.datetime) -> None:
    """Enter what the answer says is held under other orders of ours and their books do not have.

    The answer to such an order may have been lost with its receipt in the bank's hands, or still be on its way: the
    bank's signed word is enough to know of the money. An order that was cancelled or whose time is over holds
    nothing here, whatever is said. Locks the holds that are named.
    """
    named: dict[str, list[tuple[int, int]]] = {}
    for line in answer.lines:
        if line.kind == "held" and line.hold_order_id not in (None, str(hold.pk)):
            named.setdefault(str(line.hold_order_id), []).append((line.lo, line.hi))
    for order_id, pairs in sorted(named.items()):
        other = gathered().one(Hold, order_id, lock=True)
        if other is None or (other.bank_id, other.payment_id) != (bank, hold.payment_id):
            continue
        known = sets.union(other.held, ended_ranges(other), *(paise for _, paise in held_by_others(other)))
        missing = sets.intersect(sets.subtract(pairs, known), other.asked)
        if not missing or other.state == HoldState.CANCELLED or at >= other.expires_at:
            continue
        if other.book_id is None:
            other.book = book_of(bank=bank, account=answer.account, at=at)
            gathered().change(other, "book")
        enter(other, Entry.Type.HELD, missing, cause=answer.id, by=f"bank:{bank}", at=at, stated_at=answer.answered_at)


def record_declined(*, hold: Hold, at: dt.datetime) -> None:
    """The bank cannot match the order. A hold that was answered before keeps what it holds."""
    if hold.held or hold.state in (HoldState.CANCELLED, HoldState.ENDED, HoldState.DECLINED):
        return
    if hold.answer_revision is None:
        check_can_become(hold.state, HoldState.DECLINED)
        hold.state = HoldState.DECLINED
        hold.answered_at = at
        gathered().change(hold, "state", "answered_at")


def record_lapsed(*, hold: Hold) -> bool:
    """Nobody answered before `execute_before`; False when somebody had."""
    if hold.state != HoldState.ASKED:
        return False
    hold.state = HoldState.LAPSED
    gathered().change(hold, "state")
    return True
