"""Call records of any call centre as CSV, read through a map in TOML (docs/how-to/calls.md)."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache

from thaam.helpline.calls import BadCalls, Call, Outcome
from thaam.helpline.mapping import Map, folded

_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
_CLOCKS = ("%H:%M:%S", "%H:%M:%S.%f", "%H:%M")
_NAMED = (
    r"(?:pt)?\s*(?:(\d+)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:ute)?s?)?)?\s*"
    r"(?:(\d+(?:\.\d+)?)\s*s(?:ec(?:ond)?s?)?)?"
)
_DAYS = re.compile(r"(\d+) days?,? +(.+)")
_HALF = re.compile(r"\s*([ap])\.?\s*m\.?\s*$", re.IGNORECASE)
_QUOTED = re.compile(r'="?([^"]*)"?$')
_MIDNIGHT = re.compile(r"(|.*[ T])24(:\d\d(?::\d\d)?)")
_TITLES = 20
"""A header is looked for in this many lines: exports put a title and a period above it."""


@dataclass(slots=True)
class Read:
    """What a file gave: its calls, sentences about rows that could not be used, and about cells that were ignored."""

    calls: list[Call] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left_out: int = 0


class _Cells:
    """The cells of one row by our names for them."""

    def __init__(self, values: dict[str, str], told: Map, file_date: str) -> None:
        self._values, self._told, self._file_date = values, told, file_date
        self.notes: list[str] = []

    def text(self, name: str) -> str:
        """The cells under this name, joined with a blank; empty when the map has no such column or nothing is there."""
        found = [self._values.get(folded(column), "") for column in self._told.columns.get(name, ())]
        kept = [cell for cell in found if folded(cell) not in self._told.nothing]
        return " ".join(kept).strip() if name != "date" or kept else self._file_date

    def length_ms(self, name: str) -> int | None:
        """The sum of the cells under this name as a length of time; None when there is none. A cell that is no
        length (or below zero) is named and counted as not known: the call stays a call."""
        total: int | None = None
        for column in self._told.columns.get(name, ()):
            cell = self._values.get(folded(column), "").strip()
            if folded(cell) in self._told.nothing:
                continue
            length = _length_ms(cell, self._told.duration)
            if length is None:
                self.notes.append(f"{column} {cell!r} is not a length of time; the call is counted without it")
                return None
            total = (total or 0) + length
        return total

    def time_ms(self, name: str, not_before: int | None) -> int | None:
        """Milliseconds UTC; with a date column, a time before the step it follows is past midnight."""
        text, date = self.text(name), self.text("date")
        if not text:
            return None
        if (
            not_before is not None
            and self._told.midnight_is_nothing
            and date
            and re.fullmatch(r"0{1,2}:00(:00)?", text)
        ):
            return None
        try:
            return _time_ms(text, date, self._told, not_before)
        except ValueError as problem:
            if not_before is None or "outcome" not in self._told.columns:
                raise
            self.notes.append(f"{problem}; the call is counted without its {name} time")
            return None


def read_records(lines: Iterable[str], told: Map, *, name: str = "") -> Read:
    """Calls of a CSV. `name` is the file's, for a date that stands in it. Raises BadCalls for a wrong header."""
    read = Read()
    file_date = _date_in(name, told)
    twins: dict[str, int] = {}
    first_rows: dict[tuple[tuple[str, str], ...], int] = {}
    last_at: dict[str, int] = {}
    legs = 0
    for row, values in _rows(lines, told):
        if not _wanted(values, told):
            read.left_out += 1
            continue
        cells = _Cells(values, told, file_date)
        try:
            call = _call(cells, told)
        except ValueError as problem:
            read.problems.append(f"row {row}: {problem}")
            continue
        read.notes += [f"row {row}: {note}" for note in cells.notes]
        if call.key and (first := first_rows.setdefault(tuple(values.items()), row)) != row:
            read.notes.append(f"row {row} says the same as row {first}; it is counted once")
            continue
        # Without an id a call is its own content, the n-th equal row the n-th call; an id used twice is two calls.
        if told.one_call and call.key:
            read.calls.append(call)
            continue
        whole = f"{call.key}|{call.offered_at}" if call.key else "|".join(f"{k}={v}" for k, v in sorted(values.items()))
        twins[whole] = twins.get(whole, 0) + 1
        suffix = f"#{twins[whole]}" if twins[whole] > 1 else ""
        if call.key:
            legs += abs(call.offered_at - last_at.get(call.key, -_DAY_MS)) <= _HOUR_MS
            last_at[call.key] = call.offered_at
        key = (whole if call.key else hashlib.sha256(whole.encode()).hexdigest()[:32]) + suffix
        read.calls.append(replace(call, key=key))
    if told.one_call:
        read.calls = _joined(read.calls, told)
    if legs:
        read.notes.append(
            f"{legs} rows have the id of another row of the same hour and are counted as calls of their own; "
            'if they are legs of one call, say rules.rows_of_a_call = "many"'
        )
    return read


