"""The platform's figures for a monitoring system: to this machine or to the token, in OpenMetrics."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from cast import NOON, bank, hold_order, running_as
from thaam.mailbox.posting import post
from thaam.work.scheduling import schedule

pytestmark = pytest.mark.django_db


def value_of(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, text
    return float(found[1])


def test_queues_and_lags_are_told_and_nobodys_rows() -> None:
    with running_as("thaam_loops"):
        bank("DEMO1")
        post(partner="DEMO1", message=hold_order(), at=NOON, by="officer:1")
        schedule(kind="test", key="late", run_at=NOON)
    text = Client().get("/metrics").content.decode()
    assert text.endswith("# EOF\n")
    assert value_of(text, 'thaam_orders_open{kind="HoldOrder"}') == 1
    assert value_of(text, "thaam_jobs_due") >= 1
    assert value_of(text, "thaam_jobs_due_oldest_seconds") > 0
    assert value_of(text, "thaam_facts_unnumbered") >= 1
    assert "DEMO1" not in text
    families = re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE)
    assert len(families) == len(set(families)) >= 10


def test_what_a_proxy_passes_on_or_another_machine_asks_is_not_answered() -> None:
    assert Client().get("/metrics", headers={"x-forwarded-for": "203.0.113.7"}).status_code == 404
    assert Client(REMOTE_ADDR="203.0.113.7").get("/metrics").status_code == 404
    assert Client(REMOTE_ADDR="not an address").get("/metrics").status_code == 404
    assert Client().post("/metrics").status_code in (403, 404)


@override_settings(METRICS_TOKEN="long and secret")
def test_with_a_token_only_the_token_opens() -> None:
    assert Client().get("/metrics").status_code == 404
    assert Client().get("/metrics", headers={"authorization": "Bearer other"}).status_code == 404
    remote = Client(REMOTE_ADDR="203.0.113.7")
    assert remote.get("/metrics", headers={"authorization": "Bearer long and secret"}).status_code == 200
