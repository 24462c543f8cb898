"""How the due time of an order came about, for the page of the order: its clock, or the rule it stands under."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from thaam.clocks.models import Clock
from thaam.clocks.running import explain, explain_rule, reckon
from thaam.clocks.sources import RULE_OF_ORDER
from thaam.mailbox.models import Order
from thaam.rulebook.rules import rule


def clocks_of(order: Order, lang: str) -> list[tuple[str, list[str]]]:
    """Name and lines of each clock the order runs under; an order just posted has no row yet and the rule speaks."""
    now = datetime.now(tz=UTC)
    found = Clock.objects.filter(about="order", subject=order.pk).prefetch_related("pauses", "moves")
    told = [(clock.name, explain(clock, lang, now)) for clock in found.order_by("started_at")]
    if told or order.kind not in RULE_OF_ORDER:
        return told
    name, place = RULE_OF_ORDER[order.kind], order.message.basis.jurisdiction
    row = rule(name, jurisdiction=place, on=order.posted_at)
    due = reckon(name, jurisdiction=place, start=order.posted_at)
    return [(name, explain_rule(row, jurisdiction=place, start=order.posted_at, due=due, lang=lang))]


def dues_of(orders: Iterable[Order]) -> dict[Any, datetime | None]:
    """When the bank's word on each order is due: by its clock, by the rule of its kind, or by the order itself."""
    listed = list(orders)
    clocks = Clock.objects.filter(about="order", subject__in=[each.pk for each in listed])
    dues: dict[Any, datetime | None] = dict(clocks.values_list("subject", "due_at"))
    for each in listed:
        if each.pk not in dues and each.kind in RULE_OF_ORDER:
            place = each.message.basis.jurisdiction
            dues[each.pk] = reckon(RULE_OF_ORDER[each.kind], jurisdiction=place, start=each.posted_at)
        elif each.pk not in dues:
            dues[each.pk] = each.execute_before or getattr(each.message, "due_at", None)
    return dues
