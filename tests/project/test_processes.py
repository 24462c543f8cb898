"""Real processes on a real database: killed at any moment, frozen out of it, and nothing is lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.db import connection, transaction

from cast import NOON, running_as
from ports import free_port
from thaam.journal.hints import token_for
from thaam.journal.kinds import Kind
from thaam.journal.models import Cursor, Line, Pending
from thaam.journal.recording import record
from thaam.journal.sequencing import CHANNEL
from thaam.project.loops import joined
from thaam.work.models import Job
from thaam.work.scheduling import schedule

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(database_env: dict[str, str]) -> Iterator[Start]:
    """Start `thaam serve ...` on this test's database; all are ended afterwards."""
    started = []

    def one(*arguments: str, **env: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "thaam", "serve", *arguments]
        process = subprocess.Popen(command, env=database_env | {"THAAM_LOG": "ERROR"} | env)
        started.append(process)
        return process

    yield one
    for process in started:
        if process.poll() is None:
            process.terminate()
    for process in started:
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until(what: Callable[[], Any], seconds: float = 120.0) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")


def _record(number: int) -> None:
    with transaction.atomic():
        record(Kind.CHASE_ADVANCED, about=f"chase:{number}", by="loop:chase", at=NOON)


def test_a_killed_sequencer_leaves_no_gap_and_loses_no_fact(start: Start) -> None:
    for round_ in range(2):
        before = Line.objects.count()
        sequencer = start("sequencer")
        for number in range(40):
            _record(100 * round_ + number)
        _until(lambda before=before: Line.objects.count() > before)
        sequencer.send_signal(signal.SIGKILL)
        sequencer.wait()
    start("sequencer")
    _until(lambda: not Pending.objects.exists())
    positions = list(Line.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))
    assert {f"chase:{100 * r + n}" for r in range(2) for n in range(40)} <= set(
        Line.objects.values_list("fact__about", flat=True)
    )


def test_readers_of_the_journal_need_no_worker_and_go_on_where_they_were_killed(start: Start) -> None:
    readers = set(joined().reads)
    start("sequencer")
    first = start("readers")
    for number in range(30):
        _record(number)
    _until(lambda: Cursor.objects.filter(position__gt=0).exists())
    first.send_signal(signal.SIGKILL)
    first.wait()
    start("readers")
    _until(lambda: not Pending.objects.exists())
    head = Line.objects.order_by("-position").values_list("position", flat=True)[0]
    _until(lambda: readers <= set(Cursor.objects.filter(position__gte=head).values_list("reader", flat=True)))


def test_a_hint_reaches_who_may_hear_it_and_nobody_else(start: Start) -> None:
    port = free_port()
    start("sequencer")
    start("stream", "--port", str(port), THAAM_SECRET_KEY=_secret())
    url = f"http://127.0.0.1:{port}"
    _until(lambda: _answers(f"{url}/health"))
    with httpx.Client(timeout=120, trust_env=False) as client:
        assert client.get(f"{url}/stream?topics=made-up").status_code == 403
        with client.stream("GET", f"{url}/stream?topics={token_for(['chase:7'])}") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 2000"
            _until(lambda: ("idle", f"LISTEN {CHANNEL}") in _others().values())
            _record(6)
            _record(7)
            told = (json.loads(line[6:]) for line in lines if line.startswith("data: "))
            heard = next(one for one in told if one["position"])  # position 0 only says: you may have missed something
    assert heard["topic"] == "chase:7"


def _others() -> dict[int, tuple[str, str]]:
    """What each other connection to this database is doing, and its last statement, by the server's process."""
    # only a superuser reads others' statements
    with running_as("postgres"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, state, query FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return {pid: (state, query) for pid, state, query in cursor.fetchall()}


def _secret() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_notice_is_sent_once_though_its_worker_is_killed(start: Start) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    start("gateway", "--port", str(port))
    _until(lambda: _answers(f"{url}/health"))
    for number in range(30):
        schedule(kind="sms:send", key=f"n{number}", run_at=NOON, to="9000000001", text=f"कोड {number}")
    ours = _others().keys()  # a thread of an earlier test may have left one open
    first = start("work", THAAM_GATEWAY_URL=url)
    _until(lambda: Job.objects.filter(state="done").exists())
    first.send_signal(signal.SIGKILL)
    first.wait()
    _until(lambda: _others().keys() <= ours)  # what it had begun in the database has ended too
    # the lease of what was under way runs out
    Job.objects.filter(state="leased").update(lease_until=NOON)
    start("work", THAAM_GATEWAY_URL=url)
    _until(lambda: not Job.objects.filter(kind="sms:send").exclude(state="done").exists())
    texts = [each["text"] for each in httpx.get(f"{url}/messages?to=9000000001", trust_env=False).json()["messages"]]
    assert sorted(texts) == sorted(f"कोड {number}" for number in range(30))
    assert all(job.payload == {} for job in Job.objects.filter(kind="sms:send"))  # nobody's business once sent
