"""A chase's trail as rows for the ledger of a complaint: payment by payment, what became of the claim's paise there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from thaam.holds.models import Hold
from thaam.money import ranges as sets
from thaam.money.partition import State
from thaam.money.ranges import Range, Ranges

from .counting import walk_of
from .models import Chase, Claim, Line, Payment, Trail
from .walking import Piece


@dataclass(frozen=True, slots=True)
class Stop:
    """A piece of the claim's paise that ended at this payment's bank."""

    state: State
    why: str
    paise: int
    particulars: str
    order_id: Any
    until_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One payment on the trail of one claim: the paise it carries and where they ended or went on."""

    claim_id: Any
    claim_number: int
    hop: int
    payment: Payment
    parents: tuple[Any, ...]
    ranges: Ranges
    carried_paise: int
    onward_paise: int
    stops: tuple[Stop, ...]
    account_masked: str
    order_id: Any
    asked_at: dt.datetime | None
    answered_at: dt.datetime | None

    def paise(self, state: State) -> int:
        """How much of the claim ended here in this state."""
        return sum(stop.paise for stop in self.stops if stop.state is state)


def trail_of(chase_id: Any, *, at: dt.datetime) -> list[Row]:
    """The rows of every claim of the chase, by claim, hop and size: biggest first. Read-only; five queries a claim."""
    chase = Chase.objects.get(pk=chase_id)
    rows: list[Row] = []
    for claim in chase.claims.order_by("number"):
        rows.extend(_rows_of(claim, at))
    return rows


def _rows_of(claim: Claim, at: dt.datetime) -> list[Row]:
    found = walk_of(claim, at=at)
    passes: dict[Any, list[Any]] = {}
    for step in found.passes:
        passes.setdefault(step.payment, []).append(step)
    payments = Payment.objects.in_bulk(passes.keys())
    holds: dict[Any, Hold] = {}
    for latest in Hold.objects.filter(payment_id__in=list(passes)).select_related("book").order_by("asked_at"):
        holds[latest.payment_id] = latest
    particulars = {
        (payment_id, lo): words
        for payment_id, lo, words in Line.objects.filter(payment_id__in=list(passes))
        .exclude(particulars="")
        .values_list("payment_id", "lo", "particulars")
    }
    pieces: dict[Any, list[Piece]] = {}
    for piece in found.pieces:
        pieces.setdefault(piece.payment, []).append(piece)
    rows = []
    for payment_id, steps in passes.items():
        hold = holds.get(payment_id)
        ranges = sets.normalise((step.lo, step.hi) for step in steps)
        stops = tuple(
            Stop(
                piece.state, piece.why, piece.paise, particulars.get((payment_id, piece.lo), ""), piece.order,
                piece.until_at,
            )
            for piece in pieces.get(payment_id, ())
        )  # fmt: skip
        rows.append(
            Row(
                claim_id=claim.pk,
                claim_number=claim.number,
                hop=min(step.hop for step in steps),
                payment=payments[payment_id],
                parents=tuple({step.parent for step in steps if step.parent is not None}),
                ranges=ranges,
                carried_paise=sets.total(ranges),
                onward_paise=sets.total(ranges) - sum(stop.paise for stop in stops),
                stops=stops,
                account_masked=masked(hold.book.account) if hold and hold.book else "",
                order_id=hold.pk if hold else None,
                asked_at=hold.asked_at if hold else None,
                answered_at=hold.answered_at if hold else None,
            )
        )
    return sorted(rows, key=lambda row: (row.hop, -row.carried_paise, str(row.payment.pk)))


def masked(account: str) -> str:
    """An account as a page may show it: its last four signs."""
    return f"••••{account[-4:]}" if len(account) > 4 else account


def is_denied(chase_id: Any) -> bool:
    """Whether a payer's bank denies a debit of this chase and nobody has answered for it since."""
    return Claim.objects.filter(
        chase_id=chase_id, denied_at__isnull=False, confirmed_at=None, withdrawn_at=None
    ).exists()


def claims_on_hold(hold_id: Any) -> list[Claim]:
    """The live claims whose paise this hold keeps, oldest first."""
    hold = Hold.objects.get(pk=hold_id)
    claim_ids = [
        claim_id
        for claim_id, lo, hi in Trail.objects.filter(payment_id=hold.payment_id).values_list("claim_id", "lo", "hi")
        if not sets.disjoint([(lo, hi)], hold.held or hold.asked)
    ]
    claims = Claim.objects.filter(pk__in=claim_ids, withdrawn_at=None).select_related("chase")
    return list(claims.order_by("chase__opened_at", "number"))


def holds_claimed(holds: Iterable[Hold]) -> list[Hold]:
    """Those of these holds that keep paise of a live claim. One query."""
    holds = list(holds)
    passed: dict[Any, list[Range]] = {}
    trails = Trail.objects.filter(payment_id__in={hold.payment_id for hold in holds}, claim__withdrawn_at=None)
    for payment_id, lo, hi in trails.values_list("payment_id", "lo", "hi"):
        passed.setdefault(payment_id, []).append((lo, hi))
    return [hold for hold in holds if not sets.disjoint(passed.get(hold.payment_id, ()), hold.held or hold.asked)]
