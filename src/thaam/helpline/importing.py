"""Take a file of calls into the store: a queue_log or a CSV through its map, plain or gzipped."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path

from thaam.helpline.calls import BadCalls
from thaam.helpline.mapping import LOG_COLUMNS, Map, folded, read_map
from thaam.helpline.queue_log import LOOKS_LIKE, read_events
from thaam.helpline.records import Read, read_records
from thaam.helpline.store import CallStore, Imported


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file gave: rows stored, rows the map left out, sentences about rows not used and cells ignored."""

    stored: Imported
    problems: list[str]
    notes: list[str]
    left_out: int = 0


def import_calls(*, path: Path, map_path: Path | None, store: CallStore) -> Taken:
    """Import the good rows; the sentences name those that could not be used. A second import changes nothing.
    Raises BadCalls for a file or map that cannot be used at all."""
    told = read_map(map_path)
    lines = list(io.StringIO(_text(path, told), newline=None))  # only ends of lines part lines: a cell may hold others
    if _is_queue_log(lines, told):
        events, problems = read_events(_as_log(lines, told), zone=told.zone)
        if not events:
            raise BadCalls([f"{path.name}: {problem}" for problem in problems] or [f"{path.name}: no calls in it"])
        return Taken(store.take_events(events, short_ms=told.short_ms, zone=told.zone.key), problems, [])
    if told.format != "csv":
        raise BadCalls([f"{path.name} is not a queue_log; a CSV needs --map MAP.toml (docs/how-to/calls.md)"])
    try:
        read: Read = read_records(lines, told, name=path.name)
    except csv.Error as problem:
        raise BadCalls([f"{path.name}: {problem}"]) from problem
    if not read.calls:
        raise BadCalls([f"{path.name}: {problem}" for problem in read.problems] or [f"{path.name}: no calls in it"])
    return Taken(store.take_calls(read.calls, zone=told.zone.key), read.problems, read.notes, read.left_out)


def _text(path: Path, told: Map) -> str:
    try:
        raw = path.read_bytes()
        raw = gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
        if raw[:4] == b"PK\x03\x04" or raw[:4] == b"\xd0\xcf\x11\xe0":
            raise BadCalls([f"{path.name} is a workbook or an archive; save the sheet as CSV (UTF-8) and import that"])
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16")
        return raw.decode(told.encoding)
    except (OSError, EOFError, UnicodeDecodeError, LookupError) as problem:
        hint = '; say the file\'s encoding in the map, e.g. encoding = "cp1252"' if "codec" in str(problem) else ""
        raise BadCalls([f"{path.name}: {problem}{hint}"]) from problem


def _is_queue_log(lines: list[str], told: Map) -> bool:
    if told.format:
        return told.format == "queue_log"
    first = next((line for line in lines if line.strip()), "")
    return bool(LOOKS_LIKE.match(first))


def _as_log(lines: list[str], told: Map) -> list[str]:
    """Lines of a log kept in a table (realtime MySQL, exported as CSV) as they stand in the file; others unchanged."""
    if not told.columns:
        return lines
    rows = csv.DictReader(lines, delimiter=(told.delimiter or ",").replace("\\t", "\t"))
    names = {folded(name): name for name in rows.fieldnames or ()}
    missing = [one for columns in told.columns.values() for one in columns if folded(one) not in names]
    if missing:
        raise BadCalls([f"the file has no column {missing[0]!r}; it has {', '.join(rows.fieldnames or ())}"])
    found = []
    for row in rows:
        parts = [row[names[folded(one)]] or "" for name in LOG_COLUMNS for one in told.columns.get(name, ("",)) if one]
        if "agent" not in told.columns:
            parts.insert(3, "NONE")
        found.append("|".join(parts))
    return found
