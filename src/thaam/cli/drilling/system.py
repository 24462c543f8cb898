"""A whole system on temporary data: database, platform processes, toy banks and a node for each of them."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from thaam.language.text import Text
from thaam.project.supervisor import Program, Supervisor
from thaam.world.bankline import BankLine
from thaam.world.gateway import Gateway

LOOPS = ("sequencer", "chase", "work", "readers")
UP_SECONDS = 120.0
# Nobody mourns a drill's database when the machine loses power. A killed one must lose nothing: what is committed is
# the kernel's before anybody is told so (synchronous_commit stays on; off, up to 2,440 commits were gone).
FAST = {"fsync": "off", "full_page_writes": "off"}


class DidNotStart(Exception):
    """A part of the system did not answer in time; the message names it and the end of its log."""


class System:
    """Addresses and processes of one drill. Make it with `running`."""

    def __init__(self, *, data: Path, codes: list[str]) -> None:
        self.data, self.codes = data, codes
        web, stream, gateway, toybank = (_free_port() for _ in range(4))
        self.web_url = f"http://127.0.0.1:{web}"
        self.gateway_url = f"http://127.0.0.1:{gateway}"
        self.toybank_url = f"http://127.0.0.1:{toybank}"
        self.ports = {"web": web, "stream": stream, "gateway": gateway, "toybank": toybank}
        self.env = {
            **os.environ,
            "THAAM_DATA": str(data),
            "THAAM_DRILL": "1",
            "THAAM_DEMO": "1",
            "THAAM_SECRET_KEY": secrets.token_urlsafe(40),
            "THAAM_PUBLIC_URL": self.web_url,
            "THAAM_STREAM_URL": f"http://127.0.0.1:{stream}",
            "THAAM_GATEWAY_URL": self.gateway_url,
            "THAAM_LOG": "WARNING",
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "thaam.project.settings",
        }
        self.logs = data / "log"
        self.supervisor = Supervisor(logs=self.logs, env=self.env)
        self.line = BankLine(self.toybank_url)
        self.gateway = Gateway(self.gateway_url)
        self.cluster: Any = None

    # Starting, in the order in which one needs the other

    def start_database(self) -> None:
        """Cluster, roles, tables; then this process itself may use the models (as the loops' role)."""
        from thaam.project.cluster import Cluster
        from thaam.project.database import prepare
        from thaam.wire import keys

        self.cluster = Cluster(self.data)
        self.cluster.start(settings=FAST)
        os.environ.update({name: value for name, value in self.env.items() if name.startswith(("THAAM_", "DJANGO_"))})
        prepare(self.data)
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        done = subprocess.run(
            migrate, env={**self.env, "THAAM_ROLE": "owner"}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DidNotStart(f"migrations: {done.stderr[-1500:]}")
        key_file = self.data / "keys" / "platform.key"
        key_file.parent.mkdir(parents=True, exist_ok=True)
        if not key_file.exists():
            keys.save(keys.generate(), key_file)
        os.environ["THAAM_ROLE"] = "loops"
        import django

        django.setup()

    def start_platform(self) -> None:
        """Gateway, web, stream and the loops."""
        for name in ("gateway", "web", "stream"):
            self._run(name, "serve", name, "--port", str(self.ports[name]))
        for name in LOOPS:
            self._run(name, "serve", name)
        self.wait_for("gateway", lambda: answers_at(f"{self.gateway_url}/health"))
        self.wait_for("web", lambda: answers_at(f"{self.web_url}/health"))

    def start_banks(self) -> None:
        """The toy banks, one process."""
        banks = ["--banks", ",".join(self.codes), "--port", str(self.ports["toybank"])]
        self._run("toybank", "toybank", "--data", str(self.data / "banks"), *banks)
        self.wait_for("toybank", lambda: answers_at(f"{self.toybank_url}/banks"))

    def start_nodes(self, liars: Mapping[str, str]) -> None:
        """A node for each bank; `liars` (bank to fault) speak to the platform through a bad bank."""
        for code in self.codes:
            config = self.node_folder(code) / "node.toml"
            if code in liars:
                behind = config.with_name("behind.toml")
                lie = ["--config", str(config), "--fault", liars[code], "--write", str(behind)]
                self._run(f"badbank-{code}", "badbank", *lie)
                self.wait_for(f"badbank-{code}", behind.exists)
                config = behind
            self._run(f"node-{code}", "node", "--config", str(config))

    def _run(self, name: str, *arguments: str) -> None:
        self.supervisor.add(Program(name, [sys.executable, "-m", "thaam", *arguments]))

    def run_once(self, *arguments: str) -> None:
        """A command that ends by itself. Raises DidNotStart with what it said when it fails."""
        asked = [sys.executable, "-m", "thaam", *arguments]
        done = subprocess.run(asked, env=self.env, capture_output=True, text=True, check=False, timeout=UP_SECONDS)
        if done.returncode:
            raise DidNotStart(f"{' '.join(arguments)}: {done.stderr[-1500:]}")

    def introduce(self, *, poll_seconds: float) -> None:
        """Write banks, officers and keys into the directory, and each node's configuration beside its key."""
        from thaam.parties.keys import enrol_key, introduce_platform_key, platform_key
        from thaam.parties.models import Bank, Office, Officer
        from thaam.wire import keys

        office, _ = Office.objects.get_or_create(
            code="DRILL", defaults={"name_hi": "पूर्वाभ्यास डेस्क", "name_en": "Drill desk", "district": "Drill"}
        )
        officers = [
            Officer.objects.create(username=name, role=role, office=office, name_en=name.title())
            for name, role in (("devi", "supervisor"), ("kabir", "approver"), ("meera", "investigator"))
        ]
        platform = platform_key()
        introduce_platform_key(at=datetime.now(UTC))
        for number, code in enumerate(self.codes, 1):
            name = bank_name(code, number)
            Bank.objects.get_or_create(code=code, defaults={"name_hi": name.hi, "name_en": name.en})
            folder = self.node_folder(code)
            folder.mkdir(parents=True, exist_ok=True)
            key = keys.generate()
            keys.save(key, folder / "node.pem")
            enrol_key(
                partner=code, public_key=key.public, key_id=key.key_id, read_by=officers[0], confirmed_by=officers[1],
                at=datetime.now(UTC),
            )  # fmt: skip
            (folder / "node.toml").write_text(
                f'bank = "{code}"\nplatform_url = "{self.web_url}"\nkey = "node.pem"\nkey_id = "{key.key_id}"\n'
                f'data = "data"\npoll_seconds = {poll_seconds}\nhints = true\n\n[platform_keys]\n'
                f'"{platform.key_id}" = "{keys.public_text(platform.public)}"\n\n'
                f'[core]\nadapter = "toybank"\nurl = "{self.toybank_url}"\n',
                encoding="utf-8",
            )

    def node_folder(self, code: str) -> Path:
        return self.data / "nodes" / code

    def node_position(self, code: str) -> int:
        """The last posting the node has taken into its own ledger, 0 before it has one."""
        file = self.node_folder(code) / "data" / "ledger.sqlite"
        if not file.exists():
            return 0
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)) as db:
            try:
                return int(db.execute("SELECT ifnull(max(position), 0) FROM posting").fetchone()[0])
            except sqlite3.OperationalError:  # no tables yet
                return 0

    def taken(self) -> dict[str, float]:
        """When each order was first in its node's hands, in seconds since 1970, by order id."""
        found: dict[str, float] = {}
        for code in self.codes:
            file = self.node_folder(code) / "data" / "records.sqlite"
            if file.exists():
                with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)) as db:
                    rows = db.execute("SELECT order_id, min(taken_us) FROM taken GROUP BY order_id").fetchall()
                found.update({order_id: us / 1e6 for order_id, us in rows})
        return found

    # Waiting and looking

    def wait_for(self, name: str, ready: Callable[[], bool], *, seconds: float = UP_SECONDS) -> None:
        """Until `ready`. Raises DidNotStart with the end of the process's log."""
        until = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > until:
                raise DidNotStart(f"{name} did not answer in {seconds:.0f} s: {self.tail(name)}")
            self.rest(0.1)

    def rest(self, seconds: float) -> None:
        """Sleep, and start again what has fallen. Main thread only: a child dies with the thread that began it."""
        self.supervisor.look()
        if self.cluster is not None and not self.cluster.running_pid():
            self.cluster.start(settings=FAST)
        time.sleep(seconds)

    def send(self, name: str, what: signal.Signals) -> bool:
        """Signal one process of ours and its workers; False when it is not running just now."""
        pid = self.supervisor.pids().get(name)
        if pid is None:
            return False
        os.killpg(pid, what)
        return True

    def send_database(self, what: signal.Signals) -> bool:
        """Signal the database server and every process of it; False when it is not running."""
        postmaster = self.cluster.running_pid()
        if not postmaster:
            return False
        for pid in [*_children_of(postmaster), postmaster]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, what)
        return True

    def pause(self, name: str) -> None:
        """Kill a process of ours and leave it down."""
        self.supervisor.pause(name)

    def resume(self, name: str) -> None:
        """Start it again."""
        self.supervisor.resume(name)

    def tail(self, name: str, size: int = 1500) -> str:
        """The end of a process's log."""
        log = self.logs / f"{name}.log"
        return log.read_text(errors="replace")[-size:] if log.exists() else "(no log)"

    def stop(self) -> None:
        """End every process, the database last. Its folder stays for whoever wants to look."""
        self.supervisor.stop()
        self.line.close()
        if self.cluster is not None:
            from django.db import connections

            connections.close_all()
            self.cluster.stop()


@contextmanager
def running(
    *,
    data: Path,
    codes: list[str],
    poll_seconds: float,
    before_nodes: Callable[[System], None],
    liars: Mapping[str, str] | None = None,
) -> Iterator[System]:
    """The whole system, up; ended when the block ends. `before_nodes` may fill the banks (a large load)."""
    system = System(data=data, codes=codes)
    try:
        system.start_database()
        system.introduce(poll_seconds=poll_seconds)
        system.start_platform()
        system.start_banks()
        before_nodes(system)
        system.start_nodes(liars or {})
        yield system
    finally:
        system.stop()


def bank_name(code: str, number: int) -> Text:
    return Text(hi=f"डेमो बैंक {number}", en=f"Demo Bank {number} ({code})")


def answers_at(url: str) -> bool:
    """Whether something is there and well."""
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[-1].split()
            if int(fields[1]) == pid:
                found.append(int(stat.parent.name))
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
