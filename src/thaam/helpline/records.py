"""Call records of any call centre as CSV, read through a map in TOML (docs/how-to/calls.md)."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from thaam.helpline.calls import BadCalls, Call, Outcome

_COLUMNS = "id date offered queued answered ended wait handling outcome caller agent queue".split()
_NO_TIME = ("", "0", "-", "NULL", "NONE", "NA", "N/A")
_SECTIONS = ("columns", "formats", "outcomes", "rules")
_TOP = ("format", "source", "delimiter", "encoding", "header", "timezone")


@dataclass(frozen=True, slots=True)
class Map:
    """How a file's columns become a call. Made by `read_map`; every unknown key is refused."""

    format: str = "csv"
    source: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    header: bool = True
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Kolkata"))
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    date_format: str = ""
    time_format: str = "iso"
    duration: str = "seconds"
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    short_ms: int = 0


def read_map(path: Path | None) -> Map:
    """The map in a TOML file; without a file, the defaults (enough for a queue_log). Raises BadCalls."""
    if path is None:
        return Map(format="")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadCalls([f"{path.name}: {problem}"]) from problem
    unknown = [key for key in told if key not in _TOP + _SECTIONS]
    columns = told.get("columns", {})
    unknown += [f"columns.{key}" for key in columns if key not in _COLUMNS]
    if unknown:
        raise BadCalls([f"{path.name}: {unknown[0]!r} is not a key of a map"])
    kind = told.get("format", "csv")
    if kind not in ("csv", "queue_log"):
        raise BadCalls([f'{path.name}: format {kind!r} is neither "csv" nor "queue_log"'])
    if kind == "csv" and "offered" not in columns and "queued" not in columns:
        raise BadCalls([f"{path.name}: [columns] must name offered (or queued), the time the call came in"])
    formats, rules = told.get("formats", {}), told.get("rules", {})
    try:
        zone = ZoneInfo(told.get("timezone", "Asia/Kolkata"))
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise BadCalls([f"{path.name}: timezone {told['timezone']!r} is not known"]) from problem
    return Map(
        kind,
        str(told.get("source", kind)),
        str(told.get("delimiter", ",")),
        str(told.get("encoding", "utf-8-sig")),
        bool(told.get("header", True)),
        zone,
        {name: tuple(map(str, value)) if isinstance(value, list) else (str(value),) for name, value in columns.items()},
        str(formats.get("date", "")),
        str(formats.get("time", "iso")),
        str(formats.get("duration", "seconds")),
        _outcomes(told.get("outcomes", {}), path.name),
        round(float(rules.get("short_abandon_s", 0)) * 1000),
    )


def _outcomes(told: dict[str, Any], name: str) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for outcome, values in told.items():
        if outcome not in ("answered", "abandoned", "excluded"):
            raise BadCalls([f"{name}: outcomes.{outcome} is none of answered, abandoned, excluded"])
        for value in values if isinstance(values, list) else [values]:
            found[_folded(str(value))] = Outcome(outcome)
    return found


def read_records(lines: Iterable[str], told: Map) -> tuple[list[Call], list[str]]:
    """Calls of a CSV, and a sentence for each row that could not be used."""
    calls: list[Call] = []
    problems: list[str] = []
    twins: dict[str, int] = {}
    for row, values in _rows(lines, told):
        try:
            call = _call(values, told)
        except (ValueError, KeyError) as problem:
            problems.append(f"row {row}: {problem}".replace("KeyError", "no column"))
            continue
        # Without an id, or with one used twice, a call is its own content; the n-th equal row is the n-th call.
        whole = f"{call.key}|{call.offered_at}" if call.key else "|".join(f"{k}={v}" for k, v in sorted(values.items()))
        twins[whole] = twins.get(whole, 0) + 1
        suffix = f"#{twins[whole]}" if twins[whole] > 1 else ""
        key = (whole if call.key else hashlib.sha256(whole.encode()).hexdigest()[:32]) + suffix
        calls.append(
            Call(
                told.source,
                key,
                call.offered_at,
                call.outcome,
                call.wait_ms,
                call.handling_ms,
                call.queue,
                call.agent,
                call.caller,
                call.why,
            )
        )
    return calls, problems


