"""Keep a partner's signed answer, exactly as it came, once.

Nothing is decided here: an answer is evidence. What it means is for the verb that takes it (taking.py), later.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from thaam.journal.ids import new_id
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.journal.rows import insert, read, read_by
from thaam.mailbox.models import Answer, Order
from thaam.mailbox.posting import SameIdOtherContent
from thaam.wire import codec, problems
from thaam.wire.fields import InvalidMessage, Moment
from thaam.wire.messages import BalanceWatch, FreezeToHoldOrder, HoldAnswer, HoldOrder, check_balances
from thaam.work.scheduling import unschedule

# What settles the question an order asks; Expected and Acknowledged come before or beside it.
FINAL = frozenset({"HoldAnswer", "Located", "CannotMatch", "RestoreDone", "BlockAnswer", "PayersAnswer", "Warned"})
# Orders that need nothing but to be taken note of: an acknowledgement ends them. Any other order stays open after one.
NOTED = frozenset({"AmendOrder", "CancelOrder", "ReleaseOrder", "Notice", "BalanceWatch"})


class UnknownOrder(Exception):
    """The answer names an order that was never posted."""


class NotYours(Exception):
    """The order was posted to another partner."""


class OrderLapsed(Exception):
    """The bank says that it acted after `execute_before`; nothing may be held under the order any more."""


class OrderClosed(Exception):
    """The order was cancelled and the bank has said so itself; it can answer nothing else to it now."""


class AnswerConflict(Exception):
    """The order is answered already and this answer does not name the one it replaces. The fact is written."""

    def __init__(self, order_id: str, *, stands: str) -> None:
        super().__init__(order_id)
        self.stands = stands


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a message arrived: its digest (SHA-256 of the body, hex) and the fact that will get a position."""

    id: str
    digest: str
    received_at: datetime.datetime
    fact: str

    def as_json(self) -> dict[str, str]:
        """As bank_api signs and sends it."""
        return {
            "id": self.id,
            "digest": self.digest,
            "received_at": Moment().dump(self.received_at),
            "fact": self.fact,
        }


def receipt_of(answer: Answer) -> Receipt:
    """The receipt an answer got, the same however often it is asked for."""
    return Receipt(str(answer.id), answer.digest, answer.received_at, str(answer.fact_id))


def keep(*, partner: str, message: Any, raw: bytes, jws: str, at: datetime.datetime, skew_seconds: int = 0) -> Receipt:
    """Store one answer or unasked message of `partner`; fact "answer:kept". `at` is platform receipt time.

    The same id with the same content gets the first receipt, however often. Locks the order's row, so that two
    answers to one order are ordered. `skew_seconds` is our time minus the bank's. Raises InvalidMessage (lines that do
    not balance), SameIdOtherContent, UnknownOrder, NotYours, OrderLapsed, OrderClosed, AnswerConflict: nothing is
    stored then but the fact "answer:conflict" for a supervisor, which an outer transaction should commit.
    An id that another message took in the very same moment is an
    IntegrityError: the transaction is lost, a repeat is judged as above.
    """
    refused: Exception | None = None
    with transaction.atomic(savepoint=False):
        try:
            return _keep(partner, message, raw, jws, at, skew_seconds)
        except (InvalidMessage, SameIdOtherContent, UnknownOrder, NotYours, OrderLapsed, OrderClosed) as why:
            refused = why
        except AnswerConflict as why:
            refused = why
            record(
                Kind.ANSWER_CONFLICT,
                about=f"order:{message.order_id}",
                by=f"bank:{partner}",
                at=at,
                answer=message.id,
                kind_of_answer=type(message).__name__,
                digest=hashlib.sha256(raw).hexdigest(),
                stands=why.stands,
            )
    # raised outside the block: a refusal undoes nothing, there is nothing to undo
    raise refused


