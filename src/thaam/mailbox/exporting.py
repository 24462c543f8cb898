"""Everything a stranger needs to check the journal offline: keys, signed heads, lines, orders and answers.

And the self-contained proof of one order: the order, its answers, their places in the journal, the keys.
"""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings

from thaam.journal.kinds import Kind
from thaam.journal.models import Checkpoint, Fact, Line, Pending
from thaam.journal.proof import Inclusion, NotNumberedYet, entry_of, inclusion_of
from thaam.mailbox.models import Answer, Order
from thaam.parties.models import PartnerKey
from thaam.wire.fields import Moment

ROWS = 2_000


def export(*, has: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Records as journal/verifying.py reads them; one read of the database, row by row.

    `has` names what the caller adds behind them (entries, letters), so that a missing one is a finding.

    Keys, orders and answers whose fact has no position yet are marked `pending`: they are too young to be missed.
    """
    yield {"export": {"version": 1, "platform": settings.PLATFORM, "has": list(has)}}
    young = set(Pending.objects.filter(fact__kind__startswith="key:").values_list("fact__data__key_id", flat=True))
    for key in PartnerKey.objects.order_by("valid_from_at", "key_id"):
        yield {"key": key_record(key) | {"announced_by": key.announced_by, "pending": key.key_id in young}}
    for head in Checkpoint.objects.order_by("position").iterator(ROWS):
        yield {"checkpoint": head.document()}
    last = 0
    while lines := list(Line.objects.filter(position__gt=last).select_related("fact").order_by("position")[:ROWS]):
        for line in lines:
            yield {"line": {"entry": entry_of(line).decode(), "leaf": bytes(line.leaf).hex()}}
        last = lines[-1].position
    # what waits for its number is young; a document whose fact neither waits nor has one was put there
    waiting = set(Pending.objects.filter(fact__topic__startswith="mailbox:").values_list("fact", flat=True))
    for order in Order.objects.order_by("id").iterator(ROWS):
        more = {
            "about": str(order.about),
            "posted_at": Moment().dump(order.posted_at),
            "execute_before": _time(order.execute_before),
            "revision": order.revision,
            "fact": str(order.fact_id),
        }
        yield {"order": _document(order) | more | {"pending": order.fact_id in waiting}}
    told = set(Pending.objects.filter(fact__kind=Kind.ANSWER_REFUSED).values_list("fact__data__answer", flat=True))
    for answer in Answer.objects.order_by("id").iterator(ROWS):
        more = {
            "order_id": _text(answer.order_id),
            "received_at": Moment().dump(answer.received_at),
            "stated_at": Moment().dump(answer.stated_at),
            "digest": answer.digest,
            "fact": str(answer.fact_id),
            **({} if str(answer.id) in told else {"refused": answer.refused}),
        }
        yield {"answer": _document(answer) | more | {"pending": answer.fact_id in waiting}}


def key_record(key: PartnerKey) -> dict[str, Any]:
    """One key of the history."""
    times = ("valid_from_at", "valid_to_at", "revoked_at", "compromised_from_at")
    return {
        "key_id": key.key_id,
        "partner": key.partner,
        "public_key": base64.urlsafe_b64encode(bytes(key.public_key)).rstrip(b"=").decode(),
        **{name: _time(getattr(key, name)) for name in times},
    }


def proof_of(order_id: str) -> dict[str, Any]:
    """One order, what was answered to it, and later orders about the same hold with theirs; and the keys.

    Each with its line of the journal and the path from there to a signed head.

    Raises Order.DoesNotExist, journal.proof.NotNumberedYet. docs/wire/proof.py checks it without any of our code.
    """
    order = Order.objects.get(id=order_id)
    partners = {settings.PLATFORM, order.partner_id}
    later = Order.objects.filter(about=order.about, partner=order.partner_id).exclude(id=order.id).order_by("posted_at")
    return {
        "version": 1,
        "platform": settings.PLATFORM,
        **_with_answers(order),
        "later": [_with_answers(other) for other in later],
        "keys": [
            key_record(key) | {"enrolment": _enrolment(key)}
            for key in PartnerKey.objects.filter(partner__in=partners).order_by("valid_from_at")
        ],
    }


def _with_answers(order: Order) -> dict[str, Any]:
    answers = Answer.objects.filter(order_id=order.id).order_by("received_at", "id")
    return {
        "order": _document(order) | _place(inclusion_of(str(order.fact_id))),
        "answers": [_document(answer) | _place(inclusion_of(str(answer.fact_id))) for answer in answers],
    }


def _enrolment(key: PartnerKey) -> dict[str, Any]:
    """The line that tells of this key, so that nobody needs to believe the list of keys itself."""
    fact = Fact.objects.filter(kind__in=(Kind.KEY_ENROLLED, Kind.KEY_ANNOUNCED), data__key_id=key.key_id).first()
    if fact is None:
        raise NotNumberedYet(key.key_id)
    return _place(inclusion_of(str(fact.id)))


def _document(row: Order | Answer) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "partner": row.partner_id,
        "kind": row.kind,
        "body": bytes(row.body).decode("utf-8", "replace"),
        "jws": row.jws,
    }


def _time(at: datetime.datetime | None) -> str | None:
    return Moment().dump(at) if at else None


def _text(id_: Any) -> str | None:
    return None if id_ is None else str(id_)


def _place(found: Inclusion) -> dict[str, Any]:
    return {
        "position": found.position,
        "entry": found.entry.decode(),
        "path": [step.hex() for step in found.path],
        "checkpoint": found.checkpoint.document(),
    }
