"""What the platform asked of this operator, soonest due first; what was answered on its own tab."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaam.journal.hints import stream_url_for
from thaam.mailbox.models import Order
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.suspects.words import ACTIONS, KINDS

SHOWN = 100


@for_banks
def queue(request: HttpRequest) -> HttpResponse:
    """The list; row-level security shows this partner's orders and no other's."""
    partner = officer_of(request).bank_id or ""
    done = request.GET.get("tab") == "done"
    orders: Any = Order.objects.filter(partner_id=partner, kind="BlockOrder")
    if done:
        orders = orders.exclude(state=Order.State.OPEN).order_by("-posted_at")[:SHOWN]
    else:
        orders = orders.filter(state=Order.State.OPEN).order_by(F("execute_before").asc(nulls_last=True))[:SHOWN]
    rows = [(order, message := order.message, ACTIONS[message.action], KINDS.get(message.what)) for order in orders]
    context = {"rows": rows, "done": done, "stream_url": stream_url_for([f"mailbox:{partner}"])}
    return render(request, "telecom/queue.html", context)
