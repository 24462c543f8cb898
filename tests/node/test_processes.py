"""Real processes: a toy bank, a node killed with SIGKILL at random moments, and a signed platform."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from node.conftest import BASIS, DEVI, SmallPlatform, tally
from thaam.wire import keys
from thaam.wire.messages import HoldAnswer, HoldOrder, PaymentId, Range, ReleaseDone
from world.toybank.conftest import SOURCE, RunningToyBank


def now() -> datetime:
    return datetime.now(UTC)


class Street:
    """Banks A and B in a toy bank process, B's node in another, and the platform in this one."""

    def __init__(self, folder: Path) -> None:
        self.bank = RunningToyBank(folder / "banks")
        self.platform = SmallPlatform(now)
        keys.save(self.platform.bank_key, folder / "b.pem")
        self.config = folder / "node.toml"
        self.config.write_text(
            f'bank = "B"\nplatform_url = "{self.platform.url}"\nkey = "b.pem"\npoll_seconds = 0.05\n'
            f'[platform_keys]\n"{self.platform.key.key_id}" = "{keys.public_text(self.platform.key.public)}"\n'
            f'[core]\nadapter = "toybank"\nurl = "http://127.0.0.1:{self.bank.port}"\n'
        )
        self.node: subprocess.Popen[bytes] | None = None
        self.bank.do("/banks/A/accounts", account="asha", holder="Asha", opening_paise=10**9)

    def start_node(self) -> None:
        command = [sys.executable, "-m", "thaam", "node", "--config", str(self.config)]
        self.node = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, stderr=subprocess.PIPE)

    def kill_node(self) -> bytes:
        assert self.node is not None
        self.node.kill()
        _, complaints = self.node.communicate(timeout=60)
        return complaints

    def pays(self, number: int, paise: int, to: str) -> PaymentId:
        found: dict[str, Any] = self.bank.do(
            "/banks/A/transfers",
            id=f"p{number}",
            from_account="asha",
            to_bank="B",
            to_account=to,
            amount_paise=paise,
            channel="IMPS",
        )["payment"]
        return PaymentId(found["rail"], found["reference"], date.fromisoformat(found["date"]), paise, "A", "B")

    def hold_order(self, payment: PaymentId, expires_in: float = 10**6) -> HoldOrder:
        order: HoldOrder = self.platform.order(
            HoldOrder(
                id=str(uuid.uuid4()),
                revision=1,
                payment=payment,
                ranges=(Range(0, payment.amount_paise),),
                amount_paise=payment.amount_paise,
                floor_paise=0,
                provisional=True,
                payee_hint=None,
                basis=BASIS,
                issued_by=DEVI,
                issued_at=now(),
                execute_before=now() + timedelta(hours=1),
                expires_at=now() + timedelta(seconds=expires_in),
            )
        )
        return order

    def wait_for(self, count: int, kind: type, seconds: float = 120.0) -> list[Any]:
        """Answers of a kind, once there are `count` of them."""
        self.wait_until(lambda: len(self.platform.answers(kind)) >= count, seconds)
        return self.platform.answers(kind)

    def wait_until(self, what: Callable[[], bool], seconds: float = 120.0) -> None:
        """Return as soon as it is so."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"it did not come about; the answers so far: {self.platform.answers()}"
            time.sleep(0.02)

    def close(self) -> None:
        if self.node is not None and self.node.poll() is None:
            self.kill_node()
        self.platform.close()
        self.bank.kill()


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    made = Street(tmp_path)
    yield made
    made.close()


@pytest.mark.req("S1.7")
def test_a_node_killed_again_and_again_loses_no_order_and_holds_nothing_twice(street: Street) -> None:
    choose = random.Random(11)
    accounts = [f"mule{n}" for n in range(6)]
    for account in accounts:
        street.bank.do("/banks/B/accounts", account=account, holder="Balu", opening_paise=0)
    street.start_node()
    orders: list[HoldOrder] = []

    def life_goes_on() -> None:
        for number in range(60):
            account = choose.choice(accounts)
            payment = street.pays(number, choose.randrange(10_000, 90_000), account)
            if choose.random() < 0.5:
                street.bank.ask(
                    "POST", "/banks/B/debits", id=f"d{number}", account=account, amount_paise=choose.randrange(1, 9**5),
                    channel="ATM",
                )  # fmt: skip
            orders.append(street.hold_order(payment))
            time.sleep(0.02)

    bank = threading.Thread(target=life_goes_on)
    bank.start()
    for _ in range(6):
        time.sleep(choose.uniform(0.35, 0.7))
        assert street.kill_node() == b""
        street.start_node()
    bank.join()

    answers = street.wait_for(len(orders), HoldAnswer)
    assert sorted(answer.order_id for answer in answers) == sorted(order.id for order in orders)
    assert {answer.revision for answer in answers} == {1}
    held = sum(tally(answer).get("held", 0) for answer in answers)
    liens = sum(street.bank.get(f"/banks/B/accounts/{account}")["lien_paise"] for account in accounts)
    assert held == liens > 0
    for account in accounts:
        assert street.bank.get(f"/banks/B/accounts/{account}")["available_paise"] >= 0


def test_a_hold_expires_on_time_at_a_node_that_was_down_when_it_ended(street: Street) -> None:
    street.bank.do("/banks/B/accounts", account="balu", holder="Balu", opening_paise=0)
    street.hold_order(street.pays(1, 10_000, "balu"))
    street.start_node()
    street.wait_for(1, HoldAnswer)  # the node is up
    order = street.hold_order(street.pays(2, 50_000, "balu"), expires_in=15)
    street.wait_for(2, HoldAnswer)
    street.kill_node()
    assert now() < order.expires_at, "too slow a machine: the hold ended before the node could be killed"
    time.sleep(max(0.0, (order.expires_at - now()).total_seconds()) + 0.1)
    assert street.bank.get("/banks/B/accounts/balu")["available_paise"] == 0
    street.start_node()

    done = street.wait_for(1, ReleaseDone)
    assert (done[0].reason, done[0].amount_paise) == ("expired", 50_000)
    assert street.bank.get("/banks/B/accounts/balu")["available_paise"] == 50_000


def test_one_pass_on_request_carries_out_what_there_is_and_ends(street: Street) -> None:
    street.bank.do("/banks/B/accounts", account="balu", holder="Balu", opening_paise=0)
    street.hold_order(street.pays(1, 50_000, "balu"))
    command = [sys.executable, "-m", "thaam", "node", "--config", str(street.config), "--once"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, timeout=120, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert len(street.platform.answers(HoldAnswer)) == 1


def test_a_bad_configuration_is_one_plain_sentence(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text(json.dumps({}).replace("{}", 'bank = "B"'))
    command = [sys.executable, "-m", "thaam", "node", "--config", str(path)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, timeout=120, check=False
    )

    assert done.returncode == 1
    assert done.stderr.decode().strip().endswith("platform_url is missing")


def test_money_is_held_while_the_platform_takes_no_answers(street: Street) -> None:
    street.bank.do("/banks/B/accounts", account="balu", holder="Balu", opening_paise=0)
    street.platform.deaf = True
    for number in range(3):
        street.hold_order(street.pays(number, 10_000, "balu"))
    street.start_node()
    street.wait_until(lambda: street.bank.get("/banks/B/accounts/balu")["lien_paise"] == 30_000)
    street.wait_until(lambda: street.platform.unheard > 1)
    assert street.platform.answers() == []

    street.platform.deaf = False
    assert len(street.wait_for(3, HoldAnswer)) == 3
    assert b"answers are not taken" in street.kill_node()


def test_a_node_whose_answer_the_platform_has_otherwise_stops_with_its_own_code(street: Street) -> None:
    street.bank.do("/banks/B/accounts", account="balu", holder="Balu", opening_paise=0)
    street.hold_order(street.pays(1, 10_000, "balu"))
    street.start_node()
    (answer,) = street.wait_for(1, HoldAnswer)
    street.kill_node()
    street.platform.messages[answer.id] = ("another digest", answer)
    with sqlite3.connect(street.config.parent / "data" / "records.sqlite") as records:
        records.execute("UPDATE answer SET receipt = NULL")
    records.close()
    street.start_node()

    assert street.node is not None
    _, complaints = street.node.communicate(timeout=120)
    assert street.node.returncode == 3
    assert b"answered before and forgot it" in complaints


def test_a_second_node_on_the_same_files_does_not_start(street: Street) -> None:
    street.bank.do("/banks/B/accounts", account="balu", holder="Balu", opening_paise=0)
    street.hold_order(street.pays(1, 10_000, "balu"))
    street.start_node()
    street.wait_for(1, HoldAnswer)  # the node is at work
    command = [sys.executable, "-m", "thaam", "node", "--config", str(street.config), "--once"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, timeout=120, check=False
    )

    assert done.returncode == 1
    assert b"another node runs" in done.stderr
