"""Start a clock, let it stand and go on, end it; say how its end was reckoned."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction

from thaam.clocks.models import Clock, Holiday, Pause
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.rulebook.clocks import Pause as Stretch
from thaam.rulebook.clocks import end_of, shut_days
from thaam.rulebook.rules import Rule, lineage, rule


class Ended(Exception):
    """The clock has ended: it stands still no more and does not go on."""


def closed_days(jurisdiction: str) -> frozenset[dt.date]:
    """Holidays of the place and its parents that were added to the database."""
    return frozenset(Holiday.objects.filter(jurisdiction__in=lineage(jurisdiction)).values_list("day", flat=True))


def reckon(name: str, *, jurisdiction: str, start: dt.datetime, pauses: list[Stretch] | None = None) -> dt.datetime:
    """When the clock ends by the rule of its first day, today's calendar, and its pauses. Raises NoSuchRule."""
    row = rule(name, jurisdiction=jurisdiction, on=start)
    return end_of(row, jurisdiction=jurisdiction, start=start, pauses=pauses or [], closed=closed_days(jurisdiction))


@transaction.atomic
def start_clock(
    *,
    name: str,
    about: str,
    subject: object,
    jurisdiction: str,
    start: dt.datetime,
    by: str,
    partner: str | None = None,
) -> Clock:
    """Start the clock of a thing, once. `partner` is the bank that has the ball; without one the ball is ours."""
    known = Clock.objects.filter(name=name, about=about, subject=str(subject)).first()
    if known is not None:
        return known
    clock = Clock(
        id=uuid.UUID(id_from("clock", name, about, subject)),
        name=name,
        about=about,
        subject=uuid.UUID(str(subject)),
        jurisdiction=jurisdiction,
        partner_id=partner,
        started_at=start,
        due_at=reckon(name, jurisdiction=jurisdiction, start=start),
    )
    clock.save(force_insert=True)
    record(Kind.CLOCK_STARTED, about=f"{about}:{subject}", by=by, at=start, clock=name, due_at=clock.due_at.isoformat())
    return clock


@transaction.atomic
def pause_clock(*, clock: Clock, reason: str, by: str, at: dt.datetime) -> None:
    """The ball is with somebody else from now on; paused twice it is one pause. Raises Ended."""
    if clock.ended_at is not None:
        raise Ended(str(clock))
    _, new = Pause.objects.get_or_create(
        clock=clock, until_at=None, defaults={"from_at": at, "reason": reason[:60], "by": by}
    )
    if new:
        record(Kind.CLOCK_PAUSED, about=f"{clock.about}:{clock.subject}", by=by, at=at, clock=clock.name, why=reason)


@transaction.atomic
def resume_clock(*, clock: Clock, by: str, at: dt.datetime) -> Clock:
    """The ball is back: the end moves by the length of the pause. Raises Ended."""
    if clock.ended_at is not None:
        raise Ended(str(clock))
    if clock.pauses.filter(until_at=None).update(until_at=at):
        clock.due_at = reckon(
            clock.name, jurisdiction=clock.jurisdiction, start=clock.started_at, pauses=stretches(clock, at)
        )
        clock.save(update_fields=["due_at"])
        record(
            Kind.CLOCK_RESUMED, about=f"{clock.about}:{clock.subject}", by=by, at=at, clock=clock.name,
            due_at=clock.due_at.isoformat(),
        )  # fmt: skip
    return clock


@transaction.atomic
def stop_clock(*, clock: Clock, by: str, at: dt.datetime, words: str = "") -> Clock:
    """What was owed is done. A clock ended before stays as it ended."""
    if clock.ended_at is None:
        clock.pauses.filter(until_at=None).update(until_at=at)
        clock.ended_at, clock.ended_by, clock.ended_words = at, by, words[:300]
        if at > clock.due_at and clock.breached_at is None:
            clock.breached_at = clock.due_at
        clock.save(update_fields=["ended_at", "ended_by", "ended_words", "breached_at"])
        record(
            Kind.CLOCK_ENDED, about=f"{clock.about}:{clock.subject}", by=by, at=at, clock=clock.name,
            late=at > clock.due_at, words=words,
        )  # fmt: skip
    return clock


def find_clock(*, name: str, about: str, subject: object) -> Clock | None:
    """The clock of this rule and thing, if it was started."""
    return Clock.objects.filter(name=name, about=about, subject=str(subject)).first()


