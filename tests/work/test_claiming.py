"""Leases, fences, backoff, the limit per partner, and one key one job."""

from __future__ import annotations

import datetime

import pytest

from cast import NOON
from thaam.journal.models import Fact
from thaam.work.claiming import LEASE, PARTNER_MAX, LeaseLost, claim, fail, finish
from thaam.work.models import Job
from thaam.work.scheduling import schedule, unschedule

pytestmark = pytest.mark.django_db

SECOND = datetime.timedelta(seconds=1)


def _schedule(key: str = "a", *, run_at: datetime.datetime = NOON, partner: str = "", **payload: object) -> None:
    schedule(kind="test", key=key, run_at=run_at, partner=partner, **payload)


def test_the_same_key_again_moves_the_time_and_makes_no_second_job() -> None:
    _schedule(n=1)
    _schedule(run_at=NOON + SECOND, n=2)
    assert claim(kinds=["test"], limit=9, at=NOON) == []
    (job,) = claim(kinds=["test"], limit=9, at=NOON + SECOND)
    assert job.payload == {"n": 2}


def test_a_job_somebody_has_begun_is_not_moved() -> None:
    _schedule()
    claim(kinds=["test"], limit=1, at=NOON)
    _schedule(run_at=NOON + SECOND)
    assert Job.objects.get().run_at == NOON
    unschedule(key="a")
    assert Job.objects.get().run_at == NOON


def test_a_late_worker_changes_nothing() -> None:
    _schedule()
    (first,) = claim(kinds=["test"], limit=1, at=NOON)
    later = NOON + LEASE
    (second,) = claim(kinds=["test"], limit=1, at=later)
    with pytest.raises(LeaseLost):
        finish(first, at=later)
    with pytest.raises(LeaseLost):
        fail(first, at=later, error="late")
    finish(second, at=later)
    assert Job.objects.get().state == "done"


def test_a_failed_job_comes_back_twice_as_late_each_time_and_is_never_silent_when_dead() -> None:
    schedule(kind="test", key="a", run_at=NOON, attempts_max=3)
    at, waits = NOON, []
    for _ in range(3):
        (job,) = claim(kinds=["test"], limit=1, at=at)
        fail(job, at=at, error="no", chance=0.5)
        waits.append(Job.objects.get().run_at - at)
        at = Job.objects.get().run_at
    assert waits[:2] == [2 * SECOND, 4 * SECOND]
    assert Job.objects.get().state == "dead"
    assert Fact.objects.get(kind="job:dead").data["key"] == "a"


def test_no_partner_gets_more_than_its_share_at_one_time() -> None:
    for n in range(PARTNER_MAX + 2):
        _schedule(f"x{n}", partner="DEMO1")
    _schedule("y", partner="DEMO2")
    first = claim(kinds=["test"], limit=3, at=NOON)
    second = claim(kinds=["test"], limit=99, at=NOON)
    mine = [job for job in first + second if job.partner == "DEMO1"]
    assert len(mine) == PARTNER_MAX
    assert [job.key for job in second if job.partner == "DEMO2"] == ["y"] or "y" in [job.key for job in first]
    finish(mine[0], at=NOON)
    assert len(claim(kinds=["test"], limit=99, at=NOON)) == 1


def test_other_kinds_are_left_alone() -> None:
    _schedule()
    assert claim(kinds=["other"], limit=9, at=NOON) == []
