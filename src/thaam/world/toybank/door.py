"""The HTTP JSON door of the toy banks, on loopback only: `ROUTES` is the whole API."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from thaam.world.toybank import liens
from thaam.world.toybank.host import Host
from thaam.world.toybank.refusals import STATUS_OF, Refused
from thaam.world.toybank.rows import Answer
from thaam.world.toybank.transfers import find_transfer, reverse

BODY_BYTES_MAX = 1_000_000
Asked = dict[str, Any]


def _open_account(host: Host, asked: Asked, bank: str) -> Answer:
    return host.bank(bank).open_account(
        account=asked["account"],
        holder=asked["holder"],
        mobile=asked.get("mobile"),
        opening_paise=asked.get("opening_paise", 0),
        limit_paise=asked.get("limit_paise"),
        account_class=asked.get("class", "NORMAL"),
    )


def _mobile_matches(host: Host, asked: Asked, bank: str, account: str) -> Answer:
    return {"matches": host.bank(bank).mobile_matches(account=account, mobile=str(asked["mobile"]))}


def _freeze(host: Host, asked: Asked, bank: str, account: str) -> Answer:
    return host.bank(bank).freeze_account(id=asked["id"], account=account, on=bool(asked["on"]))


def _tell(host: Host, asked: Asked, bank: str, account: str) -> Answer:
    return host.tell(
        bank=bank, id=asked["id"], account=account, words_hi=str(asked["words_hi"]), words_en=str(asked["words_en"])
    )


def _messages(host: Host, asked: Asked, bank: str, account: str) -> Answer:
    return {"messages": host.bank(bank).messages_to(account=account)}


def _postings(host: Host, asked: Asked, bank: str) -> Answer:
    found = host.bank(bank).postings_after(
        position=int(asked.get("after", 0)),
        limit=min(int(asked.get("limit", 1000)), 20_000),
        wait_seconds=min(float(asked.get("wait", 0)), 20.0),
    )
    return {"postings": found, "position": found[-1]["position"] if found else int(asked.get("after", 0))}


def _transfer(host: Host, asked: Asked, bank: str) -> Answer:
    return host.send(
        bank=bank,
        id=asked["id"],
        from_account=asked["from_account"],
        to_bank=asked["to_bank"],
        to_account=asked["to_account"],
        amount_paise=asked["amount_paise"],
        channel=asked["channel"],
        at=_when(host, asked),
        delay_seconds=asked.get("delay_seconds"),
        tx_ref=asked.get("tx_ref"),
        detail=asked.get("detail"),
    )


def _read_transfer(host: Host, asked: Asked, bank: str, id: str) -> Answer:
    note = find_transfer(bank=host.bank(bank), id=id)
    if note is None:
        raise Refused("unknown_payment", f"no payment {id} from {bank}")
    return note


def _debit(host: Host, asked: Asked, bank: str) -> Answer:
    return host.bank(bank).post_debit(
        id=f"debit:{asked['id']}",
        account=asked["account"],
        amount_paise=asked["amount_paise"],
        channel=asked["channel"],
        at=_when(host, asked),
        tx_ref=asked.get("tx_ref"),
        detail=asked.get("detail"),
    )


def _credit(host: Host, asked: Asked, bank: str) -> Answer:
    return host.bank(bank).post_credit(
        id=f"credit:{asked['id']}",
        account=asked["account"],
        amount_paise=asked["amount_paise"],
        channel=asked["channel"],
        tx_ref=asked.get("tx_ref") or f"C{asked['id']}",
        at=_when(host, asked),
        counterparty_bank=asked.get("counterparty_bank"),
        counterparty_account=asked.get("counterparty_account"),
        detail=asked.get("detail"),
    )


def _refund(host: Host, asked: Asked, bank: str) -> Answer:
    at = _when(host, asked)
    return host.refund(bank=bank, id=asked["id"], tx_ref=asked["tx_ref"], amount_paise=asked["amount_paise"], at=at)


def _reverse(host: Host, asked: Asked, bank: str) -> Answer:
    at, here = _when(host, asked), host.bank(bank)
    return reverse(bank=here, id=asked["id"], tx_ref=asked["tx_ref"], amount_paise=asked["amount_paise"], at=at)


def _place_lien(host: Host, asked: Asked, bank: str) -> Answer:
    return liens.place_lien(
        bank=host.bank(bank),
        id=asked["id"],
        account=asked["account"],
        amount_paise=asked["amount_paise"],
        at=host.clock(),
    )


def _read_lien(host: Host, asked: Asked, bank: str, id: str) -> Answer:
    found = liens.find_lien(bank=host.bank(bank), id=id)
    if found is None:
        raise Refused("unknown_lien", f"no lien {id}")
    return found


def _lift_lien(host: Host, asked: Asked, bank: str, id: str) -> Answer:
    return liens.lift_lien(bank=host.bank(bank), id=id, lift_id=asked["id"], amount_paise=asked["amount_paise"])


def _pay_out(host: Host, asked: Asked, bank: str) -> Answer:
    return host.pay_out(
        bank=bank,
        id=asked["id"],
        lien_id=asked["lien_id"],
        amount_paise=asked["amount_paise"],
        to_bank=asked["to_bank"],
        to_account=asked["to_account"],
        at=host.clock(),
    )


def _switch(host: Host, asked: Asked, bank: str) -> Answer:
    for name, on in asked.items():
        host.bank(bank).set_switch(name=name, on=bool(on))
    return host.bank(bank).figures()


def _load(host: Host, asked: Asked) -> Answer:
    accounts = asked.get("accounts")
    return host.load(id=asked["id"], postings=Path(asked["postings"]), accounts=Path(accounts) if accounts else None)


_B = r"/banks/(?P<bank>[A-Z0-9]+)"
_A = _B + r"/accounts/(?P<account>[^/]+)"
_L = _B + r"/liens/(?P<id>[^/]+)"
_T = _B + r"/transfers/(?P<id>[^/]+)"
ROUTES: list[tuple[str, re.Pattern[str], Callable[..., Answer]]] = [
    (method, re.compile(path), verb)
    for method, path, verb in (
        ("GET", r"/banks", lambda host, asked: {"banks": [bank.figures() for bank in host.banks.values()]}),
        ("POST", r"/load", _load),
        ("GET", _B, lambda host, asked, bank: host.bank(bank).figures()),
        ("GET", _B + "/accounts", lambda host, asked, bank: {"accounts": host.bank(bank).accounts()}),
        ("POST", _B + "/accounts", _open_account),
        (
            "POST",
            _B + "/about-accounts",
            lambda host, asked, bank: {"accounts": host.bank(bank).about(accounts=asked["accounts"])},
        ),
        ("GET", _A, lambda host, asked, bank, account: host.bank(bank).account(account=account)),
        ("POST", _A + "/close", lambda host, asked, bank, account: host.bank(bank).close_account(account=account)),
        ("POST", _A + "/freeze", _freeze),
        ("POST", _A + "/messages", _tell),
        ("GET", _A + "/messages", _messages),
        ("POST", _A + "/mobile-matches", _mobile_matches),
        (
            "GET",
            _A + "/liens",
            lambda host, asked, bank, account: {"liens": liens.liens_on(bank=host.bank(bank), account=account)},
        ),
        ("GET", _B + "/postings", _postings),
        ("POST", _B + "/transfers", _transfer),
        ("GET", _T, _read_transfer),
        ("POST", _T + "/bring-back", lambda host, asked, bank, id: host.bring_back(bank=bank, id=id, at=host.clock())),
        ("POST", _B + "/debits", _debit),
        ("POST", _B + "/credits", _credit),
        ("POST", _B + "/refunds", _refund),
        ("POST", _B + "/reversals", _reverse),
        ("POST", _B + "/liens", _place_lien),
        ("GET", _L, _read_lien),
        ("POST", _L + "/lift", _lift_lien),
        ("POST", _B + "/payouts", _pay_out),
        ("POST", _B + "/switches", _switch),
    )
]


def respond(host: Host, method: str, target: str, body: bytes) -> tuple[int, Answer]:
    """One request without its socket: status and answer. A GET's parameters are its query, a POST's its body."""
    path = urlsplit(target).path
    asked: Any = dict(parse_qsl(urlsplit(target).query))
    if method == "POST":
        try:
            asked = json.loads(body or b"{}")
        except ValueError:
            asked = None
        if not isinstance(asked, dict):
            return 400, {"code": "bad_request", "why": "the body must be a JSON object"}
    for verb_method, pattern, verb in ROUTES:
        match = pattern.fullmatch(path) if verb_method == method else None
        if match:
            return _carry_out(host, verb, asked, {k: unquote(v) for k, v in match.groupdict().items()})
    return 404, {"code": "no_such_door", "why": f"{method} {path}"}


def _carry_out(host: Host, verb: Callable[..., Answer], asked: Asked, places: dict[str, str]) -> tuple[int, Answer]:
    try:
        return 200, verb(host, asked, **places)
    except Refused as refused:
        return STATUS_OF[refused.code], {"code": refused.code, "why": refused.why}
    except (KeyError, TypeError, ValueError, OSError) as error:
        return 400, {"code": "bad_request", "why": f"{type(error).__name__}: {error}"}


def as_bytes(answer: Answer) -> bytes:
    """An answer as it travels."""
    return json.dumps(answer, ensure_ascii=False).encode()


class Door(BaseHTTPRequestHandler):
    """One connection. Keep-alive, one small write an answer (two writes would wait for each other's TCP ack)."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 300
    server: DoorServer

    def do_GET(self) -> None:
        """A question."""
        self._write(*respond(self.server.host, "GET", self.path, b""))

    def do_POST(self) -> None:
        """A verb."""
        length = int(self.headers.get("Content-Length") or 0)
        if length > BODY_BYTES_MAX:
            self.close_connection = True
            return self._write(400, {"code": "bad_request", "why": "the body is too long"})
        return self._write(*respond(self.server.host, "POST", self.path, self.rfile.read(length)))

    def _write(self, status: int, answer: Answer) -> None:
        body = as_bytes(answer)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing for each request."""


class DoorServer(ThreadingHTTPServer):
    """The listening socket; `host` is what it serves."""

    daemon_threads = True
    request_queue_size = 128
    address_family = socket.AF_INET

    def __init__(self, *, host: Host, port: int) -> None:
        super().__init__(("127.0.0.1", port), Door)
        self.host = host

    def server_bind(self) -> None:
        """Bind without asking the name service what this machine is called (it can take seconds)."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])


def _when(host: Host, asked: Asked) -> datetime:
    text = asked.get("posted_at")
    at = host.clock() if text is None else datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise Refused("bad_request", "posted_at needs an offset")
    return at
