"""A drill kills its database on purpose, so what the database has acknowledged must outlive it."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from thaam.cli.drilling.system import FAST, _children_of
from thaam.project.cluster import Cluster


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A database as a drill starts it."""
    with tempfile.TemporaryDirectory(prefix="thaam-killed-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        one = Cluster(Path(folder))
        one.start(settings=FAST)
        yield one
        one.wipe()


def _connect(cluster: Cluster) -> psycopg.Connection:
    return psycopg.connect(f"host={cluster.socket} user=postgres dbname=postgres", autocommit=True)


def _kill(cluster: Cluster) -> None:
    """As the drill does: SIGKILL to the server and every process of it."""
    postmaster = cluster.running_pid()
    assert postmaster is not None
    for pid in [*_children_of(postmaster), postmaster]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while cluster.running_pid():
        time.sleep(0.02)


@pytest.mark.req("S0.8")
def test_a_killed_database_of_a_drill_has_lost_nothing_that_it_acknowledged(cluster: Cluster) -> None:
    with _connect(cluster) as connection:
        connection.execute("CREATE TABLE told (n integer)")
    for turn in range(3):
        acknowledged = 0
        until = time.monotonic() + 0.3
        with _connect(cluster) as connection:
            while time.monotonic() < until:
                connection.execute("INSERT INTO told VALUES (%s)", [turn])
                acknowledged += 1
            _kill(cluster)
        cluster.start(settings=FAST)
        with _connect(cluster) as connection:
            row = connection.execute("SELECT count(*) FROM told WHERE n = %s", [turn]).fetchone()
        assert row == (acknowledged,)
