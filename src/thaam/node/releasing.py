"""Let held paise go: by a release order, by a cancellation, by an amendment that asks for less, by expiry."""

from __future__ import annotations

from datetime import datetime

from thaam.money import ranges as sets
from thaam.money.ranges import Ranges
from thaam.node.parts import Parts, id_from
from thaam.node.records import Ending, HoldRecord, Leg
from thaam.node.resuming import finish_ending, kept
from thaam.wire.messages import (
    Acknowledged,
    Answer,
    CancelOrder,
    CannotMatch,
    ReleaseDone,
    ReleaseOrder,
    pairs_of,
    ranges_of,
)


def release(parts: Parts, order: ReleaseOrder, *, at: datetime) -> Answer:
    """Give the named paise back to the holder. Nothing of them held under that order: CannotMatch closed.

    A release of an order that was never carried out here leaves a tombstone: it may not be carried out later.
    """
    hold = parts.records.find_hold(order.hold_order_id)
    if hold is None or hold.state in ("open", "waiting"):
        bury(parts, order.hold_order_id, "released before it was carried out")
        return acknowledged(order.id, at)
    let_go(parts, hold, ranges=pairs_of(order.ranges), cause=order.id)
    done = _released(parts, order.id)
    if not done:
        words = f"nothing of these paise is held under {order.hold_order_id}"
        return CannotMatch(id_from(order.id, "CannotMatch", "closed"), order.id, at, "closed", words)
    return release_done(order.id, order.hold_order_id, done, "ordered", at)


def cancel(parts: Parts, order: CancelOrder, *, at: datetime) -> Answer:
    """Do not carry out that order; what was held under it is released whole."""
    parts.records.end_watch(order.hold_order_id)
    parts.ledger.unwatch(watch_id=order.hold_order_id)
    hold = parts.records.find_hold(order.hold_order_id)
    if hold is not None:
        let_go(parts, hold, ranges=None, cause=order.id)
    bury(parts, order.hold_order_id, f"cancelled: {order.reason}")
    done = _released(parts, order.id)
    if done:
        return release_done(order.id, order.hold_order_id, done, "cancelled", at)
    return acknowledged(order.id, at)


def let_go(parts: Parts, hold: HoldRecord, *, ranges: Ranges | None, cause: str) -> Ranges:
    """Lift and release these paise of a hold (all it keeps, without `ranges`), once per `cause`; all let go by it."""
    _plan(parts, hold, ranges, cause)
    for ending in parts.records.endings(cause):
        if ending.step == "going":
            finish_ending(parts, ending)
    return _released(parts, cause)


def let_go_untold(parts: Parts, order_id: str, *, cause: str) -> None:
    """Let go what was placed under an order's liens for an answer that cannot be made: nobody would know of it."""
    hold = parts.records.find_hold(order_id)
    if hold is None or hold.state == "ended" or hold.answered_order_revision >= hold.order.revision:
        return
    legs = [leg for leg in parts.records.legs(hold.id) if leg.attempt == hold.attempt or not hold.answer_revision]
    let_go(parts, hold, ranges=sets.union(*(kept(parts, leg) for leg in legs)), cause=f"{cause}/untold")
    if not hold.answer_revision:
        bury(parts, hold.id, "it could not be answered")


def bury(parts: Parts, order_id: str, why: str) -> None:
    """Write the tombstone of an order and end its record, if it has one."""
    with parts.records.one_step():
        parts.records.bury(order_id, why)
        parts.records.end_hold(order_id, why)


def acknowledged(order_id: str, at: datetime) -> Acknowledged:
    """Received, and nothing more to say."""
    return Acknowledged(id_from(order_id, "Acknowledged"), order_id, at)


def release_done(order_id: str, hold_order_id: str, ranges: Ranges, because: str, at: datetime) -> ReleaseDone:
    """The answer for paise let go."""
    return ReleaseDone(
        id_from(order_id, "ReleaseDone", because),
        order_id,
        at,
        hold_order_id,
        ranges_of(ranges),
        sets.total(ranges),
        because,
    )


def _plan(parts: Parts, hold: HoldRecord, ranges: Ranges | None, cause: str) -> None:
    """Write down once what leaves which lien; a repeat finds it written and plans nothing new."""
    if parts.records.endings(cause):
        return
    with parts.records.one_step():
        for leg in parts.records.legs(hold.id):
            leaving = _leaving(parts, leg, ranges)
            if leaving:
                parts.records.plan_ending(
                    Ending(id_from(cause, leg.id), cause, "release", leg.id, leaving, sets.total(leaving), None, None,
                           "going", None, None)
                )  # fmt: skip


def _leaving(parts: Parts, leg: Leg, ranges: Ranges | None) -> Ranges:
    keeps = kept(parts, leg)
    return keeps if ranges is None else sets.intersect(keeps, ranges)


def _released(parts: Parts, cause: str) -> Ranges:
    return sets.union(*(ending.ranges for ending in parts.records.endings(cause) if ending.step == "done"))
