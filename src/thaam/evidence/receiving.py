"""What came: answers of banks, files matched by their digest, and what is still missing when the clock ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.clocks.running import find_clock, stop_clock
from thaam.evidence.asking import CLOCKS, OVERDUE
from thaam.evidence.models import Asked, Got, GotFile
from thaam.files.models import File
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import Answer, Order
from thaam.mailbox.taking import set_state
from thaam.wire import codec
from thaam.wire.messages import InformationAnswer
from thaam.work.scheduling import schedule


class NobodyAsked(Exception):
    """An information answer without a request of ours."""


class OtherFile(Exception):
    """The bank announced other bytes: what arrived is kept, but it is not that file."""

    text = Text(
        hi="यह वह फ़ाइल नहीं है जिसका निशान (hash) बैंक ने भेजा था। बैंक से दोबारा माँगिए।",
        en="This is not the file whose hash the bank announced. Ask the bank for it again.",
    )


@transaction.atomic
def record_information(answer: Answer, at: dt.datetime) -> None:
    """A bank's InformationAnswer; several may come for one request. Raises NobodyAsked."""
    message = codec.decode(bytes(answer.body))
    assert isinstance(message, InformationAnswer)
    asked = Asked.objects.filter(order_id=message.order_id).first()
    if asked is None or asked.bank_id != answer.partner_id:
        raise NobodyAsked(message.order_id)
    complete = not message.file_digests or not missing_digests(asked, more=list(message.file_digests))
    Got.objects.create(
        id=message.id,
        asked=asked,
        found=message.found,
        words=message.words or "",
        digests=list(message.file_digests),
        complete=complete,
        at=at,
    )
    record(
        Kind.INFORMATION_GOT,
        about=f"order:{asked.order_id}",
        by=f"bank:{answer.partner_id}",
        at=at,
        found=message.found,
        files=len(message.file_digests),
    )
    if complete:
        _done(asked, f"bank:{answer.partner_id}", at)


def _done(asked: Asked, by: str, at: dt.datetime) -> None:
    """Everything is here: the order is done and its clock ends."""
    set_state(str(asked.order_id), Order.State.DONE)
    clock = find_clock(name=CLOCKS[asked.what], about="order", subject=asked.order_id)
    if clock is not None:
        stop_clock(clock=clock, by=by, at=at)


@transaction.atomic
def attach_file(*, asked: Asked, file: File, by: str, at: dt.datetime) -> GotFile:
    """Join a kept file to its request. When the bank announced digests, the file must be one of them (OtherFile)."""
    announced = {digest for got in asked.got.all() for digest in got.digests}
    if announced and file.sha256 not in announced:
        raise OtherFile(file.sha256)
    joined, fresh = GotFile.objects.get_or_create(file=file, defaults={"asked": asked})
    if fresh:
        record(Kind.INFORMATION_GOT, about=f"order:{asked.order_id}", by=by, at=at, file=str(file.id), found=True)
        if announced and not missing_digests(asked):
            _done(asked, by, at)
    return joined


def missing_digests(asked: Asked, *, more: list[str] | None = None) -> list[str]:
    """Announced files that have not arrived."""
    announced = [digest for got in asked.got.order_by("at") for digest in got.digests] + (more or [])
    here = set(asked.files.values_list("file__sha256", flat=True))
    return [digest for digest in dict.fromkeys(announced) if digest not in here]


def is_answered(asked: Asked) -> bool:
    """Words have come, or every announced file is here."""
    return asked.got.exists() and not missing_digests(asked)


def note_overdue(payload: dict[str, Any], at: dt.datetime) -> None:
    """The clock of a request ended: a fact, unless everything came."""
    asked = Asked.objects.get(order_id=payload["order_id"])
    clock = find_clock(name=CLOCKS[asked.what], about="order", subject=asked.order_id)
    if clock is not None and clock.due_at > at and clock.ended_at is None:
        # the calendar changed meanwhile: the clock has a later end
        key = f"information:{asked.order_id}:{clock.due_at.isoformat()}"
        schedule(kind=OVERDUE, key=key, run_at=clock.due_at, order_id=str(asked.order_id))
        return
    if not is_answered(asked):
        record(
            Kind.INFORMATION_OVERDUE,
            about=f"order:{asked.order_id}",
            by="loop:work",
            at=at,
            what=asked.what,
            bank=asked.bank_id,
        )
