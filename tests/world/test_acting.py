"""Plots played against real toy banks."""

import random
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime

import pytest

from thaam.reading.message import read_message
from thaam.world.acting import Stage
from thaam.world.bankline import BankLine
from thaam.world.player import debit_sms
from thaam.world.plots import Happened, Pace, cast_of, plot
from thaam.world.toybank.door import DoorServer
from thaam.world.toybank.host import Host

FAST = Pace(wait_seconds=(0.0, 0.05))


@pytest.fixture
def line(tmp_path):
    host = Host(data=tmp_path, codes=["DEMO1", "DEMO2", "DEMO3"], clock=lambda: datetime.now(UTC))
    server = DoorServer(host=host, port=0)
    host.start()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    line = BankLine(f"http://127.0.0.1:{server.server_port}")
    yield line
    line.close()
    server.shutdown()
    thread.join()
    server.server_close()
    host.close()


def wait_until_idle(stage: Stage) -> None:
    until = time.monotonic() + 120
    while not stage.idle():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_same_seed_plans_the_same_plot():
    cast = cast_of(seed=3, banks=3, victims=4, mules=9, persons=3)
    again = cast_of(seed=3, banks=3, victims=4, mules=9, persons=3)
    plots = [plot(number=2, cast=each, pace=Pace(), rng=random.Random(5)) for each in (cast, again)]
    assert plots[0] == plots[1]
    assert plots[0].hops >= 3


def test_what_is_played_is_what_the_banks_have(line: BankLine):
    cast = cast_of(seed=1, banks=3, victims=3, mules=9, persons=3)
    for person in cast.everybody:
        line.open(person)
    with Stage(line=line, mark="t") as stage:
        stage.play([plot(number=n, cast=cast, pace=FAST, rng=random.Random(n)) for n in range(3)], seconds_apart=0.0)
        wait_until_idle(stage)
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for paid in stage.happened:
        moved[paid.payer.place] -= paid.paise
        if paid.payee:
            moved[paid.payee.place] += paid.paise
    for person in cast.everybody:
        balance = line.account(*person.place)["balance_paise"]
        assert balance == person.opening_paise + moved[person.place]
    assert max(paid.hop for paid in stage.happened) >= 3
    assert all(paid.reference for paid in stage.happened)


def test_a_mule_whose_money_is_under_a_lien_pays_on_what_is_left(line: BankLine):
    cast = cast_of(seed=1, banks=3, victims=1, mules=9, persons=0)
    for person in cast.everybody:
        line.open(person)

    def hold(_, paid) -> None:
        if paid.hop == 1:
            line.ask(
                f"/banks/{paid.payee.bank}/liens",
                id="hold",
                account=paid.payee.account,
                amount_paise=paid.paise - 500_00,
            )

    slow = Pace(wait_seconds=(0.1, 0.2))
    with Stage(line=line, mark="t", on_paid=hold) as stage:
        stage.play([plot(number=0, cast=cast, pace=slow, rng=random.Random(4))], seconds_apart=0.0)
        wait_until_idle(stage)
    stolen = stage.happened[0]
    assert stage.refused >= 1
    mule = line.account(*stolen.payee.place)
    assert mule["lien_paise"] == stolen.paise - 500_00
    assert mule["balance_paise"] >= mule["lien_paise"]


def test_the_sms_left_for_a_visitor_is_read_as_the_debit_it_tells():
    payer = cast_of(seed=3, banks=3, victims=4, mules=9, persons=3).persons[0]
    paid = Happened(1, 1, 1_00_000_05, payer, None, "UPI", "475975839509")
    read = read_message(debit_sms(paid, datetime(2026, 11, 25, 18, 5, tzinfo=UTC)))
    assert (read.direction, read.amount_paise, read.reference) == ("debit", 1_00_000_05, "475975839509")
    assert (read.account_last4, read.rail) == (payer.account[-4:], "UPI")
