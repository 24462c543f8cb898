"""Put a signed order into a partner's mailbox."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from typing import Any

from thaam.journal.gathering import gathered, gathering
from thaam.journal.ids import new_id
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Order
from thaam.parties.keys import platform_key
from thaam.wire import codec, jws
from thaam.wire.messages import AmendOrder, CancelOrder
from thaam.work.scheduling import schedule, unschedule

LAPSE = "order lapses"


class SameIdOtherContent(Exception):
    """An id names one content for ever; this id is taken by another."""


class BadRevision(Exception):
    """Revisions of an order follow each other without a gap."""


class NoSuchOrder(Exception):
    """The order an amendment or cancellation speaks of is not in that partner's mailbox."""


@gathering()
def post(*, partner: str, message: Any, at: datetime.datetime, by: str, fresh: bool = False) -> Order:
    """Sign `message` (one of wire's orders), store its canonical bytes, write the fact "order:posted".

    A repeat with the same id and content returns the first. An AmendOrder raises the revision of the order it names,
    a CancelOrder closes it: `cancelled` when it was answered, `tombstone` when the bank has not executed it yet.
    Locks that order's row. Schedules the lapse at `execute_before`. `fresh` spares the look for an earlier one: the
    caller knows that this id was never posted (were it wrong, the primary key would undo the caller's step).
    Raises SameIdOtherContent, BadRevision, NoSuchOrder.
    """
    body = codec.encode(message)
    rows = gathered()
    if not fresh and (earlier := rows.one(Order, message.id)):
        if bytes(earlier.body) != body or earlier.partner_id != partner:
            raise SameIdOtherContent(message.id)
        return earlier
    about = getattr(message, "hold_order_id", message.id)
    if isinstance(message, AmendOrder | CancelOrder):
        _change(about, partner, message)
    fact_id = new_id()
    kind = type(message).__name__
    execute_before = getattr(message, "execute_before", None)
    record(
        Kind.ORDER_POSTED,
        about=f"order:{message.id}",
        by=by,
        at=at,
        topic=f"mailbox:{partner}",
        fact_id=fact_id,
        partner=partner,
        kind_of_order=kind,
        digest=hashlib.sha256(body).hexdigest(),
    )
    order = Order(
        id=uuid.UUID(message.id),
        partner_id=partner,
        kind=kind,
        about=uuid.UUID(about),
        revision=getattr(message, "revision", 1),
        state=Order.State.OPEN,
        body=body,
        jws=jws.sign_detached(body, platform_key()),
        execute_before=execute_before,
        posted_at=at,
        fact_id=fact_id,
    )
    rows.add(order)
    if execute_before:
        schedule(kind=LAPSE, key=f"lapse:{message.id}", run_at=execute_before, partner=partner, order_id=message.id)
    return order


def _change(order_id: str, partner: str, message: AmendOrder | CancelOrder) -> None:
    rows = gathered()
    order = rows.one(Order, order_id, lock=True)
    if not order or order.partner_id != partner:
        raise NoSuchOrder(order_id)
    if isinstance(message, AmendOrder):
        if message.revision != order.revision + 1:
            raise BadRevision(f"{order_id}: {message.revision} after {order.revision}")
        order.revision = message.revision
        rows.change(order, "revision")
        return
    order.state = Order.State.TOMBSTONE if order.state == Order.State.OPEN else Order.State.CANCELLED
    rows.change(order, "state")
    unschedule(key=f"lapse:{order.id}")
