"""A hint reaches an address a bank has named, signed, with bank and position only, where that is switched on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import override_settings

from cast import NOON, bank, hold_order
from thaam.journal.models import Fact
from thaam.journal.sequencing import Sequencer
from thaam.mailbox import hinting
from thaam.mailbox.posting import post
from thaam.parties.keys import platform_key
from thaam.wire.webhook import verify_hint
from thaam.work.models import Job

pytestmark = pytest.mark.django_db


class Ear(ThreadingHTTPServer):
    """A bank's address that remembers what came."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        ear = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                ear.heard.append((dict(self.headers.items()), body))
                self.send_response(ear.status)
                if ear.status == 302:
                    self.send_header("location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hint"


@pytest.fixture
def ear() -> Iterator[Ear]:
    made = Ear()
    yield made
    made.shutdown()
    made.server_close()


def posted() -> Fact:
    bank("DEMO1")
    post(partner="DEMO1", message=hold_order(), at=NOON, by="officer:1")
    Sequencer(platform_key()).number(at=NOON)
    return Fact.objects.get(kind="order:posted")


def owed() -> list[dict[str, Any]]:
    return [job.payload | {"key": job.key} for job in Job.objects.filter(kind=hinting.SEND)]


@override_settings(BANK_HINTS=True)
def test_an_order_is_hinted_at_with_its_position_and_a_signature(ear: Ear) -> None:
    fact = posted()
    hinting.set_address(bank="DEMO1", url=ear.url, by="officer:1", at=NOON)
    hinting.owe_hint(fact, NOON)
    hinting.owe_hint(fact, NOON)  # the reader was killed in between
    (payload,) = owed()
    hinting.send_hint(payload, NOON)
    ((headers, body),) = ear.heard
    hint = verify_hint(headers, body, public_keys=[platform_key().public], now=NOON)
    assert (hint.bank, hint.position) == ("DEMO1", payload["position"])


@pytest.mark.parametrize("on", [False, True])
def test_nothing_is_opened_towards_a_bank_unless_both_sides_want_it(ear: Ear, on: bool) -> None:
    fact = posted()
    if not on:
        hinting.set_address(bank="DEMO1", url=ear.url, by="officer:1", at=NOON)
    with override_settings(BANK_HINTS=on):
        hinting.owe_hint(fact, NOON)
    assert owed() == []


@override_settings(BANK_HINTS=True)
@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_hint_that_is_not_taken_is_tried_again_and_no_redirect_is_followed(ear: Ear, status: int) -> None:
    fact = posted()
    hinting.set_address(bank="DEMO1", url=ear.url, by="officer:1", at=NOON)
    hinting.owe_hint(fact, NOON)
    ear.status = status
    with pytest.raises(hinting.NotTaken):
        hinting.send_hint(owed()[0], NOON)
    assert len(ear.heard) == 1
    assert Job.objects.get(kind=hinting.SEND).attempts_max == hinting.TRIES_MAX
    hinting.set_address(bank="DEMO1", url="", by="officer:1", at=NOON)
    hinting.send_hint(owed()[0], NOON)  # the bank wants none any more
    assert len(ear.heard) == 1


@pytest.mark.parametrize(
    "url",
    ["http://bank.example/hint", "ftp://bank.example", "https://", "https://u:p@bank.example/", "bank", "https://b/#a"],
)
def test_another_sort_of_address_is_refused(url: str) -> None:
    bank("DEMO1")
    with pytest.raises(hinting.NotAnAddress):
        hinting.set_address(bank="DEMO1", url=url, by="officer:1", at=NOON)