def _joined(rows: Sequence[Call], told: Map) -> list[Call]:
    """Rows with one id are legs of one call (a transfer, a second queue): offered once, answered when any leg was,
    waited until the first answer, handled as long as all legs together. A call that is only excluded stays so."""
    by_key: dict[str, list[Call]] = {}
    for leg in rows:
        by_key.setdefault(leg.key, []).append(leg)
    found = []
    for key, all_legs in by_key.items():
        legs = sorted(all_legs, key=lambda leg: leg.offered_at)
        first = legs[0]
        answered = [leg for leg in legs if leg.outcome is Outcome.ANSWERED]
        if answered:
            before = answered[0].offered_at - first.offered_at
            wait = answered[0].wait_ms
            handled = [leg.handling_ms for leg in answered if leg.handling_ms is not None]
            call = replace(
                answered[0],
                offered_at=first.offered_at,
                wait_ms=wait + before if wait is not None else None,
                handling_ms=sum(handled) if handled else None,
                caller=first.caller,
            )
        else:
            lost = [leg for leg in legs if leg.outcome is Outcome.ABANDONED]
            last = lost[-1] if lost else legs[-1]
            wait = last.wait_ms
            call = replace(
                last,
                offered_at=first.offered_at,
                wait_ms=wait + last.offered_at - first.offered_at if wait is not None else None,
            )
        found.append(replace(call, source=told.source, key=key))
    return found


def _wanted(values: dict[str, str], told: Map) -> bool:
    return all(folded(values.get(column, "")) in wanted for column, wanted in told.only.items()) and not any(
        folded(values.get(column, "")) in unwanted for column, unwanted in told.skip.items()
    )


