"""A platform of its own for a benchmark: durable embedded database, the processes asked for, all gone afterwards."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from thaam.project.cluster import Cluster
from thaam.project.supervisor import Program, Supervisor
from thaam.wire import keys


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the processes of this run are."""

    web: str
    stream: str
    supervisor: Supervisor


@contextlib.contextmanager
def installation(*, programs: tuple[str, ...], web_workers: int = 2, web_threads: int = 2) -> Iterator[Installation]:
    """fsync on, as in earnest. This process uses the models as the loops' role."""
    data = Path("/tmp") / f"thaam-bench-{os.getpid()}"
    ports = {name: _free_port() for name in ("web", "stream")}
    env = {
        **os.environ,
        "THAAM_DATA": str(data),
        "THAAM_SECRET_KEY": secrets.token_urlsafe(32),
        "THAAM_PUBLIC_URL": f"http://127.0.0.1:{ports['web']}",
        "THAAM_STREAM_URL": f"http://127.0.0.1:{ports['stream']}",
        "DJANGO_SETTINGS_MODULE": "thaam.project.settings",
    }
    (data / "keys").mkdir(parents=True)
    keys.save(keys.generate(), data / "keys" / "platform.key")
    cluster = Cluster(data)
    supervisor = Supervisor(logs=data / "logs", env=env)
    try:
        cluster.start()
        subprocess.run([sys.executable, "-m", "thaam.project.preparing"], env=env, check=True)
        os.environ.update({name: value for name, value in env.items() if name.startswith(("THAAM_", "DJANGO_"))})
        os.environ["THAAM_ROLE"] = "loops"
        import django

        django.setup()
        for name in programs:
            command = [sys.executable, "-m", "thaam", "serve", name]
            if name in ports:
                command += ["--port", str(ports[name])]
            if name == "web":
                command += ["--workers", str(web_workers), "--threads", str(web_threads)]
            supervisor.add(Program(name, command))
        for name in set(programs) & ports.keys():
            _wait_for(f"http://127.0.0.1:{ports[name]}/health")
        yield Installation(env["THAAM_PUBLIC_URL"], env["THAAM_STREAM_URL"], supervisor)
    finally:
        supervisor.stop()
        cluster.wipe()
        shutil.rmtree(data, ignore_errors=True)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def machine() -> str:
    """What every figure that is no ratio must say."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores shared with the load generator, load {load:.1f} at the start"


def _wait_for(url: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
