"""Pay held paise back to the victim's account, through the bank's own core, once per order."""

from __future__ import annotations

from datetime import datetime

from thaam.money import ranges as sets
from thaam.node.parts import Parts, id_from
from thaam.node.records import Ending
from thaam.node.resuming import finish_ending, kept, payment_from
from thaam.wire.messages import Answer, CannotMatch, RestoreDone, RestoreOrder, pairs_of, ranges_of


def restore(parts: Parts, order: RestoreOrder, *, at: datetime) -> list[Answer]:
    """Pay back; one RestoreDone a lien the paise lay under (one, unless the payment came in parts), refusals last.

    CannotMatch when not all of the paise are held (closed), the core refuses the payee (not_found), the order was
    cancelled, or its time is over. All or nothing: a partial restoration would leave a promise half kept.
    """
    endings = parts.records.endings(order.id)
    if not endings:
        refusal = _plan(parts, order, at)
        if refusal is not None:
            return [refusal]
        endings = parts.records.endings(order.id)
    for ending in endings:
        if ending.step == "going":
            finish_ending(parts, ending)
    answers: list[Answer] = []
    for number, ending in enumerate(parts.records.endings(order.id)):
        if ending.paid is None:
            words = ending.why or "the core did not pay"
            answers.append(_cannot(order, "not_found", words, at))
            continue
        answers.append(
            RestoreDone(
                id_from(order.id, "RestoreDone", number),
                order.id,
                at,
                order.hold_order_id,
                ranges_of(ending.ranges),
                ending.paise,
                payment_from(ending.paid),
            )
        )
    return sorted(answers, key=lambda answer: isinstance(answer, CannotMatch))


def _plan(parts: Parts, order: RestoreOrder, at: datetime) -> CannotMatch | None:
    if parts.records.tombstone(order.id) is not None:
        return _cannot(order, "cancelled", "the order was cancelled", at)
    if parts.true_time(at) >= order.execute_before:
        return _cannot(order, "lapsed_unexecuted", f"its time ended at {order.execute_before}", at)
    wanted = pairs_of(order.ranges)
    parted = []
    for leg in parts.records.legs(order.hold_order_id):
        part = sets.intersect(kept(parts, leg), wanted)
        if part:
            parted.append((leg, part))
    found = sets.union(*(part for _, part in parted))
    if found != sets.normalise(wanted):
        return _cannot(order, "closed", f"held under {order.hold_order_id} are only {found}", at)
    with parts.records.one_step():
        for leg, part in parted:
            parts.records.plan_ending(
                Ending(id_from(order.id, leg.id), order.id, "restore", leg.id, part, sets.total(part), order.to_bank,
                       order.to_account, "going", None, None)
            )  # fmt: skip
    return None


def _cannot(order: RestoreOrder, code: str, words: str, at: datetime) -> CannotMatch:
    return CannotMatch(id_from(order.id, "CannotMatch", code), order.id, at, code, words[:2000])
