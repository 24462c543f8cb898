"""One order, one screen: what we know on the left, the answer that must balance on the right."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thaam.holds.models import Hold
from thaam.journal.hints import stream_url_for
from thaam.journal.ids import new_id
from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.parties.models import Bank
from thaam.web.bank import answering, ledger
from thaam.web.bank.kinds import CANNOT, ORDER_WORDS, TABS, WHATS
from thaam.web.bank.queue import open_orders, tabs_of
from thaam.web.bank.simple import SIMPLE, answer_simply
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line
from thaam.web.shared.money import Part
from thaam.wire.messages import Acknowledged, CannotMatch, HoldAnswer
from thaam.wire.words import RAILS

BLANK_ROWS = 3
SENT = Text("जवाब भेज दिया गया।", "The answer was sent.")


@for_banks
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show one order of the clerk's own bank and take the answer; another bank's order does not exist here."""
    partner = officer_of(request).bank_id or ""
    found = Order.objects.filter(id=order_id, partner_id=partner).first()
    if found is None:
        raise Http404
    if found.kind in SIMPLE:
        return answer_simply(request, found)
    now = datetime.now(tz=UTC)
    asked = answering.asked_ranges(found)
    asked_paise = sum(hi - lo for lo, hi in asked)
    if request.method != "POST":
        rows = [ledger.Typed(left_paise=asked_paise) for _ in range(BLANK_ROWS)]
        return _show(request, found, rows, asked_paise, account=_told_account(found.message))
    rows = ledger.read_rows(request.POST, asked_paise=asked_paise)
    account = one_line(request.POST.get("account"), most=64).replace(" ", "")
    if "add" in request.POST or "check" in request.POST:
        if "add" in request.POST:
            rows += [ledger.Typed(left_paise=ledger.left_of(rows, asked_paise)) for _ in range(2)]
        return _show(request, found, rows, asked_paise, account=account)
    try:
        if "time" in request.POST:
            _send(found, Acknowledged(_answer_id(request), str(found.id), now), now)
            messages.success(
                request,
                _say(request, Text("और समय माँगा गया; घड़ी चलती रहेगी।", "More time was noted; the clock runs on.")),
            )
            return redirect("bank:order", order_id=order_id)
        if "cannot" in request.POST:
            _send(found, _cannot(request, found, now), now)
        else:
            if why := ledger.why_not_yet(rows, asked_paise):
                raise Wrong(why)
            _send(found, _answer(request, found, rows, asked, account, now), now)
    except Wrong as refused:
        return _show(request, found, rows, asked_paise, account=account, refused=refused.text)
    messages.success(request, _say(request, SENT))
    return redirect(_next(found, partner))


def _told_account(message: Any) -> str:
    """The account as the order tells it: a hint in a hold order, the frozen account itself in a freeze-to-hold."""
    return getattr(message, "payee_hint", None) or getattr(message, "account", None) or ""


def _say(request: HttpRequest, text: Text) -> str:
    return text.in_(lang_of(request))


def _answer_id(request: HttpRequest) -> str:
    """The id of the answer is in the form: pressing twice is one answer."""
    try:
        return str(UUID(request.POST.get("answer_id", "")))
    except ValueError:
        return new_id()


def _send(found: Order, message: Any, now: datetime) -> None:
    answering.send(partner=found.partner_id, message=message, at=now)


def _cannot(request: HttpRequest, found: Order, now: datetime) -> CannotMatch:
    code = request.POST.get("cannot_code", "")
    searched = one_line(request.POST.get("searched"), most=500)
    if code not in {each[0] for each in CANNOT}:
        raise Wrong(Text("कारण चुनें: क्या नहीं मिला?", "Choose what does not match."))
    if not searched:
        raise Wrong(
            Text("कहाँ-कहाँ देखा, यह लिखें (तारीख, खाते, नंबर)।", "Say where you looked (dates, accounts, references).")
        )
    return CannotMatch(_answer_id(request), str(found.id), now, code, searched)


def _answer(
    request: HttpRequest,
    found: Order,
    rows: list[ledger.Typed],
    asked: tuple[tuple[int, int], ...],
    account: str,
    now: datetime,
) -> HoldAnswer:
    """The signed answer's content. Raises Wrong."""
    if not account:
        raise Wrong(Text("जिस खाते में पैसा आया, वह नंबर लिखें।", "Enter the account that received the money."))
    return answering.hold_answer(
        found,
        rows,
        asked=asked,
        account=account,
        answer_id=_answer_id(request),
        allocated=answering.allocated_by(found.partner_id),
        at=now,
    )


def _next(found: Order, partner: str) -> str:
    """The next waiting order of the same tab, else the queue."""
    kinds = next((kinds for _, _, kinds in TABS if found.kind in kinds), TABS[0][2])
    following = open_orders(partner, kinds).exclude(id=found.id).first()
    return reverse("bank:order", args=[following.id]) if following else reverse("bank:queue")


def _show(
    request: HttpRequest,
    found: Order,
    rows: list[ledger.Typed],
    asked_paise: int,
    *,
    account: str,
    refused: Text | None = None,
) -> HttpResponse:
    message = found.message
    left = ledger.left_of(rows, asked_paise)
    answers = answering.answers_to(found)
    banks = {bank.code: bank for bank in Bank.objects.all()}
    context = {
        "order": found,
        "message": message,
        "payment": message.payment,
        "word": ORDER_WORDS[found.kind],
        "payer": banks.get(message.payment.payer_bank),
        "account": account,
        "asked_paise": asked_paise,
        "rows": list(enumerate(rows)),
        "whats": WHATS.values(),
        "cannots": CANNOT,
        "rails": (*RAILS[:5], "INTERNAL"),
        "banks": sorted(banks.values(), key=lambda bank: bank.name_en),
        "left_paise": left,
        "over_paise": -left if left < 0 else 0,
        "why_not": ledger.why_not_yet(rows, asked_paise),
        "parts": _parts(rows, max(left, 0)),
        "refused": refused,
        "answers": answers,
        "given": next((each.message for each in answers if each.kind == "HoldAnswer"), None),
        "answer_id": request.POST.get("answer_id") or new_id(),
        "tabs": tabs_of(found.partner_id, "hold"),
        "today": in_ist(datetime.now(tz=UTC)).date().isoformat(),
        "book": _book(found.partner_id, account, str(found.id)),
        "stream_url": stream_url_for([f"order:{found.id}"]),
        "typed": request.POST,
    }
    return render(request, "bank/order.html", context, status=422 if refused else 200)


def _parts(rows: list[ledger.Typed], left: int) -> list[Part]:
    """The bar of the equation: one stretch a line, what is left at the end."""
    parts = [
        Part(row.what, row.paise or 0, row.kind.text, row.kind.glyph, row.kind.texture)
        for row in rows
        if row.kind and row.paise
    ]
    return [*parts, Part("left", left, Text("बाकी", "left"), "due", "due")] if left else parts


def _book(partner: str, account: str, order_id: str) -> dict[str, int] | None:
    """The account's own hold book: what is held for others together, and for this order. Sums only."""
    if not account:
        return None
    holds = [hold for hold in Hold.objects.filter(bank_id=partner, book__account=account) if hold.held]
    mine = sum(hold.held_paise for hold in holds if str(hold.pk) == order_id)
    return {"others_paise": sum(hold.held_paise for hold in holds) - mine, "this_paise": mine}
