"""Holidays added in the life of a deployment; every running clock is reckoned anew and each move is written down."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.chase.answering import EXPECTATION
from thaam.clocks.models import Clock, Holiday, Moved
from thaam.clocks.running import paused_by, reckon, stretches
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.rulebook.rules import place_of
from thaam.work.models import Job
from thaam.work.scheduling import schedule


class NoSource(ValueError):
    """A holiday says what day it is and where it was notified."""

    text = Text(hi="छुट्टी का नाम और आदेश का हवाला लिखें।", en="Enter the holiday's name and where it was notified.")


@transaction.atomic
def add_holiday(
    *, jurisdiction: str, day: dt.date, title: str, source: str, by: str, at: dt.datetime
) -> tuple[Holiday, list[Moved]]:
    """Add one and reckon all running clocks anew. Raises NoSource, NoSuchJurisdiction."""
    if not title.strip() or not source.strip():
        raise NoSource(str(day))
    place_of(jurisdiction)
    holiday, new = Holiday.objects.get_or_create(
        jurisdiction=jurisdiction, day=day, defaults={"title": title, "source": source, "by": by, "at": at}
    )
    if not new:
        return holiday, []
    record(Kind.HOLIDAY_ADDED, about=f"holiday:{jurisdiction}/{day}", by=by, at=at, title=title, source=source)
    return holiday, reckon_again(why=f"{day:%d.%m.%Y} {title}", by=by, at=at)


@transaction.atomic
def drop_holiday(*, holiday: Holiday, by: str, at: dt.datetime) -> list[Moved]:
    """Take one back (it was moved or wrong); running clocks are reckoned anew. Holidays of the shipped list stay."""
    words = f"{holiday.day:%d.%m.%Y} {holiday.title}"
    record(Kind.HOLIDAY_DROPPED, about=f"holiday:{holiday.jurisdiction}/{holiday.day}", by=by, at=at)
    holiday.delete()
    return reckon_again(why=f"- {words}", by=by, at=at)


def _wait_anew(at: dt.datetime) -> None:
    """Payments a bank expects are waited for in banking days: a new holiday lengthens that wait too."""
    for job in Job.objects.select_for_update(of=("self",)).filter(kind=EXPECTATION, state=Job.State.DUE, run_at__gt=at):
        if "since" in job.payload:
            since = dt.datetime.fromisoformat(job.payload["since"])
            until = reckon("expectation", jurisdiction=job.payload["place"], start=since)
            if until != job.run_at:
                schedule(kind=EXPECTATION, key=job.key, run_at=until, **job.payload)


@transaction.atomic
def reckon_again(*, why: str, by: str, at: dt.datetime) -> list[Moved]:
    """Compare every running clock's end with what rulebook and calendar say now; write down old and new where it moved.

    Locks the running clocks. A clock that stands still is compared when it goes on. Waits for expected payments are
    put right too.
    """
    _wait_anew(at)
    moved = []
    running = Clock.objects.select_for_update(of=("self",)).filter(ended_at=None).prefetch_related("pauses")
    for clock in running.order_by("id"):
        if paused_by(clock) is not None:
            continue
        due = reckon(clock.name, jurisdiction=clock.jurisdiction, start=clock.started_at, pauses=stretches(clock, at))
        if due == clock.due_at:
            continue
        moved.append(Moved(clock=clock, was_at=clock.due_at, is_at=due, why=why[:200], by=by, at=at))
        record(
            Kind.CLOCK_MOVED, about=f"{clock.about}:{clock.subject}", by=by, at=at, clock=clock.name,
            was_at=clock.due_at.isoformat(), is_at=due.isoformat(), why=why,
        )  # fmt: skip
        Clock.objects.filter(pk=clock.pk).update(due_at=due)
    return Moved.objects.bulk_create(moved)
