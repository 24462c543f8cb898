"""The rules of docs/wire as cases: each plays one situation and raises Failed when the bank does not keep the rule.

The order matters at the end only: cases that make the kit lie come last, since a bank may rightly stop.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from typing import Any

from thaam.wire import codec, keys
from thaam.wire.conformance.holdcases import RUPEE, Row
from thaam.wire.conformance.kit import BASIS, OFFICER, SECOND_OFFICER, Kit, check, sum_of
from thaam.wire.conformance.platform import FALSE_RESPONSE, FORKED_JOURNAL
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
    LateCredit,
    Located,
    Notice,
    ReleaseDone,
    ReleaseOrder,
    RestoreDone,
    RestoreOrder,
    ranges_of,
)
from thaam.wire.parts import Range

THOUSAND = 1_000 * RUPEE
CREDIT = (Row("C", "A", THOUSAND, "P1"),)


def _id() -> str:
    return str(uuid.uuid4())


def _order(kit: Kit, **changes: Any) -> HoldOrder:
    kit.load(CREDIT)
    return kit.hold_order(kit.payment("P1", THOUSAND), **changes)


def _held_whole(kit: Kit, **changes: Any) -> HoldOrder:
    order = _order(kit, **changes)
    answer = kit.held(order)
    check(sum_of(answer.lines, "held") == THOUSAND, f"not held whole: {answer.lines}")
    return order


# ── orders ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def empty_order(kit: Kit) -> None:
    """A hold order without amount, ranges, basis, officer, time or expiry is refused with the code empty_order."""
    order = _order(kit)
    body = codec.parse(codec.encode(order))
    del body["basis"]
    kit.platform.post_object(body)
    answer = kit.answer_to(order.id, CannotMatch)
    check(answer.code == "needs_order", f"the code is {answer.code}")
    check(answer.searched.startswith("empty_order"), f"the words do not start with empty_order: {answer.searched}")
    kit.expect_lien(0)


def repeated_order(kit: Kit) -> None:
    """The same order again adds nothing: no second lien, no other answer."""
    order = _held_whole(kit)
    kit.platform.post(order)
    kit.after_polls()
    answers = kit.platform.answers_to(order.id)
    check(len(answers) == 1, f"{len(answers)} different answers to one order")
    kit.expect_lien(THOUSAND)


def lapsed_order(kit: Kit) -> None:
    """After execute_before an order is not begun; the only answer is lapsed_unexecuted."""
    then = kit.platform.now() - dt.timedelta(hours=2)
    order = _order(kit, issued_at=then, execute_before=then + dt.timedelta(hours=1))
    kit.platform.post(order)
    answer = kit.answer_to(order.id, CannotMatch, HoldAnswer, Expected)
    check(isinstance(answer, CannotMatch) and answer.code == "lapsed_unexecuted", f"answered {answer}")
    kit.expect_lien(0)


def tombstone(kit: Kit) -> None:
    """An order cancelled before the bank saw it stands as a tombstone and is never carried out."""
    order = _order(kit)
    kit.platform.post(order, state="tombstone")
    cancel = CancelOrder(_id(), order.id, "withdrawn", OFFICER, kit.platform.now())
    kit.platform.post(cancel)
    kit.answer_to(cancel.id, Acknowledged)
    kit.expect_lien(0)
    check(not any(isinstance(each, HoldAnswer) for each in kit.platform.answers_to(order.id)), "it was carried out")


def cancelled(kit: Kit) -> None:
    """Cancelling an executed order releases all of it, with reason cancelled."""
    order = _held_whole(kit)
    cancel = CancelOrder(_id(), order.id, "withdrawn", OFFICER, kit.platform.now())
    kit.platform.post(cancel)
    done = kit.answer_to(cancel.id, ReleaseDone)
    check(done.reason == "cancelled" and done.amount_paise == THOUSAND, f"{done.reason}, {done.amount_paise} paise")
    kit.expect_lien(0)


def _amend(kit: Kit, order: HoldOrder, **changes: Any) -> AmendOrder:
    told: dict[str, Any] = {
        "ranges": None, "floor_paise": None, "provisional": None, "expires_at": None, "basis": None, **changes,
    }  # fmt: skip
    amend = AmendOrder(
        id=_id(), hold_order_id=order.id, revision=2, issued_by=OFFICER, issued_at=kit.platform.now(), **told
    )
    if amend.ranges is not None:
        kit.platform.amended(order.id, revision=2, ranges=amend.ranges)
    kit.platform.post(amend)
    return amend


def amended_down(kit: Kit) -> None:
    """An amendment to fewer paise releases the rest; the next answer names its revision and the one it replaces."""
    order = _held_whole(kit)
    _amend(kit, order, ranges=(Range(0, 400 * RUPEE),))
    answer = kit.answer_to(order.id, HoldAnswer, count=2)
    check((answer.revision, answer.replaces, answer.order_revision) == (2, 1, 2), f"revisions of {answer}")
    check(sum_of(answer.lines, "held") == 400 * RUPEE, f"lines {answer.lines}")
    kit.expect_lien(400 * RUPEE)


def confirmed(kit: Kit) -> None:
    """Confirming a provisional hold is acknowledged and moves no money."""
    order = _held_whole(kit)
    amend = _amend(kit, order, provisional=False)
    kit.answer_to(amend.id, Acknowledged)
    kit.expect_lien(THOUSAND)


def prolonged(kit: Kit) -> None:
    """A later expiry accepted before the first one keeps the hold beyond it."""
    soon = dt.timedelta(seconds=kit.brief)
    order = _held_whole(kit, expires_at=kit.platform.now() + soon)
    amend = _amend(kit, order, expires_at=kit.platform.now() + dt.timedelta(hours=1))
    kit.answer_to(amend.id, Acknowledged)
    time.sleep(max(0.0, (order.expires_at - kit.platform.now()).total_seconds()) + kit.brief / 4)
    kit.after_polls()
    kit.expect_lien(THOUSAND)
    check(not any(isinstance(each, ReleaseDone) for each in kit.platform.answers_to(order.id)), "it was released")


# ── the end of a hold ──────────────────────────────────────────────────────────────────────────────────────────────


def expired(kit: Kit) -> None:
    """A hold ends at its expiry by the node's own clock, and the platform is told."""
    order = _held_whole(kit, expires_at=kit.platform.now() + dt.timedelta(seconds=kit.brief))
    done = kit.answer_to(order.id, ReleaseDone)
    check(done.reason == "expired" and done.amount_paise == THOUSAND, f"{done.reason}, {done.amount_paise} paise")
    check(kit.platform.now() >= order.expires_at, "it was released before its time")
    kit.expect_lien(0)


