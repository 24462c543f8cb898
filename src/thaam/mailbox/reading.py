"""A partner's mailbox page: what was posted after a position, each order as it stands now."""

from __future__ import annotations

import json
from typing import Any

from thaam.journal.models import Checkpoint, Line
from thaam.mailbox.models import Answer, Order

PAGE_MAX = 200


def page(partner: str, after: int, limit: int) -> dict[str, Any]:
    """The page as JSON values: items, next, checkpoint, receipts (of answers numbered in the stretch it covers).

    Ordered by journal position, gap-free as far as it goes: a fact committed late gets a later position, so nothing
    is ever behind the cursor. `limit` is cut to PAGE_MAX.
    """
    lines = list(
        Line.objects.filter(topic=f"mailbox:{partner}", position__gt=after).order_by("position")[
            : max(1, min(limit, PAGE_MAX))
        ]
    )
    facts = [line.fact_id for line in lines]
    orders = {order.fact_id: order for order in Order.objects.filter(fact__in=facts)} if lines else {}
    answers = dict(Answer.objects.filter(fact__in=facts).values_list("fact", "id")) if lines else {}
    items = [_item(line.position, orders[line.fact_id]) for line in lines if line.fact_id in orders]
    receipts = [
        {"id": str(answers[line.fact_id]), "position": line.position} for line in lines if line.fact_id in answers
    ]
    checkpoint = Checkpoint.objects.order_by("-position").first()
    return {
        "items": items,
        "next": lines[-1].position if lines else after,
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
