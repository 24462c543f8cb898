"""Carry out the next revision of a hold order: fewer paise, another floor, confirmed, prolonged, on another basis."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from thaam.money import ranges as sets
from thaam.node.holding import answer_again, hold_what_is_here
from thaam.node.parts import Parts, id_from
from thaam.node.records import HoldRecord
from thaam.node.releasing import acknowledged, let_go
from thaam.wire.messages import AmendOrder, Answer, CannotMatch, HoldOrder, pairs_of, total_paise


def amend(parts: Parts, order: AmendOrder, *, at: datetime) -> Answer:
    """Apply the amendment; where paise or the floor change, the hold's next answer goes out before this one.

    CannotMatch: closed (the hold is over, or was never ours to begin), cancelled, not_found (a revision is missing or
    asks for more than before: an amendment never widens an order).
    """
    hold = parts.records.find_hold(order.hold_order_id)
    if parts.records.tombstone(order.hold_order_id) is not None:
        return _cannot(order, "cancelled", "the hold order is cancelled", at)
    if hold is None or hold.state == "ended" or parts.true_time(at) >= hold.order.expires_at:
        return _cannot(order, "closed", "the hold is over", at)
    if order.revision > hold.order.revision:
        if order.revision != hold.order.revision + 1:
            return _cannot(order, "not_found", f"revision {hold.order.revision} stands here", at)
        if order.ranges is not None and not sets.covers(pairs_of(hold.order.ranges), pairs_of(order.ranges)):
            return _cannot(order, "not_found", "an amendment may not ask for more paise", at)
        hold = _write(parts, hold, order)
    if hold.answer_revision and hold.answered_order_revision < order.revision:
        _carry_out(parts, hold, order, at)
    return acknowledged(order.id, at)


def _write(parts: Parts, hold: HoldRecord, order: AmendOrder) -> HoldRecord:
    """The order's new terms; another floor is another attempt at holding."""
    changed: dict[str, Any] = {"revision": order.revision}
    for name in ("floor_paise", "provisional", "expires_at", "basis"):
        if getattr(order, name) is not None:
            changed[name] = getattr(order, name)
    if order.ranges is not None:
        changed |= {"ranges": order.ranges, "amount_paise": total_paise(order.ranges)}
    new: HoldOrder = replace(hold.order, **changed)
    lower_floor = new.floor_paise < hold.order.floor_paise
    with parts.records.one_step():
        return parts.records.write_hold(replace(hold, order=new, attempt=hold.attempt + lower_floor))


def _carry_out(parts: Parts, hold: HoldRecord, order: AmendOrder, at: datetime) -> None:
    """Terms alone (confirmed, prolonged, another basis) need no new answer to the hold order."""
    if order.ranges is not None:
        outside = sets.subtract(((0, hold.order.payment.amount_paise),), pairs_of(order.ranges))
        let_go(parts, hold, ranges=outside, cause=order.id)
    if order.floor_paise is not None:
        hold_what_is_here(parts, hold, at=at)
    elif order.ranges is not None:
        answer_again(parts, hold, at=at)


def _cannot(order: AmendOrder, code: str, words: str, at: datetime) -> CannotMatch:
    return CannotMatch(id_from(order.id, "CannotMatch", code), order.id, at, code, words)