def stretches(clock: Clock, at: dt.datetime) -> list[Stretch]:
    """Its pauses as the rulebook reckons with them; one that lasts counts until now."""
    return [(each.from_at, each.until_at or at) for each in clock.pauses.all()]


def paused_by(clock: Clock) -> Pause | None:
    """The pause it stands in, or None."""
    return next((each for each in clock.pauses.all() if each.until_at is None), None)


def elapsed_percent(clock: Clock, at: dt.datetime) -> float:
    """How much of the clock is over, pauses taken out; more than 100 when it is late."""
    stood = sum(
        (min(until, at) - max(begin, clock.started_at)).total_seconds() for begin, until in stretches(clock, at)
    )
    whole = (clock.due_at - clock.started_at).total_seconds() - (stood if paused_by(clock) is None else 0)
    ran = (at - clock.started_at).total_seconds() - stood
    return 100 * ran / whole if whole > 0 else 100.0


def explain(clock: Clock, lang: str, at: dt.datetime) -> list[str]:
    """How the end came about, line by line: the rule and its source, the start, days not counted, pauses, moves."""
    pauses = [
        (each.from_at, each.until_at, REASONS.get(each.reason, Text(each.reason, each.reason)))
        for each in clock.pauses.order_by("from_at")
    ]
    lines = explain_rule(
        rule(clock.name, jurisdiction=clock.jurisdiction, on=clock.started_at),
        jurisdiction=clock.jurisdiction, start=clock.started_at, due=clock.due_at, lang=lang, pauses=pauses,
    )  # fmt: skip
    lines += [
        _MOVED.in_(lang, was=_moment(move.was_at), now=_moment(move.is_at), why=move.why)
        for move in clock.moves.order_by("at")
    ]
    return lines


def explain_rule(
    row: Rule,
    *,
    jurisdiction: str,
    start: dt.datetime,
    due: dt.datetime,
    lang: str,
    pauses: Iterable[tuple[dt.datetime, dt.datetime | None, Text]] = (),
) -> list[str]:
    """The same for a clock that has no row of its own; `pauses` as (from, until or None while it lasts, why)."""
    lines = [row.explain(lang), _STARTED.in_(lang, at=_moment(start))]
    if kind := row.kind_of_days():
        lines.insert(1, kind.in_(lang))
    if row.unit in ("working_days", "banking_days"):
        skipped = shut_days(
            in_ist(start).date(), row.value, jurisdiction=jurisdiction, banking=row.unit == "banking_days",
            closed=closed_days(jurisdiction),
        )  # fmt: skip
        if skipped:
            days = ", ".join(f"{day:%d.%m.%Y} ({why.in_(lang)})" for day, why in skipped)
            lines.append(_SKIPPED.in_(lang, days=days))
    for begin, until, why in pauses:
        said = _PAUSED if until else _STANDS
        lines.append(said.in_(lang, begin=_moment(begin), until=_moment(until or begin), why=why.in_(lang)))
    return [*lines, _ENDS.in_(lang, at=_moment(due))]


def _moment(at: dt.datetime) -> str:
    return f"{in_ist(at):%d.%m.%Y %H:%M}"


REASONS = {
    "not_found": Text("नंबर नहीं मिला: भेजने वाले के पास लौटा", "reference not found: back with the sender"),
    "amount_differs": Text("रकम अलग है: भेजने वाले के पास लौटा", "amount differs: back with the sender"),
    "date_differs": Text("तारीख अलग है: भेजने वाले के पास लौटा", "date differs: back with the sender"),
    "needs_order": Text("लिखित आदेश चाहिए: भेजने वाले के पास लौटा", "a signed order is needed: back with the sender"),
}
_STARTED = Text(hi="शुरू: {at}", en="Started: {at}")
_SKIPPED = Text(hi="ये दिन नहीं गिने गए: {days}", en="Days not counted: {days}")
_PAUSED = Text(hi="रुकी रही {begin} से {until} तक: {why}", en="Stood still from {begin} to {until}: {why}")
_STANDS = Text(hi="अभी रुकी है, {begin} से: {why}", en="Standing still since {begin}: {why}")
_ENDS = Text(hi="समय-सीमा: {at}", en="Due: {at}")
_MOVED = Text(hi="पहले {was} थी, अब {now}: {why}", en="It was {was}, now it is {now}: {why}")
