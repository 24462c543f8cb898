"""Speak to the bank's own customers: the next victim of a found mule, and the holder of an account with a hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol, runtime_checkable

from thaam.language.dates import IST
from thaam.node.parts import Parts, id_from
from thaam.node.releasing import acknowledged
from thaam.postings.posting import Posting
from thaam.wire.messages import Message, Notice, PayersAnswer, PayersRequest, PaymentId, Warned, WarnOrder

PAYERS_MOST = 500
PAGE = 1000


@runtime_checkable
class TellsCustomers(Protocol):
    """A core that can put words before the holder of an account: its app, its SMS. Idempotent by `message_id`."""

    def tell_customer(self, *, message_id: str, account: str, words_hi: str, words_en: str) -> str | None:
        """The way the customer was told (`app`, `sms` ...), or None when there is none."""


def payers_of(parts: Parts, order: PayersRequest, *, at: datetime) -> Message:
    """Payments from other banks' and our own customers into the account in that time, oldest first.

    Credits without a payer's bank or a payment's reference (cash, interest) have nobody to warn and are left out.
    """
    found: list[PaymentId] = []
    for credit in _credits(parts, order):
        if credit.counterparty_bank and credit.reverses_tx_ref is None:
            found.append(_payment(parts.bank, credit))
    name = id_from(order.id, "PayersAnswer")
    return PayersAnswer(name, order.id, at, tuple(found[:PAYERS_MOST]), len(found) <= PAYERS_MOST)


def warn_customer(parts: Parts, order: WarnOrder, *, at: datetime) -> Message:
    """Tell the customer who made the payment, when the core can; else the order waits for the bank's people."""
    about = order.payment
    match = parts.ledger.find_debits(
        rail=about.rail, reference=about.reference, paid_on=about.date, amount_paise=about.amount_paise
    )
    name = id_from(order.id, "Warned")
    if match.problem is not None or not match.postings:
        return Warned(name, order.id, at, False, None)
    if not isinstance(parts.core, TellsCustomers):
        return acknowledged(order.id, at)
    way = parts.core.tell_customer(
        message_id=order.id, account=match.postings[0].account, words_hi=order.words_hi, words_en=order.words_en
    )
    return Warned(name, order.id, at, way is not None, way)


def tell_holder(parts: Parts, order: Notice, *, at: datetime) -> list[Message]:
    """Bring a notice; one for the holder of a held account goes to that customer, once, and is acknowledged then.

    Without an answer (no hold of ours under that order, a core that cannot speak to customers) it waits for the bank's
    people in their queue: silence must not look as if the holder had been told.
    """
    if order.code != "to_holder":
        return [acknowledged(order.id, at)]
    accounts = sorted({leg.account for leg in parts.records.legs(order.about_order_id or "") if leg.placed_paise})
    if not accounts or not isinstance(parts.core, TellsCustomers):
        return []
    words_hi, _, words_en = order.words.partition("\n")
    ways = [
        parts.core.tell_customer(
            message_id=id_from(order.id, "tell", account), account=account, words_hi=words_hi, words_en=words_en
        )
        for account in accounts
    ]
    return [acknowledged(order.id, at)] if all(ways) else []


def _credits(parts: Parts, order: PayersRequest) -> Iterator[Posting]:
    after = 0
    while page := parts.ledger.postings_of(account=order.account, after=after, limit=PAGE):
        for posting in page:
            if posting.side == "C" and order.from_at <= posting.posted_at <= order.to_at:
                yield posting
        after = page[-1].position


def _payment(bank: str, credit: Posting) -> PaymentId:
    paid_on = credit.posted_at.astimezone(IST).date()
    payer = credit.counterparty_bank or bank
    return PaymentId(credit.channel, credit.tx_ref, paid_on, credit.whole_paise, payer, bank)
