"""Keeps the processes of one machine running: starts, restarts, ends them. No Django.

Every child is a session of its own, so that Ctrl-C reaches the supervisor alone and the database is stopped last; and
every child is ended by the system should the supervisor itself be killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LOG_BYTES_MAX = 5_000_000
STOP_SECONDS_MAX = 8.0
# A program that keeps falling is started less and less often.
RESTART_SECONDS = (0.2, 1.0, 3.0, 10.0)
CALM_SECONDS = 30.0
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Program:
    """One child: its name, its command, what it adds to the environment."""

    name: str
    command: list[str]
    env: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    falls: int = 0
    again_at: float = 0.0
    paused: bool = False


class Supervisor:
    """Children, in the order they are started; they are ended in the reverse order."""

    def __init__(self, *, logs: Path, env: dict[str, str]) -> None:
        self._logs = logs
        self._env = env
        self._programs: list[Program] = []
        self.stopping = False
        logs.mkdir(parents=True, exist_ok=True)

    def add(self, program: Program) -> None:
        """Start it now and keep it running."""
        self._programs.append(program)
        self._start(program)

    def look(self) -> None:
        """Restart who has fallen; call now and then."""
        for program in self._programs:
            now = time.monotonic()
            if program.process and program.process.poll() is not None:
                calm = now - program.started_at > CALM_SECONDS
                program.falls = 1 if calm else program.falls + 1
                wait = RESTART_SECONDS[min(program.falls, len(RESTART_SECONDS)) - 1]
                program.again_at = now + wait
                say(f"{program.name} ended ({program.process.returncode}), again in {wait:g} s: {self._log(program)}")
                program.process = None
            if not program.process and now >= program.again_at and not self.stopping and not program.paused:
                self._start(program)

    def stop(self) -> None:
        """End every child: asked first, killed after STOP_SECONDS_MAX."""
        self.stopping = True
        alive = [program for program in reversed(self._programs) if program.process and program.process.poll() is None]
        for program in alive:
            _signal(program, signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS_MAX
        for program in alive:
            assert program.process
            try:
                program.process.wait(max(0.05, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(program, signal.SIGKILL)
                program.process.wait()

    def pause(self, name: str) -> None:
        """End one child and leave it down until `resume`; for drills and for work on its files."""
        for program in self._programs:
            if program.name == name:
                program.paused = True
                if program.process and program.process.poll() is None:
                    _signal(program, signal.SIGKILL)
                    program.process.wait()
                program.process = None

    def resume(self, name: str) -> None:
        """Start a paused child again at once."""
        for program in self._programs:
            if program.name == name and program.paused:
                program.paused, program.falls, program.again_at = False, 0, 0.0
                self._start(program)

    def names(self) -> list[str]:
        """What should be running."""
        return [program.name for program in self._programs]

    def pids(self) -> dict[str, int]:
        """The children that run now, by name."""
        return {each.name: each.process.pid for each in self._programs if each.process and each.process.poll() is None}

    def _start(self, program: Program) -> None:
        log = self._log(program)
        if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as out:
            program.process = subprocess.Popen(
                program.command,
                env=self._env | program.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=dies_with_parent(),  # noqa: PLW1509 - the supervisor has no threads
            )
        program.started_at = time.monotonic()

    def _log(self, program: Program) -> Path:
        return self._logs / f"{program.name}.log"


def _signal(program: Program, number: signal.Signals) -> None:
    """To the child's whole session: a web server has workers of its own."""
    assert program.process
    try:
        os.killpg(program.process.pid, number)
    except ProcessLookupError:
        program.process.send_signal(number)


def dies_with_parent() -> Callable[[], None] | None:
    """What a child calls before its program so that the system ends it with us; None where the system cannot."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def say(sentence: str) -> None:
    """Progress goes to stderr; stdout is for the result."""
    sys.stderr.write(f"thaam: {sentence}\n")
    sys.stderr.flush()
