"""What is owed, found in the tables themselves: nothing is forgotten because nobody assigned it.

Each source looks for things without a clock and for clocks whose thing is done. An order that is answered within the
first minute never gets a row.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.clocks.models import Clock
from thaam.clocks.running import pause_clock, paused_by, start_clock, stop_clock
from thaam.complaints.models import Complaint
from thaam.holds.models import Hold
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.mailbox.models import Answer, Order

BY = "loop:work"
AT_A_TIME = 500
QUIET = dt.timedelta(seconds=60)
BOUNCES = ("not_found", "amount_differs", "date_differs", "needs_order")
RULE_OF_ORDER = {
    "HoldOrder": "bank_answer_due",
    "LocatePayment": "bank_answer_due",
    "ReleaseOrder": "release_due",
    "RestoreOrder": "restore_due",
    "FreezeToHoldOrder": "freeze_to_hold_due",
}


def begin_and_end(at: dt.datetime) -> None:
    """One round over every source."""
    _orders(at)
    _end_orders(at)
    _holds(at)
    _complaints(at)


def _jurisdiction(order: Order) -> str:
    return str(order.message.basis.jurisdiction)


def _without_clock(name: str, about: str) -> Any:
    return Clock.objects.filter(about=about, name=name).values("subject")


def _orders(at: dt.datetime) -> None:
    clocked = Clock.objects.filter(about="order").values("subject")
    waiting = Order.objects.filter(state=Order.State.OPEN, kind__in=RULE_OF_ORDER, posted_at__lte=at - QUIET)
    for order in waiting.exclude(pk__in=clocked).order_by("posted_at")[:AT_A_TIME]:
        _start(order)
    since = at - dt.timedelta(hours=1)
    bounced = Answer.objects.filter(kind="CannotMatch", received_at__gte=since).exclude(order_id__in=clocked)
    for answer in bounced.order_by("received_at")[:AT_A_TIME]:
        found = Order.objects.filter(pk__in=[answer.order_id], kind__in=RULE_OF_ORDER).first()
        if found and answer.message.code in BOUNCES and not _jurisdiction(found).startswith("DRILL"):
            _bounce(_start(found), found, answer)


def _bounce(clock: Clock, order: Order, answer: Answer) -> None:
    """The ball is back with the sender: the bank's clock stands still. Notices read the fact and ask the victim."""
    pause_clock(clock=clock, reason=answer.message.code, by=f"bank:{order.partner_id}", at=answer.received_at)


def _start(order: Order) -> Clock:
    return start_clock(
        name=RULE_OF_ORDER[order.kind], about="order", subject=order.pk, jurisdiction=_jurisdiction(order),
        start=order.posted_at, by=BY, partner=order.partner_id,
    )  # fmt: skip


def _end_orders(at: dt.datetime) -> None:
    running = Clock.objects.filter(about="order", ended_at=None).prefetch_related("pauses").order_by("due_at")
    for clock in running[: 4 * AT_A_TIME]:
        order = Order.objects.get(pk=clock.subject)
        if order.state == Order.State.OPEN or order.kind not in RULE_OF_ORDER:
            continue
        pause = paused_by(clock)
        if pause is not None:
            hold = Hold.objects.filter(pk=order.pk).first()
            # what came back to us has been put right when the complaint's money was asked for anew
            if hold is None or Hold.objects.filter(reference=hold.reference, asked_at__gt=pause.from_at).exists():
                stop_clock(clock=clock, by=BY, at=at, words="asked again")
            continue
        answer = Answer.objects.filter(order_id=order.pk).exclude(kind="Acknowledged").order_by("received_at").first()
        if answer and answer.kind == "CannotMatch" and answer.message.code in BOUNCES:
            _bounce(clock, order, answer)
        else:
            by = f"bank:{order.partner_id}" if answer else BY
            stop_clock(clock=clock, by=by, at=answer.received_at if answer else at)


def _holds(at: dt.datetime) -> None:
    held = Hold.objects.exclude(held=()).filter(answered_at__lte=at - QUIET, expires_at__gt=at)
    held = held.exclude(jurisdiction__startswith="DRILL")
    for hold in held.exclude(pk__in=_without_clock("holder_told", "hold")).order_by("answered_at")[:AT_A_TIME]:
        start_clock(
            name="holder_told", about="hold", subject=hold.pk, jurisdiction=hold.jurisdiction,
            start=hold.answered_at or at, by=BY,
        )  # fmt: skip
    told = set(
        Hold.objects.filter(pk__in=_without_clock("magistrate_told", "hold")).values_list("reference", flat=True)
    )
    for hold in held.exclude(reference__in=told).order_by("asked_at")[:AT_A_TIME]:
        if hold.reference not in told:
            told.add(hold.reference)
            start_clock(
                name="magistrate_told", about="hold", subject=hold.pk, jurisdiction=hold.jurisdiction,
                start=hold.asked_at, by=BY,
            )  # fmt: skip
    for clock in Clock.objects.filter(name="holder_told", ended_at=None)[: 4 * AT_A_TIME]:
        # the bank is to tell its customer: our words in its mailbox are not that yet, its acknowledgement is
        fact = Fact.objects.filter(kind=Kind.HOLDER_TOLD, about=f"hold:{clock.subject}").first()
        given = (
            Answer.objects.filter(order_id=fact.data.get("order"), kind="Acknowledged")
            if fact
            else Answer.objects.none()
        )
        answer = given.order_by("received_at").first()
        over = Hold.objects.filter(pk=clock.subject, held=()).exists()
        if answer or over:
            by, when = (f"bank:{answer.partner_id}", answer.received_at) if answer else (BY, at)
            stop_clock(clock=clock, by=by, at=when, words="" if answer else "no longer held")


def _complaints(at: dt.datetime) -> None:
    open_ones = Complaint.objects.filter(withdrawn_at=None, filed_at__gte=at - dt.timedelta(days=3))
    bare = open_ones.exclude(jurisdiction__startswith="DRILL").exclude(name__gt="", story__gt="")
    clocked = _without_clock("complaint_completed", "complaint")
    for complaint in bare.exclude(pk__in=clocked).order_by("filed_at")[:AT_A_TIME]:
        start_clock(
            name="complaint_completed", about="complaint", subject=complaint.pk, jurisdiction=complaint.jurisdiction,
            start=complaint.filed_at, by=BY,
        )  # fmt: skip
    for clock in Clock.objects.filter(name="complaint_completed", ended_at=None)[: 4 * AT_A_TIME]:
        complaint = Complaint.objects.get(pk=clock.subject)
        if complaint.withdrawn_at or (complaint.name and complaint.story):
            stop_clock(clock=clock, by=BY, at=at)
