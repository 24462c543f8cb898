"""Holds a bank placed on its own ground and told us of: seen and listed, never counted as held by our order."""

from __future__ import annotations

import datetime as dt

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer
from thaam.wire import codec
from thaam.wire.messages import OwnHold

from .models import OwnHoldSeen


def take_own_hold(answer: Answer, at: dt.datetime) -> None:
    """Write down the bank's own hold, once; with its end, or without one where the bank names none."""
    said = codec.decode(bytes(answer.body))
    if not isinstance(said, OwnHold):
        raise TypeError(type(said).__name__)
    OwnHoldSeen.objects.get_or_create(
        id=said.id,
        defaults={
            "bank_id": answer.partner_id,
            "account": said.account,
            "amount_paise": said.amount_paise,
            "lien_reference": said.lien_reference,
            "reason": said.reason,
            "payment_reference": said.payment.reference if said.payment else "",
            "placed_at": said.placed_at,
            "expires_at": said.expires_at,
            "reported_at": at,
        },
    )
    record(
        Kind.HOLD_OWN_REPORTED, about=f"account:{answer.partner_id}/{said.account}", by=f"bank:{answer.partner_id}",
        at=at, amount_paise=said.amount_paise, reason=said.reason,
    )  # fmt: skip
