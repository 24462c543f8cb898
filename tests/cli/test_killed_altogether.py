"""kill -9 of every process at once, amid work; the same command again, and every acknowledged write is there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ports import free_port
from thaam.project import demo
from thaam.project.cluster import Cluster
from thaam.world.browsing import Browser
from thaam.world.gateway import Gateway
from thaam.world.reporting import Report, file_report

ROOT = Path(__file__).resolve().parents[2]
UP_SECONDS = 240.0


class Whole:
    """`thaam up` on a folder of its own, what it printed, and a way to kill all of it at one blow."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.process: subprocess.Popen[str] | None = None
        self.gateway = ""

    def up(self) -> None:
        command = [
            sys.executable,
            "-m",
            "thaam",
            "up",
            "--data",
            str(self.data),
            "--port",
            str(self.port),
            "--no-player",
        ]
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        env.pop("DATABASE_URL", None)
        self.process = subprocess.Popen(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        until = time.monotonic() + UP_SECONDS
        for line in self.process.stdout:
            if "messages" in line:
                self.gateway = line.split()[1].rstrip("/")
            if line.startswith("Ctrl-C"):
                return
            assert time.monotonic() < until, "never up"
        raise AssertionError("it ended before it was up")

    def kill_everything(self) -> int:
        """SIGKILL to every process of this installation, the database's too; how many there were."""
        killed = 0
        for _ in range(5):
            mine = [pid for pid in self._pids() if pid != os.getpid()]
            for pid in mine:
                try:
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    continue
            time.sleep(0.2)
        assert not self._pids()
        if self.process is not None:
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
        return killed

    def _pids(self) -> list[int]:
        """Whoever carries the folder's name in command or environment and lives."""
        mark, found = str(self.data).encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
                dead = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
            except OSError:
                continue
            if mark in words and not dead:
                found.append(int(folder.name))
        postmaster = Cluster(self.data).running_pid()
        return found + ([postmaster] if postmaster and postmaster not in found else [])


@pytest.fixture
def whole() -> Iterator[Whole]:
    """An installation in a folder the database's own user can reach."""
    data = Path("/tmp") / f"thaam-whole-{os.getpid()}"
    one = Whole(data)
    yield one
    one.kill_everything()
    Cluster(data).wipe()
    subprocess.run(["rm", "-rf", str(data)], check=True)


def _report(number: int) -> Report:
    return Report(
        payer_bank=demo.code_of(0),
        amount_paise=(500 + number) * 100,
        paid_at=datetime.now(UTC),
        reference=f"4123456{number:05d}",
        payer_last4="1234",
        mobile=f"98765{number:05d}",
        name=f"Victim {number}",
        district="Raipur",
    )


def _file(whole: Whole, number: int, acknowledged: list[str], refused: list[str]) -> None:
    """One victim; a number on their page is an acknowledgement."""
    report, gateway = _report(number), Gateway(whole.gateway)
    try:
        with Browser(f"http://127.0.0.1:{whole.port}") as browser:
            acknowledged.append(file_report(browser=browser, report=report, read_code=gateway.reader(report.mobile)))
    except Exception as why:  # killed under their hands: nobody told them that it was taken
        refused.append(f"{number}: {type(why).__name__}: {why}"[:500])


def _ask(whole: Whole, question: str) -> list[Any]:
    with psycopg.connect(f"host={Cluster(whole.data).socket} user=postgres dbname=thaam") as connection:
        return connection.execute(question).fetchall()  # type: ignore[arg-type]


@pytest.mark.long
@pytest.mark.req("S0.8")
def test_killed_altogether_it_comes_back_with_every_acknowledged_write(whole: Whole) -> None:
    acknowledged: list[str] = []
    refused: list[str] = []
    for life in range(2):
        whole.up()
        victims = [
            threading.Thread(target=_file, args=(whole, 10 * life + number, acknowledged, refused))
            for number in range(6)
        ]
        for victim in victims:
            victim.start()
        victims[0].join()  # one is through, the others are in the middle of it
        assert whole.kill_everything() > 10
        for victim in victims:
            victim.join()
    whole.up()
    assert acknowledged, f"nothing was acknowledged, so nothing was shown: {refused}"
    rows = _ask(whole, "SELECT number, confirmed_at IS NOT NULL FROM complaints_complaint")
    kept = dict(rows)
    for number in acknowledged:
        assert kept.get(number) is True, f"complaint {number} was acknowledged and is not there, or not confirmed"
    # what was begun goes on by itself: no confirmed complaint waits, no fact stays without its place
    until = time.monotonic() + 60
    while _ask(whole, "SELECT 1 FROM chase_chase WHERE started_at IS NULL AND state <> 'waiting'") or _ask(
        whole, "SELECT 1 FROM journal_pending LIMIT 1"
    ):
        assert time.monotonic() < until, "it does not go on"
        time.sleep(0.5)
    verify = [sys.executable, "-m", "thaam", "verify", "--all", "--json", "--data", str(whole.data)]
    told = subprocess.run(
        verify, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr[-2000:]
    assert json.loads(told.stdout)["lines"] > 0
