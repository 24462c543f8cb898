"""By which door an answer comes: the clerk's own desk, a link for one order, or an operator's telephone.

The page and its checks are the same; the door says what stands around it, where it leads afterwards, and what is
written down beside the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from thaam.mailbox.models import Order
from thaam.nodal.timing import note_on_screen
from thaam.web.bank.kinds import TABS
from thaam.web.bank.queue import open_orders, tabs_of

OPENED = "orders-opened"


def _nothing(request: HttpRequest, order: Order, answer_id: str, now: datetime) -> None:
    """A door may write nothing beside the answer."""


def _fine(request: HttpRequest) -> None:
    """The desk's own door asks for nothing more than the form."""


@dataclass(frozen=True, slots=True)
class Door:
    """`base` is the page around the form; `check` raises Wrong before, `beside` writes after the answer is kept."""

    name: str
    base: str
    after: Callable[[Order], str]
    around: Callable[[Order], Mapping[str, Any]]
    check: Callable[[HttpRequest], None] = _fine
    beside: Callable[[HttpRequest, Order, str, datetime], None] = _nothing
    more: Mapping[str, Any] = field(default_factory=dict)


def note_opened(request: HttpRequest, order: Order, now: datetime) -> None:
    """When this clerk first saw an order that waits; the last fifty are remembered for the sign-in."""
    opened = request.session.get(OPENED, {})
    if order.state == Order.State.OPEN and str(order.pk) not in opened:
        request.session[OPENED] = dict([*opened.items(), (str(order.pk), now.isoformat())][-50:])


def _time(request: HttpRequest, order: Order, answer_id: str, now: datetime) -> None:
    """How long the answer took on the screen; asking for more time is no answer yet."""
    if "time" in request.POST:
        return
    if seen := request.session.get(OPENED, {}).get(str(order.pk)):
        note_on_screen(answer_id=answer_id, order=order, opened_at=datetime.fromisoformat(seen), at=now)


def next_at_desk(order: Order) -> str:
    """The next waiting order of the same tab, else the queue."""
    kinds = next((kinds for _, _, kinds in TABS if order.kind in kinds), TABS[0][2])
    following = open_orders(order.partner_id, kinds).exclude(id=order.id).first()
    return reverse("bank:order", args=[following.id]) if following else reverse("bank:queue")


def _tabs(order: Order) -> Mapping[str, Any]:
    chosen = next((name for name, _, kinds in TABS if order.kind in kinds), "hold")
    return {"tabs": tabs_of(order.partner_id, chosen), "chosen": chosen}


DESK = Door(name="desk", base="bank/base.html", after=next_at_desk, around=_tabs, beside=_time)