def _rows(lines: Iterable[str], told: Map) -> Iterator[tuple[int, dict[str, str]]]:
    if told.delimiter == "whitespace":
        rows: Iterator[list[str]] = (line.split() for line in lines)
    else:
        rows = iter(csv.reader(lines, delimiter=told.delimiter.replace("\\t", "\t")))
    names: list[str] | None = None
    for row, cells in enumerate(rows, 1):
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        if told.header and names is None:
            names = cells
            _check_columns(names, told)
            continue
        keys = names or [str(place) for place in range(1, len(cells) + 1)]
        yield row, dict(zip(keys, cells, strict=False))


def _check_columns(names: list[str], told: Map) -> None:
    missing = [column for columns in told.columns.values() for column in columns if column not in names]
    if missing:
        raise BadCalls([f"the file has no column {missing[0]!r}; it has {', '.join(names)}"])


def _call(values: dict[str, str], told: Map) -> Call:
    def cell(name: str) -> str:
        return " ".join(values.get(column, "") for column in told.columns.get(name, ())).strip()

    date = cell("date")
    offered = _time(cell("offered") or cell("queued"), date, told, None)
    if offered is None:
        raise ValueError("there is no time at which the call came in")
    queued = _time(cell("queued"), date, told, offered) or offered
    answered = _time(cell("answered"), date, told, offered)
    ended = _time(cell("ended"), date, told, answered or queued)
    outcome = _outcome(cell("outcome"), answered, told)
    wait, handling = _duration(cell("wait"), told), _duration(cell("handling"), told)
    if wait is None:
        until = answered if outcome is Outcome.ANSWERED else ended
        wait = max(0, until - queued) if until is not None else None
    if handling is None and outcome is Outcome.ANSWERED and answered is not None and ended is not None:
        handling = max(0, ended - answered)
    why = cell("outcome") if outcome is Outcome.EXCLUDED else ""
    if outcome is Outcome.ABANDONED and wait is not None and wait < told.short_ms:
        outcome, why = Outcome.EXCLUDED, "short"
    return Call(
        told.source, cell("id"), offered, outcome, wait, handling, cell("queue"), cell("agent"), cell("caller"), why
    )


def _outcome(text: str, answered: int | None, told: Map) -> Outcome:
    if "outcome" not in told.columns:
        return Outcome.ANSWERED if answered is not None else Outcome.ABANDONED
    found = told.outcomes.get(_folded(text))
    if found is None:
        raise ValueError(f"outcome {text!r} is not in the map's [outcomes]")
    return found


def _folded(text: str) -> str:
    return text.strip().casefold()


def _time(text: str, date: str, told: Map, not_before: int | None) -> int | None:
    """Milliseconds UTC. A time alone takes the date column; one before the step it follows is past midnight."""
    if text.upper() in _NO_TIME:
        return None
    if told.time_format == "epoch":
        return round(float(text) * 1000)
    if date:
        text, pattern = (
            f"{date} {text}",
            f"{told.date_format or '%Y-%m-%d'} {told.time_format if told.time_format != 'iso' else '%H:%M:%S'}",
        )
        at = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is set below
    else:
        at = datetime.fromisoformat(text) if told.time_format == "iso" else datetime.strptime(text, told.time_format)  # noqa: DTZ007
    at = at if at.tzinfo else at.replace(tzinfo=told.zone)
    found = round(at.timestamp() * 1000)
    if date and not_before is not None and found < not_before:
        found = round((at + timedelta(days=1)).timestamp() * 1000)
    return found


def _duration(text: str, told: Map) -> int | None:
    if not text:
        return None
    if told.duration == "h:m:s" or ":" in text:
        parts = [float(part) for part in text.split(":")]
        total = 0.0
        for part in parts:
            total = total * 60 + part
        return round(total * 1000)
    if not re.fullmatch(r"\d+(?:\.\d+)?", text):
        raise ValueError(f"{text!r} is not a length of time")
    return round(float(text) * {"ms": 1, "seconds": 1000, "minutes": 60_000}[told.duration])
