"""Every test that touches the database runs on a real embedded PostgreSQL, as a running role, never as a superuser.

One throw-away cluster per checkout under the temp folder, kept between runs (`postgres` is stopped when the last
session leaves); migrations run as thaam_owner into a template that is reused until a migration changes.

* `db` tests run in a transaction that is rolled back; `transactional_db` tests really commit and are emptied after.
* The role is `thaam_loops` (sees every row), in tests/web, tests/bank_api and tests/stream `thaam_app` (bound by
  row-level security: without a desk it sees nothing). Fixtures `as_app`, `as_loops` choose; inside a test
  `with running_as("thaam_app"):` (from cast) switches for a while.
* `database_env` is the environment for a real process on the same database, e.g. a loop to kill.
* Warnings are errors. `--browser` and `--long` switch the marked tests on.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
MARK = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
DATA = Path(tempfile.gettempdir()) / f"thaam-test-{os.getuid()}-{MARK}"
AS_APP = {"web", "bank_api", "stream"}
# Nobody waits for the disk in a throw-away cluster.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "100"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--browser", action="store_true", help="run the tests that need chromium")
    parser.addoption("--long", action="store_true", help="run the long tests")


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings
    from hypothesis import settings as trying

    # A busy machine is not a fault: no deadline by the wall clock. Speed is bench/'s business.
    trying.register_profile("thaam", deadline=None, print_blob=True)
    trying.load_profile("thaam")
    if trying.default.derandomize:
        _draw_the_same_in_every_run()

    # Argon2 is slow on purpose; no test is about that.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests sign in by password; those of the second factor switch it on.
    settings.SECOND_FACTOR = False
    settings.PLATFORM_KEY_FILE = DATA / "keys" / "platform.key"
    # What lies in the checkout's own data folder (a demo that ran, say) is no test's business.
    settings.DATA, settings.FILES = DATA / "installation", DATA / "installation" / "files"


def _draw_the_same_in_every_run() -> None:
    """Hypothesis also tries constants out of whatever source happens to be imported by then.

    That depends on which tests a worker was given before: what CI tries must not depend on it.
    """
    from hypothesis.internal.conjecture import providers

    none = providers._local_constants
    providers._get_local_constants = lambda: none


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for word in ("browser", "long"):
        if not config.getoption(f"--{word}"):
            for item in items:
                if item.get_closest_marker(word):
                    item.add_marker(pytest.mark.skip(reason=f"needs --{word}"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: the collector need not walk through all of it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _platform_key() -> None:
    """The platform of the tests signs with a key of its own checkout."""
    from django.conf import settings

    from thaam.wire import keys

    settings.PLATFORM_KEY_FILE.parent.mkdir(parents=True, exist_ok=True)
    mine = settings.PLATFORM_KEY_FILE.with_name(f"{os.getpid()}.key")
    keys.save(keys.generate(), mine)
    # There at once and whole, whichever worker comes first.
    with contextlib.suppress(FileExistsError):
        os.link(mine, settings.PLATFORM_KEY_FILE)
    mine.unlink()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    """The checkout's throw-away PostgreSQL, running."""
    from thaam.project.cluster import Cluster

    server = Cluster(DATA)
    DATA.mkdir(parents=True, exist_ok=True)
    with (DATA / "sessions").open("w") as sessions:
        fcntl.flock(sessions, fcntl.LOCK_SH)
        server.start(settings=FAST)
        yield server
        try:
            fcntl.flock(sessions, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # another session of this checkout still uses it
        server.stop()


@pytest.fixture(scope="session")
def django_db_setup(cluster: Any, django_db_blocker: Any) -> Iterator[None]:
    """A database of this session, copied from the migrated template."""
    from django.db import connections

    name = f"test_{os.getpid()}"
    with django_db_blocker.unblock():
        admin = f"host={cluster.socket} user=postgres dbname=postgres"
        with psycopg.connect(admin, autocommit=True) as connection:
            template = _template(connection, cluster)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER thaam_owner").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        connections["default"].close()
        connections["default"].settings_dict.update(_settings(cluster, name))
        yield
        connections.close_all()
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _settings(cluster: Any, name: str) -> dict[str, Any]:
    # Logged in as the superuser but running as the role, so that a test can switch; SET ROLE binds like a login.
    from thaam.project.database import STATEMENTS

    return {
        "HOST": str(cluster.socket),
        "NAME": name,
        "USER": "postgres",
        "OPTIONS": STATEMENTS | {"options": "-c role=thaam_loops"},
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
    }


def _template(connection: psycopg.Connection[Any], cluster: Any) -> str:
    """The name of the migrated database for the migrations of this moment; made under a lock when missing."""
    from django.core.management import call_command
    from django.db import connections

    from thaam.project import database

    digest = hashlib.sha256()
    for file in sorted([*ROOT.glob("src/thaam/*/migrations/*.py"), ROOT / "src/thaam/journal/fences.py"]):
        digest.update(file.name.encode() + file.read_bytes())
    name = f"template_{digest.hexdigest()[:16]}"
    with (DATA / "template.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        database.make_roles(connection)
        for old in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%'").fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old[0])))
        making = "making"
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(making)))
        database.make_database(connection, making)
        with psycopg.connect(f"host={cluster.socket} user=postgres dbname={making}", autocommit=True) as inside:
            database.make_privileges(inside)
        settings = connections["default"].settings_dict
        connections["default"].close()
        settings.update(_settings(cluster, making) | {"USER": "thaam_owner", "OPTIONS": {}})
        call_command("migrate", verbosity=0, interactive=False)
        connections["default"].close()
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
        )
    return name


