"""Read what many answers or timers will need in a dozen queries, before their verbs ask for it row by row.

Nothing depends on it: what is not foreseen a verb reads by itself. Only the number of statements differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from thaam.holds.book import book_id
from thaam.holds.models import Amendment, Book, Entry, Hold
from thaam.journal.gathering import Gathered
from thaam.mailbox.models import Answer
from thaam.wire.messages import HoldAnswer, Located

from .lines import trail_lock
from .models import Chase, Claim, Line, Partition, Payment, Trail
from .payments import key_of
from .saying import message_of


def foresee_answers(answers: Iterable[Answer]) -> None:
    """Orders, holds, payments and claims these answers are about. Takes the trail lock, then locks their holds."""
    with trail_lock() as rows:
        order_ids: set[Any] = set()
        payment_ids: set[Any] = set()
        children: set[Any] = set()
        books: set[str] = set()
        for answer in answers:
            said = message_of(answer)
            order_ids.update({answer.order_id, getattr(said, "hold_order_id", None)} - {None})
            if isinstance(said, HoldAnswer):
                books.add(book_id(bank=answer.partner_id, account=said.account))
                children.update(key_of(line.payment) for line in said.lines if line.payment is not None)
            elif isinstance(said, Located):
                payment_ids.add(key_of(said.payment))
        holds = rows.many(Hold, order_ids)
        others = {UUID(str(each)) for each in order_ids} - holds.keys()
        amendments = rows.many(Amendment, others)
        holds |= rows.many(Hold, {amendment.hold_id for amendment in amendments.values()})
        rows.load(Claim, "locate_id", others)
        asked = {claim.chase_id for each in others for claim in rows.all_of(Claim, "locate_id", each)}
        payment_ids |= {hold.payment_id for hold in holds.values()}
        rows.load(Line, "child_id", children | payment_ids)
        rows.many(Payment, children | payment_ids)
        rows.many(Book, books)
        _foresee(rows, chase_ids=asked, payment_ids=payment_ids, hold_ids=set(holds))


def foresee_chases(payloads: Iterable[dict[str, Any]]) -> None:
    """What these timers' chases and holds know. Takes the trail lock, then locks their holds."""
    with trail_lock() as rows:
        payloads = list(payloads)
        chase_ids = {each["chase_id"] for each in payloads if "chase_id" in each}
        holds = rows.many(Hold, {each["order_id"] for each in payloads if "order_id" in each})
        _foresee(
            rows,
            chase_ids=chase_ids,
            payment_ids={hold.payment_id for hold in holds.values()},
            hold_ids=set(holds),
        )


def _foresee(rows: Gathered, *, chase_ids: set[Any], payment_ids: set[Any], hold_ids: set[Any]) -> None:
    """The chases named and those that pass these payments: their claims, trails, lines, accounts and holds."""
    rows.load(Trail, "payment_id", payment_ids)
    rows.load(Claim, "payment_id", payment_ids)
    passing = {step.claim_id for each in payment_ids for step in rows.all_of(Trail, "payment_id", each)}
    claims = rows.many(Claim, passing)
    on_them = [claim for each in payment_ids for claim in rows.all_of(Claim, "payment_id", each)]
    chases = rows.many(Chase, chase_ids | {claim.chase_id for claim in [*claims.values(), *on_them]})
    rows.load(Claim, "chase_id", chases)
    mine = [claim for chase in chases for claim in rows.all_of(Claim, "chase_id", chase)]
    claim_ids = {claim.pk for claim in mine}
    rows.load(Trail, "claim_id", claim_ids)
    passed = {step.payment_id for each in claim_ids for step in rows.all_of(Trail, "claim_id", each)}
    passed |= {claim.payment_id for claim in mine}
    rows.load(Trail, "payment_id", passed)
    rows.many(Payment, passed)
    rows.load(Line, "payment_id", passed | payment_ids)
    rows.many(Partition, claim_ids)
    rows.load(Hold, "payment_id", passed | payment_ids)
    references = {chase.reference for chase in chases.values()}
    rows.load(Hold, "reference", references)
    beside = {hold.pk for each in references for hold in rows.all_of(Hold, "reference", each)}
    # one statement in the order of their keys: two steps that want the same holds never wait for each other in a circle
    rows.many(Hold, hold_ids | beside, lock=True)
    rows.load(Entry, "hold_id", hold_ids)
    rows.load(Amendment, "hold_id", hold_ids)
