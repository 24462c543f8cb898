"""Keep a partner's signed answers, exactly as they came, once.

Nothing is decided here: an answer is evidence. What it means is for the verb that takes it (taking.py), later.
"""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from thaam.journal.gathering import gathered, gathering
from thaam.journal.ids import new_id
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.journal.rows import read
from thaam.mailbox.models import Answer, Order
from thaam.mailbox.posting import SameIdOtherContent
from thaam.money import ranges as sets
from thaam.wire import codec, problems
from thaam.wire.fields import InvalidMessage, Moment
from thaam.wire.messages import (
    BalanceWatch,
    FreezeToHoldOrder,
    HoldAnswer,
    HoldOrder,
    RestoreDone,
    check_balances,
    pairs_of,
)
from thaam.work.scheduling import unschedule

# What settles the question an order asks; Expected and Acknowledged come before or beside it.
FINAL = frozenset({"HoldAnswer", "Located", "CannotMatch", "RestoreDone", "BlockAnswer", "PayersAnswer", "Warned"})
# Orders that need nothing but to be taken note of: an acknowledgement ends them. Any other order stays open after one.
NOTED = frozenset({"AmendOrder", "CancelOrder", "ReleaseOrder", "Notice", "BalanceWatch"})


BEFORE_ALL = datetime.datetime.min.replace(tzinfo=datetime.UTC)


class UnknownOrder(Exception):
    """The answer names an order that was never posted."""


class NotYours(Exception):
    """The order was posted to another partner."""


class OrderLapsed(Exception):
    """The bank says that it acted after `execute_before`; nothing may be held under the order any more."""


class OrderClosed(Exception):
    """The order was cancelled and the bank has said so itself; it can answer nothing else to it now."""


class NotLookedAt(Exception):
    """Sent together with a message whose id has other content already: who said so may be a copy of the node."""


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


Refusal = (
    InvalidMessage
    | SameIdOtherContent
    | UnknownOrder
    | NotYours
    | OrderLapsed
    | OrderClosed
    | AnswerConflict
    | NotLookedAt
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it came: what it says, its exact bytes, the partner's detached JWS over them."""

    message: Any
    raw: bytes
    jws: str


def keep(*, partner: str, message: Any, raw: bytes, jws: str, at: datetime.datetime, skew_seconds: int = 0) -> Receipt:
    """Store one answer or unasked message of `partner`, as `keep_all` does; a refusal is raised.

    Nothing is stored then but the fact "answer:conflict" for a supervisor, which an outer transaction should commit.
    """
    [outcome] = keep_all(partner=partner, sent=[Sent(message, raw, jws)], at=at, skew_seconds=skew_seconds)
    if isinstance(outcome, Receipt):
        return outcome
    raise outcome


def keep_all(
    *, partner: str, sent: Sequence[Sent], at: datetime.datetime, skew_seconds: int = 0
) -> list[Receipt | Refusal]:
    """Store answers and unasked messages of `partner`; for each, in the order sent, its receipt or why it is refused.

    Fact "answer:kept" for each. The same id with the same content gets the first receipt, however often. Refused are:
    InvalidMessage (lines that do not balance), SameIdOtherContent, UnknownOrder, NotYours, OrderLapsed, OrderClosed,
    AnswerConflict (with the fact "answer:conflict"); a refusal changes nothing for the messages beside it. But after
    SameIdOtherContent none is looked at (NotLookedAt): a node that works with old files stops there, and what it would
    say after that must not take the place of what its newest files will say. `at` is platform receipt time,
    `skew_seconds` our time minus the bank's.

    One transaction. Locks the rows of the orders answered, by ascending id, so that two answers to one order are
    ordered. An id that another message took in the very same moment is an IntegrityError: the transaction is lost, a
    repeat is judged as above.
    """
    order_ids = {message.order_id for message in (each.message for each in sent) if getattr(message, "order_id", None)}
    outcomes: list[Receipt | Refusal] = []
    with gathering() as rows:
        orders = {str(pk): order for pk, order in rows.many(Order, order_ids, lock=True).items()}
        # after the lock: a copy may have come by another connection while we waited for it
        known = _known([each.message.id for each in sent], order_ids)
        at = max(at, _after_what_waits(partner))
        for number, each in enumerate(sent):
            if outcomes and isinstance(outcomes[-1], SameIdOtherContent | NotLookedAt):
                outcomes.append(NotLookedAt(each.message.id))
                continue
            # what was said later is taken later (taking.py), also of what came together
            received_at = at + datetime.timedelta(microseconds=number)
            try:
                answer = _keep(partner, each, orders, known, received_at, skew_seconds)
            except (InvalidMessage, SameIdOtherContent, UnknownOrder, NotYours, OrderLapsed, OrderClosed) as why:
                outcomes.append(why)
            except AnswerConflict as why:
                _tell_conflict(partner, each, why.stands, at)
                outcomes.append(why)
            else:
                outcomes.append(receipt_of(answer))
    return outcomes


def _keep(
    partner: str,
    sent: Sent,
    orders: dict[str, Order],
    known: list[Answer],
    at: datetime.datetime,
    skew_seconds: int,
) -> Answer:
    """The answer as it is kept, now or before; a new one is added to those known."""
    message, kind = sent.message, type(sent.message).__name__
    digest = hashlib.sha256(sent.raw).hexdigest()
    order_id = getattr(message, "order_id", None)
    order = _order_of(orders, order_id, partner) if order_id else None
    for answer in known:
        if str(answer.id) == message.id:
            if answer.digest != digest or answer.partner_id != partner:
                raise SameIdOtherContent(message.id)
            return answer
    if order:
        _check_may_answer(order, message, kind, skew=datetime.timedelta(seconds=skew_seconds))
        settled = [answer for answer in known if answer.order_id == order.id and answer.kind in FINAL]
        _check_follows(order, settled, message, kind)
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
        order_id=order.id if order else None,
        partner_id=partner,
        kind=kind,
        body=sent.raw,
        jws=sent.jws,
        digest=digest,
        stated_at=getattr(message, "answered_at", getattr(message, "reported_at", at)),
        received_at=at,
        skew_seconds=skew_seconds,
        fact_id=fact_id,
    )
    known.append(gathered().add(answer))
    return answer


