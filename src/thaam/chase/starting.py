"""Open a chase when a complaint is filed, start it when the report is confirmed, stop it when it is withdrawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thaam.holds.asking import Mandate
from thaam.journal.gathering import gathered
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.rulebook.rules import rule
from thaam.work.scheduling import schedule

from .counting import recount
from .lines import trail_lock
from .models import Chase, Claim, Partition, Payment
from .payments import find_or_add_told, payment_key

ADVANCE = "chase:advance"


@dataclass(frozen=True, slots=True)
class Told:
    """A disputed debit as the victim told it. `claimed_paise` below the payment's amount claims its top paise."""

    claim_id: Any
    number: int
    rail: str
    reference: str
    on: dt.date
    amount_paise: int
    claimed_paise: int
    payer_bank: str
    payer_last4: str
    payee_bank: str | None
    payee_hint: str


def open_chase(
    *, chase_id: Any, told: Iterable[Told], mandate: Mandate, payer_mobile: str, by: str, at: dt.datetime
) -> Chase:
    """Write down payments, claims and their accounts (all `asked`), without asking any bank yet.

    Inside the caller's transaction; takes the trail lock.
    """
    with trail_lock() as rows:
        chase = rows.add(
            Chase(
                id=chase_id,
                reference=mandate.reference,
                jurisdiction=mandate.jurisdiction,
                office=mandate.office,
                officer=mandate.officer,
                opened_at=at,
            )
        )
        told = list(told)
        rows.many(Payment, [_key_of(debit) for debit in told])
        claims = [_claim(chase, debit, payer_mobile, at) for debit in told]
        recount(claims, at=at)
    return chase


def add_claim(*, chase_id: Any, told: Told, payer_mobile: str, at: dt.datetime) -> Claim:
    """One more debit of the same complaint, asked for in the next round; the same claim id again is the same claim.

    Inside the caller's transaction; takes the trail lock. A chase that had come to rest goes on.
    """
    with trail_lock():
        if known := Claim.objects.filter(pk=told.claim_id).first():
            return known
        chase = Chase.objects.get(pk=chase_id)
        claim = _claim(chase, told, payer_mobile, at)
        recount([claim], at=at)
        if chase.started_at is not None:
            schedule(kind=ADVANCE, key=f"{ADVANCE}:{chase_id}:{told.number}", run_at=at, chase_id=str(chase_id))
    return claim


def start_chase(*, chase_id: Any, by: str, at: dt.datetime) -> None:
    """The report is confirmed: the chase may ask banks from now on. A repeat changes nothing. The caller gathers.

    Locks the chase's row, schedules the first round; the loop sends the orders.
    """
    rows = gathered()
    chase = rows.one(Chase, chase_id, lock=True)
    if chase is not None and chase.state == Chase.State.WAITING:
        chase.state, chase.started_at = Chase.State.RUNNING, at
        rows.change(chase, "state", "started_at")
        record(Kind.CHASE_STARTED, about=f"complaint:{chase_id}", by=by, at=at)
        schedule(kind=ADVANCE, key=f"{ADVANCE}:{chase_id}:start", run_at=at, chase_id=str(chase_id))


def sign_for(*, chase_id: Any, office: str, officer: str) -> None:
    """This officer answers for the orders of the chase from here on. Takes the trail lock before the chase's row."""
    with trail_lock():
        Chase.objects.filter(pk=chase_id).update(office=office, officer=officer)


def correct_claim(*, told: Told, by: str, at: dt.datetime) -> Claim:
    """The victim (or the payer's bank) corrects the payment of a claim: chase the right one from here on.

    Takes the trail lock. Holds that only the wrong payment led to are released by the next advance.
    """
    with trail_lock() as rows:
        claim = Claim.objects.select_related("chase").get(pk=told.claim_id)
        claim = rows.keep(claim)
        claim.payment = _payment_of(told)
        claim.lo, claim.hi = told.amount_paise - told.claimed_paise, told.amount_paise
        claim.denied_at, claim.locate_id = None, None
        rows.change(claim, "payment", "lo", "hi", "denied_at", "locate_id")
        for stored in rows.many(Partition, [claim.pk]).values():
            rows.remove(stored)
        recount([claim], at=at)
        schedule(
            kind=ADVANCE, key=f"{ADVANCE}:{claim.chase_id}:{at.isoformat()}", run_at=at, chase_id=str(claim.chase_id)
        )
    return claim


def withdraw_claims(*, chase_id: Any, by: str, at: dt.datetime) -> None:
    """The victim withdraws: nothing is chased for them any more. Takes the trail lock.

    What only this chase holds is ordered released by the next advance; a hold another claim stands on stays.
    """
    with trail_lock() as rows:
        claims = [claim for claim in rows.all_of(Claim, "chase_id", chase_id) if claim.withdrawn_at is None]
        for claim in claims:
            claim.withdrawn_at = at
            rows.change(claim, "withdrawn_at")
        recount(claims, at=at)
        chase = rows.one(Chase, chase_id)
        if chase is not None:
            chase.state = Chase.State.STOPPED
            rows.change(chase, "state")
        schedule(kind=ADVANCE, key=f"{ADVANCE}:{chase_id}:{at.isoformat()}", run_at=at, chase_id=str(chase_id))


def _claim(chase: Chase, told: Told, payer_mobile: str, at: dt.datetime) -> Claim:
    return gathered().add(
        Claim(
            id=told.claim_id,
            chase=chase,
            payment=_payment_of(told),
            number=told.number,
            lo=told.amount_paise - told.claimed_paise,
            hi=told.amount_paise,
            payer_last4=told.payer_last4,
            payer_mobile=payer_mobile,
            asked_limit=rule("open_ranges_of_claim", jurisdiction=chase.jurisdiction, on=at).value,
        )
    )


def _key_of(told: Told) -> str:
    return payment_key(
        rail=told.rail,
        reference=told.reference,
        on=told.on,
        amount_paise=told.amount_paise,
        payer_bank=told.payer_bank,
        unknown=told.claim_id,
    )


def _payment_of(told: Told) -> Payment:
    return find_or_add_told(
        rail=told.rail,
        reference=told.reference,
        on=told.on,
        amount_paise=told.amount_paise,
        payer_bank=told.payer_bank,
        payee_bank=told.payee_bank,
        payee_hint=told.payee_hint,
        unknown=told.claim_id,
    )
