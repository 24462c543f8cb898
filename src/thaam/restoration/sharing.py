"""Several victims, one account: reckon everybody's share before anybody is paid, then propose the payments.

Three ways are shown side by side: in proportion to what of each claim entered the account (the default, as under
BNSS 107), first come first served, and by tracing alone. The officer chooses, with reasons; each victim sees the own
share and the rule, never the others' names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from thaam.holds.models import Book, Hold
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money import shares
from thaam.money.ranges import NONE, Ranges
from thaam.parties.models import Officer
from thaam.rulebook.rules import Law, NoSuchRule, law, rule

from .due import held_for
from .models import Restoration, Share, ShareOut
from .pooling import NothingToShare, claimants_of, claims_into, cut_off_of, pool_of
from .proposing import propose
from .roles import MAY_PROPOSE, check_role


class BeforeCutOff(Exception):
    """Other victims may still come: shares are reckoned after the rulebook's cut-off. Carries when that is."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class LateClaimants(Exception):
    """Victims came after the shares were reckoned. Reckon anew, or say why not. Carries how many."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} claims came later")
        self.count = count


def law_of_method(method: str, *, jurisdiction: str, on: dt.datetime) -> Law:
    """The legal basis of one way of sharing, as shown beside it."""
    return law(f"share_{method}", jurisdiction=jurisdiction, on=on)


def default_method(*, jurisdiction: str, on: dt.datetime) -> str:
    """The jurisdiction's own way of sharing, from laws.toml."""
    for method in ShareOut.Method.values:
        try:
            if law_of_method(method, jurisdiction=jurisdiction, on=on).by_default:
                return str(method)
        except NoSuchRule:
            continue
    return str(ShareOut.Method.PRO_RATA)


def late_claims(made: ShareOut) -> int:
    """How many claims on the account came after its shares were reckoned."""
    known = set(made.shares.values_list("claim_id", flat=True))
    return sum(
        1 for claim in claims_into(made.book) if claim.pk not in known and claim.chase.opened_at > made.reckoned_at
    )


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


@transaction.atomic
def propose_shares(
    *,
    share_out_id: Any,
    accounts: Mapping[Any, tuple[str, str]],
    officer: Officer,
    fir_number: str,
    at: dt.datetime,
    late_words: str = "",
) -> list[Restoration]:
    """Propose every share by the chosen method, each claim's own traced paise first; what was proposed stays as it is.

    `accounts` gives bank and account by claim id; claims without one wait (call again when they have one). Victims who
    came after the reckoning stop it until the officer says in `late_words` why it goes on. Raises LateClaimants and
    what propose() raises, and then nothing is proposed.
    """
    made = ShareOut.objects.select_related("book").get(pk=share_out_id)
    before = list(made.restorations.filter(refused_at=None).order_by("proposed_at", "id"))
    if not before and not late_words.strip() and (late := late_claims(made)):
        raise LateClaimants(late)
    words = f"share by {made.method}: {made.words}" + (f"; late claims: {late_words.strip()}" if late_words else "")
    new = [
        propose(
            restoration_id=id_from("share", made.pk, row.claim_id, hold_id, ranges),
            claim_id=row.claim_id,
            hold_id=hold_id,
            ranges=ranges,
            to_bank=accounts[row.claim_id][0],
            to_account=accounts[row.claim_id][1],
            officer=officer,
            words=words[:500],
            fir_number=fir_number,
            shared=True,
            share_out=made,
            at=at,
        )
        for row, hold_id, ranges in _parts(made, before, at)
        if row.claim_id in accounts
    ]
    return [*before, *new]


def _parts(made: ShareOut, before: list[Restoration], at: dt.datetime) -> list[tuple[Share, Any, Ranges]]:
    """Which paise of which hold make up what each claim still has coming."""
    rows = list(made.shares.select_related("claim__chase").order_by("claim__chase__opened_at", "id"))
    free = {hold.pk: ranges for hold, ranges in pool_of(made.book, at=at).holds}
    holds = Hold.objects.in_bulk(list(free))
    wants = {row.pk: row.paise(made.method) for row in rows}
    for one in before:
        for row in rows:
            if row.claim_id == one.claim_id:
                wants[row.pk] -= one.amount_paise
    parts: list[tuple[Share, Any, Ranges]] = []
    for own_first in (True, False):
        for row in rows:
            for hold_id in sorted(free, key=str):
                left = free[hold_id]
                mine = sets.intersect(left, held_for(row.claim, holds[hold_id], at=at)) if own_first else left
                taken = sets.top(mine, max(0, wants[row.pk]))
                if taken == NONE:
                    continue
                free[hold_id] = sets.subtract(left, taken)
                wants[row.pk] -= sets.total(taken)
                parts.append((row, hold_id, taken))
    return parts


def _first_come(pool_paise: int, claimants: list[shares.Claimant]) -> dict[str, int]:
    """In the order they came, each all of it while there is any."""
    parts: dict[str, int] = {}
    for one in claimants:
        parts[one.claim_id] = min(one.weight, one.unrecovered, pool_paise)
        pool_paise -= parts[one.claim_id]
    return parts


__all__ = [
    "BeforeCutOff",
    "LateClaimants",
    "NothingToShare",
    "claims_into",
    "default_method",
    "late_claims",
    "law_of_method",
    "pool_of",
    "propose_shares",
    "reckon",
]  # fmt: skip
