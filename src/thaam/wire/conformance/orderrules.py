"""Rules of the life of an order: refused, repeated, lapsed, cancelled, amended; and the small orders."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from typing import Any

from thaam.wire import codec
from thaam.wire.conformance.holdcases import RUPEE, Row
from thaam.wire.conformance.kit import BASIS, OFFICER, Kit, check, sum_of
from thaam.wire.messages import (
    Acknowledged,
    AmendOrder,
    BalanceWatch,
    CancelOrder,
    CannotMatch,
    Expected,
    FreezeToHoldOrder,
    HoldAnswer,
    HoldOrder,
    InformationAnswer,
    InformationRequest,
    Notice,
    ReleaseDone,
    ranges_of,
)
from thaam.wire.parts import Range

THOUSAND = 1_000 * RUPEE
CREDIT = (Row("C", "A", THOUSAND, "P1"),)


def new_id() -> str:
    """The id of a new order."""
    return str(uuid.uuid4())


def order_of(kit: Kit, **changes: Any) -> HoldOrder:
    """A hold order for Rs 1,000 that are all in account A."""
    kit.load(CREDIT)
    return kit.hold_order(kit.payment("P1", THOUSAND), **changes)


def held_whole(kit: Kit, **changes: Any) -> HoldOrder:
    """The same, posted and held."""
    order = order_of(kit, **changes)
    answer = kit.held(order)
    check(sum_of(answer.lines, "held") == THOUSAND, f"not held whole: {answer.lines}")
    return order


def empty_order(kit: Kit) -> None:
    """A hold order without amount, ranges, basis, officer, time or expiry is refused with the code empty_order."""
    order = order_of(kit)
    body = codec.parse(codec.encode(order))
    del body["basis"]
    kit.platform.post_object(body)
    answer = kit.answer_to(order.id, CannotMatch)
    check(answer.code == "needs_order", f"the code is {answer.code}")
    check(answer.searched.startswith("empty_order"), f"the words do not start with empty_order: {answer.searched}")
    kit.expect_lien(0)


def repeated_order(kit: Kit) -> None:
    """The same order again adds nothing: no second lien, no other answer."""
    order = held_whole(kit)
    kit.platform.post(order)
    kit.after_polls()
    answers = kit.platform.answers_to(order.id)
    check(len(answers) == 1, f"{len(answers)} different answers to one order")
    kit.expect_lien(THOUSAND)


def lapsed_order(kit: Kit) -> None:
    """After execute_before an order is not begun; the only answer is lapsed_unexecuted."""
    then = kit.platform.now() - dt.timedelta(hours=2)
    order = order_of(kit, issued_at=then, execute_before=then + dt.timedelta(hours=1))
    kit.platform.post(order)
    answer = kit.answer_to(order.id, CannotMatch, HoldAnswer, Expected)
    check(isinstance(answer, CannotMatch) and answer.code == "lapsed_unexecuted", f"answered {answer}")
    kit.expect_lien(0)


def tombstone(kit: Kit) -> None:
    """An order cancelled before the bank saw it stands as a tombstone and is never carried out."""
    order = order_of(kit)
    kit.platform.post(order, state="tombstone")
    cancel = CancelOrder(new_id(), order.id, "withdrawn", OFFICER, kit.platform.now())
    kit.platform.post(cancel)
    kit.answer_to(cancel.id, Acknowledged)
    kit.expect_lien(0)
    check(not any(isinstance(each, HoldAnswer) for each in kit.platform.answers_to(order.id)), "it was carried out")


def cancelled(kit: Kit) -> None:
    """Cancelling an executed order releases all of it, with reason cancelled."""
    order = held_whole(kit)
    cancel = CancelOrder(new_id(), order.id, "withdrawn", OFFICER, kit.platform.now())
    kit.platform.post(cancel)
    done = kit.answer_to(cancel.id, ReleaseDone)
    check(done.reason == "cancelled" and done.amount_paise == THOUSAND, f"{done.reason}, {done.amount_paise} paise")
    kit.expect_lien(0)


def _amend(kit: Kit, order: HoldOrder, **changes: Any) -> AmendOrder:
    told: dict[str, Any] = {
        "ranges": None, "floor_paise": None, "provisional": None, "expires_at": None, "basis": None, **changes,
    }  # fmt: skip
    amend = AmendOrder(
        id=new_id(), hold_order_id=order.id, revision=2, issued_by=OFFICER, issued_at=kit.platform.now(), **told
    )
    if amend.ranges is not None:
        kit.platform.amended(order.id, revision=2, ranges=amend.ranges)
    kit.platform.post(amend)
    return amend


def amended_down(kit: Kit) -> None:
    """An amendment to fewer paise releases the rest; the next answer names its revision and the one it replaces."""
    order = held_whole(kit)
    _amend(kit, order, ranges=(Range(0, 400 * RUPEE),))
    answer = kit.answer_to(order.id, HoldAnswer, count=2)
    check((answer.revision, answer.replaces, answer.order_revision) == (2, 1, 2), f"revisions of {answer}")
    check(sum_of(answer.lines, "held") == 400 * RUPEE, f"lines {answer.lines}")
    kit.expect_lien(400 * RUPEE)


def confirmed(kit: Kit) -> None:
    """Confirming a provisional hold is acknowledged and moves no money."""
    order = held_whole(kit)
    amend = _amend(kit, order, provisional=False)
    kit.answer_to(amend.id, Acknowledged)
    kit.expect_lien(THOUSAND)


def prolonged(kit: Kit) -> None:
    """A later expiry accepted before the first one keeps the hold beyond it."""
    soon = dt.timedelta(seconds=kit.brief)
    order = held_whole(kit, expires_at=kit.platform.now() + soon)
    amend = _amend(kit, order, expires_at=kit.platform.now() + dt.timedelta(hours=1))
    kit.answer_to(amend.id, Acknowledged)
    time.sleep(max(0.0, (order.expires_at - kit.platform.now()).total_seconds()) + kit.brief / 4)
    kit.after_polls()
    kit.expect_lien(THOUSAND)
    check(not any(isinstance(each, ReleaseDone) for each in kit.platform.answers_to(order.id)), "it was released")


def freeze_to_hold(kit: Kit) -> None:
    """The freeze of a whole account becomes a hold of the disputed paise."""
    kit.load(CREDIT)
    now = kit.platform.now()
    order = FreezeToHoldOrder(
        new_id(), kit.name("A"), None, kit.payment("P1", THOUSAND), ranges_of(((0, THOUSAND),)), THOUSAND, BASIS,
        OFFICER, now, now + dt.timedelta(hours=1), now + dt.timedelta(days=1),
    )  # fmt: skip
    kit.platform.post(order)
    answer = kit.answer_to(order.id, HoldAnswer)
    check(sum_of(answer.lines, "held") == THOUSAND, f"lines {answer.lines}")
    kit.expect_lien(THOUSAND)


def information(kit: Kit) -> None:
    """A request for information is answered or at least acknowledged."""
    kit.load((*CREDIT, Row("D", "A", THOUSAND, "T1", channel="ATM", detail="ATM KIT0001")))
    now = kit.platform.now()
    about = kit.payment("T1", THOUSAND, channel="ATM")
    request = InformationRequest(
        new_id(), "particulars", about, None, None, now + dt.timedelta(days=1), BASIS, OFFICER, now
    )
    kit.platform.post(request)
    kit.answer_to(request.id, InformationAnswer, Acknowledged)


def watched(kit: Kit) -> None:
    """A watch is acknowledged and holds nothing; when the paise move, an answer says where to."""
    kit.load(CREDIT)
    now = kit.platform.now()
    payment = kit.payment("P1", THOUSAND)
    watch = BalanceWatch(
        new_id(), payment, ranges_of(((0, THOUSAND),)), BASIS, OFFICER, now, now + dt.timedelta(days=1)
    )
    kit.platform.post(watch)
    kit.answer_to(watch.id, Acknowledged)
    kit.expect_lien(0)
    kit.load((Row("D", "A", 400 * RUPEE, "T1"),), step="2")
    answer = kit.answer_to(watch.id, HoldAnswer)
    told = (sum_of(answer.lines, "onward"), sum_of(answer.lines, "seen"))
    check(told == (400 * RUPEE, 600 * RUPEE), f"onward and seen are {told}")


def noticed(kit: Kit) -> None:
    """A notice is acknowledged."""
    notice = Notice(new_id(), "other", None, "A notice of the conformance kit.", OFFICER, kit.platform.now())
    kit.platform.post(notice)
    kit.answer_to(notice.id, Acknowledged)


def later_kind(kit: Kit) -> None:
    """An order of a kind this version does not know does not stop those behind it."""
    kit.platform.post_object({"kind": "OrderOfTheFuture", "version": 1, "id": new_id()})
    held_whole(kit)
