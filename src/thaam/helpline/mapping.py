"""The map: a TOML file that says how the columns of somebody's call records become calls (docs/how-to/calls.md)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from thaam.helpline.calls import BadCalls, Outcome

COLUMNS = tuple("id date offered queued left answered ended wait handling outcome caller agent queue".split())
LOG_COLUMNS = tuple("time call queue agent event data".split())
_KEYS = {
    "": ("format", "source", "delimiter", "encoding", "header", "timezone"),
    "columns": COLUMNS + LOG_COLUMNS,
    "formats": ("date", "time", "duration", "nothing", "midnight", "date_in_name"),
    "outcomes": ("answered", "abandoned", "excluded", "other"),
    "rules": ("short_abandon_s", "rows_of_a_call"),
    "only": None,
    "skip": None,
}
_DURATIONS = ("seconds", "ms", "minutes", "h:m:s")
NOTHING = ("", "-", "--", "null", "none", "na", "n/a", "nan", "nat", "\\n")
# Words people use for a pattern, longest first; what is between them stays as it is.
_WORDS = (
    ("yyyy", "%Y"), ("yy", "%y"), ("month", "%B"), ("mon", "%b"), ("mm", "%m"), ("dd", "%d"), ("d", "%d"), ("m", "%m"),
)  # fmt: skip
_CLOCK = (
    ("hh", "%H"), ("h", "%H"), ("mm", "%M"), ("ss", "%S"), ("am/pm", "%p"), ("a.m.", "%p"), ("p.m.", "%p"),
    ("am", "%p"), ("pm", "%p"), ("tt", "%p"), ("fff", "%f"), ("f", "%f"),
)  # fmt: skip
_SIGNS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True, slots=True)
class Map:
    """How a file's columns become a call. Made by `read_map`; every unknown key is refused."""

    format: str = "csv"
    source: str = "csv"
    delimiter: str = ""
    encoding: str = "utf-8-sig"
    header: bool = True
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Kolkata"))
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    times: tuple[str, ...] = ("iso",)
    duration: str = "seconds"
    nothing: frozenset[str] = frozenset(NOTHING)
    midnight_is_nothing: bool = True
    date_in_name: str = ""
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    other_outcome: Outcome | None = None
    short_ms: int = 0
    one_call: bool = False
    only: dict[str, frozenset[str]] = field(default_factory=dict)
    skip: dict[str, frozenset[str]] = field(default_factory=dict)


def read_map(path: Path | None) -> Map:
    """The map in a TOML file; without a file, the defaults (enough for a queue_log). Raises BadCalls."""
    if path is None:
        return Map(format="")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise BadCalls([f"{path.name}: {problem}"]) from problem
    try:
        return _map(told)
    except ValueError as problem:
        raise BadCalls([f"{path.name}: {problem}"]) from problem


def _map(told: dict[str, Any]) -> Map:
    _check_keys(told)
    kind = told.get("format", "csv")
    if kind not in ("csv", "queue_log"):
        raise ValueError(f'format {kind!r} is neither "csv" nor "queue_log"')
    columns = {name: _strings(value) for name, value in told.get("columns", {}).items()}
    _check_columns(kind, columns)
    formats, rules = told.get("formats", {}), told.get("rules", {})
    duration = str(formats.get("duration", "seconds"))
    if duration not in _DURATIONS:
        raise ValueError(f"formats.duration {duration!r} is none of {', '.join(_DURATIONS)}")
    rows = rules.get("rows_of_a_call", "one")
    if rows not in ("one", "many"):
        raise ValueError(
            'rules.rows_of_a_call is "one" (every row is a call) or "many" (rows with one id are one call)'
        )
    if rows == "many" and "id" not in columns:
        raise ValueError('rules.rows_of_a_call = "many" needs columns.id')
    outcomes, other = _outcomes(told.get("outcomes", {}))
    if "outcome" in columns and not outcomes and other is None:
        raise ValueError('[outcomes] must say which values of the outcome column are answered, e.g. answered = "AGENT"')
    return Map(
        format=kind,
        source=str(told.get("source", kind)),
        delimiter=_delimiter(told.get("delimiter", "")),
        encoding=str(told.get("encoding", "utf-8-sig")),
        header=_truth(told.get("header", True)),
        zone=_zone(str(told.get("timezone", "Asia/Kolkata"))),
        columns=columns,
        dates=tuple(_pattern(one, _WORDS) for one in _strings(formats.get("date", "%Y-%m-%d"))),
        times=tuple(time_pattern(one) for one in _strings(formats.get("time", "iso"))),
        duration=duration,
        nothing=frozenset(NOTHING) | {folded(value) for value in _strings(formats.get("nothing", []))},
        midnight_is_nothing=_midnight(formats.get("midnight", "nothing")),
        date_in_name=_one_group(str(formats.get("date_in_name", ""))),
        outcomes=outcomes,
        other_outcome=other,
        short_ms=_short(rules.get("short_abandon_s", 0)),
        one_call=rows == "many",
        only=_values(told.get("only", {})),
        skip=_values(told.get("skip", {})),
    )


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """How values and column names are compared: letter case and blanks around them do not count."""
    return " ".join(text.casefold().split())


