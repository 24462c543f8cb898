"""Give held money back to the account holder, by an officer's order and with a reason.

The paise stay `held` until the bank says it has let them go. A range promised to a restoration is not released by
another order; a range under objection is released only by the order that decides the objection.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from thaam.journal.gathering import gathered, gathering
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer, Order
from thaam.mailbox.posting import post
from thaam.money import marks as rules
from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Range, Ranges
from thaam.rulebook.clocks import due_at
from thaam.wire.messages import CancelOrder, ReleaseDone, ReleaseOrder
from thaam.wire.parts import pairs_of, ranges_of
from thaam.wire.words import RELEASE_REASONS
from thaam.work.scheduling import schedule

from .asking import Mandate, mandate_of
from .book import enter, lock_hold
from .models import Entry, Hold, Release
from .standing import marks_of
from .states import HoldState

AGAIN = "hold:release again"
# So often a bank is ordered to let the same paise go; then an officer has to look.
TIMES_MAX = 3
SHORTLY = dt.timedelta(seconds=2)


class NothingHeld(Exception):
    """No paise of these ranges are held and free to be released."""


class NoReason(ValueError):
    """A release says why, with a reason of the protocol's list."""


class RangeEarmarked(Exception):
    """These paise are promised to a restoration; decide that first."""


class RangeContested(Exception):
    """These paise are under objection; the decision on it releases or keeps them."""


@gathering()
def order_release(
    *,
    hold_id: object,
    reason: str,
    mandate: Mandate,
    by: str,
    at: dt.datetime,
    ranges: Iterable[Range] | None = None,
    words: str = "",
    keeps_claim: bool = False,
    decides_objection: bool = False,
) -> Release:
    """Order the bank to let these held paise go (all that are held, without `ranges`).

    Paise already ordered released are not ordered twice: with nothing else left the earlier order is returned.
    `keeps_claim` means the order was at fault in form and the paise will be asked for again. Locks the hold.
    Raises NoReason, NoSuchHold, NothingHeld, RangeEarmarked, RangeContested.
    """
    if reason not in RELEASE_REASONS:
        raise NoReason(reason)
    hold = lock_hold(hold_id)
    marks = marks_of(hold, at=at)
    try:
        asked = marks.held if ranges is None else sets.normalise(ranges)
        wanted = rules.releasable(marks, asked, decides=decides_objection)
    except rules.NotHeld:
        raise NothingHeld(str(hold.pk)) from None
    except rules.Promised:
        raise RangeEarmarked(str(hold.pk)) from None
    except rules.Contested:
        raise RangeContested(str(hold.pk)) from None
    releases = releases_of(hold)
    if wanted == NONE:
        return max((each for each in releases if each.done_at is None), key=lambda each: each.ordered_at)
    release = Release(
        id=id_from("release", hold.pk, len(releases), wanted),
        hold=hold,
        ranges=wanted,
        reason=reason,
        words=words,
        keeps_claim=keeps_claim,
        by=by,
        ordered_at=at,
    )
    gathered().add(release)
    message = ReleaseOrder(
        id=str(release.id),
        hold_order_id=str(hold.pk),
        ranges=ranges_of(wanted),
        amount_paise=sets.total(wanted),
        reason=reason,
        keeps_claim=keeps_claim,
        basis=mandate.basis("release", at),
        issued_by=mandate.issued_by,
        issued_at=at,
        execute_before=due_at("order_execute_within", jurisdiction=hold.jurisdiction, start=at),
    )
    post(partner=hold.bank_id, message=message, at=at, by=by)
    record(
        Kind.HOLD_RELEASE_ORDERED, about=f"hold:{hold.pk}", by=by, at=at, release=str(release.id), reason=reason,
        amount_paise=sets.total(wanted), keeps_claim=keeps_claim, words=words,
    )  # fmt: skip
    _look_again(release, message.execute_before)
    return release


def _look_again(release: Release, run_at: dt.datetime) -> None:
    schedule(kind=AGAIN, key=f"{AGAIN}:{release.pk}:{run_at.isoformat()}", run_at=run_at, release_id=str(release.pk))


