"""Carry a past into an installation as real rows: complaints, debits, payments with lines, holds with books.

For the demo, the bench and tests: the past of world/history.py is invented. The rows are what the verbs would have left
(every account adds up, every entry of a book has its fact, `thaam verify --all` holds); no order goes to a bank, nobody
is told anything, and each complaint's fact says that it was carried over. One transaction a batch; repeating changes
nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction

from thaam.chase.models import Chase, Claim, Line, Partition, Payment, Trail
from thaam.complaints.filing import link_of
from thaam.complaints.models import Complaint, Debit
from thaam.complaints.numbering import number_for
from thaam.holds.models import Book, Entry, Hold, Repayment
from thaam.holds.states import HoldState
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact, Pending
from thaam.language.dates import IST
from thaam.parties.districts import place_of_district
from thaam.world.history import Loss, Told

BATCH = 500
HOLD_DAYS = 90


@dataclass(slots=True)
class _Rows:
    """Rows of one batch, in the order in which they may be written."""

    complaints: list[Complaint] = field(default_factory=list)
    chases: list[Chase] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    debits: list[Debit] = field(default_factory=list)
    trails: list[Trail] = field(default_factory=list)
    partitions: list[Partition] = field(default_factory=list)
    books: list[Book] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    repayments: list[Repayment] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)


def carry_over(told: Iterable[Told], *, name: str, now: dt.datetime) -> int:
    """Write the complaints of a past called `name` (its ids are made from it). Returns how many were new."""
    written = 0
    taken = set(Complaint.objects.values_list("number", flat=True))
    walked = iter(told)
    while batch := list(islice(walked, BATCH)):
        ids = {id_from("history", name, one.number): one for one in batch}
        known = {str(pk) for pk in Complaint.objects.filter(pk__in=ids).values_list("pk", flat=True)}
        rows = _Rows()
        for key, one in ids.items():
            if key not in known:
                _complaint(rows, key, one, taken, now)
        with transaction.atomic():
            _write(rows)
        written += len(rows.complaints)
    return written


def _write(rows: _Rows) -> None:
    Complaint.objects.bulk_create(rows.complaints)
    Chase.objects.bulk_create(rows.chases)
    Payment.objects.bulk_create(rows.payments)
    Line.objects.bulk_create(rows.lines)
    Claim.objects.bulk_create(rows.claims)
    Debit.objects.bulk_create(rows.debits)
    Trail.objects.bulk_create(rows.trails)
    Partition.objects.bulk_create(rows.partitions)
    Book.objects.bulk_create(rows.books)
    Hold.objects.bulk_create(rows.holds)
    Repayment.objects.bulk_create(rows.repayments)
    Entry.objects.bulk_create(rows.entries)
    Fact.objects.bulk_create(rows.facts)
    Pending.objects.bulk_create([Pending(fact=fact) for fact in rows.facts])


def _complaint(rows: _Rows, key: str, one: Told, taken: set[str], now: dt.datetime) -> None:
    place = place_of_district(one.district)
    number = next(n for n in _numbers(key, one.filed_at) if n not in taken)
    taken.add(number)
    rows.complaints.append(
        Complaint(
            id=key, number=number, link=link_of(uuid.UUID(key)), lang=one.lang, channel=one.channel, mobile=one.mobile,
            name=one.name, district=one.district, jurisdiction=place, story=one.story, digest=id_from("digest", key),
            filed_by="history", filed_at=one.filed_at, confirmed_at=one.filed_at, confirmed_by="history",
            withdrawn_at=one.filed_at + dt.timedelta(hours=2) if one.withdrawn else None,
        )
    )  # fmt: skip
    held = [loss.held_at for loss in one.losses if loss.held_at]
    rows.chases.append(
        Chase(
            id=key, state=Chase.State.STOPPED if one.withdrawn else Chase.State.QUIET, reference=number,
            jurisdiction=place, office="1930", officer="duty officer", opened_at=one.filed_at, started_at=one.filed_at,
            first_held_at=min(held) if held else None, quiet_at=one.filed_at + dt.timedelta(days=1),
        )
    )  # fmt: skip
    totals: dict[str, int] = {}
    for n, loss in enumerate(one.losses, 1):
        _loss(rows, key, n, one, loss, place, number, now)
        for state, paise, _ in loss.parts:
            totals[state] = totals.get(state, 0) + paise
    rows.facts.append(
        Fact(
            id=id_from("history fact", key), kind=Kind.COMPLAINT_CARRIED_OVER.value, about=f"complaint:{key}",
            by="history", at=one.filed_at, data={"number": number, "paise": totals}, topic="",
        )
    )  # fmt: skip


def _loss(
    rows: _Rows, key: str, n: int, one: Told, loss: Loss, place: str, number: str, now: dt.datetime
) -> None:  # fmt: skip
    claim_id, payment_id = id_from("debit", key, n), id_from("history payment", key, n)
    hold_id = id_from("history hold", key, n)
    ranges: dict[str, list[tuple[int, int]]] = {}
    lines: list[Line] = []
    until_at = None
    lo = 0
    for state, paise, why in loss.parts:
        hi = lo + paise
        ranges.setdefault(state, []).append((lo, hi))
        end = loss.held_at + dt.timedelta(days=HOLD_DAYS) if state == "held" and loss.held_at else None
        until_at = end or until_at
        lines.append(
            Line(
                payment_id=payment_id, lo=lo, hi=hi, kind=state, order_id=hold_id if loss.answered_at else None,
                why=why, until_at=end, claim_id=claim_id if state == "restored" else None,
                since_at=loss.ended_at or loss.answered_at or one.filed_at,
            )
        )  # fmt: skip
        lo = hi
    known = {state: tuple(found) for state, found in ranges.items()}
    rows.payments.append(
        Payment(
            id=payment_id, rail=loss.rail, reference=loss.reference, on=loss.paid_at.astimezone(IST).date(),
            amount_paise=loss.amount_paise, payer_bank=loss.payer_bank, payee_bank=loss.payee_bank, payee_hint="",
            located="found", rounds=1, **known,
        )
    )  # fmt: skip
    rows.lines += lines
    rows.claims.append(
        Claim(
            id=claim_id, chase_id=key, payment_id=payment_id, number=n, lo=0, hi=loss.amount_paise,
            payer_last4=loss.payer_last4, payer_mobile=one.mobile, confirmed_at=one.filed_at, confirmed_by="history",
            withdrawn_at=one.filed_at + dt.timedelta(hours=2) if one.withdrawn else None,
        )
    )  # fmt: skip
    rows.debits.append(
        Debit(
            claim_id=claim_id, complaint_id=key, number=n, amount_paise=loss.amount_paise, paid_at=loss.paid_at,
            rail=loss.rail, reference=loss.reference, payer_bank=loss.payer_bank, payer_last4=loss.payer_last4,
            payee_bank=loss.payee_bank,
        )
    )  # fmt: skip
    rows.trails.append(
        Trail(claim_id=claim_id, payment_id=payment_id, lo=0, hi=loss.amount_paise, root_lo=0, hop=1, parent_id=None)
    )
    rows.partitions.append(
        Partition(claim_id=claim_id, amount_paise=loss.amount_paise, until_at=until_at, counted_at=now, **known)
    )
    _hold(rows, hold_id, payment_id, claim_id, one, loss, place, number, known)


def _hold(
    rows: _Rows, hold_id: str, payment_id: str, claim_id: str, one: Told, loss: Loss, place: str, number: str,
    known: dict[str, tuple[tuple[int, int], ...]],
) -> None:  # fmt: skip
    kept = next(((s, p, w) for s, p, w in loss.parts if s in ("held", "restored", "released")), None)
    book = None
    if kept:
        book = Book(
            id=id_from("history book", hold_id),
            bank_id=loss.payee_bank,
            account=loss.payee_account,
            opened_at=one.filed_at,
        )
        rows.books.append(book)
    ever = ((0, kept[1]),) if kept else ()
    state = HoldState.ASKED
    if loss.answered_at:
        state = HoldState.NOT_HELD
        if kept:
            state = HoldState.ENDED if kept[0] != "held" else HoldState.HELD
            if state is HoldState.HELD and kept[1] < loss.amount_paise:
                state = HoldState.PARTLY_HELD
    rows.holds.append(
        Hold(
            id=hold_id, bank_id=loss.payee_bank, book=book, payment_id=payment_id, state=state,
            asked=((0, loss.amount_paise),), held=ever if kept and kept[0] == "held" else (), floor_paise=0,
            provisional=False, jurisdiction=place, section="106", authority="1930", reference=number, office="1930",
            officer="duty officer", asked_at=one.filed_at + dt.timedelta(seconds=1),
            execute_before=one.filed_at + dt.timedelta(hours=4),
            expires_at=(loss.held_at or one.filed_at) + dt.timedelta(days=HOLD_DAYS), answered_at=loss.answered_at,
            answer_revision=1 if loss.answered_at else None,
            exactness="exact" if loss.answered_at else "", ranges_kind="exact" if loss.answered_at else "",
        )
    )  # fmt: skip
    if not kept or book is None or loss.held_at is None:
        return
    _enter(rows, hold_id, book, Entry.Type.HELD, ever, "", id_from("history answer", hold_id), loss.held_at)
    if kept[0] == "held" or loss.ended_at is None:
        return
    cause = id_from("history end", hold_id)
    kind = (
        Entry.Type.RESTORED
        if kept[0] == "restored"
        else Entry.Type.EXPIRED
        if kept[2] == "expired"
        else Entry.Type.RELEASED
    )
    if kind is Entry.Type.RESTORED:
        rows.repayments.append(
            Repayment(
                id=cause, hold_id=hold_id, ranges=ever, claim_id=claim_id, proposed_by="history:1",
                approved_by="history:2", ordered_at=loss.ended_at - dt.timedelta(days=1), paid_at=loss.ended_at,
                paid_reference=f"R{loss.reference}"[:64],
            )
        )  # fmt: skip
    _enter(rows, hold_id, book, kind, ever, kept[2], cause, loss.ended_at)


def _enter(
    rows: _Rows,
    hold_id: str,
    book: Book,
    kind: Entry.Type,
    ranges: tuple[tuple[int, int], ...],
    reason: str,
    cause: str,
    at: dt.datetime,
) -> None:
    paise = sum(hi - lo for lo, hi in ranges)
    rows.entries.append(
        Entry(
            id=id_from("history entry", hold_id, kind), book=book, hold_id=hold_id, kind=kind, ranges=ranges,
            amount_paise=paise, reason=reason, cause=cause, at=at, stated_at=at,
        )
    )  # fmt: skip
    data: dict[str, Any] = {
        "cause": cause,
        "ranges": [list(pair) for pair in ranges],
        "amount_paise": paise,
        "entry": str(kind),
    }
    rows.facts.append(
        Fact(
            id=id_from("history entry fact", hold_id, kind), kind=Kind.HOLD_CARRIED_OVER.value, about=f"hold:{hold_id}",
            by="history", at=at, data=data, topic="",
        )
    )  # fmt: skip


def _numbers(key: str, at: dt.datetime) -> Iterator[str]:
    attempt = 0
    while True:
        yield number_for(key, at=at, attempt=attempt)
        attempt += 1
