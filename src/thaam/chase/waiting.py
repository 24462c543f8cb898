"""What happens when time passes: answers that do not come, payments that do not arrive, holds that end."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.holds.amending import amendments_of
from thaam.holds.answering import record_lapsed
from thaam.holds.book import lock_hold
from thaam.holds.expiring import expire_hold
from thaam.holds.models import Hold
from thaam.holds.states import HoldState
from thaam.journal.gathering import gathering
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer
from thaam.money.ranges import Ranges
from thaam.work.scheduling import schedule

from . import disagreeing, lines
from .advance import advance
from .asking import OVERDUE, may_ask_again, schedule_expiry
from .counting import chases_through
from .lines import Word, trail_lock
from .payments import payment_on

SHORTLY = dt.timedelta(seconds=2)


def note_overdue(payload: dict[str, Any], at: dt.datetime) -> None:
    """Nobody answered before `execute_before`: nothing may be held under that order any more, so ask anew.

    A bank that is silent for ASK_AGAIN_MAX orders leaves the paise unexplained; each lapse was a fact for a supervisor.
    """
    with trail_lock():
        hold = lock_hold(payload["order_id"])
        on_its_way = any(
            line.order_id == hold.pk and line.why == "in_flight" for line in lines.lines_of(hold.payment_id)
        )
        if on_its_way:
            return
        # A word that came in time and waits for its turn may be an answer: a busy platform lets nobody lapse.
        if hold.state == HoldState.ASKED and Answer.objects.filter(order_id=hold.pk, settled_at=None).exists():
            _look_again(hold, at + SHORTLY)
            return
        if not record_lapsed(hold=hold):
            return
        waited = lines.of_order(hold.payment_id, hold.pk, ["asked"])
        if may_ask_again(hold.payment_id, waited):
            lines.forget(hold.payment_id, waited)
            _go_on(hold, at)
        else:
            _unexplained(hold, waited, "not_answered", at)


def _look_again(hold: Hold, run_at: dt.datetime) -> None:
    schedule(kind=OVERDUE, key=f"{OVERDUE}:{hold.pk}:{run_at.isoformat()}", run_at=run_at, order_id=str(hold.pk))


def end_expectation(payload: dict[str, Any], at: dt.datetime) -> None:
    """The payment was waited for long enough: its reference counts as not found."""
    with trail_lock():
        hold = lock_hold(payload["order_id"])
        waited = lines.of_order(hold.payment_id, hold.pk, ["asked"])
        if waited:
            _unexplained(hold, waited, "not_found", at)


def end_hold(payload: dict[str, Any], at: dt.datetime) -> None:
    """A hold's time is over: whatever the bank has said, nothing counts as held any more."""
    with trail_lock():
        hold = lock_hold(payload["order_id"])
        # A renewal that the bank took in time and that waits for its turn is one: a busy platform ends no hold.
        asked = [each.pk for each in amendments_of(hold) if each.accepted_at is None and each.expires_at is not None]
        kept = Answer.objects.filter(order_id__in=[hold.pk, *asked], settled_at=None, received_at__lt=hold.expires_at)
        if asked and hold.held and kept.exists():
            schedule_expiry(hold.pk, at + SHORTLY)
            return
        moved = expire_hold(hold=hold, at=at)
        if moved:
            words = [Word(lo, hi, "released", hold.pk, why="expired") for lo, hi in moved]
            lines.put(hold.payment_id, words, at=at)
            _go_on(hold, at)


def warn_of_end(payload: dict[str, Any], at: dt.datetime) -> None:
    """A hold will end by law in a while; a fact for the officers' list. Nothing for one that has ended."""
    with gathering() as rows:
        hold = rows.one(Hold, payload["order_id"])
        if hold is not None and hold.held_at(at):
            record(
                Kind.HOLD_ENDS_SOON, about=f"hold:{hold.pk}", by="loop:chase", at=at,
                ends_at=hold.expires_at.isoformat(), held_paise=hold.held_paise,
            )  # fmt: skip


def go_on(payload: dict[str, Any], at: dt.datetime) -> None:
    """Advance one chase: the timer that starts it, or that follows a correction or withdrawal."""
    advance(chase_id=payload["chase_id"], at=at)


def _unexplained(hold: Hold, ranges: Ranges, why: str, at: dt.datetime) -> None:
    lines.put(hold.payment_id, [Word(lo, hi, "unexplained", hold.pk, why=why) for lo, hi in ranges], at=at)
    disagreeing.note(payment_on(hold), at=at)
    _go_on(hold, at)


def _go_on(hold: Hold, at: dt.datetime) -> None:
    for chase in chases_through([hold.payment_id]):
        advance(chase_id=chase.pk, at=at)
