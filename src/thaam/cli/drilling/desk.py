"""What officers do in a drill: a release, a restoration by two of them; and waiting until nothing moves any more."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

WORTH_IT_PAISE = 1_000_00
STALL_SECONDS = 60.0
DATABASE_AWAY_SECONDS = 60.0


class NothingToWorkOn(Exception):
    """No hold of the drill is fit for this act; the message says what was looked for."""


def now() -> datetime:
    return datetime.now(UTC)


P = ParamSpec("P")
R = TypeVar("R")


def despite_restarts(ask: Callable[P, R]) -> Callable[P, R]:
    """A question to the database that is asked again while the database is killed and comes back."""

    @functools.wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        from django.db import InterfaceError, OperationalError, connections

        until = time.monotonic() + DATABASE_AWAY_SECONDS
        while True:
            try:
                return ask(*args, **kwargs)
            except (InterfaceError, OperationalError):
                connections.close_all()
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    return asked


@despite_restarts
def release_one(*, officer: str, aside: frozenset[str] = frozenset()) -> Any:
    """An officer orders one hold of the drill released to its holder; the Release."""
    from thaam.holds.asking import mandate_of
    from thaam.holds.releasing import order_release

    hold = _small_hold(aside)
    mandate = replace(mandate_of(hold), officer=officer)
    return order_release(hold_id=hold.pk, reason="holder_cleared", mandate=mandate, by=f"officer:{officer}", at=now())


@despite_restarts
def restore_one(
    *,
    account_of: Callable[[str], tuple[str, str]],
    proposer: str,
    approver: str,
    aside: frozenset[str] = frozenset(),
) -> Any:
    """Two officers give a hold's paise back to its victim; `account_of(complaint number)` is the victim's account."""
    from thaam.chase.reading import claims_on_hold
    from thaam.journal.ids import new_id
    from thaam.parties.models import Officer
    from thaam.restoration.approving import approve
    from thaam.restoration.proposing import propose

    hold = _small_hold(aside)
    claim = claims_on_hold(hold.pk)[0]
    bank, account = account_of(claim.chase.reference)
    restoration = propose(
        restoration_id=new_id(),
        claim_id=claim.pk,
        hold_id=hold.pk,
        to_bank=bank,
        to_account=account,
        officer=Officer.objects.get(username=proposer),
        words="drill",
        fir_number="DRILL 1/2026",
        shared=True,
        at=now(),
    )
    return approve(restoration_id=restoration.pk, officer=Officer.objects.get(username=approver), at=now())


def _small_hold(aside: frozenset[str]) -> Any:
    """A small hold of normal length (but not a trifle), of which nothing is promised or being let go."""
    from thaam.holds.models import Hold

    holds = [
        hold
        for hold in Hold.objects.filter(jurisdiction="DRILL").exclude(bank__in=list(aside)).select_related("book")
        if hold.held_at(now()) and not hold.earmarked and not hold.contested and not hold.releases.exists()
    ]
    if not holds:
        raise NothingToWorkOn("nothing is held that could be released or restored")
    return min(holds, key=lambda hold: (hold.held_paise < WORTH_IT_PAISE, hold.held_paise, str(hold.pk)))


@despite_restarts
def restless(*, aside: frozenset[str] = frozenset()) -> list[str]:
    """What is still going on, in a few words each; empty when the whole system is quiet.

    What only banks of `aside` could end (silent ones, liars whose answers are refused) is not waited for, nor what a
    bank has taken note of and leaves to its people (a recording of a cash machine): a drill has none.
    """
    from thaam.chase.models import Chase, Line
    from thaam.holds.models import Hold, Release, Repayment
    from thaam.journal.models import Pending
    from thaam.mailbox.models import Answer, Order
    from thaam.work.models import Job

    theirs = list(aside)
    at_theirs = list(Hold.objects.filter(bank__in=theirs).values_list("pk", flat=True))
    chases = Chase.objects.filter(state__in=["waiting", "running"])
    if aside:
        chases = chases.filter(state="waiting")
    seen = Answer.objects.filter(kind="Acknowledged").values("order_id")
    open_orders = Order.objects.filter(state="open").exclude(partner__in=theirs).exclude(pk__in=seen)
    going = []
    for name, count in (
        ("chases", chases.count()),
        ("asked ranges", Line.objects.filter(kind="asked").exclude(order_id__in=at_theirs).count()),
        ("answers to be taken", Answer.objects.filter(settled_at=None).count()),
        ("facts without a number", Pending.objects.count()),
        ("orders without an answer", open_orders.count()),
        ("releases", Release.objects.filter(done_at=None).exclude(hold__bank__in=theirs).count()),
        ("restorations", Repayment.objects.filter(paid_at=None).exclude(hold__bank__in=theirs).count()),
        ("jobs", Job.objects.filter(state__in=["due", "leased"], run_at__lte=now(), kind__startswith="chase:").count()),
    ):
        if count:
            going.append(f"{count} {name}")
    return going


def wait_until_quiet(
    *, rest: Callable[[float], None], still: Callable[[], list[str]], patience_seconds: float = STALL_SECONDS
) -> list[str]:
    """Until `still()` says nothing twice in a row; what is still going on when nothing has moved for so long.

    Slow is not stuck: as long as facts are written or answers taken, the waiting goes on.
    """
    moved_at, mark, quiet = time.monotonic(), _progress(), 0
    while True:
        going = still()
        quiet = 0 if going else quiet + 1
        if quiet >= 2:
            return []
        if (now_at := _progress()) != mark:
            moved_at, mark = time.monotonic(), now_at
        if time.monotonic() - moved_at > patience_seconds:
            return [f"{each}, and nothing has moved for {patience_seconds:.0f} s" for each in going]
        rest(0.5)


@despite_restarts
def _progress() -> tuple[int, int]:
    from thaam.journal.models import Line
    from thaam.mailbox.models import Answer

    return Line.objects.count(), Answer.objects.exclude(settled_at=None).count()
