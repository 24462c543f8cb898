"""A partner's mailbox page: what was posted after a position, each order as it stands now."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from thaam.journal.models import Checkpoint
from thaam.journal.rows import read, read_by
from thaam.mailbox.models import Order
from thaam.parties.models import PartnerKey
from thaam.wire.jws import signed_by

PAGE_MAX = 200
# A plan made for any topic may use the index of lines that have one only where that is said.
_LINES = """
    SELECT line.position, line.fact_id, answer.id, answer.jws FROM journal_line line
    LEFT JOIN mailbox_answer answer ON answer.fact_id = line.fact_id
    WHERE line.topic = %s AND line.topic <> '' AND line.position > %s ORDER BY line.position LIMIT %s
"""


def page(partner: str, after: int, limit: int) -> dict[str, Any]:
    """The page as JSON values: items, next, checkpoint, receipts (of messages numbered in the stretch it covers and
    signed by the partner's own keys: what its clerks said on our pages, its node never made and need not know).

    Ordered by journal position, gap-free as far as it goes: a fact committed late gets a later position, so nothing
    is ever behind the cursor. `limit` is cut to PAGE_MAX.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [f"mailbox:{partner}", after, max(1, min(limit, PAGE_MAX))])
        lines = cursor.fetchall()
    facts = [fact for _, fact, answer, _ in lines if answer is None]
    orders = {order.fact_id: order for order in read_by(Order, "fact_id", facts)} if facts else {}
    items = [_item(position, orders[fact]) for position, fact, *_ in lines if fact in orders]
    said = {str(answer): (position, signed_by(jws)) for position, _, answer, jws in lines if answer is not None}
    keys = read_by(PartnerKey, "key_id", {key for _, key in said.values()}) if said else []
    own = {key.key_id for key in keys if key.partner == partner}
    receipts = [{"id": answer, "position": position} for answer, (position, key) in said.items() if key in own]
    checkpoint = next(iter(read(Checkpoint, "position = (SELECT max(position) FROM journal_checkpoint)", [])), None)
    return {
        "items": items,
        "next": lines[-1][0] if lines else after,
        "checkpoint": checkpoint.document() if checkpoint else None,
        "receipts": receipts,
    }


def _item(position: int, order: Order) -> dict[str, Any]:
    return {
        "position": position,
        "order_id": str(order.id),
        "kind": order.kind,
        "revision": order.revision,
        "state": order.state,
        "message": json.loads(bytes(order.body)),
        "jws": order.jws,
    }


def find_order(order_id: str) -> Order | None:
    """The order of this id, if the desk may see it."""
    return Order.objects.filter(id=order_id).first()
