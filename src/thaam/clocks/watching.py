"""Every minute: find what is owed, warn before it is late, climb the ladder when a bank is silent, note a breach.

The ladder of parties.coverage says whom 50, 80 and 100 percent of a clock reach; a bank without any named officer is
a fact of its own, so that an unassigned order is seen by the state desk.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction

from thaam.clocks.calendar import reckon_again
from thaam.clocks.models import Clock
from thaam.clocks.running import elapsed_percent, paused_by
from thaam.clocks.sources import begin_and_end
from thaam.journal.ids import draw_token, id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.nodal.pinging import ping, waiting_by_bank
from thaam.parties.coverage import ladder_of
from thaam.parties.models import Bank, Nodal
from thaam.rulebook.rules import rule

WATCH = "watch clocks"
RECKON = "reckon clocks again"
BY = "loop:work"
RUNGS = (0, 50, 80, 100)


def watch(payload: dict[str, Any], at: dt.datetime) -> None:
    """One round. Safe to run again: every step is written down once."""
    del payload
    begin_and_end(at)
    reached: dict[str, int] = defaultdict(lambda: -1)
    running = Clock.objects.filter(ended_at=None).prefetch_related("pauses").select_related("partner")
    for clock in running.order_by("due_at"):
        if paused_by(clock) is None:
            percent = _note(clock, at)
            if percent is not None and clock.partner_id:
                reached[clock.partner_id] = max(reached[clock.partner_id], percent)
    _climb(reached, at)


@transaction.atomic
def _note(clock: Clock, at: dt.datetime) -> int | None:
    """Write down warning, breach and the next rung; returns the rung newly reached by a bank's clock."""
    share = elapsed_percent(clock, at)
    about, changed = f"{clock.about}:{clock.subject}", []
    warn_at = rule("clock_warning", jurisdiction=clock.jurisdiction, on=at).value
    if clock.warned_at is None and share >= warn_at:
        clock.warned_at = at
        changed.append("warned_at")
        record(Kind.CLOCK_WARNED, about=about, by=BY, at=at, clock=clock.name, due_at=clock.due_at.isoformat())
    if clock.breached_at is None and at >= clock.due_at:
        clock.breached_at = at
        changed.append("breached_at")
        record(Kind.CLOCK_BREACHED, about=about, by=BY, at=at, clock=clock.name, bank=clock.partner_id)
    rung = max((each for each in RUNGS if share >= each), default=-1)
    new = clock.partner_id is not None and rung > clock.reached_percent
    if new:
        clock.reached_percent = rung
        changed.append("reached_percent")
        nobody = not ladder_of(bank=clock.partner, branch=None, at=at) if clock.partner else False
        if nobody and not clock.nobody_named:
            clock.nobody_named = True
            changed.append("nobody_named")
        record(
            Kind.CLOCK_ESCALATED, about=about, by=BY, at=at, clock=clock.name, percent=rung, bank=clock.partner_id,
            nobody_named=nobody,
        )  # fmt: skip
    if changed:
        clock.save(update_fields=changed)
    return rung if new else None


def _climb(reached: dict[str, int], at: dt.datetime) -> None:
    """One ping a round to everybody newly reached, with the count of their bank; nothing about a single order."""
    counts = waiting_by_bank()
    to: list[tuple[Nodal, int]] = []
    for bank in Bank.objects.filter(code__in=reached):
        below = max((each for each in RUNGS if each < reached[bank.code]), default=-1)
        rungs = ladder_of(bank=bank, branch=None, at=at)
        fresh = [rung.nodal for rung in rungs if below < rung.from_percent <= reached[bank.code]]
        to += [(nodal, counts.get(bank.code, 1)) for nodal in fresh]
    if to:
        ping_id = id_from("ladder", at.isoformat(), sorted(reached.items()))
        ping(ping_id=ping_id, to=to, why="ladder", draw=lambda: draw_token(16), by=BY, at=at)


def reckon_daily(payload: dict[str, Any], at: dt.datetime) -> None:
    """A new version's rulebook or calendar reaches clocks that already run."""
    del payload
    reckon_again(why="rulebook or calendar", by=BY, at=at)
