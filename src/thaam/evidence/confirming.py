"""A named officer makes a statement's draft the bank's answer, where the bank itself stays silent.

The statement is evidence with a digest and a custody; the answer says that it stands on it. Nothing is held by it:
what is still in the account is only seen. A bank's own later answer replaces it.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.evidence.models import Asked, GotFile
from thaam.evidence.tracing import DraftAnswer, DraftLine
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.keeping import Receipt, keep
from thaam.mailbox.models import Answer, Order
from thaam.parties.keys import platform_key
from thaam.parties.models import Officer
from thaam.wire import codec, jws
from thaam.wire.messages import HoldAnswer, Line, PaymentId
from thaam.wire.words import NOT_RECORDED


class AnsweredAlready(Exception):
    """The bank has answered this order itself: its word stands, the statement is kept beside it."""

    text = Text(
        hi="बैंक इस अनुरोध का जवाब खुद दे चुका है। विवरण सबूत के रूप में रखा है।",
        en="The bank has answered this order itself. The statement is kept as evidence.",
    )


class BankUnknown(Exception):
    """An onward line names no bank: choose it first, a payment needs a payee's bank to be followed."""

    text = Text(
        hi="आगे गए हर पैसे का बैंक चुनिए, तभी अगला अनुरोध जा सकता है।",
        en="Choose the bank of every onward line; only then can the next order go out.",
    )


@transaction.atomic
def confirm_draft(
    *,
    draft: DraftAnswer,
    order: Order,
    asked: Asked,
    file: GotFile,
    banks: dict[int, str],
    officer: Officer,
    at: dt.datetime,
) -> Receipt:
    """Keep the draft as the answer to `order`, signed by the platform, with the officer's name and the file's digest.

    `banks` gives the payee's bank of each onward line by its `lo`. Confirmed again it is the same answer.
    Raises AnsweredAlready, BankUnknown, wire's InvalidMessage when the lines do not balance.
    """
    answer_id = id_from("statement", order.pk, file.file.sha256)
    others = Answer.objects.filter(order_id=order.pk, kind="HoldAnswer").exclude(pk=answer_id)
    if others.exists():
        raise AnsweredAlready(str(order.pk))
    earlier = Answer.objects.filter(pk=answer_id).first()
    stated_at = earlier.stated_at if earlier else at
    where = f"statement {file.file.sha256[:16]}"
    message = HoldAnswer(
        id=answer_id,
        order_id=str(order.pk),
        answered_at=stated_at,
        revision=1,
        replaces=None,
        account=draft.account,
        position=draft.credit.position,
        lines=tuple(_line(each, order, banks, where) for each in draft.lines),
        exactness="lagged",
        rule_applied="lifo",
        ranges_kind="exact",
        order_revision=order.revision,
    )
    raw = codec.encode(message)
    receipt = keep(
        partner=order.partner_id, message=message, raw=raw, jws=jws.sign_detached(raw, platform_key()), at=at
    )
    if earlier is None:
        record(
            Kind.STATEMENT_CONFIRMED, about=f"order:{order.pk}", by=f"officer:{officer.pk}", at=at,
            answer=answer_id, file=str(file.file_id), sha256=file.file.sha256, asked=str(asked.order_id),
        )  # fmt: skip
    return receipt


def _line(each: DraftLine, order: Order, banks: dict[int, str], where: str) -> Line:
    if each.kind == "here":
        return Line("seen", each.lo, each.hi, reason="no_power", particulars=f"in the account by {where}, not held")
    if each.kind == "returned":
        return Line("returned", each.lo, each.hi, particulars=each.words or None)
    if each.kind == "terminal":
        words = f"{each.words} {each.on:%d.%m.%Y}" if each.on else each.words
        return Line(
            "terminal", each.lo, each.hi, terminal_kind=each.terminal, particulars=words.strip() or NOT_RECORDED
        )
    posting = each.posting
    bank = banks.get(each.lo)
    if posting is None or each.on is None or not bank:
        raise BankUnknown(f"paise {each.lo} to {each.hi}")
    payment = PaymentId(posting.channel, posting.tx_ref, each.on, posting.whole_paise, order.partner_id, bank)
    return Line("onward", each.lo, each.hi, payment=payment, child_lo=each.child_lo, particulars=each.words or None)
