"""What is down: a loop that stands still, a bank that is silent, a helpline nobody answers or sits at (S4.4).

Read from the tables the loops work on, so that whoever asks (a page, a timer, a monitor) gets the same answer.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Count, Min

from thaam.coordination.models import Shift
from thaam.helpline.store import FILE, CallStore
from thaam.journal.models import Pending
from thaam.language.dates import IST, span_words
from thaam.language.text import Text
from thaam.mailbox.models import Answer
from thaam.oversight.alerts import Line, silent_banks
from thaam.rulebook.rules import rule
from thaam.work.models import Job

TURNS = (
    (Shift.Turn.MORNING, 6, 14, Text("सुबह 6 से 2", "6 am to 2 pm")),
    (Shift.Turn.EVENING, 14, 22, Text("दोपहर 2 से रात 10", "2 pm to 10 pm")),
    (Shift.Turn.NIGHT, 22, 6, Text("रात 10 से सुबह 6", "10 pm to 6 am")),
)


def down_now(at: dt.datetime) -> list[Line]:
    """Everything that is down at this moment; empty when all is well."""
    return [*loops_down(at), *helpline_down(at), *silent_banks(at)]


def loops_down(at: dt.datetime) -> list[Line]:
    """The sequencer (facts without a position), the chase loop (answers not taken), the work loop (jobs not begun), and
    jobs given up."""
    lag = dt.timedelta(minutes=rule("loop_lag", jurisdiction="IN", on=at).value)
    found = []
    oldest = Pending.objects.aggregate(since=Min("fact__at"), n=Count("id"))
    if oldest["since"] and oldest["since"] < at - lag:
        found.append(_stands("sequencer", Text("जर्नल", "the journal"), oldest["n"], oldest["since"]))
    waiting = Answer.objects.filter(settled_at=None).aggregate(since=Min("received_at"), n=Count("id"))
    if waiting["since"] and waiting["since"] < at - lag:
        found.append(_stands("chase", Text("बैंकों के जवाब लेना", "taking banks' answers"), waiting["n"], waiting["since"]))
    late = Job.objects.filter(state=Job.State.DUE, run_at__lt=at - lag).aggregate(since=Min("run_at"), n=Count("id"))
    if late["since"]:
        found.append(_stands("work", Text("संदेश और समय-सीमाएँ", "messages and clocks"), late["n"], late["since"]))
    if dead := Job.objects.filter(state=Job.State.DEAD, finished_at__gte=at - dt.timedelta(days=1)).count():
        found.append(
            Line(
                "down",
                Text(f"{dead} काम कई बार कोशिश के बाद छूटे", f"{dead} jobs were given up after many tries"),
                dead,
                about="jobs",
            )
        )
    return found


def helpline_down(at: dt.datetime) -> list[Line]:
    """No call for longer than rule `helpline_quiet` although calls came in the last day; a turn with nobody on it."""
    found = []
    last = last_call_at()
    quiet = dt.timedelta(minutes=rule("helpline_quiet", jurisdiction="IN", on=at).value)
    if last and at - dt.timedelta(days=1) < last < at - quiet:
        lasted = Text(span_words(at - last, "hi"), span_words(at - last, "en"))
        found.append(
            Line(
                "down",
                Text(
                    f"1930 पर {lasted.hi} से कोई कॉल नहीं आई: लाइन जाँचिए",
                    f"No call reached 1930 for {lasted.en}: check the line",
                ),
                int((at - last).total_seconds() // 60),
                since=last,
                about="helpline",
            )
        )
    if Shift.objects.exists():
        on, turn = turn_at(at)
        if not Shift.objects.filter(on=on, turn=turn).exists():
            words = next(text for name, _, _, text in TURNS if name == turn)
            found.append(
                Line(
                    "down",
                    Text(f"हेल्पलाइन की पाली ({words.hi}) में कोई नहीं", f"Nobody is on the helpline's turn ({words.en})"),
                    1,
                    about="roster",
                )
            )
    return found


def last_call_at() -> dt.datetime | None:
    """When the newest known call came in."""
    if not (settings.DATA / FILE).exists():
        return None
    with CallStore(settings.DATA) as store:
        newest = store.newest_at()
    return dt.datetime.fromtimestamp(newest / 1000, dt.UTC) if newest else None


def turn_at(at: dt.datetime) -> tuple[dt.date, str]:
    """The turn of the roster at a moment; the hours after midnight belong to the night that began the day before."""
    here = at.astimezone(IST)
    for turn, start, end, _ in TURNS:
        if start < end and start <= here.hour < end:
            return here.date(), turn
    return (here.date() if here.hour >= 22 else here.date() - dt.timedelta(days=1)), Shift.Turn.NIGHT


def _stands(about: str, what: Text, n: int, since: dt.datetime) -> Line:
    return Line(
        "down",
        Text(f"रुका हुआ: {what.hi} ({n} बाकी)", f"Standing still: {what.en} ({n} waiting)"),
        n,
        since=since,
        about=about,
    )
