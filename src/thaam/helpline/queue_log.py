"""Asterisk's `queue_log`: lines `time|call|queue|agent|EVENT|data...` become calls.

A call counts once however many queues it passed: offered when it first entered one, answered if any agent
connected. Time stands as epoch seconds or as a local date and time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from thaam.helpline.calls import Call, Outcome

SOURCE = "queue_log"
LOOKS_LIKE = re.compile(r"^[\d:. ,\-T]{10,32}\|[^|]*\|[^|]*\|[^|]*\|[A-Z]+(?:\||$)")

_LEFT = {
    "ABANDON": "hung up",
    "EXITWITHTIMEOUT": "waited too long",
    "EXITEMPTY": "no agent signed in",
    "EXITWITHKEY": "left by key",
    "FULL": "queue full",
    "JOINEMPTY": "no agent signed in",
}
_ENDED = {"COMPLETEAGENT": 1, "COMPLETECALLER": 1, "TRANSFER": 3, "BLINDTRANSFER": 3, "ATTENDEDTRANSFER": 3}
"""Event -> place of the talk time in seconds among its data."""
_WAITED = {"ABANDON": 2, "EXITWITHTIMEOUT": 2, "EXITEMPTY": 2, "EXITWITHKEY": 3}
"""Event -> place of the wait in seconds among its data (older versions leave it out)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line; `digest` makes the same line the same event, however often it is imported."""

    digest: str
    at: int
    call: str
    queue: str
    agent: str
    name: str
    data: tuple[str, ...]


def read_events(lines: Iterable[str], *, zone: tzinfo) -> tuple[list[Event], list[str]]:
    """Events that belong to calls, and sentences about lines that are none. `zone`: of times without offset."""
    events: list[Event] = []
    problems: list[str] = []
    seen: set[str] = set()
    for row, line in enumerate(lines, 1):
        line = line.rstrip("\r\n")
        if not line.strip():
            continue
        parts = line.split("|")
        at = _time(parts[0], zone)
        if len(parts) < 5 or at is None:
            problems.append(f"line {row} is not time|call|queue|agent|EVENT")
            continue
        if parts[1] in ("", "NONE", "MANAGER", "REALTIME"):
            continue
        # the same line again is the same event: two copies of a log in one file are one log. The #1 is of older stores
        digest = hashlib.sha256(f"{line}#1".encode()).hexdigest()
        if digest in seen:
            continue
        seen.add(digest)
        events.append(Event(digest, at, parts[1], parts[2], parts[3], parts[4].strip().upper(), tuple(parts[5:])))
    return events, problems


def calls_of(events: Iterable[Event], *, short_ms: int = 0) -> list[Call]:
    """Calls of these events (all events of a call must be given). Calls that never entered a queue are none.
    Left within `short_ms` counts as EXCLUDED."""
    by_call: dict[str, list[Event]] = {}
    for event in events:
        by_call.setdefault(event.call, []).append(event)
    found = [_call(call, sorted(legs, key=lambda leg: leg.at), short_ms) for call, legs in by_call.items()]
    return [call for call in found if call is not None]


def _call(key: str, legs: list[Event], short_ms: int) -> Call | None:
    entered = next((leg for leg in legs if leg.name in ("ENTERQUEUE", "FULL", "JOINEMPTY")), None)
    if entered is None:
        return None
    caller = entered.data[1] if entered.name == "ENTERQUEUE" and len(entered.data) > 1 else ""
    connected = next((leg for leg in legs if leg.name == "CONNECT"), None)
    if connected is not None:
        talk = [_talk_ms(leg) for leg in legs if leg.name in _ENDED]
        known = [part for part in talk if part is not None]
        return Call(
            SOURCE,
            key,
            entered.at,
            Outcome.ANSWERED,
            _wait_to_connect(entered, connected),
            sum(known) if known else None,
            connected.queue,
            connected.agent,
            caller,
        )
    left = [leg for leg in legs if leg.name in _LEFT]
    if not left:
        return Call(SOURCE, key, entered.at, Outcome.OPEN, queue=entered.queue, caller=caller)
    last = left[-1]
    waited = _waited(entered, last)
    short = waited < short_ms
    return Call(
        SOURCE,
        key,
        entered.at,
        Outcome.EXCLUDED if short else Outcome.ABANDONED,
        waited,
        None,
        last.queue,
        "",
        caller,
        "short" if short else _LEFT[last.name],
    )


def _wait_to_connect(entered: Event, connected: Event) -> int:
    """The log's own hold time where the call entered one queue only; else the clock from the first entry."""
    return _own_or_clock(connected.data[0] if connected.data else "", entered, connected)


def _waited(entered: Event, left: Event) -> int:
    place = _WAITED.get(left.name, 99)
    return _own_or_clock(left.data[place] if len(left.data) > place else "", entered, left)


def _own_or_clock(told: str, entered: Event, later: Event) -> int:
    """The log's own count of seconds when the clock agrees with it, else the clock: another place among the data of
    another version of the log, or an earlier queue, cannot make a wait of it."""
    own, clock = _seconds(told), max(0, later.at - entered.at)
    return own if own is not None and abs(clock - own) <= 2_000 else clock


def _talk_ms(leg: Event) -> int | None:
    # ATTENDEDTRANSFER|LINK|bridge|bridge|hold|talk|...: one more bridge than the other kinds
    place = _ENDED[leg.name] + (leg.name == "ATTENDEDTRANSFER" and leg.data[:1] == ("LINK",))
    return _seconds(leg.data[place]) if len(leg.data) > place else None


def _seconds(text: str) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,9})(?:\.(\d{1,3})\d*)?\s*", text)
    return int(match[1]) * 1000 + int((match[2] or "0").ljust(3, "0")) if match else None


def _time(text: str, zone: tzinfo) -> int | None:
    text = text.strip()
    epoch = re.fullmatch(r"(\d{9,11})(?:\.(\d{1,6}))?", text)
    if epoch:
        return int(epoch[1]) * 1000 + int((epoch[2] or "0").ljust(3, "0")[:3])
    try:
        at = datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return None
    return round((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)