def _tell_conflict(partner: str, sent: Sent, stands: str, at: datetime.datetime) -> None:
    record(
        Kind.ANSWER_CONFLICT,
        about=f"order:{sent.message.order_id}",
        by=f"bank:{partner}",
        at=at,
        answer=sent.message.id,
        kind_of_answer=type(sent.message).__name__,
        digest=hashlib.sha256(sent.raw).hexdigest(),
        stands=stands,
    )


def _after_what_waits(partner: str) -> datetime.datetime:
    """A moment after every word of this bank that waits to be taken: they are taken by the time they came, and a clock
    of ours may be set back, or be that of another machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(received_at) FROM mailbox_answer WHERE settled_at IS NULL AND partner_id = %s", [partner]
        )
        [last] = cursor.fetchone()
    return last + datetime.timedelta(microseconds=1) if last else BEFORE_ALL


def _known(answer_ids: Collection[str], order_ids: Collection[str]) -> list[Answer]:
    """Answers of these ids, if there are any, and those that settled these orders before."""
    ids, orders = list(map(uuid.UUID, answer_ids)), list(map(uuid.UUID, order_ids))
    return read(Answer, "id = ANY(%s) OR order_id = ANY(%s) AND kind = ANY(%s)", [ids, orders, sorted(FINAL)])


def _order_of(orders: dict[str, Order], order_id: str, partner: str) -> Order:
    # under row-level security another partner's order is not seen at all: the same refusal, nothing told
    if order_id not in orders:
        raise UnknownOrder(order_id)
    if orders[order_id].partner_id != partner:
        raise NotYours(order_id)
    return orders[order_id]


def _check_may_answer(order: Order, message: Any, kind: str, *, skew: datetime.timedelta) -> None:
    """What was done in time may be told late; what was begun too late, or after the bank closed the order, may not.

    `execute_before` binds the act, so an answer that only travelled long is kept: the money is under a lien, and we
    must know. Judged by the bank's stated time, corrected by how wrong its clock is measured to be. A payment made is
    told whenever it was made: money that is with the victim cannot be undone by a refusal.
    """
    if kind not in FINAL or kind == "RestoreDone":
        return
    if order.state == Order.State.LAPSED and order.execute_before is not None:
        told = kind == "CannotMatch" and message.code == "lapsed_unexecuted"
        if not told and message.answered_at + skew >= order.execute_before:
            raise OrderLapsed(str(order.id))
    if order.state in (Order.State.CANCELLED, Order.State.TOMBSTONE):
        cancels = read(Order, "about = %s AND kind = %s", [order.id, "CancelOrder"])
        # the bank's word on the cancellation may have come together with this message
        if gathered().found(cancels, Order, lambda each: _is_said_cancel(each, order)):
            raise OrderClosed(str(order.id))


def _is_said_cancel(each: Order, order: Order) -> bool:
    return each.about == order.id and each.kind == "CancelOrder" and each.state != Order.State.OPEN


def _check_follows(order: Order, known: list[Answer], message: Any, kind: str) -> None:
    """One open answer per order, across all channels; a later one is the next revision and names its forerunner.

    What is restored may lie under several liens: then each payment is told by itself, what could not be paid at last.
    """
    if kind not in FINAL:
        return
    if not known or _is_another_part(order, known, message):
        return
    last = max(known, key=lambda answer: (answer.received_at, answer.id))
    last_revision = getattr(codec.decode(bytes(last.body)), "revision", 1)
    if isinstance(message, HoldAnswer) and message.replaces == last_revision == message.revision - 1:
        return
    raise AnswerConflict(str(order.id), stands=str(last.id))


def _is_another_part(order: Order, known: list[Answer], message: Any) -> bool:
    """Of a restoration: a payment of paise that no payment told before was for; or, last, that the rest is not paid."""
    if order.kind != "RestoreOrder":
        return False
    told = [codec.decode(bytes(answer.body)) for answer in known]
    paid = sets.union(*(pairs_of(each.ranges) for each in told if isinstance(each, RestoreDone)))
    if isinstance(message, RestoreDone):
        return sets.disjoint(pairs_of(message.ranges), paid)
    rest = sets.subtract(pairs_of(order.message.ranges), paid)
    return bool(rest) and all(isinstance(each, RestoreDone) for each in told)


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
        order.state = Order.State.DONE if done else Order.State.ANSWERED
        gathered().change(order, "state")
        if order.execute_before is not None:
            unschedule(key=f"lapse:{order.id}")
