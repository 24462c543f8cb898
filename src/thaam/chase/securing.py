"""Secure new money on a held account: an order of its own on an officer's own ground, never part of a claim's `held`.

The bank tells of such credits and holds none of them under the old order (LateCredit). What an officer secures is
listed as "secured, not traced": no claim's paise, so no account of a claim changes by it. It ends by its own clock,
by a release, or with the complaint it was secured for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from thaam.holds.asking import Mandate, ask_for_hold
from thaam.holds.book import NoSuchHold
from thaam.holds.models import Hold
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.mailbox.models import Answer
from thaam.wire.messages import LateCredit
from thaam.work.scheduling import schedule

from .asking import OVERDUE, schedule_expiry, schedule_warning
from .lines import trail_lock
from .payments import find_or_add, identity_of
from .saying import said_in


class NoGround(ValueError):
    """Nothing is traced to this money: without an officer's reason there is no ground to hold it."""

    text = Text(hi="कारण लिखें: इस नए पैसे पर शक क्यों है।", en="Write the reason: why this new money is suspect.")


class NotLate(LookupError):
    """No bank told of this credit under this hold."""


@dataclass(frozen=True, slots=True)
class Late:
    """A credit a bank told of: the answer it came with, its sum, payment reference and time; and its order, if any."""

    answer_id: str
    amount_paise: int
    reference: str
    told_at: dt.datetime
    secured: Hold | None


def late_credits_of(hold_id: object) -> list[Late]:
    """New money on this hold's account, as its bank told, newest first. Read-only."""
    facts = list(Fact.objects.filter(kind=Kind.CREDIT_LATE, about=f"hold:{hold_id}").order_by("-at", "-id"))
    facts = [fact for fact in facts if "answer" in fact.data]
    orders = Hold.objects.in_bulk([_order_id(fact.data["answer"]) for fact in facts])
    found = {str(key): hold for key, hold in orders.items()}
    return [
        Late(
            answer_id=fact.data["answer"],
            amount_paise=int(fact.data["amount_paise"]),
            reference=str(fact.data["reference"]),
            told_at=fact.at,
            secured=found.get(_order_id(fact.data["answer"])),
        )
        for fact in facts
    ]


def secure(*, hold_id: object, answer_id: object, words: str, mandate: Mandate, by: str, at: dt.datetime) -> Hold:
    """Order the bank to hold this late credit; the new hold, `secured`. The same credit twice is one order.

    `words` is the officer's reason, kept as the fact "credit:secured". Takes the trail lock. Raises NoGround, NotLate,
    book.NoSuchHold.
    """
    if not words.strip():
        raise NoGround
    with trail_lock() as rows:
        hold = rows.one(Hold, hold_id)
        if hold is None:
            raise NoSuchHold(str(hold_id))
        said = _told(answer_id, hold)
        order_id = _order_id(answer_id)
        if (known := rows.one(Hold, order_id)) is not None:
            return known
        payment = find_or_add(said.payment)
        made = ask_for_hold(
            order_id=order_id, bank=hold.bank_id, payment_id=payment.pk, payment=identity_of(payment),
            ranges=[(0, payment.amount_paise)], provisional=False, payee_hint=said.account, mandate=mandate, by=by,
            at=at, secured=True,
        )  # fmt: skip
        schedule(kind=OVERDUE, key=f"{OVERDUE}:{order_id}", run_at=made.execute_before, order_id=order_id)
        schedule_expiry(order_id, made.expires_at)
        schedule_warning(order_id, jurisdiction=made.jurisdiction, asked_at=at)
        record(
            Kind.CREDIT_SECURED, about=f"hold:{order_id}", by=by, at=at, beside=str(hold.pk), answer=str(answer_id),
            amount_paise=payment.amount_paise, words=words.strip(),
        )  # fmt: skip
        return made


def _told(answer_id: Any, hold: Hold) -> LateCredit:
    answer = Answer.objects.filter(pk=answer_id, kind="LateCredit", partner=hold.bank_id).first()
    if answer is None:
        raise NotLate(str(answer_id))
    said: LateCredit = said_in(answer, LateCredit)
    if said.hold_order_id != str(hold.pk):
        raise NotLate(str(answer_id))
    return said


def _order_id(answer_id: Any) -> str:
    return id_from("secure", answer_id)
