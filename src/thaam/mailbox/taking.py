"""Take kept answers, oldest first, and say when each is dealt with."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer, Order


class AlreadySettled(Exception):
    """Somebody else has settled this answer."""


def take_answers(limit: int) -> list[Answer]:
    """Unsettled answers in kept order, at most `limit`, locked until the transaction ends.

    Whoever else takes meanwhile waits and never skips: a loop that was killed may leave its transaction behind for a
    moment, and a bank's later word taken before its earlier one gives another book (a release before what it releases).
    Call inside transaction.atomic(), run the verb, then settle(): all or nothing, so a killed loop loses nothing.
    """
    return list(
        Answer.objects.select_for_update(of=("self",)).filter(settled_at=None).order_by("received_at", "id")[:limit]
    )


def settle(answer: Answer, at: datetime.datetime, *, refused: str = "") -> None:
    """Its verb has run; or has `refused` it with this code (fact "answer:refused"). Raises AlreadySettled."""
    changed = Answer.objects.filter(id=answer.id, settled_at=None).update(settled_at=at, refused=refused)
    if not changed:
        raise AlreadySettled(str(answer.id))
    if refused:
        about = f"order:{answer.order_id}" if answer.order_id else f"partner:{answer.partner_id}"
        record(Kind.ANSWER_REFUSED, about=about, by="loop:chase", at=at, answer=str(answer.id), why=refused)


def settle_all(answers: Sequence[Answer], at: datetime.datetime) -> None:
    """Their verbs have run, all of them. Raises AlreadySettled when one was settled by somebody else."""
    changed = Answer.objects.filter(id__in=[answer.pk for answer in answers], settled_at=None).update(settled_at=at)
    if changed != len(answers):
        raise AlreadySettled(f"{len(answers) - changed} of {len(answers)}")


def set_state(order_id: str, state: Order.State) -> None:
    """How an order stands from now on (done, cancelled, tombstone, ...): called by the package that knows why."""
    if not Order.objects.filter(id=order_id).update(state=state):
        raise Order.DoesNotExist(order_id)