@pytest.fixture(scope="session", autouse=True)
def emptied() -> Iterator[Callable[[], None]]:
    """After a committing test: empty every table past the fences (the running roles may not)."""
    from django.db import connection
    from django.test import TransactionTestCase

    def empty(case: Any = None) -> None:
        connection.ensure_connection()
        kept = {"django_migrations", "django_content_type", "auth_permission"}
        tables = [table for table in connection.introspection.table_names() if table not in kept]
        names = ", ".join(connection.ops.quote_name(table) for table in tables)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE; SET session_replication_role = replica")
            cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
            cursor.execute("SET session_replication_role = origin; SET ROLE thaam_loops")

    before = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = empty
    yield empty
    TransactionTestCase._fixture_teardown = before


@pytest.fixture(autouse=True)
def _running_role(request: pytest.FixtureRequest) -> Iterator[None]:
    """The role of tests by folder; see the head of this file."""
    touches = {"db", "transactional_db", "client"} & set(request.fixturenames) or request.node.get_closest_marker(
        "django_db"
    )
    folder = Path(str(request.node.path)).relative_to(ROOT / "tests").parts[0]
    if not touches or folder not in AS_APP:
        yield
        return
    request.getfixturevalue("as_app")
    yield


@pytest.fixture
def as_app(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run as thaam_app: row-level security applies; sit_at()/seated() of parties.desks choose a desk."""
    yield from _as(request, "thaam_app")


@pytest.fixture
def as_loops(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run as thaam_loops: sees every row, may still not change an append-only one."""
    yield from _as(request, "thaam_loops")


def _as(request: pytest.FixtureRequest, role: str) -> Iterator[None]:
    from cast import running_as

    request.getfixturevalue("_django_db_helper")
    with running_as(role):
        yield


@pytest.fixture
def database_env(cluster: Any, transactional_db: None) -> dict[str, str]:
    """The environment of a real process on this test's database (roles by THAAM_ROLE: app, loops, owner)."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "DATABASE_URL": f"postgresql://postgres@/{name}?host={cluster.socket}",
        "DJANGO_SETTINGS_MODULE": "thaam.project.settings",
        "THAAM_DATA": str(DATA),
        "THAAM_SECRET_KEY": "only-for-tests",
    }