def time_pattern(told: str) -> str:
    """A strptime pattern from one, or from words: "dd/mm/yyyy hh:mm:ss", "h:mm am"; "iso", "epoch", "epoch_ms" stay."""
    if told in ("iso", "epoch", "epoch_ms") or "%" in told:
        return told
    date, clock = told, ""
    if found := re.search(r"[hH]{1,2}\b|[hH]{1,2}(?=\W|m)", told):
        date, clock = told[: found.start()], told[found.start() :]
    pattern = _pattern(clock, _CLOCK)
    if "%p" in pattern:
        pattern = pattern.replace("%H", "%I")
    return (_pattern(date, _WORDS) if date else "") + pattern


def _pattern(told: str, words: tuple[tuple[str, str], ...]) -> str:
    if "%" in told:
        return told
    found, place, low = "", 0, told.casefold()
    while place < len(told):
        for word, sign in words:
            if low.startswith(word, place):
                found, place = found + sign, place + len(word)
                break
        else:
            if told[place].isalpha() and told[place] != "T":
                raise ValueError(f"{told!r} is not a pattern: write it as dd/mm/yyyy or as %d/%m/%Y")
            found, place = found + told[place], place + 1
    return found


def _check_keys(told: dict[str, Any]) -> None:
    for section, keys in _KEYS.items():
        here = told if not section else told.get(section, {})
        if not isinstance(here, dict):
            raise ValueError(f"{section} is a table: [{section}]")
        known = keys if section else (*_KEYS[""], *(name for name in _KEYS if name))  # type: ignore[misc]
        for key in here:
            if known is not None and key not in known:
                near = get_close_matches(key, known, 1)
                name = f"{section}.{key}" if section else key
                raise ValueError(
                    f"{name!r} is not a key of a map"
                    + (f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}")
                )


def _check_columns(kind: str, columns: dict[str, tuple[str, ...]]) -> None:
    if kind == "queue_log":
        left = [name for name in LOG_COLUMNS if columns and name not in columns and name != "agent"]
        if left:
            raise ValueError(f"[columns] of a queue_log kept in a table must name {', '.join(left)}")
        return
    if "offered" not in columns and "queued" not in columns:
        raise ValueError("[columns] must name offered (or queued), the time the call came in")
    if wrong := [name for name in columns if name not in COLUMNS]:
        raise ValueError(f"'columns.{wrong[0]}' belongs to a queue_log; known are {', '.join(COLUMNS)}")


def _outcomes(told: dict[str, Any]) -> tuple[dict[str, Outcome], Outcome | None]:
    found: dict[str, Outcome] = {}
    other = None
    for outcome, values in told.items():
        if outcome == "other":
            if values not in ("answered", "abandoned", "excluded"):
                raise ValueError("outcomes.other is one of answered, abandoned, excluded")
            other = Outcome(values)
            continue
        for value in _strings(values):
            if found.setdefault(folded(value), Outcome(outcome)) != outcome:
                raise ValueError(f"outcomes: {value!r} stands under two of answered, abandoned, excluded")
    return found, other


def _values(told: dict[str, Any]) -> dict[str, frozenset[str]]:
    return {folded(column): frozenset(folded(one) for one in _strings(values)) for column, values in told.items()}


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)


def _delimiter(told: Any) -> str:
    sign = _SIGNS.get(str(told), str(told))
    if sign and sign != "whitespace" and (len(sign) != 1 or sign in '\r\n"'):
        raise ValueError(f'delimiter {told!r} is not one sign; write ",", ";", "|", "\\t" or "whitespace"')
    return sign


def _truth(told: Any) -> bool:
    if not isinstance(told, bool):
        raise ValueError(f"header is true or false, not {told!r}")
    return told


def _midnight(told: Any) -> bool:
    if told not in ("nothing", "time"):
        raise ValueError('formats.midnight is "nothing" (0:00:00 means: did not happen) or "time"')
    return bool(told == "nothing")


def _short(told: Any) -> int:
    if isinstance(told, bool) or not isinstance(told, int | float) or told < 0:
        raise ValueError(f"rules.short_abandon_s is a number of seconds, not {told!r}")
    return round(float(told) * 1000)


def _one_group(told: str) -> str:
    if told:
        try:
            groups = re.compile(told).groups
        except re.error as problem:
            raise ValueError(f"formats.date_in_name: {problem}") from problem
        if groups != 1:
            raise ValueError("formats.date_in_name is a regular expression with one group, the date: 'calls-(\\d{8})'")
    return told


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise ValueError(f"timezone {name!r} is not known; write it as Asia/Kolkata") from problem