def _rows(lines: Iterable[str], told: Map) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows by folded column name. A row that is shorter than what the map needs is a problem of its cells."""
    lines = list(lines)
    delimiter, above = _head(lines, told)
    if delimiter == "whitespace":
        rows: Iterator[list[str]] = (line.split() for line in lines)
    else:
        rows = iter(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
    names: list[str] | None = None
    for row, raw in enumerate(rows, 1):
        cells = [_plain(cell) for cell in raw]
        if not any(cells) or row <= above:
            continue
        if told.header and names is None:
            names = [folded(cell.lstrip("\ufeff")) for cell in cells]
            _check_header(names, cells, told)
            continue
        if names and [folded(cell) for cell in cells] == names:
            continue  # files of several days pasted together carry their header again
        keys = names or [str(place) for place in range(1, len(cells) + 1)]
        yield row, dict(zip(keys, cells, strict=False))


def _plain(cell: str) -> str:
    """A cell without what a spreadsheet put around it: blanks, ="..." and the apostrophe before a number."""
    cell = cell.strip()
    if cell.isascii() and cell[:1] not in ('"', "=", "'"):
        return cell
    cell = cell.replace("\u00a0", " ").replace("\u202f", " ").strip()
    if quoted := _QUOTED.fullmatch(cell):
        return quoted[1].strip()
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and (cell[1].isdigit() or cell[1] == "+") else cell


def _head(lines: Sequence[str], told: Map) -> tuple[str, int]:
    """The delimiter, and how many lines stand above the header: the first line that has every column of the map."""
    wanted = set(_wanted_columns(told))
    signs = [told.delimiter] if told.delimiter else [",", "\t", ";", "|"]
    for place, line in enumerate(lines[:_TITLES] if told.header else ()):
        for sign in signs:
            cells = line.split() if sign == "whitespace" else next(csv.reader([line], delimiter=sign), [])
            if wanted <= {folded(_plain(cell).lstrip("\ufeff")) for cell in cells}:
                return sign, place
    first = next((line for line in lines if line.strip()), "")
    return told.delimiter or max(signs, key=lambda sign: (first.count(sign), sign == ",")), 0


def _wanted_columns(told: Map) -> list[str]:
    named = [column for columns in told.columns.values() for column in columns]
    return [folded(column) for column in (*named, *told.only, *told.skip)]


def _check_header(names: list[str], cells: list[str], told: Map) -> None:
    wanted = _wanted_columns(told)
    if missing := [column for column in wanted if column not in names]:
        hint = " (is the delimiter right?)" if len(cells) == 1 else ""
        raise BadCalls([f"the file has no column {missing[0]!r}; it has {', '.join(cells)}{hint}"])
    if twice := [column for column in wanted if names.count(column) > 1]:
        raise BadCalls([f"the file has the column {twice[0]!r} twice: rename one, so that it is plain which is meant"])


def _call(cells: _Cells, told: Map) -> Call:
    offered = cells.time_ms("offered", None)
    if offered is None:
        offered = cells.time_ms("queued", None)
    if offered is None:
        raise ValueError("there is no time at which the call came in")
    entered = cells.time_ms("queued", offered)
    queued = entered if entered is not None else offered
    answered = cells.time_ms("answered", queued)
    ended = cells.time_ms("ended", answered or queued)
    outcome = _outcome(cells.text("outcome"), answered, told)
    wait, handling = cells.length_ms("wait"), cells.length_ms("handling")
    if wait is None and entered is None and "queued" in told.columns:
        wait = 0  # the record has a place for the queue and nothing in it: the call did not wait in one
    if wait is None:
        left = cells.time_ms("left", queued)
        until = (answered or left) if outcome is Outcome.ANSWERED else (left or ended)
        wait = _sane(until - queued) if until is not None else None
    if handling is None and outcome is Outcome.ANSWERED and answered is not None and ended is not None:
        handling = _sane(ended - answered)
    why = cells.text("outcome") if outcome is Outcome.EXCLUDED else ""
    if outcome is Outcome.ABANDONED and wait is not None and wait < told.short_ms:
        outcome, why = Outcome.EXCLUDED, "short"
    if outcome is not Outcome.ANSWERED:
        handling = None
    return Call(
        told.source,
        cells.text("id"),
        offered,
        outcome,
        wait,
        handling,
        cells.text("queue"),
        cells.text("agent"),
        cells.text("caller"),
        why,
    )


def _sane(length: int) -> int:
    return max(0, length)


def _outcome(text: str, answered: int | None, told: Map) -> Outcome:
    if "outcome" not in told.columns:
        return Outcome.ANSWERED if answered is not None else Outcome.ABANDONED
    found = told.outcomes.get(folded(text), told.other_outcome)
    if found is None:
        raise ValueError(f"outcome {text!r} is not in the map's [outcomes] (add it, or outcomes.other)")
    return found


def _date_in(name: str, told: Map) -> str:
    if not told.date_in_name:
        return ""
    found = re.search(told.date_in_name, name)
    if not found:
        raise BadCalls([f"the file's name {name!r} has no date as formats.date_in_name describes it"])
    return found[1]


def _time_ms(text: str, date: str, told: Map, not_before: int | None) -> int:
    if told.times[0] in ("epoch", "epoch_ms"):
        try:
            return round(float(text) * (1000 if told.times[0] == "epoch" else 1))
        except ValueError:
            raise ValueError(f"{text!r} is not a number of seconds since 1970") from None
    at = _parsed(text, date, told.dates, told.times)
    at = at if at.tzinfo else at.replace(tzinfo=told.zone)
    found = round(at.timestamp() * 1000)
    if date and not_before is not None and found < not_before and not_before - found > _DAY_MS // 2:
        found = round((at + timedelta(days=1)).timestamp() * 1000)
    return found


@lru_cache(maxsize=100_000)
def _parsed(text: str, date: str, dates: tuple[str, ...], times: tuple[str, ...]) -> datetime:
    """The first pattern that fits, among those of the map; a date and a time apart are read each by its own."""
    if past_midnight := _MIDNIGHT.fullmatch(text):  # 24:00:10 is ten seconds into the next day
        return _parsed(f"{past_midnight[1]}00{past_midnight[2]}", date, dates, times) + timedelta(days=1)
    if date:
        day = _fitting(re.sub(r"[ T]00:00(:00(\.0+)?)?$", "", date), dates, "formats.date")
        clock = _fitting(text, _CLOCKS if times == ("iso",) else times, "formats.time")
        return datetime.combine(day.date(), clock.time(), clock.tzinfo)
    return _fitting(text, times, "formats.time")


def _fitting(text: str, patterns: Sequence[str], where: str) -> datetime:
    for pattern in patterns:
        try:
            return _read(text, pattern)
        except ValueError:
            continue
    told = ", ".join("ISO 8601" if one == "iso" else one for one in patterns)
    hint = "; day and month the other way round?" if _other_way_round(text, patterns) else ""
    raise ValueError(f"{text!r} does not fit {where} ({told}){hint}")


def _other_way_round(text: str, patterns: Sequence[str]) -> bool:
    for pattern in patterns:
        try:
            _read(text, pattern.translate(str.maketrans("dm", "md")))
        except ValueError:
            continue
        return pattern != "iso"
    return False


def _read(text: str, pattern: str) -> datetime:
    if pattern == "iso":
        return datetime.fromisoformat(re.sub(r"^(\d{4}-\d\d-\d\d[ T])(\d:)", r"\g<1>0\2", text))
    if "%p" in pattern:  # 9:05 p.m., 9:05pm, 9:05 PM are one time
        text, pattern = _HALF.sub(r" \1m", text), re.sub(r"\s*%p", " %p", pattern)
    return datetime.strptime(text, pattern)  # noqa: DTZ007  a pattern may hold %z; _time_ms gives the rest the map's zone


def _length_ms(text: str, unit: str) -> int | None:
    """Milliseconds of a length of time; None when it is none, or below zero. Colons always mean h:m:s."""
    if days := _DAYS.fullmatch(text.casefold()):
        rest = _length_ms(days[2], unit)
        return None if rest is None else int(days[1]) * _DAY_MS + rest
    if re.fullmatch(r"(\d+:){1,2}\d+(?:\.\d+)?", text):
        total = 0.0
        for part in text.split(":"):
            total = total * 60 + float(part)
        return round(total * 1000)
    named = re.fullmatch(_NAMED, text.casefold())
    if named and any(named.groups()):
        hours, minutes, seconds = (float(part or 0) for part in named.groups())
        return round((hours * 3600 + minutes * 60 + seconds) * 1000)
    # 1,234 and 1,23,456 are thousands; 7,5 is seven and a half
    plain = text.replace(",", "" if re.fullmatch(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?", text) else ".")
    if unit == "h:m:s" or not re.fullmatch(r"\d+(?:\.\d+)?", plain):
        return round(float(plain) * 1000) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None
    return round(float(plain) * {"ms": 1, "seconds": 1000, "minutes": 60_000}[unit])
