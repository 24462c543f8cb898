"""Where the database is, who each process is in it, and how an empty one is made ready.

Look-up order: `DATABASE_URL`, else the embedded cluster of the data folder. Three roles, never mixed: the owner
migrates, `thaam_app` serves requests under row-level security, `thaam_loops` runs the loops. No Django here: the
settings module itself imports this.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import sql

from thaam.journal.roles import APP, LOOPS, OWNER
from thaam.project.cluster import socket_folder

ROLES = {"owner": OWNER, "app": APP, "loops": LOOPS}
NAME = "thaam"
# Set on every connection: a stuck request must not hold a lock for ever.
TIMEOUTS = "-c statement_timeout=60000 -c lock_timeout=20000 -c idle_in_transaction_session_timeout=120000"

# Values travel beside the statement, which the server plans once a connection (a pooler between must keep prepared
# statements; PgBouncer does from 1.21 on).
STATEMENTS: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 5}


def settings_of(*, data: Path, role: str) -> dict[str, Any]:
    """The Django DATABASES entry of one process. Opens nothing."""
    common: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
    url = os.environ.get("DATABASE_URL")
    if not url:
        return common | {
            "NAME": NAME,
            "HOST": str(socket_folder(data)),
            "USER": ROLES[role],
            "OPTIONS": STATEMENTS | {"options": TIMEOUTS},
        }
    parts = urlsplit(url)
    # One login for all processes, three roles: the login must be a member of each (prepare() sees to it).
    options = {**STATEMENTS, **dict(parse_qsl(parts.query)), "options": f"{TIMEOUTS} -c role={ROLES[role]}"}
    host = options.pop("host", parts.hostname or "")
    return common | {
        "NAME": unquote(parts.path.lstrip("/")) or NAME,
        "HOST": host,
        "PORT": str(parts.port or ""),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "OPTIONS": options,
    }


def admin_conninfo(data: Path, dbname: str = "postgres") -> str:
    """How the owner of the cluster connects: the superuser of the embedded one, or DATABASE_URL's login."""
    if url := os.environ.get("DATABASE_URL"):
        return url
    return f"host={socket_folder(data)} user=postgres dbname={dbname}"


def prepare(data: Path) -> None:
    """Roles, the database and its default privileges; idempotent, run before migrations.

    Raises psycopg.Error in the words of the server when the login may not create roles.
    """
    embedded = "DATABASE_URL" not in os.environ
    with psycopg.connect(admin_conninfo(data), autocommit=True) as connection:
        make_roles(connection)
        if embedded:
            make_database(connection, NAME)
    with psycopg.connect(admin_conninfo(data, NAME), autocommit=True) as connection:
        make_privileges(connection)


def make_roles(connection: psycopg.Connection[Any]) -> None:
    """The three roles, none of them a superuser, none of them exempt from row-level security."""
    for role in (OWNER, APP, LOOPS):
        found = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if not found:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(
                    sql.Identifier(role)
                )
            )
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def make_database(connection: psycopg.Connection[Any], name: str) -> None:
    """An empty database of the owner, unless it is there."""
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))


def make_privileges(connection: psycopg.Connection[Any]) -> None:
    """What the running roles may do in tables made from now on; fences (journal/fences.py) narrow it per table."""
    connection.execute(f"GRANT USAGE, CREATE ON SCHEMA public TO {OWNER}")
    connection.execute(f"GRANT USAGE ON SCHEMA public TO {APP}, {LOOPS}")
    for what, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
        connection.execute(
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT {rights} ON {what} TO {APP}, {LOOPS}"
        )
