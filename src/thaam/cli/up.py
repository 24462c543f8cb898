"""`thaam up` (what `./run` does): the whole platform on this machine, with the demo unless told otherwise."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from urllib.request import urlopen

from thaam.cli.serve import LOOPS
from thaam.project.cluster import Cluster, ClusterBroken, NoPostgres
from thaam.project.supervisor import Program, Supervisor, dies_with_parent, say

ROOT = Path(__file__).resolve().parents[3]
READY_SECONDS_MAX = 240.0
DEMO_POLL_SECONDS = 1.0


class CannotStart(Exception):
    """One plain sentence for the person at the keyboard."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("--port", type=int, default=8000, help="where the pages are (default 8000)")
    parser.add_argument("--data", type=Path, default=None, help="folder for everything kept (default ./data)")
    parser.add_argument("--no-demo", action="store_true", help="no demo banks, people or frauds")
    parser.add_argument("--no-player", action="store_true", help="demo banks, but nobody acts in them")
    parser.add_argument("--fresh", action="store_true", help="forget the demo's data first")


def run(args: argparse.Namespace) -> int:
    """Everything up until Ctrl-C; 0 after an orderly end, 1 with one sentence when it cannot start."""
    try:
        return _up(args)
    except (CannotStart, NoPostgres, ClusterBroken) as why:
        say(str(why))
        return 1


def _up(args: argparse.Namespace) -> int:
    data = _folder((args.data or ROOT / "data").absolute())
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"Thaam already runs on the data folder {data}.") from None
        _check_port(args.port)
        demo = not args.no_demo
        cluster = None if os.environ.get("DATABASE_URL") else Cluster(data)
        if args.fresh:
            _forget(data, cluster)
        _mark(data, demo)
        return _keep_up(args, data, cluster, demo)


def _keep_up(args: argparse.Namespace, data: Path, cluster: Cluster | None, demo: bool) -> int:
    stop = _Stop()
    started = time.monotonic()
    addresses = _Addresses(args.port)
    env = _environment(data, addresses, demo)
    _make_keys(data)
    supervisor = Supervisor(logs=data / "logs", env=env)
    try:
        if cluster:
            say("starting the database (embedded PostgreSQL: for a trial on one machine, not for production)")
            cluster.start()
        _prepare(env, demo, kept=cluster.home / "prepared" if cluster else None)
        for program in _programs(data, addresses, demo, player=not args.no_player):
            supervisor.add(program)
        _wait_until_answers(f"http://127.0.0.1:{args.port}/health", supervisor, stop)
        if not stop:
            _show(data, addresses, demo, time.monotonic() - started)
            if demo:
                _remember(data, env)
        while not stop:
            supervisor.look()
            if cluster and not cluster.running_pid():
                say("the database ended; starting it again")
                cluster.start()
            stop.wait(0.5)
    finally:
        say("stopping")
        supervisor.stop()
        if cluster:
            cluster.stop()
    return 0


class _Stop:
    """Set by Ctrl-C or SIGTERM; a second one changes nothing, stopping takes seconds."""

    def __init__(self) -> None:
        self._set = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._set = True

    def __bool__(self) -> bool:
        return self._set

    def wait(self, seconds: float) -> None:
        """Sleep in small pieces: a handled signal does not end time.sleep()."""
        until = time.monotonic() + seconds
        while not self._set and time.monotonic() < until:
            time.sleep(0.05)


class _Addresses:
    """The pages where asked for; everything else beside them, or wherever there is room."""

    def __init__(self, port: int) -> None:
        self.web = port
        self.stream, self.gateway, self.toybank = (_near(port + step) for step in (1, 2, 3))

    def url(self, name: str) -> str:
        """The address of one of them."""
        return f"http://127.0.0.1:{getattr(self, name)}"


def _folder(data: Path) -> Path:
    try:
        data.mkdir(parents=True, exist_ok=True)
        probe = data / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as why:
        raise CannotStart(f"The data folder {data} cannot be written: {why.strerror}.") from None
    return data


