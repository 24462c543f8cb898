"""Answer LocatePayment: is this a real debit of a customer of ours, and is the mobile number theirs?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from thaam.node.lines import account_token, payment_of
from thaam.node.parts import Parts, id_from
from thaam.node.reading import read_on
from thaam.wire.messages import Answer, CannotMatch, Located, LocatePayment


def locate(parts: Parts, order: LocatePayment, *, at: datetime) -> Answer:
    """Look the payment up among our debits; reads the core's postings first.

    Located says not found where we have nothing like it; CannotMatch names a near miss (other amount, other day, two
    candidates), which helps the desk to correct what was told.
    """
    if order.payment.payer_bank != parts.bank:
        return _cannot(parts, order, "not_ours", at)
    read_on(parts)
    match = parts.ledger.find_debits(
        rail=order.payment.rail,
        reference=order.payment.reference,
        paid_on=order.payment.date,
        amount_paise=order.payment.amount_paise,
    )
    found = list(match.postings)
    if match.problem == "ambiguous" and order.payer_account_last4 is not None:
        found = [debit for debit in found if debit.account.endswith(order.payer_account_last4)]
    elif match.problem == "not_found":
        return Located(id_from(order.id, "Located"), order.id, at, False, order.payment)
    elif match.problem is not None:
        return _cannot(parts, order, match.problem, at)
    if len(found) != 1:
        return _cannot(parts, order, "ambiguous", at)
    debit = found[0]
    matches = None
    if order.payer_mobile is not None:
        matches = parts.core.mobile_matches(account=debit.account, mobile=order.payer_mobile)
    seen = payment_of(parts, debit)
    # The order's own identity comes back, completed by what it did not know and with the rail it really went by.
    payment = replace(order.payment, payee_bank=order.payment.payee_bank or seen.payee_bank, rail=seen.rail)
    return Located(id_from(order.id, "Located"), order.id, at, True, payment, account_token(debit.account), matches)


def _cannot(parts: Parts, order: LocatePayment, code: str, at: datetime) -> CannotMatch:
    searched = f"debits of {order.payment.rail} {order.payment.reference} up to posting {parts.ledger.position()}"
    return CannotMatch(id_from(order.id, "CannotMatch", code), order.id, at, code, searched)
