"""Prove, before acting, that the node's files are not an old copy and that the platform's journal has not shrunk.

What gives an old copy away: the two files of different age; a lien in the core, or paise gone from one, by an order it
has not taken; a receipt for a message it never made.
"""

from __future__ import annotations

from thaam.money import ranges as sets
from thaam.node.holding import lien_names
from thaam.node.parts import Parts, id_from
from thaam.node.resuming import StoreIsOlder, kept, kept_paise
from thaam.wire.client import Page
from thaam.wire.messages import AmendOrder, CancelOrder, ReleaseOrder, RestoreOrder, pairs_of


class PlatformWentBack(RuntimeError):
    """The platform shows a journal that contradicts a checkpoint it signed before. The bank's people must be told."""


def check_own_files(parts: Parts) -> None:
    """Raises StoreIsOlder when ledger and records are copies of different age."""
    for leg_id, paise in parts.records.held_totals():
        known = kept_paise(parts, parts.records.leg(leg_id))
        if known != paise:
            raise StoreIsOlder(
                f"the records say that lien {leg_id} keeps {paise} paise, the ledger says {known}: the two files are"
                " copies of different age"
            )
    first = parts.core.postings_after(position=max(0, parts.ledger.position() - 1), limit=1)
    if parts.ledger.position() and not first:
        raise StoreIsOlder(
            f"the ledger has taken posting {parts.ledger.position()}, the core has none there: the core is an old copy"
        )


def check_page(parts: Parts, page: Page) -> None:
    """Raises StoreIsOlder when the platform has a message of ours that we never made, or an order new to us was carried
    out; PlatformWentBack for a journal that is shorter than one we saw signed, or differs from it."""
    last = parts.records.last_checkpoint()
    if page.checkpoint is not None and last is not None:
        seen = parts.records.checkpoint_root(page.checkpoint.position)
        if page.checkpoint.position < last[0]:
            raise PlatformWentBack(f"checkpoint {page.checkpoint.position} after {last[0]} was signed")
        if seen is not None and seen != page.checkpoint.root:
            raise PlatformWentBack(f"another root at journal position {page.checkpoint.position} than before")
    _check_said(parts, page)
    for item in page.items:
        if parts.records.knows(item):
            continue
        if item.kind in ("HoldOrder", "FreezeToHoldOrder"):
            _check_not_done(parts, item.order_id, item.state, attempts=1)
        elif isinstance(item.message, AmendOrder):
            # a lifted floor may have led to a lien where the order itself led to none
            _check_not_done(parts, item.message.hold_order_id, item.state, attempts=item.message.revision)
        elif isinstance(item.message, ReleaseOrder | RestoreOrder | CancelOrder) and item.state in ("answered", "done"):
            _check_not_left(parts, item.message)


def _check_said(parts: Parts, page: Page) -> None:
    """What the platform has from us we have made; else a copy has spoken, or these files are one. When the bank's
    people have said which is which, the orders a copy has answered further than we have are answered anew."""
    strange = {id: position for id, position in page.receipts if not parts.records.has_answer(id)}
    if not strange:
        return
    if not parts.records.are_newest():
        id, position = next(iter(strange.items()))
        raise StoreIsOlder(
            f"the platform has a message of this node at journal position {position}, {id}, which these files never"
            " made: they are older than what the node has said, or a copy of it is running"
        )
    for hold in parts.records.holds_answered():
        if id_from(hold.id, "HoldAnswer", hold.answer_revision + 1) in strange:
            parts.records.notice([(0, "anew", hold.id)])


def _check_not_left(parts: Parts, order: ReleaseOrder | RestoreOrder | CancelOrder) -> None:
    """Money that left a hold, by an order new to us, is money our files still believe held."""
    for leg in parts.records.legs(order.hold_order_id):
        keeps = kept(parts, leg)
        left = keeps if isinstance(order, CancelOrder) else sets.intersect(keeps, pairs_of(order.ranges))
        if left:
            raise StoreIsOlder(
                f"order {order.id} was carried out, but this node still believes {sets.total(keeps)} paise held under"
                f" {order.hold_order_id}: its files are older than what it has done"
            )


def _check_not_done(parts: Parts, order_id: str, state: str, *, attempts: int) -> None:
    if state == "open":
        # The common case costs nothing: an order nobody answered may at most have a lien whose answer was lost,
        # and then holding again under the same id finds that lien.
        return
    known = {leg.id for leg in parts.records.legs(order_id)}
    names = [name for name in lien_names(order_id, attempts=attempts) if name not in known]
    if any(parts.core.find_hold(hold_id=name) is not None for name in names):
        raise StoreIsOlder(
            f"order {order_id} is {state} and has a lien in the core, but this node does not remember it: its files are"
            " older than what it has done. Bring back the newest copy, or ask the platform's officers"
        )
