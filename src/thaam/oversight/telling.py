"""Tell offices: three lines at nine in the morning, and at once when something is down (once an hour a thing).

Every alert is a row of its office and one SMS to each of its numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from thaam.journal.ids import id_from
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.oversight.alerts import morning_lines
from thaam.oversight.models import OfficeLine, OfficeNumber, Snapshot
from thaam.oversight.places import scope_of
from thaam.oversight.taking import take_snapshot
from thaam.oversight.watching import down_now
from thaam.oversight.yesterday import yesterday_line
from thaam.parties.models import Office, Officer
from thaam.work.scheduling import schedule

MORNING_HOUR = 9


def reviewing_offices() -> list[Office]:
    """Offices in which somebody reviews."""
    return list(Office.objects.filter(officers__role=Officer.Role.REVIEWER, officers__is_active=True).distinct())


def add_number(*, office: Office, mobile: str) -> OfficeNumber:
    """A mobile that gets an office's lines from now on; once however often it is added."""
    return OfficeNumber.objects.get_or_create(office=office, mobile=mobile)[0]


def tell_morning(payload: dict[str, object], at: dt.datetime) -> int:
    """Three lines to every reviewing office, from nine o'clock in India, once a day: what came in yesterday where it
    reviews, then what is late there. Returns how many offices."""
    here = at.astimezone(IST)
    if here.hour < MORNING_HOUR:
        return 0
    day = here.date().isoformat()
    told = 0
    for office in reviewing_offices():
        if OfficeLine.objects.filter(id=id_from("morning", office.pk, day, 1)).exists():
            continue
        scope = scope_of(office)
        lines, own = morning_lines(at, scope), yesterday_line(at, scope)
        _write(office, OfficeLine.Type.MORNING, ([own] if own else []) + lines[: 2 if own else 3], f"{day}", at)
        told += 1
    return told


def tell_down(payload: dict[str, object], at: dt.datetime) -> int:
    """What is down, to every reviewing office: one alert an hour and thing."""
    lines = down_now(at)
    told = 0
    for line in lines:
        hour = at.astimezone(IST).strftime("%Y-%m-%dT%H")
        for office in reviewing_offices():
            if OfficeLine.objects.filter(id=id_from("down", office.pk, f"{hour}|{line.about}", 1)).exists():
                continue
            _write(office, OfficeLine.Type.DOWN, [line.text], f"{hour}|{line.about}", at)
            told += 1
    return told


def freeze_last_month(payload: dict[str, object], at: dt.datetime) -> Snapshot | None:
    """On the first day of a month (or after, when the loop stood still): the month before, once a reviewing state."""
    today = at.astimezone(IST).date()
    end = today.replace(day=1)
    start = (end - dt.timedelta(days=1)).replace(day=1)
    taken = None
    for state_code in {scope_of(office).state_code for office in reviewing_offices()}:
        if not Snapshot.objects.filter(from_on=start, to_on=end, state_code=state_code).exists():
            taken = take_snapshot(
                snapshot_id=id_from("month", start.isoformat(), state_code or 0),
                from_on=start,
                to_on=end,
                state_code=state_code,
                by="loop:work",
                at=at,
            )
    return taken


def _write(office: Office, kind: OfficeLine.Type, lines: Iterable[Text], key: str, at: dt.datetime) -> None:
    rows = [
        OfficeLine(
            id=id_from(kind.value, office.pk, key, n),
            office=office,
            kind=kind,
            about=key[-60:],
            text_hi=line.hi[:300],
            text_en=line.en[:300],
            at=at,
        )
        for n, line in enumerate(lines, 1)
    ]
    OfficeLine.objects.bulk_create(rows)
    words = " / ".join(row.text_hi for row in rows)
    for mobile in OfficeNumber.objects.filter(office=office).values_list("mobile", flat=True):
        schedule(kind="sms:send", key=f"{kind}:{office.pk}:{key}:{mobile}", run_at=at, to=mobile, text=words)
