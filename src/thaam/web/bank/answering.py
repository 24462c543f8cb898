"""A clerk's answer on its way into the mailbox: the same verb, the same checks as a node's, signed by the platform.

A bank that answers on the screen has no key of its own there, so the platform signs the answer's body and the
fact names the clerk's bank; the clerk's sign-in is the attestation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from thaam.language.text import Text
from thaam.mailbox.keeping import (
    AnswerConflict,
    NotYours,
    OrderClosed,
    OrderLapsed,
    Receipt,
    UnknownOrder,
    keep,
)
from thaam.mailbox.models import Answer, Order
from thaam.mailbox.posting import SameIdOtherContent
from thaam.parties.keys import platform_key
from thaam.web.bank import ledger
from thaam.web.bank.kinds import ANSWER_WORDS
from thaam.web.shared.fields import Wrong
from thaam.wire import codec, jws
from thaam.wire.fields import InvalidMessage
from thaam.wire.messages import HoldAnswer, PaymentId

LOOK_BACK = 500


def send(*, partner: str, message: Any, at: datetime) -> Receipt:
    """Keep one message of a clerk. Raises Wrong with a sentence for the clerk."""
    raw = codec.encode(message)
    try:
        return keep(partner=partner, message=message, raw=raw, jws=jws.sign_detached(raw, platform_key()), at=at)
    except AnswerConflict as refused:
        raise Wrong(
            Text(
                "इस अनुरोध का जवाब पहले ही जा चुका है। पन्ना फिर खोलकर देखें।",
                "This order has been answered already. Open the page again and look.",
            )
        ) from refused
    except SameIdOtherContent as refused:
        raise Wrong(Text("यह जवाब पहले ही भेजा जा चुका है।", "This answer was sent already.")) from refused
    except (OrderClosed, OrderLapsed) as refused:
        raise Wrong(
            Text(
                "यह अनुरोध बंद हो चुका है। इसके नाम पर रोकी गई रकम छोड़ दें।",
                "This order is closed. Let go whatever was held under it.",
            )
        ) from refused
    except (UnknownOrder, NotYours) as refused:
        raise Wrong(Text("यह अनुरोध आपके बैंक का नहीं है।", "This order is not your bank's.")) from refused
    except InvalidMessage as refused:
        raise Wrong(Text(f"यह जवाब नहीं भेजा जा सका: {refused}", f"The answer could not be sent: {refused}")) from refused


def asked_ranges(order: Order) -> tuple[tuple[int, int], ...]:
    """What the order asks for as it stands now: its own ranges, or those of the last amendment that changed them."""
    amendments = Order.objects.filter(about=order.id, kind="AmendOrder", revision__lte=order.revision)
    for amendment in amendments.order_by("-revision"):
        if amendment.message.ranges is not None:
            return tuple((each.lo, each.hi) for each in amendment.message.ranges)
    return tuple((each.lo, each.hi) for each in order.message.ranges)


def answers_to(order: Order) -> list[Answer]:
    """Everything the bank said to this order, newest first."""
    found = list(Answer.objects.filter(order_id=order.id).order_by("-received_at", "-id"))
    for each in found:
        each.words = ANSWER_WORDS.get(each.kind)  # type: ignore[attr-defined]  # for the page
    return found


def allocated_by(partner: str) -> dict[PaymentId, list[tuple[int, int]]]:
    """Paise of outgoing payments that this bank's standing answers already gave to somebody's trail."""
    given: dict[PaymentId, list[tuple[int, int]]] = {}
    seen: set[str] = set()
    kept = Answer.objects.filter(partner_id=partner, kind="HoldAnswer").order_by("-received_at", "-id")[:LOOK_BACK]
    for answer in kept:
        if str(answer.order_id) in seen:
            continue  # a later revision replaced it
        seen.add(str(answer.order_id))
        message = codec.decode(bytes(answer.body))
        if isinstance(message, HoldAnswer):
            allocate(given, message.lines)
    return given


def allocate(given: dict[PaymentId, list[tuple[int, int]]], lines: Iterable[Any]) -> None:
    """Add to `given` what these lines say of outgoing payments."""
    for line in lines:
        if line.kind == "onward" and line.payment is not None and line.child_lo is not None:
            given.setdefault(line.payment, []).append((line.child_lo, line.child_lo + line.hi - line.lo))


def hold_answer(
    order: Order,
    rows: list[ledger.Typed],
    *,
    asked: tuple[tuple[int, int], ...],
    account: str,
    answer_id: str,
    allocated: Mapping[PaymentId, Iterable[tuple[int, int]]],
    at: datetime,
) -> HoldAnswer:
    """The answer's content from a clerk's checked rows: the next revision after what the bank said before.

    `allocated` as allocated_by() gives it. Raises Wrong.
    """
    earlier = next((each.message for each in answers_to(order) if each.kind == "HoldAnswer"), None)
    try:
        return HoldAnswer(
            id=answer_id,
            order_id=str(order.id),
            answered_at=at,
            revision=earlier.revision + 1 if earlier else 1,
            replaces=earlier.revision if earlier else None,
            account=account,
            position=0,
            lines=ledger.lines_of(rows, asked=asked, payer_bank=order.partner_id, allocated=allocated),
            exactness="lagged",
            rule_applied="amount_only",
            ranges_kind="assigned",
            order_revision=order.revision,
        )
    except InvalidMessage as refused:
        raise Wrong(
            Text(f"यह जवाब ऐसे नहीं जा सकता: {refused}", f"The answer cannot be sent like this: {refused}")
        ) from refused
