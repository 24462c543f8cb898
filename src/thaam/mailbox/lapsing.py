"""An order nobody carried out in time ends by the clock."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Order


@transaction.atomic
def lapse(payload: dict[str, Any], at: datetime.datetime) -> None:
    """Close the order of `payload["order_id"]` if it is still open at its execute_before; fact "order:lapsed"."""
    order = Order.objects.select_for_update(of=("self",)).filter(id=payload["order_id"], state=Order.State.OPEN).first()
    if not order:
        return
    Order.objects.filter(id=order.id).update(state=Order.State.LAPSED)
    record(
        Kind.ORDER_LAPSED,
        about=f"order:{order.id}",
        by="loop:work",
        at=at,
        partner=order.partner_id,
        kind_of_order=order.kind,
        concerns=str(order.about),
    )