def release_again(payload: dict[str, Any], at: dt.datetime) -> None:
    """The timer at a release's end: a bank that has not let go by then is ordered to anew; the decision stands.

    Locks the hold.
    """
    with gathering() as rows:
        release = rows.one(Release, payload["release_id"])
        if release is None or release.done_at is not None:
            return
        if Answer.objects.filter(order_id=release.pk, settled_at=None).exists():
            _look_again(release, at + SHORTLY)  # it may be the bank's word that it has
        else:
            record_not_done(release=release, lapsed=True, at=at)


def record_not_done(*, release: Release, lapsed: bool, at: dt.datetime) -> None:
    """A bank has not let go, and will not under this order; where it was only too late (`lapsed`), it is ordered anew.

    TIMES_MAX in all: then the paise are held like others, and an officer may order it again. The caller gathers; locks
    the hold.
    """
    release.done_at = at
    rows = gathered()
    rows.change(release, "done_at")
    hold = lock_hold(release.hold_id)
    left = sets.intersect(release.ranges, hold.held_at(at))
    tried = [each for each in releases_of(hold) if not sets.disjoint(each.ranges, left)]
    order = rows.one(Order, release.pk)
    if not lapsed or not left or len(tried) >= TIMES_MAX or order is None:
        return
    who = order.message.issued_by
    order_release(
        hold_id=hold.pk, reason=release.reason, mandate=mandate_of(hold, office=who.office, officer=who.officer),
        by=release.by, at=at, ranges=left, words=release.words, keeps_claim=release.keeps_claim, decides_objection=True,
    )  # fmt: skip


def record_release(*, hold: Hold, answer: ReleaseDone, bank: str, at: dt.datetime) -> tuple[Ranges, bool]:
    """Enter what the bank let go; returns those paise and whether the claim on them is kept.

    The caller has the hold locked. Paise that had ended before (by our own clock, by an earlier answer) move nothing.
    """
    kind = Entry.Type.EXPIRED if answer.reason == "expired" else Entry.Type.RELEASED
    release = next((each for each in releases_of(hold) if str(each.pk) == answer.order_id), None)
    if release is not None and release.done_at is None:
        release.done_at = at
        gathered().change(release, "done_at")
    reason = release.reason if release is not None else answer.reason
    moved = enter(
        hold, kind, pairs_of(answer.ranges), cause=answer.id, by=f"bank:{bank}", at=at,
        stated_at=answer.answered_at, reason=reason,
    )  # fmt: skip
    return moved, release is not None and release.keeps_claim


def let_go_by_bank(hold: Hold) -> list[tuple[Release, bool]]:
    """Every release ordered of this hold, oldest first, and whether its bank says that it let go. Read-only."""
    releases = list(Release.objects.filter(hold=hold).order_by("ordered_at"))
    said = Answer.objects.filter(order_id__in=[each.pk for each in releases], kind="ReleaseDone")
    done = set(said.values_list("order_id", flat=True))
    return [(each, each.pk in done) for each in releases]


def releases_of(hold: Hold) -> list[Release]:
    """Every release ordered of this hold."""
    return gathered().all_of(Release, "hold_id", hold.pk)


@gathering()
def cancel_order(*, hold_id: object, reason: str, mandate: Mandate, by: str, at: dt.datetime) -> Hold:
    """Cancel an order no bank has answered yet; a late carrier finds it closed. Locks the hold.

    Raises NothingHeld when it has been answered: then only a release helps.
    """
    hold = lock_hold(hold_id)
    if hold.state == HoldState.CANCELLED:
        return hold
    if hold.state != HoldState.ASKED:
        raise NothingHeld(f"hold {hold.pk} is {hold.state}")
    hold.state = HoldState.CANCELLED
    gathered().change(hold, "state")
    message = CancelOrder(
        id=id_from("cancel", hold.pk),
        hold_order_id=str(hold.pk),
        reason=reason,
        issued_by=mandate.issued_by,
        issued_at=at,
    )
    post(partner=hold.bank_id, message=message, at=at, by=by)
    return hold