def expired_alone(kit: Kit) -> None:
    """Expiry does not wait for the platform: the lien ends while the platform is silent."""
    order = _held_whole(kit, expires_at=kit.platform.now() + dt.timedelta(seconds=kit.brief))
    kit.platform.silent = True
    try:
        kit.expect_lien(0)
    finally:
        kit.platform.silent = False
    done = kit.answer_to(order.id, ReleaseDone)
    check(done.reason == "expired", f"the reason is {done.reason}")


def released_in_part(kit: Kit) -> None:
    """A release order frees exactly the named paise."""
    order = _held_whole(kit)
    now = kit.platform.now()
    part = ranges_of(((600 * RUPEE, THOUSAND),))
    release = ReleaseOrder(
        _id(), order.id, part, 400 * RUPEE, "objection_upheld", False, BASIS, OFFICER, now, now + dt.timedelta(hours=1)
    )
    kit.platform.post(release)
    done = kit.answer_to(release.id, ReleaseDone)
    check((done.ranges, done.amount_paise, done.reason) == (part, 400 * RUPEE, "ordered"), f"done: {done}")
    kit.expect_lien(600 * RUPEE)


def restored(kit: Kit) -> None:
    """A restoration pays held paise back once, however often it is asked, and names the payment."""
    order = _held_whole(kit)
    now = kit.platform.now()
    part = ranges_of(((0, 700 * RUPEE),))
    restore = RestoreOrder(
        _id(), order.id, part, 700 * RUPEE, "KITP", kit.name("other"), BASIS, OFFICER, SECOND_OFFICER, now,
        now + dt.timedelta(hours=1),
    )  # fmt: skip
    kit.platform.post(restore)
    done = kit.answer_to(restore.id, RestoreDone)
    check(done.amount_paise == 700 * RUPEE and done.payment.payee_bank == "KITP", f"done: {done}")
    kit.expect_lien(300 * RUPEE)
    kit.platform.post(restore)
    kit.after_polls()
    standing = kit.standing()
    check(
        standing.balance_paise == 300 * RUPEE, f"the balance is {standing.balance_paise} paise after paying back 70,000"
    )


