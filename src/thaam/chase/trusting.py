"""How far a report is believed before anybody has confirmed it: near and small, yes; far or very large, not yet.

A hold on the first account costs its holder a day at most. Further down the trail stand people who know nothing of
the first payment, and a reporter could name somebody else's true payment: so large sums wait for a word of the
payer's bank or of an officer. They stay `asked`, and the next advance after that word asks.
"""

from __future__ import annotations

import datetime as dt

from thaam.holds.models import Hold
from thaam.holds.states import HoldState
from thaam.journal.gathering import gathered
from thaam.journal.rows import read
from thaam.money import ranges as sets
from thaam.rulebook.rules import rule

from .models import Chase, Claim, Payment


def needs_a_word(*, chase: Chase, claim: Claim, payment: Payment, hop: int, paise: int, at: dt.datetime) -> bool:
    """Whether an order for so much at this hop waits until the claim is confirmed. Ceilings are the rulebook's.

    One for what a reporter's number claims, one for what is held on an account before anybody has confirmed it: neither
    one person's many reports nor many persons' reports of one shop can empty it.
    """
    if claim.confirmed_at is not None:
        return False
    if hop > 1:
        return paise > rule("provisional_far", jurisdiction=chase.jurisdiction, on=at).value
    ceiling = rule("provisional_of_reporter", jurisdiction=chase.jurisdiction, on=at).value
    if unconfirmed_paise(claim) + paise > ceiling:
        return True
    ceiling = rule("provisional_of_payee", jurisdiction=chase.jurisdiction, on=at).value
    return provisional_on_payee(payment) + paise > ceiling


def provisional_on_payee(payment: Payment) -> int:
    """What provisional orders hold, or ask to hold, on the account that the reporters of this payee name."""
    if not payment.payee_hint or payment.payee_bank is None:
        return 0

    def to_them(other: Payment) -> bool:
        return (other.payee_bank, other.payee_hint) == (payment.payee_bank, payment.payee_hint)

    rows = gathered()
    stored = read(Payment, "payee_hint = %s AND payee_bank = %s", [payment.payee_hint, payment.payee_bank])
    payments = [other.pk for other in rows.found(stored, Payment, to_them)]
    rows.load(Hold, "payment_id", payments)
    holds = [hold for each in payments for hold in rows.all_of(Hold, "payment_id", each) if hold.provisional]
    return sum(sets.total(hold.asked if hold.state == HoldState.ASKED else hold.held) for hold in holds)


def unconfirmed_paise(claim: Claim) -> int:
    """What this reporter's number claims elsewhere without a confirmation, while it is being chased."""

    def believed(other: Claim) -> bool:
        undecided = (other.confirmed_at, other.denied_at, other.withdrawn_at) == (None, None, None)
        return undecided and other.payer_mobile == claim.payer_mobile and other.asked_count > 0 and other.pk != claim.pk

    rows = gathered()
    undecided = "confirmed_at IS NULL AND denied_at IS NULL AND withdrawn_at IS NULL"
    stored = read(Claim, f"payer_mobile = %s AND asked_count > 0 AND {undecided}", [claim.payer_mobile])
    others = rows.found(stored, Claim, believed)
    chases = rows.many(Chase, {other.chase_id for other in others})
    return sum(other.amount_paise for other in others if chases[other.chase_id].state != Chase.State.WAITING)
