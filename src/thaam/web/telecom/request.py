"""One request to an operator: what, why, on whose authority, and its one answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from thaam.journal.ids import new_id
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.web.bank import answering
from thaam.web.shared.audience import for_banks, officer_of
from thaam.web.shared.context import lang_of
from thaam.web.shared.fields import Wrong, one_line
from thaam.web.suspects.words import ACTIONS, KINDS, RESULTS
from thaam.wire.fields import InvalidMessage
from thaam.wire.messages import BlockAnswer

# What may be answered to each action, likeliest first.
OFFERED: dict[str, tuple[str, ...]] = {
    "verify_again": ("verified", "not_verified", "refused", "not_ours"),
    "block": ("blocked", "verified", "refused", "not_ours"),
    "unblock": ("unblocked", "refused", "not_ours"),
    "take_down": ("taken_down", "refused", "not_ours"),
}
_CHOOSE = Text("क्या किया, चुनें।", "Choose what was done.")
_WHY = Text("कारण, या पहचान कैसे जाँची, लिखें।", "Write why, or how the user was verified.")
_SENT = Text("जवाब भेज दिया गया।", "The answer was sent.")


@for_banks
def one(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Show the request and take its answer, signed and kept like a node's."""
    partner = officer_of(request).bank_id or ""
    order = get_object_or_404(Order, pk=order_id, partner_id=partner, kind="BlockOrder")
    message: Any = order.message
    refused: Text | None = None
    if request.method == "POST":
        now = datetime.now(tz=UTC)
        try:
            answering.send(partner=partner, message=_answer(request, order, message, now), at=now)
            messages.success(request, _SENT.in_(lang_of(request)))
            return redirect("telecom:queue")
        except Wrong as slip:
            refused = slip.text
        except InvalidMessage as slip:
            refused = Text(f"यह जवाब ऐसे नहीं जा सकता: {slip}", f"The answer cannot be sent like this: {slip}")
    context = {
        "order": order,
        "message": message,
        "action": ACTIONS[message.action],
        "kind": KINDS.get(message.what),
        "offered": [(name, RESULTS[name]) for name in OFFERED[message.action]],
        "answers": [(each, RESULTS[each.message.result]) for each in _answers(order)],
        "refused": refused,
        "typed": request.POST,
        "answer_id": new_id(),
    }
    return render(request, "telecom/request.html", context, status=422 if refused else 200)


def _answers(order: Order) -> list[Any]:
    return [each for each in answering.answers_to(order) if each.kind == "BlockAnswer"]


def _answer(request: HttpRequest, order: Order, message: Any, now: datetime) -> BlockAnswer:
    result = request.POST.get("result", "")
    if result not in OFFERED[message.action]:
        raise Wrong(_CHOOSE)
    words = one_line(request.POST.get("words"), most=2000) or None
    if result in ("verified", "refused") and words is None:
        raise Wrong(_WHY)
    try:
        answer_id = str(UUID(request.POST.get("answer_id", "")))
    except ValueError:
        answer_id = new_id()
    done = now if result in ("blocked", "unblocked", "taken_down") else None
    return BlockAnswer(answer_id, str(order.id), now, result, words, done)