def _keep(partner: str, message: Any, raw: bytes, jws: str, at: datetime.datetime, skew_seconds: int) -> Receipt:
    digest = hashlib.sha256(raw).hexdigest()
    order_id = getattr(message, "order_id", None)
    kind = type(message).__name__
    order = _lock_order(order_id, partner) if order_id else None
    # after the lock: a copy may have come by another connection while we waited for it
    known = _known(message.id, order)
    for answer in known:
        if str(answer.id) == message.id:
            if answer.digest != digest or answer.partner_id != partner:
                raise SameIdOtherContent(message.id)
            return receipt_of(answer)
    if order:
        _check_may_answer(order, message, kind, skew=datetime.timedelta(seconds=skew_seconds))
        _check_follows(order, known, message, kind)
        if isinstance(message, HoldAnswer):
            _check_balances(order, message)
        _move(order, kind)
    fact_id = new_id()
    record(
        Kind.ANSWER_KEPT,
        about=f"order:{order_id}" if order_id else f"partner:{partner}",
        by=f"bank:{partner}",
        at=at,
        topic=f"mailbox:{partner}",
        fact_id=fact_id,
        answer=message.id,
        kind_of_answer=kind,
        digest=digest,
    )
    answer = Answer(
        id=uuid.UUID(message.id),
        order_id=uuid.UUID(order_id) if order_id else None,
        partner_id=partner,
        kind=kind,
        body=raw,
        jws=jws,
        digest=digest,
        stated_at=getattr(message, "answered_at", getattr(message, "reported_at", at)),
        received_at=at,
        skew_seconds=skew_seconds,
        fact_id=fact_id,
    )
    insert(Answer, [answer])
    return receipt_of(answer)


def _known(answer_id: str, order: Order | None) -> list[Answer]:
    """The answer of this id, if there is one, and those that settled the order before."""
    if order is None:
        return read_by(Answer, "id", [answer_id])
    return read(Answer, "id = %s OR order_id = %s AND kind = ANY(%s)", [answer_id, order.id, sorted(FINAL)])


def _lock_order(order_id: str, partner: str) -> Order:
    found = read_by(Order, "id", [order_id], lock=True)
    # under row-level security another partner's order is not seen at all: the same refusal, nothing told
    if not found:
        raise UnknownOrder(order_id)
    order = found[0]
    if order.partner_id != partner:
        raise NotYours(order_id)
    return order


def _check_may_answer(order: Order, message: Any, kind: str, *, skew: datetime.timedelta) -> None:
    """What was done in time may be told late; what was begun too late, or after the bank closed the order, may not.

    `execute_before` binds the act, so an answer that only travelled long is kept: the money is under a lien, and we
    must know. Judged by the bank's stated time, corrected by how wrong its clock is measured to be.
    """
    if kind not in FINAL:
        return
    if order.state == Order.State.LAPSED and order.execute_before is not None:
        told = kind == "CannotMatch" and message.code == "lapsed_unexecuted"
        if not told and message.answered_at + skew >= order.execute_before:
            raise OrderLapsed(str(order.id))
    if order.state in (Order.State.CANCELLED, Order.State.TOMBSTONE):
        closed = Order.objects.filter(about=order.id, kind="CancelOrder").exclude(state=Order.State.OPEN)
        if closed.exists():
            raise OrderClosed(str(order.id))


def _check_follows(order: Order, known: list[Answer], message: Any, kind: str) -> None:
    """One open answer per order, across all channels; a later one is the next revision and names its forerunner."""
    if kind not in FINAL:
        return
    if not known:
        return
    last = max(known, key=lambda answer: (answer.received_at, answer.id))
    last_revision = getattr(codec.decode(bytes(last.body)), "revision", 1)
    if isinstance(message, HoldAnswer) and message.replaces == last_revision == message.revision - 1:
        return
    raise AnswerConflict(str(order.id), stands=str(last.id))


def _check_balances(order: Order, answer: HoldAnswer) -> None:
    """Every asked paisa is in the answer once, as asked by the order revision the answer carries out."""
    asked = order.message
    if not isinstance(asked, HoldOrder | FreezeToHoldOrder | BalanceWatch):
        raise InvalidMessage(problems.BAD_VALUE, "/order_id", "not an order that lines answer")
    ranges = None
    # most orders are never amended: no need to ask
    amended = order.revision > 1 and answer.order_revision > 1
    amendments = Order.objects.filter(about=order.id, kind="AmendOrder", revision__lte=answer.order_revision)
    for amendment in amendments.order_by("-revision") if amended else ():
        if amendment.message.ranges is not None:
            ranges = amendment.message.ranges
            break
    check_balances(asked, answer, ranges=ranges)


def _move(order: Order, kind: str) -> None:
    """An order that is open is answered by any word of the bank; what else it becomes its owner decides."""
    if kind == "Acknowledged" and order.kind not in NOTED:
        return  # "seen, needs time": the question stands and its clock runs
    if order.state == Order.State.OPEN:
        done = kind in {"ReleaseDone", "RestoreDone", "Acknowledged"}
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE mailbox_order SET state = %s WHERE id = %s",
                [(Order.State.DONE if done else Order.State.ANSWERED).value, order.id],
            )
        if order.execute_before is not None:
            unschedule(key=f"lapse:{order.id}")
