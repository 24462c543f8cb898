"""The store of calls: one SQLite file, safe to import into twice, from two files that overlap, or after a crash."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from thaam.helpline.calls import Call, Outcome
from thaam.helpline.queue_log import Event, calls_of

FILE = "helpline.sqlite3"
_SCHEMA = """
create table if not exists call (
    source text not null, key text not null, offered_at integer not null, outcome text not null,
    wait_ms integer, handling_ms integer, queue text not null, agent text not null, caller text not null,
    why text not null, primary key (source, key)
) without rowid;
create index if not exists call_offered on call (offered_at);
create index if not exists call_caller on call (caller, offered_at);
create table if not exists queue_event (
    digest text primary key, at integer not null, call text not null, queue text not null, agent text not null,
    name text not null, data text not null
) without rowid;
create index if not exists queue_event_call on queue_event (call);
create table if not exists zone (name text primary key) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed: the second import of one file is all `unchanged`."""

    added: int
    changed: int
    unchanged: int


class CallStore:
    """Calls of one helpline. Use as a context manager; every import is one transaction."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(folder / FILE, timeout=30, isolation_level=None)
        self._base.execute("pragma journal_mode=wal")
        self._base.executescript(_SCHEMA)

    def __enter__(self) -> CallStore:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    def zones(self) -> list[str]:
        """Time zones of the files taken so far: bare days of a report are days there."""
        return [row[0] for row in self._base.execute("select name from zone order by name")]

    def newest_at(self) -> int | None:
        """Milliseconds UTC of the newest call or queue event; None when there is none."""
        row = self._base.execute(
            "select max(at) from (select max(offered_at) as at from call union all select max(at) from queue_event)"
        ).fetchone()
        return int(row[0]) if row[0] is not None else None

    def abandoned_callers(self, from_at: int) -> list[tuple[str, int]]:
        """Callers who gave up since then and did not get through later: (number, last tried at), oldest first."""
        return [
            (row[0], row[1])
            for row in self._base.execute(
                "select caller, max(offered_at) as last from call as lost where outcome = 'abandoned' and caller <> '' "
                "and offered_at >= ? and not exists (select 1 from call as later where later.caller = lost.caller "
                "and later.outcome = 'answered' and later.offered_at > lost.offered_at) group by caller order by last",
                (from_at,),
            )
        ]

    def take_calls(self, calls: Iterable[Call], *, zone: str = "Asia/Kolkata") -> Imported:
        """Add calls not known, correct those that differ, leave the rest."""
        with self._writing():
            self._base.execute("insert or ignore into zone values (?)", (zone,))
            return self._put(calls)

    def take_events(self, events: Iterable[Event], *, short_ms: int, zone: str = "Asia/Kolkata") -> Imported:
        """Add queue events and recompute the calls they belong to, with all their earlier events: a log that is
        rotated in the middle of a call still gives one call."""
        with self._writing():
            self._base.execute("insert or ignore into zone values (?)", (zone,))
            touched: set[str] = set()
            for event in events:
                touched.add(event.call)
                self._base.execute(
                    "insert or ignore into queue_event values (?,?,?,?,?,?,?)",
                    (event.digest, event.at, event.call, event.queue, event.agent, event.name, "|".join(event.data)),
                )
            known: list[Event] = []
            for call in sorted(touched):
                for row in self._base.execute("select * from queue_event where call = ? order by at, digest", (call,)):
                    known.append(Event(row[0], row[1], row[2], row[3], row[4], row[5], tuple(row[6].split("|"))))
            return self._put(calls_of(known, short_ms=short_ms))

    def calls_between(self, from_at: int | None, to_at: int | None) -> list[Call]:
        """Calls offered in [from_at, to_at) (milliseconds UTC; None is open), in order of being offered."""
        rows = self._base.execute(
            "select * from call where (?1 is null or offered_at >= ?1) and (?2 is null or offered_at < ?2) "
            "order by offered_at, source, key",
            (from_at, to_at),
        )
        return [Call(row[0], row[1], row[2], Outcome(row[3]), *row[4:]) for row in rows]

    def _put(self, calls: Iterable[Call]) -> Imported:
        added = changed = unchanged = 0
        for call in calls:
            row = (
                call.offered_at,
                call.outcome.value,
                call.wait_ms,
                call.handling_ms,
                call.queue,
                call.agent,
                call.caller,
                call.why,
            )
            known = self._base.execute(
                "select offered_at, outcome, wait_ms, handling_ms, queue, agent, caller, why from call "
                "where source = ? and key = ?",
                (call.source, call.key),
            ).fetchone()
            if known == row:
                unchanged += 1
                continue
            added, changed = (added + 1, changed) if known is None else (added, changed + 1)
            self._base.execute(
                "insert or replace into call values (?,?,?,?,?,?,?,?,?,?)", (call.source, call.key, *row)
            )
        return Imported(added, changed, unchanged)

    def _writing(self) -> _Writing:
        return _Writing(self._base)


class _Writing:
    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def __enter__(self) -> None:
        self._base.execute("begin immediate")

    def __exit__(self, problem: object, *_: object) -> None:
        self._base.execute("rollback" if problem else "commit")
