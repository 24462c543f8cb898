"""Several victims, one account: reckon everybody's share before anybody is paid, then propose the payments.

Three ways are shown side by side: in proportion to what of each claim entered the account (the default, as under
BNSS 107), first come first served, and by tracing alone. The officer chooses, with reasons; each victim sees the own
share and the rule, never the others' names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from thaam.chase.counting import walk_of
from thaam.chase.models import Claim, Trail
from thaam.chase.walking import Walk
from thaam.holds.models import Book, Entry, Hold
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money import shares
from thaam.money.partition import State
from thaam.money.ranges import NONE, Ranges
from thaam.parties.models import Officer
from thaam.rulebook.clocks import due_at
from thaam.rulebook.rules import rule

from .models import Restoration, Share, ShareOut
from .proposing import held_for, open_loss_paise, propose
from .roles import MAY_PROPOSE, check_role


class BeforeCutOff(Exception):
    """Other victims may still come: shares are reckoned after the rulebook's cut-off. Carries when that is."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class NothingToShare(Exception):
    """Nothing on this account is held and free, or nobody claims it."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What of an account's holds can be shared: held, not contested, not promised, not on its way out."""

    holds: tuple[tuple[Hold, Ranges], ...]

    @property
    def paise(self) -> int:
        """How much there is."""
        return sum(sets.total(ranges) for _, ranges in self.holds)


def pool_of(book: Book, *, at: dt.datetime) -> Pool:
    """The free part of every hold on the account."""
    found = []
    for hold in book.holds.order_by("asked_at", "id"):
        going = sets.union(*(release.ranges for release in hold.releases.filter(done_at=None)))
        free = sets.subtract(hold.held_at(at), sets.union(hold.contested, hold.earmarked, going))
        if free:
            found.append((hold, free))
    return Pool(tuple(found))


def cut_off_of(book: Book, *, jurisdiction: str) -> dt.datetime:
    """Until when other victims of this account are waited for: the rulebook's time from its first hold."""
    first = Entry.objects.filter(book=book, kind=Entry.Type.HELD).order_by("at").first()
    if first is None:
        raise NothingToShare(str(book))
    return due_at("claims_cut_off", jurisdiction=jurisdiction, start=first.at)


@transaction.atomic
def reckon(*, share_out_id: Any, book_id: Any, officer: Officer, method: str, words: str, at: dt.datetime) -> ShareOut:
    """Reckon and keep the shares of everybody; nothing is promised or paid yet. A repeat of the id returns the first.

    Raises NotAllowed, BeforeCutOff, NothingToShare, ValueError without reasons.
    """
    if earlier := ShareOut.objects.filter(pk=share_out_id).first():
        return earlier
    check_role(officer, MAY_PROPOSE)
    if not words.strip():
        raise ValueError("a choice of method gives its reasons")
    book = Book.objects.get(pk=book_id)
    pool = pool_of(book, at=at)
    if not pool.holds:
        raise NothingToShare(str(book))
    place = pool.holds[0][0].jurisdiction
    cut_off = cut_off_of(book, jurisdiction=place)
    if at < cut_off:
        raise BeforeCutOff(cut_off)
    claims = claims_into(book)
    claimants = claimants_of(claims, book, pool, at=at)
    if not claimants:
        raise NothingToShare(str(book))
    made = ShareOut(
        id=share_out_id, book=book, cut_off_at=cut_off, pool_paise=pool.paise, method=method, words=words.strip()[:500],
        claimed_paise=sum(min(one.weight, one.unrecovered) for one in claimants), reckoned_by=officer, reckoned_at=at,
        rule=rule("magistrate_distributes", jurisdiction=place, on=at).explain("en"),
    )  # fmt: skip
    made.save(force_insert=True)
    by_claim = {one.claim_id: one for one in claimants}
    pro_rata = {one.claim_id: one.paise for one in shares.share_out(pool=pool.paise, claimants=claimants)}
    first_come = _first_come(pool.paise, [by_claim[str(claim.pk)] for claim in claims if str(claim.pk) in by_claim])
    for key, one in by_claim.items():
        Share.objects.create(
            share_out=made, claim_id=key, entered_paise=one.entered, open_loss_paise=one.unrecovered,
            pro_rata_paise=pro_rata[key], first_come_paise=first_come[key],
            traced_paise=min(one.traced, one.unrecovered),
        )  # fmt: skip
    record(
        Kind.SHARES_RECKONED, about=f"book:{book.pk}", by=f"officer:{officer.pk}", at=at, method=method,
        pool_paise=pool.paise, claims=len(by_claim), over_claimed=made.over_claimed,
    )  # fmt: skip
    return made


