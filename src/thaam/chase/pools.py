"""Money that came to a pool account goes on to the mailbox of the pool's owner, who keeps the sub-ledger.

The bank of the pool can only say `unexplained: pool`. The owner (an aggregator, a wallet, a sponsored bank) is asked
about the same paise of the same payment, and answers like any bank; its word takes the place of the bank's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from thaam.holds.asking import ask_for_hold, mandate_of
from thaam.holds.models import Hold
from thaam.journal.gathering import gathered
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money.ranges import Ranges
from thaam.parties.pools import owner_of_pool
from thaam.work.scheduling import schedule

from . import lines
from .asking import BY, OVERDUE, schedule_expiry, schedule_warning
from .counting import chases_through
from .lines import Word, trail_lock
from .models import Line
from .payments import identity_of, payment_on

POOL = "pool"


def ask_owner(*, hold: Hold, account: str, words: Iterable[Word], at: dt.datetime) -> bool:
    """Ask the owner of this account about the paise that ended there; True when an order went out.

    A pool nobody has declared is the fact "pool:unowned", once an account. The caller has the trail lock, and has put
    the words.
    """
    ranges = sets.normalise((word.lo, word.hi) for word in words if word.kind == "unexplained" and word.why == POOL)
    if not ranges:
        return False
    owner = owner_of_pool(bank=hold.bank_id, account=account)
    if owner is None:
        fact_id = id_from("pool unowned", hold.bank_id, account)
        if not Fact.objects.filter(pk=fact_id).exists():
            record(
                Kind.POOL_UNOWNED, about=f"partner:{hold.bank_id}", by=BY, at=at, fact_id=fact_id, account=account,
                amount_paise=sets.total(ranges),
            )  # fmt: skip
        return False
    return _ask(hold, owner, ranges, at)


def ask_declared(fact: Fact, at: dt.datetime) -> None:
    """A reader of "pool:declared": what had ended at this account is asked of its owner now. Takes the trail lock."""
    bank = fact.about.removeprefix("partner:")
    with trail_lock():
        ended = Line.objects.filter(kind="unexplained", why=POOL).values_list("order_id", flat=True).distinct()
        holds = Hold.objects.filter(pk__in=list(ended), bank_id=bank, book__account=fact.data["account"])
        for hold in holds.order_by("asked_at", "pk"):
            ranges = lines_here(hold)
            if ranges and _ask(hold, fact.data["owner"], ranges, at):
                _go_on(hold.payment_id, at)


def lines_here(hold: Hold) -> Ranges:
    """Paise whose latest word is that they ended in this hold's pool."""
    return sets.normalise(
        (line.lo, line.hi)
        for line in lines.lines_of(hold.payment_id)
        if str(line.order_id) == str(hold.pk) and (line.kind, line.why) == ("unexplained", POOL)
    )


def _ask(hold: Hold, owner: str, ranges: Ranges, at: dt.datetime) -> bool:
    order_id = id_from("pool", hold.payment_id, hold.bank_id, owner, ranges)
    if owner == hold.bank_id or gathered().one(Hold, order_id) is not None:
        return False
    payment = payment_on(hold)
    asked = ask_for_hold(
        order_id=order_id,
        bank=owner,
        payment_id=payment.pk,
        payment=identity_of(payment),
        ranges=ranges,
        provisional=hold.provisional,
        payee_hint=None,
        mandate=mandate_of(hold),
        by=BY,
        at=at,
    )
    lines.put(payment.pk, [Word(lo, hi, "asked", order_id=order_id) for lo, hi in ranges], at=at)
    schedule(kind=OVERDUE, key=f"{OVERDUE}:{order_id}", run_at=asked.execute_before, order_id=order_id)
    schedule_expiry(order_id, asked.expires_at)
    schedule_warning(order_id, jurisdiction=hold.jurisdiction, asked_at=at)
    return True


def _go_on(payment_id: Any, at: dt.datetime) -> None:
    from .advance import advance

    for chase in chases_through([payment_id]):
        advance(chase_id=chase.pk, at=at)
