"""A bank's queue: its mailbox by kind of work, soonest due first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.evidence.models import Asked
from thaam.evidence.receiving import missing_digests
from thaam.grievances.models import Objection
from thaam.grievances.stages import Stage
from thaam.journal.hints import stream_url_for
from thaam.language.text import Text
from thaam.mailbox.models import Answer, Order
from thaam.nodal.timing import pace_of
from thaam.parties.models import Bank
from thaam.web.bank.explaining import dues_of
from thaam.web.bank.kinds import NOTICE_WORDS, ORDER_WORDS, STATE_WORDS, TABS, WHAT
from thaam.web.shared.audience import for_banks, officer_of

SHOWN_MAX = 100
OPEN = (Order.State.OPEN,)
OBJECTIONS = Text("आपत्तियाँ", "Objections")


def open_orders(partner: str, kinds: tuple[str, ...]) -> Any:
    """Orders of these kinds that wait for the bank's word, soonest due first."""
    waiting = Order.objects.filter(partner_id=partner, state__in=OPEN, kind__in=kinds)
    return waiting.order_by(F("execute_before").asc(nulls_last=True), "posted_at")


def tabs_of(partner: str, chosen: str) -> list[dict[str, Any]]:
    """The tabs with their counts: the orders by kind, and the objections that wait for this bank's word."""
    counts = dict(
        Order.objects.filter(partner_id=partner, state__in=OPEN).values_list("kind").annotate(Count("id")).order_by()
    )
    home = reverse("bank:queue")
    tabs = [
        {"text": text, "count": sum(counts.get(kind, 0) for kind in kinds), "here": name == chosen,
         "url": f"{home}?tab={name}"}
        for name, text, kinds in TABS
        if name != "warn" or chosen == name or any(counts.get(kind) for kind in kinds)  # rare: shown when there is some
    ]  # fmt: skip
    objections = {"text": OBJECTIONS, "count": waiting_objections(partner).count(), "here": chosen == "objections",
                  "url": reverse("bank:objections")}  # fmt: skip
    return [*tabs, objections]


def waiting_objections(partner: str) -> Any:
    """Objections on this bank's holds, ours and its own, that wait for its word."""
    return Objection.objects.filter(bank_id=partner, stage=Stage.BANK, closed_at=None)


@for_banks
def queue(request: HttpRequest) -> HttpResponse:
    """The list: what is asked, how much, until when; answered ones on their own tab. A telecom has its own desk."""
    bank = officer_of(request).bank
    if bank is not None and bank.kind == Bank.Type.TELECOM:
        return redirect("telecom:queue")
    partner = bank.pk if bank else ""
    chosen = request.GET.get("tab", "hold")
    if chosen == "done":
        orders = list(
            Order.objects.filter(partner_id=partner).exclude(state__in=OPEN).order_by("-posted_at")[:SHOWN_MAX]
        )
    else:
        kinds = next((kinds for name, _, kinds in TABS if name == chosen), TABS[0][2])
        orders = list(open_orders(partner, kinds)[:SHOWN_MAX])
    dues = dues_of(orders)
    seen = set(
        Answer.objects.filter(order_id__in=[each.pk for each in orders], kind="Acknowledged").values_list(
            "order_id", flat=True
        )
    )
    bounced = set(
        Answer.objects.filter(order_id__in=[each.pk for each in orders], kind="CannotMatch").values_list(
            "order_id", flat=True
        )
    )
    rows = [
        {"order": order, "message": (message := order.message), "word": ORDER_WORDS[order.kind],
         "payment": getattr(message, "payment", None) or getattr(message, "about", None), "paise": _paise(message),
         "what": _what(order.kind, message),
         "due": dues[order.pk], "seen": order.pk in seen and order.state in OPEN, "state": STATE_WORDS[order.state],
         "bounced": order.pk in bounced}
        for order in orders
    ]  # fmt: skip
    banks = Bank.objects.in_bulk({row["payment"].payer_bank for row in rows if row["payment"]})
    for row in rows:
        row["payer"] = banks.get(row["payment"].payer_bank) if row["payment"] else None
    context = {
        "tabs": tabs_of(partner, chosen),
        "chosen": chosen,
        "rows": rows,
        "pace": pace_of(partner, at=datetime.now(tz=UTC)) if chosen == "done" else None,
        "owed": _owed(partner) if chosen == "papers" else [],
        "stream_url": stream_url_for([f"mailbox:{partner}"]),
    }
    return render(request, "bank/queue.html", context)


def _owed(partner: str) -> list[tuple[Asked, int]]:
    """Requests whose files were announced and have not all arrived."""
    asked = Asked.objects.filter(bank_id=partner, got__isnull=False).distinct().order_by("due_at")[:SHOWN_MAX]
    counted = [(each, len(missing_digests(each))) for each in asked]
    return [(each, count) for each, count in counted if count]


def _what(kind: str, message: Any) -> Any:
    """What papers are wanted, or what a notice is about; None where the kind of the order says enough."""
    if kind == "InformationRequest":
        return WHAT[message.what][0]
    return NOTICE_WORDS.get(message.code) if kind == "Notice" else None


def _paise(message: Any) -> int | None:
    amount = getattr(message, "amount_paise", None)
    if amount is None and getattr(message, "payment", None) is not None:
        amount = message.payment.amount_paise
    return amount
