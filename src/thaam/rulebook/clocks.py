"""When a clock of the rulebook ends: plain time, working days, banking days, pauses.

A count of days with an office's or a bank's calendar ends with the last second of its last day in
India, as a person would read "within 3 working days"; plain days and hours run to the second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable

from thaam.language.dates import IST
from thaam.language.text import Text

from .rules import Rule, _toml, day_in_india, lineage, rule

_PLAIN = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_OPEN_DAYS = ("working_days", "banking_days")


class NotAClock(TypeError):
    """The rule is an amount or a share, not a length of time."""


Pause = tuple[dt.datetime, dt.datetime]


def _none_added(jurisdiction: str) -> Collection[dt.date]:
    return ()


_added: list[Callable[[str], Collection[dt.date]]] = [_none_added]


def also_closed(added: Callable[[str], Collection[dt.date]]) -> None:
    """From now on due_at() also counts out the days that `added` gives for a jurisdiction: a deployment's own calendar.

    Asked only for clocks of working or banking days.
    """
    _added[0] = added


def due_at(name: str, *, jurisdiction: str, start: dt.datetime, pauses: Iterable[Pause] = ()) -> dt.datetime:
    """When the clock `name` that starts at `start` ends (aware UTC). Raises NoSuchRule, NotAClock."""
    row = rule(name, jurisdiction=jurisdiction, on=start)
    closed = _added[0](jurisdiction) if row.unit in _OPEN_DAYS else ()
    return end_of(row, jurisdiction=jurisdiction, start=start, pauses=pauses, closed=closed)


def end_of(
    row: Rule,
    *,
    jurisdiction: str,
    start: dt.datetime,
    pauses: Iterable[Pause] = (),
    closed: Collection[dt.date] = (),
) -> dt.datetime:
    """The end of one rule's clock; a pause that begins before the end moves it on by its length.

    `closed` are holidays beyond the shipped list.

    Overlapping pauses count once. Calendar clocks resume on the day after a pause. Raises NotAClock.
    """
    if row.unit in _PLAIN:
        end = start + dt.timedelta(seconds=row.value * _PLAIN[row.unit])
    elif row.unit in _OPEN_DAYS:
        banking = row.unit == "banking_days"
        day = add_days(day_in_india(start), row.value, jurisdiction=jurisdiction, banking=banking, closed=closed)
        end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), IST) - dt.timedelta(seconds=1)
    else:
        raise NotAClock(row.name)
    for begins, ends in _merged(pauses):
        if ends > start and begins < end:
            end += ends - max(begins, start)
    return end.astimezone(dt.UTC)


def add_days(
    day: dt.date, count: int, *, jurisdiction: str, banking: bool = False, closed: Collection[dt.date] = ()
) -> dt.date:
    """The `count`-th open day after `day`; the day itself never counts."""
    while count > 0:
        day += dt.timedelta(days=1)
        if day not in closed and is_open(day, jurisdiction=jurisdiction, banking=banking):
            count -= 1
    return day


def shut_days(
    day: dt.date, count: int, *, jurisdiction: str, banking: bool = False, closed: Collection[dt.date] = ()
) -> list[tuple[dt.date, Text]]:
    """The days between `day` and the `count`-th open day after it that did not count, each with its reason."""
    last = add_days(day, count, jurisdiction=jurisdiction, banking=banking, closed=closed)
    found = []
    while day < last:
        day += dt.timedelta(days=1)
        if day in closed or not is_open(day, jurisdiction=jurisdiction, banking=banking):
            why = _SUNDAY if day.weekday() == 6 else _HOLIDAY
            if banking and day.weekday() == 5 and day not in closed:
                why = _SATURDAY
            found.append((day, why))
    return found


_SUNDAY = Text(hi="रविवार", en="Sunday")
_SATURDAY = Text(hi="दूसरा या चौथा शनिवार", en="second or fourth Saturday")
_HOLIDAY = Text(hi="छुट्टी", en="holiday")


def is_open(day: dt.date, *, jurisdiction: str, banking: bool = False) -> bool:
    """Whether offices (or banks) work that day: no Sunday, no holiday; banks also no 2nd and 4th Saturday."""
    saturday, sunday = 5, 6
    if day.weekday() == sunday:
        return False
    if banking and day.weekday() == saturday and (day.day - 1) // 7 in (1, 3):
        return False
    return not any(
        day in year["days"] for year in _toml("holidays.toml")["year"] if year["jurisdiction"] in lineage(jurisdiction)
    )


def shipped_holidays(*, since: dt.date) -> list[tuple[dt.date, str, str]]:
    """(day, jurisdiction, source) of the list that comes with this version, from `since` on, in order."""
    years = _toml("holidays.toml")["year"]
    return sorted((day, year["jurisdiction"], year["source"]) for year in years for day in year["days"] if day >= since)


def _merged(pauses: Iterable[Pause]) -> list[Pause]:
    merged: list[Pause] = []
    for begins, ends in sorted(p for p in pauses if p[0] < p[1]):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return merged
