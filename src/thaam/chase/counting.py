"""Reckon the accounts of claims anew from the lines, and remember which payments each claim passes.

Everything here is derived: throwing Trail and Partition away and counting again gives the same rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from thaam.journal.gathering import gathered
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money.partition import Partition as Account
from thaam.money.partition import State

from .lines import known_of
from .models import Chase, Claim, Partition, Trail
from .walking import Known, Walk, walk


def recount(claims: Iterable[Claim], *, at: dt.datetime) -> dict[Any, Walk]:
    """Walk these claims and write their trails and accounts; returns the walks by claim id.

    The caller has the trail lock. Only rows that differ are written. Raises DoesNotAddUp, never writes what does not.
    """
    claims = list(claims)
    rows = gathered()
    rows.load(Trail, "claim_id", [claim.pk for claim in claims])
    passed = [step.payment_id for claim in claims for step in rows.all_of(Trail, "claim_id", claim.pk)]
    lines_of = _Reader({*passed, *(claim.payment_id for claim in claims)})
    walks = {claim.pk: _walk(claim, lines_of, at) for claim in claims}
    rows.many(Partition, [claim.pk for claim in claims])
    for claim in claims:
        _write_trail(claim, walks[claim.pk])
        _write_account(claim, walks[claim.pk], at)
    return walks


def chases_through(payment_ids: Iterable[Any]) -> list[Chase]:
    """The chases of which a claim passes one of these payments. The caller gathers."""
    rows = gathered()
    payment_ids = set(payment_ids)
    rows.load(Trail, "payment_id", payment_ids)
    rows.load(Claim, "payment_id", payment_ids)
    passing = {step.claim_id for each in payment_ids for step in rows.all_of(Trail, "payment_id", each)}
    on_it = {claim.pk for each in payment_ids for claim in rows.all_of(Claim, "payment_id", each)}
    claims = rows.many(Claim, passing | on_it)
    chases = rows.many(Chase, {claim.chase_id for claim in claims.values()})
    return sorted(chases.values(), key=lambda chase: (chase.opened_at, chase.pk))


def account_of(claim: Claim, *, at: dt.datetime) -> Account:
    """The account of a claim at that moment: as stored, or reckoned anew when a hold in it has ended since."""
    stored = claim.partition
    if stored.holds_good_at(at):
        return stored.account()
    return walk_of(claim, at=at).partition()


def walk_of(claim: Claim, *, at: dt.datetime) -> Walk:
    """The claim's paise followed down as of now, nothing written."""
    passed = Trail.objects.filter(claim=claim).values_list("payment_id", flat=True)
    return _walk(claim, _Reader({*passed, claim.payment_id}), at)


class _Reader:
    """Reads the lines of payments in few queries: those of the known trail at once, then each new level."""

    def __init__(self, payment_ids: set[Any]) -> None:
        self._lines: dict[Any, Sequence[Known]] = {}
        self._read(payment_ids)

    def __call__(self, payment_ids: Iterable[Any]) -> Mapping[Any, Sequence[Known]]:
        self._read(set(payment_ids) - self._lines.keys())
        return self._lines

    def _read(self, payment_ids: set[Any]) -> None:
        if payment_ids:
            self._lines.update(dict.fromkeys(payment_ids, ()) | known_of(payment_ids))


def _walk(claim: Claim, lines_of: _Reader, at: dt.datetime) -> Walk:
    found = walk(
        claim=claim.pk,
        payment=claim.payment_id,
        lo=claim.lo,
        hi=claim.hi,
        lines_of=lines_of,
        at=at,
        withdrawn=claim.withdrawn_at is not None,
    )
    if claim.denied_at is not None and claim.confirmed_at is None:
        found.give_up("not_found")
    found.recover(claim.recovered)
    return found


def _write_trail(claim: Claim, found: Walk) -> None:
    now = {(step.payment, step.lo, step.hi, step.root_lo, step.hop, step.parent) for step in found.passes}
    rows = gathered()
    before = {
        (row.payment_id, row.lo, row.hi, row.root_lo, row.hop, row.parent_id): row
        for row in rows.all_of(Trail, "claim_id", claim.pk)
    }
    for key, row in before.items():
        if key not in now:
            rows.remove(row)
    for payment, lo, hi, root_lo, hop, parent in sorted(now - before.keys(), key=lambda key: (key[4], key[3])):
        rows.add(Trail(claim=claim, payment_id=payment, lo=lo, hi=hi, root_lo=root_lo, hop=hop, parent_id=parent))


def _write_account(claim: Claim, found: Walk, at: dt.datetime) -> None:
    account = found.partition()
    ends = [piece.until_at for piece in found.pieces if piece.state is State.HELD and piece.until_at is not None]
    row: dict[str, Any] = {state.value: account.ranges(state) for state in State}
    row["until_at"] = min(ends, default=None)
    rows = gathered()
    stored = rows.one(Partition, claim.pk)
    if stored is not None and all(getattr(stored, name) == value for name, value in row.items()):
        return
    row |= {"amount_paise": claim.amount_paise, "counted_at": at}
    if stored is None:
        rows.add(Partition(claim=claim, **row))
    else:
        totals = stored.account().totals()
        for name, value in row.items():
            setattr(stored, name, value)
        rows.change(stored, *row)
        if totals == account.totals():
            return
    record(
        Kind.CHASE_ADVANCED,
        about=f"complaint:{claim.chase_id}",
        by="loop:chase",
        at=at,
        claim=str(claim.pk),
        paise={state.value: paise for state, paise in account.totals().items()},
    )
