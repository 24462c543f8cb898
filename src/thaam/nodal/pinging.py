"""Ping officers of banks whose orders wait: a count and a link, nothing else, and who has opened it.

The message is fit for a WhatsApp group or an SMS: it names no account, no sum, no complaint, no person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import Order
from thaam.nodal.models import Ping, Receipt
from thaam.parties.coverage import ladder_of, reached
from thaam.parties.models import Bank, Nodal
from thaam.work.scheduling import schedule

SEND_SMS = "sms:send"
MESSAGE = Text(
    hi="थाम: आपके बैंक में {count} अनुरोध जवाब के इंतज़ार में हैं। {url}",
    en="Thaam: {count} orders wait for your bank's answer. {url}",
)


def waiting_by_bank() -> dict[str, int]:
    """Open orders of every bank that has any."""
    rows = Order.objects.filter(state=Order.State.OPEN).values_list("partner").annotate(Count("id")).order_by()
    return dict(rows)


def on_duty(bank: Bank, *, at: dt.datetime, elapsed_percent: float = 0) -> list[Nodal]:
    """Whom a ping about this bank reaches at this moment."""
    return reached(ladder_of(bank=bank, branch=None, at=at), elapsed_percent=elapsed_percent)


@transaction.atomic
def ping(
    *,
    ping_id: str,
    to: Iterable[tuple[Nodal, int]],
    why: str,
    draw: Callable[[], str],
    by: str,
    at: dt.datetime,
    lang: str = "hi",
) -> Ping:
    """Send each officer the count of their bank with a link of their own; the same id again sends nothing.

    `draw` gives a fresh unguessable token. Officers without anything waiting get nothing.
    """
    if known := Ping.objects.filter(pk=ping_id).first():
        return known
    made = Ping.objects.create(id=ping_id, why=why, by=by, at=at)
    receipts = [
        Receipt(id=id_from("receipt", ping_id, nodal.pk), ping=made, nodal=nodal, token=draw(), count=count)
        for nodal, count in {nodal.pk: (nodal, count) for nodal, count in to}.values()
        if count > 0
    ]
    Receipt.objects.bulk_create(receipts)
    for each in receipts:
        text = MESSAGE.in_(lang, count=each.count, url=f"{settings.PUBLIC_URL}/{lang}/bank/p/{each.token}")
        schedule(kind=SEND_SMS, key=f"ping:{each.id}", run_at=at, to=each.nodal.mobile, text=text)
    record(Kind.BANKS_PINGED, about=f"ping:{ping_id}", by=by, at=at, why=why, officers=len(receipts))
    return made


def note_read(*, token: str, at: dt.datetime) -> bool:
    """The link of a ping was opened: the first time counts. Works at no desk. False for an unknown token."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ping_read(%s, %s)", [token, at])
        return bool(cursor.fetchone()[0])
