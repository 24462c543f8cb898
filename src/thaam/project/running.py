"""How a loop process lives: wakes on NOTIFY or after a while, survives a restarted database, ends on SIGTERM."""

from __future__ import annotations

import datetime
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from psycopg import sql

log = logging.getLogger(__name__)

# After a lost connection; the supervisor brings the database back meanwhile.
PAUSE_SECONDS = 0.5
# Papers and messages give way: an order to a bank, and the answer to it, go first where the machine is short.
READERS_NICE = 10
# How often the regular timers are looked at.
REGULAR_SECONDS = 10.0


def now() -> datetime.datetime:
    """The loops' clock: aware UTC."""
    return datetime.datetime.now(datetime.UTC)


class Stop:
    """Set by SIGTERM or SIGINT: the loop ends after the step it is in."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def on_signals(self) -> None:
        """Listen to both signals; only from the main thread."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._set)

    def _set(self, number: int, frame: FrameType | None) -> None:
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def wait(self, seconds: float) -> None:
        """Sleep, unless told to stop."""
        self._event.wait(seconds)


class Listener:
    """A connection of its own that waits for NOTIFY; a hint, never the truth."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._connection: psycopg.Connection[object] | None = None

    def wait(self, seconds: float) -> bool:
        """True when something was told within `seconds`; False after that, or when the database is away."""
        try:
            if not self._connection or self._connection.closed:
                self._connection = connection.get_new_connection(connection.get_connection_params())
                self._connection.autocommit = True
                self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self._channel)))
            return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
        except psycopg.OperationalError:
            self._connection = None
            time.sleep(PAUSE_SECONDS)
            return False


def run(step: Callable[[datetime.datetime], object], rest: Callable[[], object], stop: Stop) -> None:
    """Call `step` as long as it does something, else `rest`, until told to stop. A lost database is waited for."""
    while not stop:
        try:
            busy = step(now())
        except (OperationalError, InterfaceError) as why:
            log.warning("the database is away: %s", why)
            close_old_connections()
            connection.close()
            stop.wait(PAUSE_SECONDS)
            continue
        if not busy and not stop:
            rest()
    connection.close()


def run_sequencer(stop: Stop) -> None:
    """Number facts as they commit. Polls: a NOTIFY by every writer would make all of them queue at commit."""
    from thaam.journal.sequencing import Sequencer
    from thaam.parties.keys import introduce_platform_key, platform_key

    sequencer = Sequencer(platform_key())
    quiet_since = time.monotonic()

    def step(at: datetime.datetime) -> int:
        nonlocal quiet_since
        numbered = sequencer.number_if_any(at=at)
        if numbered:
            quiet_since = time.monotonic()
        return numbered

    def rest() -> None:
        stop.wait(0.01 if time.monotonic() - quiet_since < 10 else 0.025)

    introduced = False
    while not introduced and not stop:
        try:
            introduce_platform_key(at=now())
            introduced = True
        except OperationalError:
            connection.close()
            stop.wait(PAUSE_SECONDS)
    run(step, rest, stop)


def run_chase(stop: Stop) -> None:
    """Take kept answers, in the order they were kept, and run their verbs."""
    from thaam.journal.sequencing import CHANNEL
    from thaam.project.loops import joined, take_some

    table = joined()
    listener = Listener(CHANNEL)
    run(lambda at: take_some(table, at=at), lambda: listener.wait(1.0), stop)


def run_work(stop: Stop) -> None:
    """Due timers and jobs."""
    from thaam.journal.sequencing import CHANNEL
    from thaam.project.loops import joined, schedule_regular, work_some

    table = joined()
    listener = Listener(CHANNEL)
    looked_at = 0.0

    def step(at: datetime.datetime) -> int:
        nonlocal looked_at
        if time.monotonic() - looked_at > REGULAR_SECONDS:
            schedule_regular(table, at=at)
            looked_at = time.monotonic()
        return work_some(table, at=at)

    run(step, lambda: listener.wait(0.25), stop)


def run_readers(stop: Stop) -> None:
    """Everybody who reads the journal. A process of its own: a burst of letters keeps no code and no timer waiting."""
    from thaam.journal.sequencing import CHANNEL
    from thaam.project.loops import joined, read_some

    os.nice(READERS_NICE)
    table = joined()
    listener = Listener(CHANNEL)
    run(lambda at: read_some(table, at=at), lambda: listener.wait(1.0), stop)
