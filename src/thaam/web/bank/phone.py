"""The phone desk: an operator calls a bank that has no system, reads the order, and writes what the clerk answers.

The answer is the bank's, checked like any other; beside it stand both names, the operator's and the clerk's.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.journal.ids import id_from, new_id
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.nodal.hearing import note_heard
from thaam.nodal.linking import LinkOver, NotAnsweredThere, make_link
from thaam.nodal.models import Link, Ping
from thaam.nodal.pinging import on_duty, ping, waiting_by_bank
from thaam.parties.coverage import ladder_of
from thaam.parties.models import Bank, Nodal
from thaam.web.bank.doors import Door
from thaam.web.bank.explaining import dues_of
from thaam.web.bank.kinds import ORDER_WORDS
from thaam.web.bank.order import answer_page
from thaam.web.shared.audience import for_desk, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.coverage import DUTIES
from thaam.web.shared.fields import Wrong, number_of, one_line

SHOWN_MAX = 100
LINK_BY_SMS = Text("लिंक SMS से भेजा गया।", "The link was sent by SMS.")
LINK_BY_MAIL = Text("लिंक SMS और ई-मेल से भेजा गया।", "The link was sent by SMS and e-mail.")


def _lang(request: HttpRequest, text: Text) -> str:
    return text.in_(lang_of(request))


@for_desk
def phone(request: HttpRequest) -> HttpResponse:
    """Banks with open orders, longest waiting first; one bank's orders with whom to call."""
    now = datetime.now(tz=UTC)
    chosen = Bank.objects.filter(code=request.GET.get("bank", "")).first()
    waiting = (
        Order.objects.filter(state=Order.State.OPEN)
        .values("partner", "partner__name_hi", "partner__name_en")
        .annotate(count=Count("id"), since=Min("posted_at"))
        .order_by("since")
    )
    context: dict[str, Any] = {
        "tab": "phone",
        "waiting": waiting[:SHOWN_MAX],
        "chosen": chosen,
        "orders": [],
        "rungs": [],
        "pings": Ping.objects.order_by("-at").prefetch_related("receipts__nodal__bank")[:3],
    }
    if chosen:
        orders = list(Order.objects.filter(partner=chosen, state=Order.State.OPEN).order_by("posted_at")[:SHOWN_MAX])
        dues = dues_of(orders)
        context["orders"] = [(each, ORDER_WORDS[each.kind], dues[each.pk]) for each in orders]
        context["rungs"] = [(rung, DUTIES[rung.nodal.duty]) for rung in ladder_of(bank=chosen, branch=None, at=now)]
    return render(request, "bank/phone.html", context)


@for_desk
def read_out(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order to be read out, with the same answer form; the clerk's name and post are asked first."""
    found = Order.objects.select_related("partner").filter(id=order_id).first()
    if found is None:
        raise Http404
    return answer_page(request, found, PHONE)


def _named(request: HttpRequest) -> tuple[str, str]:
    return (one_line(request.POST.get("clerk_name"), most=120), one_line(request.POST.get("clerk_post"), most=120))


def _check(request: HttpRequest) -> None:
    if not all(_named(request)):
        raise Wrong(Text("बैंक में किसने जवाब दिया: नाम और पद दोनों लिखें।", "Who answered at the bank: enter name and post."))


def _beside(request: HttpRequest, order: Order, answer_id: str, now: datetime) -> None:
    name, post = _named(request)
    note_heard(
        answer_id=answer_id,
        order=order,
        operator=officer_of(request),
        clerk_name=name,
        clerk_post=post,
        called=one_line(request.POST.get("called"), most=16),
        at=now,
    )


def _around(order: Order) -> dict[str, Any]:
    now = datetime.now(tz=UTC)
    rungs = ladder_of(bank=order.partner, branch=None, at=now)
    return {
        "tab": "phone",
        "bank": order.partner,
        "place": (0, 0, "", ""),
        "rungs": [(rung, DUTIES[rung.nodal.duty]) for rung in rungs],
        "links": Link.objects.filter(order=order).select_related("nodal").order_by("-made_at"),
        "heard": order.heard.order_by("-at"),
    }


PHONE = Door(
    name="phone",
    base="bank/read_out.html",
    after=lambda order: f"{reverse('bank:phone')}?bank={order.partner_id}",
    around=_around,
    check=_check,
    beside=_beside,
)


@for_desk
def send_link(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Send the 24-hour link of one order to the telephone of a role."""
    found = Order.objects.filter(id=order_id).first()
    nodal = Nodal.objects.filter(pk=number_of(request.POST.get("nodal"))).first()
    if found is None or nodal is None or request.method != "POST":
        raise Http404
    now = datetime.now(tz=UTC)
    try:
        make_link(
            link_id=_given_id(request), order_id=found.pk, nodal=nodal, token=secrets.token_urlsafe(24),
            by=f"officer:{officer_of(request).pk}", at=now, answer_due_at=dues_of([found])[found.pk],
            lang=lang_of(request),
        )  # fmt: skip
        messages.success(request, _lang(request, LINK_BY_MAIL if nodal.email else LINK_BY_SMS))
    except (LinkOver, NotAnsweredThere):
        messages.error(
            request, _lang(request, Text("इस अनुरोध के लिए अब लिंक नहीं बनता।", "No link can be made for this order now."))
        )
    return redirect("bank:read-out", order_id=order_id)


def _given_id(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("link_id", "")))
    except ValueError:
        return new_id()


@for_desk
def send_ping(request: HttpRequest) -> HttpResponse:
    """Ping the officers on duty of every bank that owes answers (or of one bank): a count and a link."""
    if request.method != "POST":
        raise Http404
    now = datetime.now(tz=UTC)
    counts = waiting_by_bank()
    if only := request.POST.get("bank"):
        counts = {code: count for code, count in counts.items() if code == only}
    banks = Bank.objects.filter(code__in=counts)
    to = [(nodal, counts[bank.code]) for bank in banks for nodal in on_duty(bank, at=now)]
    # pressed twice within a minute it is one ping
    ping_id = id_from("ping", only or "all", int(now.timestamp() // 60))
    ping(
        ping_id=ping_id, to=to, why="by hand", draw=lambda: secrets.token_urlsafe(16),
        by=f"officer:{officer_of(request).pk}", at=now, lang=lang_of(request),
    )  # fmt: skip
    messages.success(
        request,
        _lang(
            request,
            Text(
                f"{len(to)} अधिकारियों को गिनती और लिंक भेजा गया।",
                f"A count and a link went to {len(to)} officers.",
            ),
        ),
    )
    return redirect("bank:phone")