def claims_into(book: Book) -> list[Claim]:
    """Live claims whose money entered the account, in the order they came: the ledger of claims on it."""
    payments = book.holds.values("payment_id")
    ids = Trail.objects.filter(payment_id__in=payments, claim__withdrawn_at=None).values("claim_id")
    claims = Claim.objects.filter(pk__in=ids).select_related("chase", "partition")
    return list(claims.order_by("chase__opened_at", "number", "id"))


def claimants_of(claims: list[Claim], book: Book, pool: Pool, *, at: dt.datetime) -> list[shares.Claimant]:
    """Each claim as the sharing rule wants it: what entered, what of that is back or held elsewhere, what is open."""
    walks = {claim.pk: walk_of(claim, at=at) for claim in claims}
    here = {hold.pk for hold in book.holds.all()}
    payments = {hold.payment_id for hold in book.holds.all()}
    found = []
    for claim in claims:
        walk = walks[claim.pk]
        entered = sets.normalise(
            (step.root_lo, step.root_lo + step.hi - step.lo) for step in walk.passes if step.payment in payments
        )
        elsewhere = sets.normalise(
            (piece.root_lo, piece.root_lo + piece.paise)
            for piece in walk.pieces
            if piece.state in (State.RETURNED, State.RESTORED)
            or (piece.state is State.HELD and piece.order not in here)
        )
        traced = sum(sets.total(sets.intersect(held_for(claim, hold, at=at), free)) for hold, free in pool.holds)
        found.append(
            shares.Claimant(
                claim_id=str(claim.pk),
                entered=sets.total(entered),
                elsewhere=sets.total(sets.intersect(entered, elsewhere)),
                unrecovered=open_loss_paise(claim),
                traced=traced,
                inside=_inside(claim, walk, claims),
            )
        )
    return found


@transaction.atomic
def propose_shares(
    *, share_out_id: Any, accounts: Mapping[Any, tuple[str, str]], officer: Officer, fir_number: str, at: dt.datetime
) -> list[Restoration]:
    """Propose every share by the chosen method, each claim's own traced paise first. A repeat returns the first ones.

    `accounts` gives bank and account by claim id; claims without one wait (call again when they have one). Raises
    what propose() raises, and then nothing is proposed.
    """
    made = ShareOut.objects.select_related("book").get(pk=share_out_id)
    rows = list(made.shares.select_related("claim__chase").order_by("claim__chase__opened_at", "id"))
    free = {hold.pk: ranges for hold, ranges in pool_of(made.book, at=at).holds}
    parts: list[tuple[Share, Any, Ranges]] = []
    wants = {row.pk: row.paise(made.method) for row in rows}
    for own_first in (True, False):
        for row in rows:
            for hold_id in sorted(free, key=str):
                hold = Hold.objects.get(pk=hold_id)
                mine = sets.intersect(free[hold_id], held_for(row.claim, hold, at=at)) if own_first else free[hold_id]
                taken = sets.top(mine, wants[row.pk])
                if taken == NONE:
                    continue
                free[hold_id] = sets.subtract(free[hold_id], taken)
                wants[row.pk] -= sets.total(taken)
                parts.append((row, hold_id, taken))
    return [
        propose(
            restoration_id=id_from("share", made.pk, row.claim_id, hold_id, ranges),
            claim_id=row.claim_id,
            hold_id=hold_id,
            ranges=ranges,
            to_bank=accounts[row.claim_id][0],
            to_account=accounts[row.claim_id][1],
            officer=officer,
            words=f"share by {made.method}: {made.words}"[:500],
            fir_number=fir_number,
            shared=True,
            at=at,
        )
        for row, hold_id, ranges in parts
        if row.claim_id in accounts
    ]


def _first_come(pool_paise: int, claimants: list[shares.Claimant]) -> dict[str, int]:
    """In the order they came, each all of it while there is any."""
    parts: dict[str, int] = {}
    for one in claimants:
        parts[one.claim_id] = min(one.weight, one.unrecovered, pool_paise)
        pool_paise -= parts[one.claim_id]
    return parts


def _inside(claim: Claim, walk: Walk, claims: list[Claim]) -> str | None:
    """The nearest claim whose disputed debit carried this claim's money: their money was this victim's before."""
    hops = {step.payment: step.hop for step in reversed(walk.passes)}
    others = [
        other
        for other in claims
        if other.pk != claim.pk and hops.get(other.payment_id, 1) > 1 and other.payment_id != claim.payment_id
    ]
    nearest = min(others, key=lambda other: (hops[other.payment_id], str(other.pk)), default=None)
    return str(nearest.pk) if nearest else None