# ── what cannot be held (yet) ──────────────────────────────────────────────────────────────────────────────────────


def in_flight(kit: Kit) -> None:
    """A payment that has not come is expected; when it comes it is held and the answer follows."""
    kit.load((Row("C", "B", RUPEE, "S1"),))
    order = kit.hold_order(kit.payment("P1", THOUSAND))
    kit.platform.post(order)
    kit.answer_to(order.id, Expected)
    kit.load((Row("C", "B", THOUSAND, "P1"),), step="2")
    answer = kit.answer_to(order.id, HoldAnswer)
    check(sum_of(answer.lines, "held") == THOUSAND, f"lines {answer.lines}")
    kit.expect_lien(THOUSAND, "B")


def _cannot(kit: Kit, order: HoldOrder, code: str) -> None:
    kit.platform.post(order)
    answer = kit.answer_to(order.id, CannotMatch, HoldAnswer, Expected)
    check(isinstance(answer, CannotMatch) and answer.code == code, f"expected {code}, answered {answer}")
    kit.expect_lien(0)


def not_found(kit: Kit) -> None:
    """A payment of 30 days ago that is not here is not_found, no longer expected."""
    kit.load(CREDIT)
    _cannot(kit, kit.hold_order(kit.payment("P9", THOUSAND, days_ago=30)), "not_found")


def amount_differs(kit: Kit) -> None:
    """The same reference with another amount is told apart."""
    kit.load(CREDIT)
    _cannot(kit, kit.hold_order(kit.payment("P1", THOUSAND + 1)), "amount_differs")


def date_differs(kit: Kit) -> None:
    """The same reference and amount on another day is told apart."""
    kit.load(CREDIT)
    _cannot(kit, kit.hold_order(kit.payment("P1", THOUSAND, days_ago=20)), "date_differs")


def ambiguous(kit: Kit) -> None:
    """Two credits that fit equally well are not chosen between."""
    kit.load((*CREDIT, Row("C", "B", THOUSAND, "P1")), step="1")
    _cannot(kit, kit.hold_order(kit.payment("P1", THOUSAND)), "ambiguous")
    kit.expect_lien(0, "B")


def not_ours(kit: Kit) -> None:
    """A payment that went to another bank is not ours."""
    kit.load(CREDIT)
    payment = kit.payment("P1", THOUSAND)
    other = type(payment)(payment.rail, payment.reference, payment.date, THOUSAND, "KITP", "KITN")
    _cannot(kit, kit.hold_order(other), "not_ours")


def locate_mobile(kit: Kit) -> None:
    """A mobile number that is not the holder's is said not to match; an unknown debit is not found."""
    kit.load((Row("D", "V", THOUSAND, "P1"),), opening_paise={"V": THOUSAND})
    payment = kit.payment("P1", THOUSAND)
    sent = type(payment)(payment.rail, payment.reference, payment.date, THOUSAND, kit.bank, "KITN")
    order = kit.locate(sent, mobile="9111111111")
    kit.platform.post(order)
    answer = kit.answer_to(order.id, Located)
    check(answer.found and answer.mobile_matches is False, f"answered {answer}")
    unknown = kit.locate(type(payment)(payment.rail, kit.name("P9"), payment.date, THOUSAND, kit.bank, "KITN"))
    kit.platform.post(unknown)
    answer = kit.answer_to(unknown.id, Located, CannotMatch)
    check(isinstance(answer, CannotMatch) or not answer.found, f"answered {answer}")


def held_earlier(kit: Kit) -> None:
    """Paise held under an earlier order are not held twice; the line names the earlier order."""
    first = _held_whole(kit)
    second = kit.hold_order(first.payment)
    answer = kit.held(second)
    kit.expect_lien(THOUSAND)
    named = {line.hold_order_id for line in answer.lines if line.kind == "held"}
    check(named == {first.id}, f"the lines name {named}, the money is held under {first.id}")


