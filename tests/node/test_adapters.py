"""One contract for every adapter: the toy bank's door, a core's HTTP door over TLS, a core on SQLite, on PostgreSQL."""

from __future__ import annotations

import sqlite3
import ssl
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from psycopg import sql

from thaam.node.adapters import UnknownAdapter, open_core
from thaam.node.adapters.tables import TablesCore
from thaam.node.corebank import CoreRefused, CoreUnreachable, Placed
from thaam.world.toybank.door import DoorServer
from thaam.world.toybank.host import Host

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Core(Protocol):
    """A core with an account `balu` that got Rs 5,000, and its adapter."""

    adapter: Any

    def spend(self, paise: int) -> None: ...


class ToyCore:
    def __init__(self, folder: Path) -> None:
        self.host = Host(data=folder, codes=["B"], clock=lambda: AT)
        self.door = DoorServer(host=self.host, port=0)
        threading.Thread(target=self.door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.host.bank("B").open_account(account="balu", holder="Balu", mobile="+91 98765 00001")
        self.host.bank("B").post_credit(
            id="c", account="balu", amount_paise=500_000, channel="UPI", tx_ref="P1", at=AT, counterparty_bank="A",
            counterparty_account="asha",
        )  # fmt: skip
        self.adapter = open_core(
            adapter="toybank", bank="B", settings={"url": f"http://127.0.0.1:{self.door.server_port}"}
        )

    def spend(self, paise: int) -> None:
        self.host.bank("B").post_debit(id=str(paise), account="balu", amount_paise=paise, channel="ATM", at=AT)

    def close(self) -> None:
        self.adapter.close()
        self.door.shutdown()
        self.door.server_close()
        self.host.close()


class HttpsCore(ToyCore):
    """The same door behind TLS of the bank's own authority, as a core's own HTTP door would stand."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.adapter.close()
        certificate = own_certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.tls = DoorServer(host=self.host, port=0)
        self.tls.socket = context.wrap_socket(self.tls.socket, server_side=True)
        threading.Thread(target=self.tls.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        (folder / "token").write_text("secret\n")
        self.url = f"https://localhost:{self.tls.server_port}/banks/B"
        settings = {"url": self.url, "token_file": str(folder / "token"), "ca_file": str(certificate)}
        self.adapter = open_core(adapter="http", bank="B", settings=settings)

    def close(self) -> None:
        super().close()
        self.tls.shutdown()
        self.tls.server_close()


def own_certificate(folder: Path) -> Path:
    """A key and a certificate for localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "core.pem"
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_core_with_another_certificate_is_not_spoken_to(tmp_path: Path) -> None:
    core = HttpsCore(tmp_path)
    stranger = open_core(adapter="http", bank="B", settings={"url": core.url})
    with pytest.raises(CoreUnreachable):
        stranger.postings_after(position=0, limit=1)
    core.close()


@pytest.mark.parametrize(
    ("url", "token"),
    [("ftp://core", ""), ("https://", ""), ("https://core/?a=1", ""), ("http://core.example", "secret")],
)
def test_a_core_that_cannot_be_spoken_to_safely_is_refused(tmp_path: Path, url: str, token: str) -> None:
    (tmp_path / "token").write_text(token)
    with pytest.raises(ValueError, match=r"core|token"):
        open_core(adapter="http", bank="B", settings={"url": url, "token_file": str(tmp_path / "token")})


ACCOUNT = "INSERT INTO core_account VALUES ('balu', '+91 98765 00001', 0, NULL, 500000, {no}, {no}, {no})"
CREDIT = (
    "INSERT INTO core_posting VALUES (1, 'balu', 1, 'P1', 'C', 500000, 'UPI', '2026-03-02T10:00:00+00:00', 'A', 'asha',"
    " 500000, NULL, NULL)"
)
DEBIT = (
    "INSERT INTO core_posting SELECT max(position) + 1, 'balu', max(seq) + 1, 'D' || max(seq), 'D', {paise}, 'ATM',"
    " '2026-03-02T10:00:00+00:00', NULL, NULL, NULL, NULL, 'ATM 7' FROM core_posting"
)
TAKE = "UPDATE core_account SET balance_paise = balance_paise - {paise}"


class SqliteCore:
    def __init__(self, folder: Path) -> None:
        path = folder / "core.sqlite"
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript((HOW_TO / "core-tables-sqlite.sql").read_text())
        self.db.execute(ACCOUNT.format(no=0))
        self.db.execute(CREDIT)
        self.adapter = open_core(adapter="sqlite", bank="B", settings={"path": str(path)})

    def spend(self, paise: int) -> None:
        self.db.execute(DEBIT.format(paise=paise))
        self.db.execute(TAKE.format(paise=paise))

    def close(self) -> None:
        self.adapter.close()
        self.db.close()


class PostgresCore:
    def __init__(self, cluster: Any) -> None:
        self.name = f"core_{uuid.uuid4().hex[:12]}"
        self.admin = f"host={cluster.socket} user=postgres dbname=postgres"
        self._run(self.admin, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))
        url = f"host={cluster.socket} user=postgres dbname={self.name}"
        self.db = psycopg.connect(url, autocommit=True)
        self.db.execute((HOW_TO / "core-tables-postgresql.sql").read_text())  # type: ignore[call-overload]
        self.db.execute(ACCOUNT.format(no="false"))  # type: ignore[call-overload]
        self.db.execute(CREDIT)
        self.adapter = open_core(adapter="postgresql", bank="B", settings={"url": url})

    def spend(self, paise: int) -> None:
        self.db.execute(DEBIT.format(paise=paise))  # type: ignore[call-overload]
        self.db.execute(TAKE.format(paise=paise))  # type: ignore[call-overload]

    def close(self) -> None:
        self.adapter.close()
        self.db.close()
        self._run(self.admin, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def _run(self, url: str, statement: sql.Composed) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(params=["toybank", "http", "sqlite", "postgresql"])
def core(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    made: Any
    if request.param == "toybank":
        made = ToyCore(tmp_path)
    elif request.param == "http":
        made = HttpsCore(tmp_path)
    elif request.param == "sqlite":
        made = SqliteCore(tmp_path)
    else:
        made = PostgresCore(request.getfixturevalue("cluster"))
    yield made
    made.close()


def test_postings_come_in_the_cores_order_with_aware_times(core: Any) -> None:
    core.spend(1_000)
    first, second = core.adapter.postings_after(position=0, limit=10)

    assert (first.position, first.side, first.tx_ref, first.counterparty_bank) == (1, "C", "P1", "A")
    assert first.posted_at == AT
    assert (second.position, second.side, second.amount_paise, second.seq) == (2, "D", 1_000, 2)
    assert core.adapter.postings_after(position=1, limit=1) == [second]
    assert core.adapter.postings_after(position=2, limit=10) == []


def test_an_account_is_told_with_its_opening_and_what_is_free(core: Any) -> None:
    core.adapter.place_hold(hold_id="h", account="balu", amount_paise=100_000)
    (facts,) = core.adapter.about_accounts(accounts=["balu", "nobody"])

    assert (facts.account, facts.opening_paise, facts.limit_paise) == ("balu", 0, None)
    assert (facts.balance_paise, facts.lien_paise, facts.available_paise) == (500_000, 100_000, 400_000)
    assert (facts.pool, facts.closed) == (False, False)


def test_mobiles_are_compared_by_ten_digits(core: Any) -> None:
    assert core.adapter.mobile_matches(account="balu", mobile="09876500001") is True
    assert core.adapter.mobile_matches(account="balu", mobile="09876500002") is False


def test_a_lien_is_placed_once_for_at_most_what_is_free_and_found_again(core: Any) -> None:
    core.spend(200_000)
    placed = core.adapter.place_hold(hold_id="h", account="balu", amount_paise=400_000)

    assert (placed.amount_paise, placed.position, placed.exact) == (300_000, 2, True)
    assert core.adapter.place_hold(hold_id="h", account="balu", amount_paise=400_000) == placed
    assert core.adapter.find_hold(hold_id="h") == placed
    assert core.adapter.find_hold(hold_id="other") is None
    (facts,) = core.adapter.about_accounts(accounts=["balu"])
    assert facts.lien_paise == 300_000


def test_a_lien_on_an_account_that_does_not_exist_is_refused(core: Any) -> None:
    with pytest.raises(CoreRefused):
        core.adapter.place_hold(hold_id="h", account="nobody", amount_paise=1)


def test_a_lift_is_done_once_and_never_for_more_than_is_held(core: Any) -> None:
    core.adapter.place_hold(hold_id="h", account="balu", amount_paise=400_000)
    for _ in range(2):
        assert core.adapter.lift_hold(hold_id="h", lift_id="l", amount_paise=150_000) == 1

    (facts,) = core.adapter.about_accounts(accounts=["balu"])
    assert facts.lien_paise == 250_000
    with pytest.raises(CoreRefused):
        core.adapter.lift_hold(hold_id="h", lift_id="m", amount_paise=250_001)


def test_held_money_is_paid_back_once_and_posted(core: Any) -> None:
    core.adapter.place_hold(hold_id="h", account="balu", amount_paise=400_000)
    ask = {"payment_id": "p", "hold_id": "h", "amount_paise": 300_000, "to_bank": "A", "to_account": "asha"}
    paid = core.adapter.pay_back(**ask)

    assert core.adapter.pay_back(**ask) == paid
    assert (paid.rail, paid.amount_paise, paid.payer_bank, paid.payee_bank) == ("IMPS", 300_000, "B", "A")
    debits = core.adapter.postings_after(position=1, limit=10)
    assert [(debit.tx_ref, debit.amount_paise) for debit in debits] == [(paid.reference, 300_000)]
    (facts,) = core.adapter.about_accounts(accounts=["balu"])
    assert (facts.lien_paise, facts.available_paise) == (100_000, 100_000)
    with pytest.raises(CoreRefused):
        core.adapter.pay_back(**{**ask, "payment_id": "q"})


def test_a_freeze_is_lifted(core: Any) -> None:
    core.adapter.lift_freeze(account="balu", lift_id="f", freeze_reference=None)
    core.adapter.lift_freeze(account="balu", lift_id="f", freeze_reference=None)


class SlowDatabase:
    """A core whose clerk answers requests later, and never with a position."""

    def __init__(self, answers_after: int) -> None:
        self.left = answers_after

    def ask(self, statement: str, values: Any) -> list[tuple[Any, ...]]:
        if statement.startswith("SELECT state"):
            self.left -= 1
            return [("asked", *[None] * 6)] if self.left > 0 else [("done", 70, "L1", None, None, None, None)]
        return [(41,)] if "max(position)" in statement else []

    def close(self) -> None: ...


def test_a_core_without_positions_is_waited_for_and_said_to_lag() -> None:
    slept: list[float] = []
    core = TablesCore(bank="B", database=SlowDatabase(4), lag_seconds=3.0, sleep=slept.append)

    assert core.place_hold(hold_id="h", account="x", amount_paise=100) == Placed(70, "L1", 41, exact=False)
    assert slept[-1] == 3.0


def test_a_request_nobody_answers_leaves_the_core_unreachable() -> None:
    core = TablesCore(bank="B", database=SlowDatabase(10**9), answer_seconds=0.2, sleep=lambda seconds: None)

    with pytest.raises(CoreUnreachable, match="unanswered"):
        core.place_hold(hold_id="h", account="x", amount_paise=100)


def test_a_core_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    core = open_core(adapter="sqlite", bank="B", settings={"path": str(tmp_path / "empty.sqlite")})
    with pytest.raises(CoreUnreachable):
        core.postings_after(position=0, limit=1)
    core.close()  # type: ignore[attr-defined]
    nobody = open_core(adapter="toybank", bank="B", settings={"url": "http://127.0.0.1:9"})
    with pytest.raises(CoreUnreachable):
        nobody.postings_after(position=0, limit=1)


def test_an_adapter_nobody_made_is_named() -> None:
    with pytest.raises(UnknownAdapter, match="cobol"):
        open_core(adapter="cobol", bank="B", settings={})
