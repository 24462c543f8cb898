"""Another PostgreSQL by DATABASE_URL: a plain login with the right to make roles is enough."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from thaam.project.database import settings_of

ROOT = Path(__file__).resolve().parents[2]


def test_a_url_is_read_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:p%40ss@db.example:6432/thaam?sslmode=require")
    found = settings_of(data=tmp_path, role="app")
    assert (found["HOST"], found["PORT"], found["USER"], found["PASSWORD"]) == ("db.example", "6432", "me", "p@ss")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["options"].endswith("-c role=thaam_app")


def test_an_empty_database_of_somebody_elses_server_is_made_ready(cluster: Any, tmp_path: Path) -> None:
    name = f"elsewhere_{os.getpid()}"
    admin = f"host={cluster.socket} user=postgres dbname=postgres"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    url = f"postgresql://postgres@/{name}?host={cluster.socket}"
    env = os.environ | {"DATABASE_URL": url, "THAAM_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    try:
        for _ in range(2):  # the second time changes nothing
            subprocess.run([sys.executable, "-m", "thaam.project.preparing"], env=env, check=True, timeout=300)
        with psycopg.connect(url, options="-c role=thaam_app") as connection:
            assert connection.execute("SELECT count(*) FROM journal_fact").fetchone() == (0,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine (n int)")
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
