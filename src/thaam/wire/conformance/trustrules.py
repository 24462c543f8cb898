"""Rules for when something is killed, lost, late or lies: what a node may believe, and what it repeats."""

from __future__ import annotations

import datetime as dt
import time

from thaam.wire import keys, problems
from thaam.wire.conformance.holdcases import Row
from thaam.wire.conformance.kit import OFFICER, Kit, check
from thaam.wire.conformance.orderrules import THOUSAND, new_id, order_of
from thaam.wire.conformance.platform import FALSE_RESPONSE, FORKED_JOURNAL, SHORTER_JOURNAL
from thaam.wire.messages import (
    Acknowledged,
    HoldAnswer,
    Notice,
)
from thaam.wire.problems import Problem


def lost_receipt(kit: Kit) -> None:
    """An answer whose receipt was lost is sent again, byte for byte, until it has one."""
    order = order_of(kit)
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
    order = order_of(kit)
    kit.platform.post(order, signed_by=keys.generate(key_id=kit.platform.key.key_id))
    kit.after_polls()
    kit.expect_lien(0)
    notice = Notice(new_id(), "other", None, "Behind a false order.", OFFICER, kit.platform.now())
    kit.platform.post(notice)
    kit.answer_to(notice.id, Acknowledged)
    check(not any(isinstance(each, HoldAnswer) for each in kit.platform.answers_to(order.id)), "it was carried out")


def false_response(kit: Kit) -> None:
    """A mailbox page not signed by the platform is not believed."""
    order = order_of(kit)
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
    _stops_at(kit, FORKED_JOURNAL, "an order was carried out from a journal that was rewritten")


def shorter_journal(kit: Kit) -> None:
    """A checkpoint shorter than one seen before stops the node: it carries nothing out."""
    _stops_at(kit, SHORTER_JOURNAL, "an order was carried out from a journal that had lost its end")


def _stops_at(kit: Kit, wrong: str, why: str) -> None:
    kit.after_polls()
    order = order_of(kit)
    position = kit.platform.post(order, state="open") - 1
    kit.answer_to(order.id, HoldAnswer)
    kit.after_polls()
    kit.platform.wrong = wrong
    try:
        time.sleep(kit.brief / 3)
        kit.platform.post(Notice(new_id(), "other", None, f"After {position}.", OFFICER, kit.platform.now()))
        last = kit.platform.items[-1]["order_id"]
        time.sleep(kit.brief / 3)
        check(not kit.platform.answers_to(last), why)
    finally:
        kit.platform.wrong = None
    kit.harness.restart()


def refused_goes_on(kit: Kit) -> None:
    """A message that is refused for good is not repeated for ever, and those behind it are sent."""
    _refused(kit, problems.BAD_LINE)
    notice = _notice(kit, "Behind a refusal.")
    kit.answer_to(notice.id, Acknowledged)


def copy_told(kit: Kit) -> None:
    """Told that its id stands for other content, a node stops: a copy of it has answered before."""
    _refused(kit, problems.SAME_ID_OTHER_CONTENT)
    notice = _notice(kit, "Nobody may answer this.")
    time.sleep(kit.brief / 3)
    check(not kit.platform.answers_to(notice.id), "the node went on after it was told of a copy of itself")


def _refused(kit: Kit, problem: Problem) -> None:
    order = order_of(kit)
    kit.platform.refuse[order.id] = problem
    kit.platform.post(order)
    told = kit.platform.wait_for(lambda: kit.platform.refused, seconds=kit.patience)
    check(bool(told), "the hold order was not answered")
    kit.platform.refused.clear()


def _notice(kit: Kit, words: str) -> Notice:
    notice = Notice(new_id(), "other", None, words, OFFICER, kit.platform.now())
    kit.platform.post(notice)
    return notice
