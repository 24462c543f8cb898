"""Take a snapshot: count every complaint of a period once, as its account stood at that moment, and freeze it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from thaam.chase.counting import account_of
from thaam.chase.models import Chase, Claim, Trail
from thaam.clocks.models import Clock
from thaam.clocks.running import reckon as reckoned
from thaam.clocks.running import stretches
from thaam.complaints.models import Complaint
from thaam.holds.models import Entry, Hold
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.dates import IST
from thaam.mailbox.models import Answer
from thaam.money import ranges as sets
from thaam.money.partition import State
from thaam.oversight.beside import beside_of
from thaam.oversight.definitions import VERSION
from thaam.oversight.models import STATES, Counted, CountedOrder, Snapshot
from thaam.oversight.modus import modus_of
from thaam.oversight.places import divisions_of
from thaam.oversight.reckoning import reckon
from thaam.parties.districts import TwoPlaces, find_district
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import NoSuchRule

CHUNK = 1000
_Row = TypeVar("_Row")


@transaction.atomic
def take_snapshot(
    *, snapshot_id: str, from_on: dt.date, to_on: dt.date, state_code: int | None = None, by: str, at: dt.datetime
) -> Snapshot:
    """Count complaints filed on the days `[from_on, to_on)` in India, as of `at`. The same id again returns the first.

    With `state_code` districts are understood within that state (and a complaint without a known district counts as
    "place not settled", never dropped). Sums are checked by the database row by row.
    """
    if known := Snapshot.objects.filter(id=snapshot_id).first():
        return known
    start, end = (dt.datetime.combine(day, dt.time(), IST).astimezone(dt.UTC) for day in (from_on, to_on))
    complaints = Complaint.objects.filter(filed_at__gte=start, filed_at__lt=end).order_by("number")
    digest = sha256()
    rows: list[Counted] = []
    for chunk in _chunks(complaints.prefetch_related("debits").iterator(chunk_size=CHUNK)):
        for row in count_complaints(chunk, state_code, at):
            digest.update(f"{row.complaint}|{row.district_code}|{row.channel}|{row.reported_paise}|".encode())
            digest.update("|".join(str(getattr(row, f"{state}_paise")) for state in STATES).encode() + b"\n")
            rows.append(row)
    snapshot = Snapshot.objects.create(
        id=snapshot_id,
        name=_free_name(to_on),
        state_code=state_code,
        from_on=from_on,
        to_on=to_on,
        taken_at=at,
        definitions=VERSION,
        digest=digest.hexdigest(),
        beside=beside_of(start=start, end=end, at=at),
    )
    for row in rows:
        row.snapshot = snapshot
    Counted.objects.bulk_create(rows, batch_size=2000)
    CountedOrder.objects.bulk_create(_orders(snapshot, start, end), batch_size=2000)
    reckon(snapshot, divisions=divisions_of(state_code))
    record(
        Kind.SNAPSHOT_TAKEN,
        about=f"snapshot:{snapshot_id}",
        by=by,
        at=at,
        name=snapshot.name,
        complaints=len(rows),
        digest=snapshot.digest,
    )
    return snapshot


def month_of(snapshot: Snapshot) -> dt.date | None:
    """The first day of the month a snapshot covers whole; None for another period."""
    first = snapshot.from_on
    after = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return first if first.day == 1 and snapshot.to_on == after else None


def _free_name(to_on: dt.date) -> str:
    """SN-YYMM-nn of the day the period ends; two who press at once wait for each other here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('oversight_snapshot'))")
    stem = f"SN-{to_on:%y%m}-"
    taken = Snapshot.objects.filter(name__startswith=stem).values_list("name", flat=True)
    return f"{stem}{max((int(name[len(stem) :]) for name in taken), default=0) + 1:02d}"


def _orders(snapshot: Snapshot, start: dt.datetime, end: dt.datetime) -> Iterator[CountedOrder]:
    # "I cannot match this" is a word too: from then on the ball is with the sender, and the bank is not silent
    word = Answer.objects.filter(order_id=OuterRef("pk"), kind="CannotMatch").order_by("received_at")
    holds = Hold.objects.filter(asked_at__gte=start, asked_at__lt=end).select_related("bank")
    holds = holds.annotate(could_not_at=Subquery(word.values("received_at")[:1])).order_by("pk")
    rows: Iterator[Any] = holds.iterator(CHUNK)
    for chunk in _chunks(rows):
        clocks = {
            clock.subject: clock
            for clock in Clock.objects.filter(
                name="bank_answer_due", about="order", subject__in=[hold.pk for hold in chunk]
            ).prefetch_related("pauses")
        }
        for hold in chunk:
            answered_at, clock = hold.answered_at or hold.could_not_at, clocks.get(hold.pk)
            yield CountedOrder(
                snapshot=snapshot,
                order_id=hold.pk,
                bank=hold.bank_id,
                bank_kind=hold.bank.kind,
                asked_at=hold.asked_at,
                due_at=_due_with_pauses(clock, snapshot.taken_at) if clock else _due_at(hold, snapshot.taken_at),
                answered_at=answered_at,
                paused_s=_paused_s(clock, hold.asked_at, answered_at or snapshot.taken_at) if clock else 0,
            )


