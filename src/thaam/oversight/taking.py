"""Take a snapshot: count every complaint of a period once, as its account stood at that moment, and freeze it."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import Any

from django.db import transaction

from thaam.chase.counting import account_of
from thaam.chase.models import Chase, Claim, Trail
from thaam.complaints.models import Complaint
from thaam.holds.models import Entry, Hold
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.dates import IST
from thaam.money import ranges as sets
from thaam.money.partition import State
from thaam.oversight.models import STATES, Counted, CountedOrder, Snapshot
from thaam.parties.districts import TwoPlaces, find_district
from thaam.rulebook.clocks import due_at

DEFINITIONS = "2026-06-01"


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
    month = Snapshot.objects.filter(name__startswith=f"SN-{to_on:%y%m}-").count() + 1
    complaints = Complaint.objects.filter(filed_at__gte=start, filed_at__lt=end).order_by("number")
    rows = [_counted(complaint, state_code, at) for complaint in complaints.prefetch_related("debits")]
    digest = sha256()
    for row in rows:
        digest.update(f"{row.complaint}|{row.district_code}|{row.channel}|{row.reported_paise}|".encode())
        digest.update("|".join(str(getattr(row, f"{state}_paise")) for state in STATES).encode() + b"\n")
    snapshot = Snapshot.objects.create(
        id=snapshot_id,
        name=f"SN-{to_on:%y%m}-{month:02d}",
        state_code=state_code,
        from_on=from_on,
        to_on=to_on,
        taken_at=at,
        definitions=DEFINITIONS,
        digest=digest.hexdigest(),
    )
    for row in rows:
        row.snapshot = snapshot
    Counted.objects.bulk_create(rows, batch_size=2000)
    CountedOrder.objects.bulk_create(
        [
            CountedOrder(
                snapshot=snapshot,
                order_id=hold.pk,
                bank=hold.bank_id,
                bank_kind=hold.bank.kind,
                asked_at=hold.asked_at,
                due_at=due_at("bank_answer_due", jurisdiction=hold.jurisdiction, start=hold.asked_at),
                answered_at=hold.answered_at,
            )
            for hold in Hold.objects.filter(asked_at__gte=start, asked_at__lt=end).select_related("bank")
        ],
        batch_size=2000,
    )
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


def _counted(complaint: Complaint, state_code: int | None, at: dt.datetime) -> Counted:
    claims = list(Claim.objects.filter(chase_id=complaint.pk).select_related("partition"))
    totals = dict.fromkeys(State, 0)
    for claim in claims:
        for state, paise in account_of(claim, at=at).totals().items():
            totals[state] += paise
    debits = list(complaint.debits.all())
    first_held = Chase.objects.get(pk=complaint.pk).first_held_at
    return Counted(
        complaint=complaint.number,
        district_code=district_code_of(complaint.district, state_code),
        channel=complaint.channel,
        payer_bank=debits[0].payer_bank,
        filed_at=complaint.filed_at,
        withdrawn=complaint.withdrawn_at is not None,
        reported_paise=sum(totals.values()),
        same_day_paise=_same_day(claims, complaint.filed_at),
        reported_after_s=max(0, int((complaint.filed_at - min(d.paid_at for d in debits)).total_seconds())),
        held_after_s=int((first_held - complaint.filed_at).total_seconds()) if first_held else None,
        **{f"{state}_paise": paise for state, paise in totals.items()},
    )


def district_code_of(name: str, state_code: int | None) -> int | None:
    """The LGD code of the district a person named; None when it is unknown or could be several."""
    try:
        found = find_district(name, state_code=state_code)
    except TwoPlaces:
        return None
    return found.code if found else None


def _same_day(claims: list[Claim], filed_at: dt.datetime) -> int:
    """Paise of these claims that a bank held within 24 hours of the report, whatever became of them later."""
    mine: dict[Any, sets.Ranges] = {}
    for payment_id, lo, hi in Trail.objects.filter(claim__in=claims).values_list("payment_id", "lo", "hi"):
        mine[payment_id] = sets.union(mine.get(payment_id, ()), [(lo, hi)])
    held: dict[Any, sets.Ranges] = {}
    entries = Entry.objects.filter(
        hold__payment_id__in=list(mine), kind=Entry.Type.HELD, at__lt=filed_at + dt.timedelta(days=1)
    ).select_related("hold")
    for entry in entries:
        payment_id = entry.hold.payment_id
        held[payment_id] = sets.union(held.get(payment_id, ()), sets.intersect(entry.ranges, mine[payment_id]))
    return sum(sets.total(ranges) for ranges in held.values())
