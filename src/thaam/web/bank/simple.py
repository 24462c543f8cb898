"""Orders that need one decision: find a payment, remove a hold, pay back, give information, take note."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.journal.ids import new_id
from thaam.language.numbers import latin_digits
from thaam.language.text import Text
from thaam.mailbox.models import Answer, Order
from thaam.web.bank import answering
from thaam.web.bank.documents import answer_information
from thaam.web.bank.doors import DESK, Door
from thaam.web.bank.explaining import clocks_of, dues_of
from thaam.web.bank.kinds import CANNOT, ORDER_WORDS, REASON_WORDS
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line
from thaam.wire.fields import InvalidMessage
from thaam.wire.messages import (
    Acknowledged,
    CannotMatch,
    Located,
    PayersAnswer,
    PaymentId,
    ReleaseDone,
    RestoreDone,
    Warned,
)

MAY_FAIL = frozenset({"LocatePayment", "ReleaseOrder", "RestoreOrder"})
_TWICE = Text("दोबारा पुष्टि करें: खाने पर निशान लगाएँ।", "Confirm a second time: tick the box.")


def answer_simply(request: HttpRequest, order: Order, door: Door = DESK) -> HttpResponse:
    """Show the order and take its one answer."""
    if order.kind == "InformationRequest":
        return answer_information(request, order, door)
    message = order.message
    refused: Text | None = None
    if request.method == "POST":
        now = datetime.now(tz=UTC)
        try:
            door.check(request)
            answer_id = _id(request)
            read = (
                _cannot if "cannot" in request.POST and order.kind in MAY_FAIL else _REPLIES.get(order.kind, _elsewhere)
            )
            reply = read(request, order, message, answer_id, now)
            answering.send(partner=order.partner_id, message=reply, at=now)
            door.beside(request, order, answer_id, now)
            messages.success(request, Text("जवाब भेज दिया गया।", "The answer was sent.").in_(lang_of(request)))
            return redirect(door.after(order))
        except Wrong as slip:
            refused = slip.text
        except InvalidMessage as slip:
            refused = Text(f"यह जवाब ऐसे नहीं जा सकता: {slip}", f"The answer cannot be sent like this: {slip}")
    context = {
        "order": order,
        "message": message,
        "payment": getattr(message, "payment", None) or getattr(message, "about", None),
        "paise": getattr(message, "amount_paise", None),
        "word": ORDER_WORDS[order.kind],
        "holder": _account_of(order) if order.kind == "Notice" else "",
        "reason": REASON_WORDS.get(getattr(message, "reason", "")),
        "due": dues_of([order])[order.pk],
        "refused": refused,
        "answers": answering.answers_to(order),
        "answer_id": request.POST.get("answer_id") or new_id(),
        "base": door.base,
        "cannots": CANNOT if order.kind in MAY_FAIL else (),
        "clocks": clocks_of(order, lang_of(request)),
        "door": door.name,
        **door.around(order),
        "typed": request.POST,
    }
    return render(request, "bank/simple.html", context, status=422 if refused else 200)


def _account_of(order: Order) -> str:
    """The account of the hold a notice is about, as the bank itself told it; "" when it is about none of its holds."""
    told = Answer.objects.filter(order_id=order.message.about_order_id, partner_id=order.partner_id, kind="HoldAnswer")
    last = told.order_by("-received_at").first() if order.message.about_order_id else None
    return str(last.message.account) if last else ""


def _id(request: HttpRequest) -> str:
    try:
        return str(UUID(request.POST.get("answer_id", "")))
    except ValueError:
        return new_id()


def _located(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> Located:
    choice = request.POST.get("found", "")
    if choice not in ("yes", "no"):
        raise Wrong(Text("मिला या नहीं मिला, चुनें।", "Choose found or not found."))
    if choice == "no":
        return Located(answer_id, str(order.id), now, found=False, payment=message.payment)
    account = one_line(request.POST.get("account"), most=64).replace(" ", "")
    if not account:
        raise Wrong(Text("किस खाते से गया, वह नंबर लिखें।", "Enter the account it left from."))
    matches = {"yes": True, "no": False}.get(request.POST.get("mobile", ""))
    return Located(answer_id, str(order.id), now, True, message.payment, account, matches)


def _released(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> ReleaseDone:
    if request.POST.get("twice") != "yes":
        raise Wrong(_TWICE)
    return ReleaseDone(
        answer_id, str(order.id), now, message.hold_order_id, message.ranges, message.amount_paise, "ordered"
    )


def _restored(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> RestoreDone:
    if request.POST.get("twice") != "yes":
        raise Wrong(_TWICE)
    reference = latin_digits(request.POST.get("reference", "")).replace(" ", "")
    if not reference:
        raise Wrong(Text("लौटाने वाले लेन-देन का UTR लिखें।", "Enter the UTR of the payment back."))
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError as slip:
        raise Wrong(Text("तारीख लिखें।", "Enter the date.")) from slip
    payment = PaymentId(
        request.POST.get("rail") or "NEFT", reference, on, message.amount_paise, order.partner_id, message.to_bank
    )
    return RestoreDone(
        answer_id, str(order.id), now, message.hold_order_id, message.ranges, message.amount_paise, payment
    )


def _cannot(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> CannotMatch:
    code = request.POST.get("cannot_code", "")
    searched = one_line(request.POST.get("searched"), most=500)
    if code not in {each[0] for each in CANNOT}:
        raise Wrong(Text("कारण चुनें।", "Choose the reason."))
    if not searched:
        raise Wrong(Text("क्यों नहीं हो सकता, यह लिखें।", "Say why it cannot be done."))
    return CannotMatch(answer_id, str(order.id), now, code, searched)


def _elsewhere(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> Acknowledged:
    raise Wrong(Text("इस अनुरोध का जवाब इस पन्ने से नहीं दिया जाता।", "This order is not answered on this page."))


def _notice(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> Acknowledged:
    """Read; words for a customer count as read when the customer has them."""
    if message.code == "to_holder" and request.POST.get("twice") != "yes":
        raise Wrong(Text("पहले ग्राहक को बताएँ, फिर खाने पर निशान लगाएँ।", "Tell the customer first, then tick the box."))
    return Acknowledged(answer_id, str(order.id), now)


def _noted(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> Acknowledged:
    return Acknowledged(answer_id, str(order.id), now)


def _warned(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> Warned:
    way = request.POST.get("way", "")
    if way == "nobody":
        return Warned(answer_id, str(order.id), now, False, None)
    if way not in ("app", "sms", "call", "email", "branch"):
        raise Wrong(Text("ग्राहक को कैसे बताया, चुनें।", "Choose how the customer was told."))
    return Warned(answer_id, str(order.id), now, True, way)


def _payers(request: HttpRequest, order: Order, message: Any, answer_id: str, now: datetime) -> PayersAnswer:
    """One payment a line: rail, reference, date, rupees, the payer's bank. No line: nobody else paid."""
    found = []
    for number, line in enumerate(request.POST.get("payments", "").replace("\x00", "").splitlines(), 1):
        if not line.strip():
            continue
        try:
            rail, reference, day, rupees, bank = latin_digits(line).replace(",", " ").split()
            paise = round(Decimal(rupees) * 100)
            found.append(
                PaymentId(rail.upper(), reference, date.fromisoformat(day), paise, bank.upper(), order.partner_id)
            )
        except (ValueError, InvalidOperation, InvalidMessage) as slip:
            raise Wrong(
                Text(
                    f"पंक्ति {number} नहीं पढ़ी गई। ऐसे लिखें: UPI 530693093182 2026-11-25 4500 SBIN",
                    f"Line {number} could not be read. Write: UPI 530693093182 2026-11-25 4500 SBIN",
                )
            ) from slip
    return PayersAnswer(answer_id, str(order.id), now, tuple(found), True)


_REPLIES = {
    "WarnOrder": _warned,
    "PayersRequest": _payers,
    "LocatePayment": _located,
    "ReleaseOrder": _released,
    "RestoreOrder": _restored,
    "AmendOrder": _noted,
    "CancelOrder": _noted,
    "BalanceWatch": _noted,
    "Notice": _notice,
}