def _due_with_pauses(clock: Clock, at: dt.datetime) -> dt.datetime:
    """Where the clock ends, a pause that lasts counted until now."""
    if not (pauses := stretches(clock, at)):
        return clock.due_at
    return reckoned(clock.name, jurisdiction=clock.jurisdiction, start=clock.started_at, pauses=pauses)


def _paused_s(clock: Clock, asked_at: dt.datetime, until: dt.datetime) -> int:
    stood = (min(ends, until) - max(begins, asked_at) for begins, ends in stretches(clock, until))
    return sum(max(0, int(one.total_seconds())) for one in stood)


def _due_at(hold: Hold, taken_at: dt.datetime) -> dt.datetime:
    """By when the bank had to answer; an order older than the rule is measured by the rule of today."""
    try:
        return due_at("bank_answer_due", jurisdiction=hold.jurisdiction, start=hold.asked_at)
    except NoSuchRule:
        today = due_at("bank_answer_due", jurisdiction=hold.jurisdiction, start=taken_at)
        return hold.asked_at + (today - taken_at)


def _chunks(found: Iterable[_Row]) -> Iterator[list[_Row]]:
    walked = iter(found)
    while chunk := list(islice(walked, CHUNK)):
        yield chunk


def count_complaints(complaints: Sequence[Complaint], state_code: int | None, at: dt.datetime) -> Iterator[Counted]:
    """Rows of some complaints as they stand at `at`, not stored, of no snapshot yet; five queries however many they
    are (more only for a hold that has ended since)."""
    ids = [complaint.pk for complaint in complaints]
    claims: dict[Any, list[Claim]] = {}
    for claim in Claim.objects.filter(chase_id__in=ids).select_related("partition"):
        claims.setdefault(claim.chase_id, []).append(claim)
    first_held = dict(Chase.objects.filter(pk__in=ids).values_list("pk", "first_held_at"))
    same_day = _same_day({c.pk: (c.filed_at, claims.get(c.pk, [])) for c in complaints})
    for complaint in complaints:
        totals = dict.fromkeys(State, 0)
        for claim in claims.get(complaint.pk, []):
            for state, paise in account_of(claim, at=at).totals().items():
                totals[state] += paise
        debits = list(complaint.debits.all())
        held_at = first_held.get(complaint.pk)
        held_ever = totals[State.HELD] + totals[State.RESTORED] + totals[State.RELEASED]
        yield Counted(
            complaint=complaint.number,
            district_code=district_code_of(complaint.district, state_code),
            channel=complaint.channel,
            payer_bank=debits[0].payer_bank,
            modus=modus_of(complaint.story),
            filed_at=complaint.filed_at,
            withdrawn=complaint.withdrawn_at is not None,
            reported_paise=sum(totals.values()),
            # what was held and then left again by another way (a broken hold) is no longer a part of what was held
            same_day_paise=min(same_day.get(complaint.pk, 0), held_ever),
            reported_after_s=max(0, int((complaint.filed_at - min(d.paid_at for d in debits)).total_seconds())),
            held_after_s=int((held_at - complaint.filed_at).total_seconds()) if held_at else None,
            **{f"{state}_paise": paise for state, paise in totals.items()},
        )


@lru_cache(maxsize=4096)
def district_code_of(name: str, state_code: int | None) -> int | None:
    """The LGD code of the district a person named; None when it is unknown or could be several."""
    try:
        found = find_district(name, state_code=state_code)
    except TwoPlaces:
        return None
    return found.code if found else None


def _same_day(asked: dict[Any, tuple[dt.datetime, list[Claim]]]) -> dict[Any, int]:
    """Per complaint: paise of its claims that a bank held within 24 hours of the report, whatever became of them."""
    owner = {claim.pk: complaint for complaint, (_, claims) in asked.items() for claim in claims}
    mine: dict[Any, dict[Any, sets.Ranges]] = {}
    trails = Trail.objects.filter(claim_id__in=list(owner)).values_list("claim_id", "payment_id", "lo", "hi")
    for claim_id, payment_id, lo, hi in trails:
        own = mine.setdefault(payment_id, {})
        own[owner[claim_id]] = sets.union(own.get(owner[claim_id], ()), [(lo, hi)])
    held: dict[Any, dict[Any, sets.Ranges]] = {}
    entries = Entry.objects.filter(hold__payment_id__in=list(mine), kind=Entry.Type.HELD)
    for paid_id, at, kept in entries.values_list("hold__payment_id", "at", "ranges"):
        for complaint, part in mine[paid_id].items():
            if at < asked[complaint][0] + dt.timedelta(days=1):
                by_payment = held.setdefault(complaint, {})
                by_payment[paid_id] = sets.union(by_payment.get(paid_id, ()), sets.intersect(kept, part))
    return {
        complaint: sum(sets.total(found) for found in by_payment.values()) for complaint, by_payment in held.items()
    }
