"""The embedded database: started, adopted, killed hard, started again with every committed row."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from thaam.cli.drilling.system import _children_of
from thaam.project import cluster as module
from thaam.project.cluster import Cluster, NoPostgres


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster of its own in a folder the server's user can reach."""
    folder = Path("/tmp") / f"thaam-cluster-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    one = Cluster(folder)
    yield one
    one.wipe()
    folder.rmdir()


def _rows(server: Cluster) -> int:
    with psycopg.connect(f"host={server.socket} user=postgres dbname=postgres") as connection:
        (count,) = connection.execute("SELECT count(*) FROM kept").fetchone() or (0,)
        return int(count)


@pytest.mark.req("S0.8")
def test_killed_hard_it_starts_again_with_every_committed_row(server: Cluster) -> None:
    server.start()
    with psycopg.connect(f"host={server.socket} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 500) AS n")
    pid = server.running_pid()
    assert pid
    Cluster(server.data).start()  # somebody else adopts it
    assert server.running_pid() == pid
    os.kill(pid, signal.SIGKILL)
    # Nobody has waited for it: a zombie still answers signals and must not be taken for a live server.
    for _ in range(100):
        if not server.running_pid():
            break
        time.sleep(0.05)
    assert Path(f"/proc/{pid}").exists(), "reaped too early: this test needs the zombie"
    other = Cluster(server.data)
    other.start()
    assert other.running_pid() not in (None, pid)
    assert _rows(server) == 500
    other.stop()
    assert not server.running_pid()
    server._child.wait()  # type: ignore[union-attr]


@pytest.mark.req("S0.8")
def test_it_waits_for_the_processes_of_a_killed_one_to_end(server: Cluster) -> None:
    server.start()
    pid = server.running_pid()
    assert pid
    first = min(_children_of(pid))  # the eldest lives as long as the server
    os.kill(first, signal.SIGSTOP)
    os.kill(pid, signal.SIGKILL)
    threading.Thread(target=_goes_on_once_it_was_in_the_way, args=(first, server.log), daemon=True).start()
    other = Cluster(server.data)
    other.start()
    assert other.running_pid() not in (None, pid)
    other.stop()
    server._child.wait()  # type: ignore[union-attr]


def _goes_on_once_it_was_in_the_way(pid: int, log: Path) -> None:
    while "pre-existing shared memory block" not in log.read_text():
        time.sleep(0.05)
    os.kill(pid, signal.SIGCONT)


def test_a_pid_file_naming_a_stranger_is_not_a_server(server: Cluster) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        server.store.mkdir(parents=True)
        (server.store / "postmaster.pid").write_text(f"{stranger.pid}\n{server.store}\n")
        assert server.running_pid() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_without_any_postgres_one_sentence_says_what_to_install(
    server: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    monkeypatch.setattr(module.Path, "glob", lambda *_: iter(()))
    with pytest.raises(NoPostgres, match=r"Install .*, or set DATABASE_URL\.$"):
        server.start()


def test_the_path_of_the_socket_is_short_enough_however_long_the_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    assert len(os.fsencode(module.socket_folder(deep))) <= module.SOCKET_FOLDER_BYTES_MAX
