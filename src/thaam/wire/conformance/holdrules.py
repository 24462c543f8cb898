"""Rules of how a hold ends, and of payments that cannot be held, or not yet."""

from __future__ import annotations

import datetime as dt

from thaam.wire.conformance.holdcases import RUPEE, Row
from thaam.wire.conformance.kit import BASIS, OFFICER, SECOND_OFFICER, Kit, check, sum_of
from thaam.wire.conformance.orderrules import CREDIT, THOUSAND, held_whole, new_id
from thaam.wire.messages import (
    CannotMatch,
    Expected,
    HoldAnswer,
    HoldOrder,
    LateCredit,
    Located,
    ReleaseDone,
    ReleaseOrder,
    RestoreDone,
    RestoreOrder,
    ranges_of,
)


def expired(kit: Kit) -> None:
    """A hold ends at its expiry by the node's own clock, and the platform is told."""
    order = held_whole(kit, expires_at=kit.platform.now() + dt.timedelta(seconds=kit.brief))
    done = kit.answer_to(order.id, ReleaseDone)
    check(done.reason == "expired" and done.amount_paise == THOUSAND, f"{done.reason}, {done.amount_paise} paise")
    check(kit.platform.now() >= order.expires_at, "it was released before its time")
    kit.expect_lien(0)


def expired_alone(kit: Kit) -> None:
    """Expiry does not wait for the platform: the lien ends while the platform is silent."""
    order = held_whole(kit, expires_at=kit.platform.now() + dt.timedelta(seconds=kit.brief))
    kit.platform.silent = True
    try:
        kit.expect_lien(0)
    finally:
        kit.platform.silent = False
    done = kit.answer_to(order.id, ReleaseDone)
    check(done.reason == "expired", f"the reason is {done.reason}")


def released_in_part(kit: Kit) -> None:
    """A release order frees exactly the named paise."""
    order = held_whole(kit)
    now = kit.platform.now()
    part = ranges_of(((600 * RUPEE, THOUSAND),))
    release = ReleaseOrder(
        new_id(),
        order.id,
        part,
        400 * RUPEE,
        "objection_upheld",
        False,
        BASIS,
        OFFICER,
        now,
        now + dt.timedelta(hours=1),
    )
    kit.platform.post(release)
    done = kit.answer_to(release.id, ReleaseDone)
    check((done.ranges, done.amount_paise, done.reason) == (part, 400 * RUPEE, "ordered"), f"done: {done}")
    kit.expect_lien(600 * RUPEE)


def restored(kit: Kit) -> None:
    """A restoration pays held paise back once, however often it is asked, and names the payment."""
    order = held_whole(kit)
    now = kit.platform.now()
    part = ranges_of(((0, 700 * RUPEE),))
    restore = RestoreOrder(
        new_id(), order.id, part, 700 * RUPEE, "KITP", kit.name("other"), BASIS, OFFICER, SECOND_OFFICER, now,
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
    first = held_whole(kit)
    second = kit.hold_order(first.payment)
    answer = kit.held(second)
    kit.expect_lien(THOUSAND)
    named = {line.hold_order_id for line in answer.lines if line.kind == "held"}
    check(named == {first.id}, f"the lines name {named}, the money is held under {first.id}")


def late_credit(kit: Kit) -> None:
    """New money on a held account is told, and not held under the old order."""
    order = held_whole(kit)
    kit.load((Row("C", "A", 200 * RUPEE, "S1"),), step="2")

    def told() -> bool:
        return any(
            isinstance(kept.message, LateCredit) and kept.message.payment.reference == kit.name("S1")
            for kept in kit.platform.kept.values()
        )

    check(bool(kit.platform.wait_for(told, seconds=kit.patience)), "no LateCredit came")
    kit.expect_lien(THOUSAND)
    check(len(kit.platform.answers_to(order.id)) == 1, "the old order was answered anew")