def late_credit(kit: Kit) -> None:
    """New money on a held account is told, and not held under the old order."""
    order = _held_whole(kit)
    kit.load((Row("C", "A", 200 * RUPEE, "S1"),), step="2")

    def told() -> bool:
        return any(
            isinstance(kept.message, LateCredit) and kept.message.payment.reference == kit.name("S1")
            for kept in kit.platform.kept.values()
        )

    check(bool(kit.platform.wait_for(told, seconds=kit.patience)), "no LateCredit came")
    kit.expect_lien(THOUSAND)
    check(len(kit.platform.answers_to(order.id)) == 1, "the old order was answered anew")


# ── other orders ───────────────────────────────────────────────────────────────────────────────────────────────────


def freeze_to_hold(kit: Kit) -> None:
    """The freeze of a whole account becomes a hold of the disputed paise."""
    kit.load(CREDIT)
    now = kit.platform.now()
    order = FreezeToHoldOrder(
        _id(), kit.name("A"), None, kit.payment("P1", THOUSAND), ranges_of(((0, THOUSAND),)), THOUSAND, BASIS, OFFICER,
        now, now + dt.timedelta(hours=1), now + dt.timedelta(days=1),
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
        _id(), "particulars", about, None, None, now + dt.timedelta(days=1), BASIS, OFFICER, now
    )
    kit.platform.post(request)
    kit.answer_to(request.id, InformationAnswer, Acknowledged)


def watched(kit: Kit) -> None:
    """A watch is acknowledged and holds nothing; when the paise move, an answer says where to."""
    kit.load(CREDIT)
    now = kit.platform.now()
    payment = kit.payment("P1", THOUSAND)
    watch = BalanceWatch(_id(), payment, ranges_of(((0, THOUSAND),)), BASIS, OFFICER, now, now + dt.timedelta(days=1))
    kit.platform.post(watch)
    kit.answer_to(watch.id, Acknowledged)
    kit.expect_lien(0)
    kit.load((Row("D", "A", 400 * RUPEE, "T1"),), step="2")
    answer = kit.answer_to(watch.id, HoldAnswer)
    told = (sum_of(answer.lines, "onward"), sum_of(answer.lines, "seen"))
    check(told == (400 * RUPEE, 600 * RUPEE), f"onward and seen are {told}")


def noticed(kit: Kit) -> None:
    """A notice is acknowledged."""
    notice = Notice(_id(), "other", None, "A notice of the conformance kit.", OFFICER, kit.platform.now())
    kit.platform.post(notice)
    kit.answer_to(notice.id, Acknowledged)


def later_kind(kit: Kit) -> None:
    """An order of a kind this version does not know does not stop those behind it."""
    kit.platform.post_object({"kind": "OrderOfTheFuture", "version": 1, "id": _id()})
    _held_whole(kit)


# ── crashes and lies ───────────────────────────────────────────────────────────────────────────────────────────────


def lost_receipt(kit: Kit) -> None:
    """An answer whose receipt was lost is sent again, byte for byte, until it has one."""
    order = _order(kit)
    kit.platform.lose_receipts = 2
    kit.platform.post(order)
    answer = kit.answer_to(order.id, HoldAnswer)
    repeated = kit.platform.wait_for(lambda: kit.platform.repeats.count(answer.id) >= 2, seconds=kit.patience)
    check(bool(repeated), "the answer was not sent again after its receipt was lost")
    kit.expect_lien(THOUSAND)


def killed(kit: Kit) -> None:
    """A node killed while it carries out orders answers each once and holds each paisa once."""
    kit.load(tuple(Row("C", f"K{n}", THOUSAND, f"Q{n}") for n in range(6)))
    orders = [kit.hold_order(kit.payment(f"Q{n}", THOUSAND)) for n in range(6)]
    for order in orders:
        kit.platform.post(order)
    kit.platform.wait_for(lambda: kit.platform.answers_to(orders[1].id), seconds=kit.patience)
    kit.harness.restart()
    for n, order in enumerate(orders):
        kit.answer_to(order.id, HoldAnswer)
        kit.expect_lien(THOUSAND, f"K{n}")
    kit.after_polls()
    for order in orders:
        check(
            len(kit.platform.answers_to(order.id)) == 1,
            f"{len(kit.platform.answers_to(order.id))} answers to one order",
        )