def _check_port(port: int) -> None:
    if not 1 <= port <= 65_500:
        raise CannotStart(f"{port} is not a port; choose one between 1 and 65500.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as why:
            raise CannotStart(f"Port {port} cannot be used ({why.strerror}). Choose another one: --port N.") from None


def _near(port: int) -> int:
    for wanted in (port, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotStart("There is no free port on this machine.")


def _mark(data: Path, demo: bool) -> None:
    """A folder is a demo's or it is not, for good: demo people never come into real data."""
    mark = data / "kind"
    kind = "demo" if demo else "real"
    if mark.exists() and mark.read_text().strip() != kind:
        there = mark.read_text().strip()
        hint = "Use --no-demo, or another folder: --data DIR." if there == "real" else "Use another folder: --data DIR."
        raise CannotStart(f"The data folder {data} holds {there} data. {hint}")
    mark.write_text(kind)


def _forget(data: Path, cluster: Cluster | None) -> None:
    mark = data / "kind"
    if mark.exists() and mark.read_text().strip() != "demo":
        raise CannotStart(f"The data folder {data} does not hold demo data; --fresh forgets demo data only.")
    if not cluster:
        raise CannotStart("--fresh forgets the embedded database only; with DATABASE_URL empty it yourself.")
    say(f"forgetting the demo's data in {data}")
    cluster.wipe()
    for name in ("banks", "demo", "keys", "logs", "kind"):
        path = data / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _make_keys(data: Path) -> None:
    from thaam.wire import keys

    folder = data / "keys"
    folder.mkdir(mode=0o700, exist_ok=True)
    secret = folder / "secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(48))
    if not (folder / "platform.key").exists():
        keys.save(keys.generate(), folder / "platform.key")


def _environment(data: Path, addresses: _Addresses, demo: bool) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "THAAM_DATA": str(data),
        "THAAM_DEMO": "1" if demo else "0",
        "THAAM_PUBLIC_URL": os.environ.get("THAAM_PUBLIC_URL", addresses.url("web")),
        "THAAM_STREAM_URL": os.environ.get("THAAM_STREAM_URL", addresses.url("stream")),
        **({"THAAM_GATEWAY_URL": addresses.url("gateway")} if demo else {}),
    }


def _prepare(env: dict[str, str], demo: bool, kept: Path | None) -> None:
    """Roles, tables, the demo's directory: done again only when what makes them has changed."""
    mark = _prepared_mark(demo)
    if kept and kept.exists() and kept.read_text() == mark:
        return
    command = [sys.executable, "-m", "thaam.project.preparing", *(["--demo"] if demo else [])]
    if subprocess.run(command, env=env, stdout=sys.stderr, check=False).returncode:
        raise CannotStart("The database could not be prepared; the lines above say why.")
    if kept:
        kept.write_text(mark)


def _prepared_mark(demo: bool) -> str:
    """A digest of every migration and of the demo's directory."""
    source = Path(__file__).resolve().parents[1]
    files = [*source.glob("*/migrations/*.py"), *source.glob("web/*/migrations/*.py")]
    files += [
        source / "project" / name
        for name in ("demo.py", "filling.py", "filling_directory.py", "filling_room.py", "database.py", "preparing.py")
    ]
    digest = hashlib.sha256(f"{demo}".encode())
    for file in sorted(files):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _programs(data: Path, addresses: _Addresses, demo: bool, *, player: bool) -> list[Program]:
    thaam = [sys.executable, "-m", "thaam"]
    serve = [*thaam, "serve"]
    programs = [Program(name, [*serve, name]) for name in LOOPS]
    programs.append(Program("stream", [*serve, "stream", "--port", str(addresses.stream)]))
    if demo:
        programs.append(Program("gateway", [*serve, "gateway", "--port", str(addresses.gateway)]))
    if os.environ.get("THAAM_NATS_URL"):
        programs.append(Program("relay", [*serve, "relay"], env={"THAAM_WEB_URL": addresses.url("web")}))
    programs.append(Program("web", [*serve, "web", "--port", str(addresses.web)]))
    if demo:
        programs += _demo_programs(thaam, data, addresses, player=player)
    return programs


def _demo_programs(thaam: list[str], data: Path, addresses: _Addresses, *, player: bool) -> list[Program]:
    from thaam.project import demo

    codes = [demo.code_of(number) for number in range(demo.BANKS)]
    toybank = addresses.url("toybank")
    folder = data / "banks"
    port = str(addresses.toybank)
    hosted = ",".join([*codes, demo.SANDBOX])
    toybanks = [*thaam, "toybank", "--data", str(folder / "core"), "--banks", hosted, "--port", port]
    toybanks += ["--gateway", addresses.url("gateway")]
    demo.write_addresses(
        data, web=addresses.url("web"), toybank=toybank, gateway=addresses.url("gateway"), payer=codes[0], next=codes[1]
    )
    configure = partial(
        demo.write_node_config, data, platform_url=addresses.url("web"), toybank_url=toybank,
        poll_seconds=DEMO_POLL_SECONDS, at=datetime.now(UTC),
    )  # fmt: skip
    configure(demo.SANDBOX)
    programs = [Program("toybank", toybanks)]
    if find_spec("thaam.cli.node"):
        for code in codes:
            programs.append(Program(f"node-{code}", [*thaam, "node", "--config", str(configure(code))]))
    if player and find_spec("thaam.world.player"):
        where = ["--toybank", toybank, "--platform", addresses.url("web"), "--gateway", addresses.url("gateway")]
        command = [sys.executable, "-m", "thaam.world.player", *where, "--banks", str(len(codes))]
        programs.append(Program("player", command))
    return programs


def _wait_until_answers(url: str, supervisor: Supervisor, stop: _Stop) -> None:
    until = time.monotonic() + READY_SECONDS_MAX
    while not stop and time.monotonic() < until:
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            supervisor.look()
            stop.wait(0.1)
    if not stop:
        raise CannotStart("The pages did not come up; the logs in the data folder say why.")


def _remember(data: Path, env: dict[str, str]) -> None:
    """The demo's past (project/seeding.py) is written beside the running platform; it takes a minute or two, the pages
    of the review fill meanwhile, and a second time changes nothing. It stands behind everything and ends with us."""
    end_with_us = dies_with_parent()

    def gently() -> None:
        os.nice(10)
        if end_with_us:
            end_with_us()

    command = [sys.executable, "-m", "thaam", "world", "history"]
    with (data / "logs" / "history.log").open("w") as log:
        subprocess.Popen(command, env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL, preexec_fn=gently)  # noqa: PLW1509


def _show(data: Path, addresses: _Addresses, demo: bool, seconds: float) -> None:
    lines = [f"Thaam is up ({seconds:.0f} s): {addresses.url('web')}/"]
    if demo:
        from thaam.project.demo import SIGN_INS, password_of

        lines += [
            f"  desk      {addresses.url('web')}/hi/desk/",
            f"  messages  {addresses.url('gateway')}/   (SMS of the demo: a bank's SMS to report with, and the codes)",
            f"  sandbox   thaam sandbox --data {data}   (a bank of your own to try a node on)",
            f"  sign-ins  {', '.join(each.username for each in SIGN_INS)}   password {password_of(data)}",
        ]
    lines.append("Ctrl-C stops everything.")
    print("\n".join(lines), flush=True)
