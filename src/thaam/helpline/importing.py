"""Take a file of calls into the store: a queue_log or a CSV through its map."""

from __future__ import annotations

from pathlib import Path

from thaam.helpline.calls import BadCalls
from thaam.helpline.queue_log import LOOKS_LIKE, read_events
from thaam.helpline.records import Map, read_map, read_records
from thaam.helpline.store import CallStore, Imported


def import_calls(*, path: Path, map_path: Path | None, store: CallStore) -> tuple[Imported, list[str]]:
    """Import the good rows; the sentences name those that could not be used. A second import changes nothing.
    Raises BadCalls for a file or map that cannot be used at all."""
    told = read_map(map_path)
    try:
        text = path.read_text(encoding=told.encoding)
    except (OSError, UnicodeDecodeError, LookupError) as problem:
        raise BadCalls([f"{path.name}: {problem}"]) from problem
    lines = text.splitlines()
    if _is_queue_log(lines, told):
        events, problems = read_events(lines, zone=told.zone)
        if not events and problems:
            raise BadCalls([f"{path.name}: {problem}" for problem in problems])
        return store.take_events(events, short_ms=told.short_ms), problems
    if told.format != "csv":
        raise BadCalls([f"{path.name} is not a queue_log; a CSV needs --map MAP.toml (docs/how-to/calls.md)"])
    calls, problems = read_records(lines, told)
    if not calls and problems:
        raise BadCalls([f"{path.name}: {problem}" for problem in problems])
    return store.take_calls(calls), problems


def _is_queue_log(lines: list[str], told: Map) -> bool:
    if told.format:
        return told.format == "queue_log"
    first = next((line for line in lines if line.strip()), "")
    return bool(LOOKS_LIKE.match(first))