def wrong_clock(kit: Kit) -> None:
    """Told that its signature is stale, a node signs with the measured offset, says so, and goes on."""
    before = len(kit.platform.offsets)
    kit.platform.clock_offset = dt.timedelta(seconds=900)
    try:
        learnt = kit.platform.wait_for(lambda: len(kit.platform.offsets) > before + 1, seconds=kit.patience)
        check(bool(learnt), "the node did not sign with the measured offset")
        check(abs(kit.platform.offsets[-1] - 900) <= 5, f"the node's offset is {kit.platform.offsets[-1]} s, not 900")
    finally:
        kit.platform.clock_offset = dt.timedelta(0)
    kit.after_polls()


def false_order(kit: Kit) -> None:
    """An order whose detached signature is not the platform's is not carried out, and those behind it are."""
    order = _order(kit)
    kit.platform.post(order, signed_by=keys.generate(key_id=kit.platform.key.key_id))
    kit.after_polls()
    kit.expect_lien(0)
    notice = Notice(_id(), "other", None, "Behind a false order.", OFFICER, kit.platform.now())
    kit.platform.post(notice)
    kit.answer_to(notice.id, Acknowledged)
    check(not any(isinstance(each, HoldAnswer) for each in kit.platform.answers_to(order.id)), "it was carried out")


def false_response(kit: Kit) -> None:
    """A mailbox page not signed by the platform is not believed."""
    order = _order(kit)
    kit.platform.wrong = FALSE_RESPONSE
    try:
        kit.platform.post(order)
        # Not polls alone: a node may first repeat an answer whose receipt it could not believe.
        before = kit.platform.requests
        kit.platform.wait_for(lambda: kit.platform.requests >= before + 3, seconds=kit.patience)
        time.sleep(kit.brief / 8)
        check(kit.standing().lien_paise == 0, "an order out of an unsigned page was carried out")
    finally:
        kit.platform.wrong = None
    kit.answer_to(order.id, HoldAnswer)


def forked_journal(kit: Kit) -> None:
    """A checkpoint that contradicts one seen before stops the node: it carries nothing out."""
    kit.after_polls()
    order = _order(kit)
    position = kit.platform.post(order, state="open") - 1
    kit.answer_to(order.id, HoldAnswer)
    kit.after_polls()
    kit.platform.wrong = FORKED_JOURNAL
    try:
        time.sleep(kit.brief / 3)
        kit.platform.post(Notice(_id(), "other", None, f"After {position}.", OFFICER, kit.platform.now()))
        last = kit.platform.items[-1]["order_id"]
        time.sleep(kit.brief / 3)
        check(not kit.platform.answers_to(last), "an order was carried out from a journal that was rewritten")
    finally:
        kit.platform.wrong = None
    kit.harness.restart()


RULES: dict[str, Callable[[Kit], None]] = {
    "order-empty-refused": empty_order,
    "order-repeated-adds-nothing": repeated_order,
    "order-lapsed": lapsed_order,
    "order-tombstone": tombstone,
    "order-cancelled": cancelled,
    "order-amended-down": amended_down,
    "order-confirmed": confirmed,
    "order-prolonged": prolonged,
    "order-of-later-kind": later_kind,
    "hold-expired": expired,
    "hold-expired-alone": expired_alone,
    "hold-released-in-part": released_in_part,
    "hold-restored-once": restored,
    "hold-held-earlier": held_earlier,
    "payment-in-flight": in_flight,
    "payment-not-found": not_found,
    "payment-amount-differs": amount_differs,
    "payment-date-differs": date_differs,
    "payment-ambiguous": ambiguous,
    "payment-not-ours": not_ours,
    "locate-mobile": locate_mobile,
    "late-credit-told": late_credit,
    "freeze-to-hold": freeze_to_hold,
    "information-answered": information,
    "watch-told": watched,
    "notice-acknowledged": noticed,
    "receipt-lost": lost_receipt,
    "node-killed": killed,
    "clock-wrong": wrong_clock,
    "order-false": false_order,
    "response-false": false_response,
    "journal-forked": forked_journal,
}

# Kept on every request of the whole run; a breach is named with the first request that showed it.
DOOR_RULES: dict[str, str] = {
    "request-signed": "Every request is signed over method, target and digest, in time, by a key of the bank.",
    "nonce-fresh": "A nonce is used for one request only.",
    "answer-well-formed": "Every message is strict JSON of a known kind and keeps the rules of its kind.",
    "answer-evidence": "Every message carries a detached JWS of the bank over its exact bytes.",
    "answer-balances": "The lines of a HoldAnswer partition the asked ranges to the paisa.",
    "same-id-same-content": "An id is never used again for other content.",
}
