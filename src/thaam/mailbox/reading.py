"""A partner's mailbox page: what was posted after a position, each order as it stands now."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from thaam.journal.models import Checkpoint
from thaam.journal.rows import read, read_by
from thaam.mailbox.models import Answer, Order

PAGE_MAX = 200
_LINES = "SELECT position, fact_id FROM journal_line WHERE topic = %s AND position > %s ORDER BY position LIMIT %s"


def page(partner: str, after: int, limit: int) -> dict[str, Any]:
    """The page as JSON values: items, next, checkpoint, receipts (of answers numbered in the stretch it covers).

    Ordered by journal position, gap-free as far as it goes: a fact committed late gets a later position, so nothing
    is ever behind the cursor. `limit` is cut to PAGE_MAX.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [f"mailbox:{partner}", after, max(1, min(limit, PAGE_MAX))])
        lines = cursor.fetchall()
    facts = [fact for _, fact in lines]
    orders = {order.fact_id: order for order in read_by(Order, "fact_id", facts)} if lines else {}
    answers = dict(Answer.objects.filter(fact__in=facts).values_list("fact", "id")) if lines else {}
    items = [_item(position, orders[fact]) for position, fact in lines if fact in orders]
    receipts = [{"id": str(answers[fact]), "position": position} for position, fact in lines if fact in answers]
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
