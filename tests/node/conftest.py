"""A small signed platform, a toy bank and a node, all real and on loopback; only the clock is held still."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from thaam.node.config import open_node, read_config
from thaam.node.pull import Node
from thaam.wire import codec, jws, keys, signing
from thaam.wire.checkpoints import sign_checkpoint
from thaam.wire.fields import Moment
from thaam.wire.messages import (
    Basis,
    HoldAnswer,
    HoldOrder,
    IssuedBy,
    LocatePayment,
    Message,
    PaymentId,
    Range,
    ranges_of,
)
from thaam.world.toybank.door import DoorServer
from thaam.world.toybank.host import Host

BASIS = Basis("IN", "BNSS 106", "police", "26110000017")
DEVI = IssuedBy("desk-1", "devi")
APPROVER = IssuedBy("desk-1", "approver")
STARTED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def ids_of(seed: int) -> Callable[[], str]:
    """Ids in no order, and the same in every run: a life that fails is lived again."""
    chance = random.Random(seed)
    return lambda: str(uuid.UUID(int=chance.getrandbits(128), version=4))


class Clock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = STARTED

    def __call__(self) -> datetime:
        return self.at

    def goes_on(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)


class SmallPlatform:
    """One bank's mailbox and answers over signed HTTP, with the platform's own checks and nothing behind them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.key = keys.generate()
        self.bank_key = keys.generate()
        self.items: list[dict[str, Any]] = []
        self.messages: dict[str, tuple[str, Message]] = {}
        self.places: dict[str, int] = {}
        self.last = 2
        self.numbering = threading.Lock()  # a line is on a page from the moment that it has its position
        self.posts: list[str] = []
        self.checkpoint: dict[str, Any] | None = None
        self.refuses: dict[str, str] = {}  # order id: the code its answers are refused with
        self.down = False
        self.deaf = False
        self.shows_receipts = True
        self.unheard = 0  # messages that came while it was deaf
        self.forgets = False  # gives receipts, and has lost what they are for
        self.lost: list[Message] = []
        platform = self

        class Door(_Door):
            owner = platform

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def order(self, message: Message, *, state: str = "open") -> Any:
        """Put an order in the mailbox."""
        body = codec.encode(message)
        revision = getattr(message, "revision", 1)
        item = {
            "order_id": message.id,
            "kind": type(message).__name__,
            "revision": revision,
            "state": state,
            "message": json.loads(body),
            "jws": jws.sign_detached(body, self.key),
        }
        with self.numbering:
            self.last += 3  # positions are the journal's: they rise, with gaps
            self.items.append({"position": self.last, **item})
        return message

    def set_state(self, order_id: str, state: str) -> None:
        """Say how an order stands now."""
        for item in self.items:
            if item["order_id"] == order_id:
                item["state"] = state

    def sign_head(self, position: int, root: str) -> None:
        """Sign a checkpoint for the next pages."""
        signed = sign_checkpoint(position=position, root=root, at=self.clock(), key=self.key)
        self.checkpoint = signed.document()

    def answers(self, kind: type | None = None) -> list[Any]:
        """What the bank has said, each message once, in order."""
        return [message for _, message in self.messages.values() if kind is None or isinstance(message, kind)]

    def page(self, after: int, limit: int) -> dict[str, Any]:
        with self.numbering:
            items = [item for item in self.items if item["position"] > after][:limit]
            following = items[-1]["position"] if len(items) == limit else max(after, self.last)
            places = dict(self.places) if self.shows_receipts else {}
        receipts = [{"id": id, "position": at} for id, at in places.items() if after < at <= following]
        return {"items": items, "next": following, "checkpoint": self.checkpoint, "receipts": receipts}

    def take(self, path: str, body: bytes, detached: str | None) -> tuple[int, dict[str, Any]]:
        """What is posted: one message, or several in one request, each judged by itself."""
        if path.endswith("/together"):
            return 200, {"results": [self.result(each) for each in json.loads(body)["answers"]]}
        return self.keep(body, detached)

    def keep(self, body: bytes, detached: str | None) -> tuple[int, dict[str, Any]]:
        key_of = {self.bank_key.key_id: self.bank_key.public}.get
        jws.verify_detached(body, detached, key_of)
        message = codec.decode(body)
        digest = hashlib.sha256(body).hexdigest()
        self.posts.append(message.id)
        if isinstance(message, HoldAnswer) and (code := self.refuses.get(message.order_id)):
            return 409, {"code": code, "title": "x", "status": 409}
        if self.forgets:
            self.lost.append(message)
        else:
            kept = self.messages.setdefault(message.id, (digest, message))
            if kept[0] != digest:
                return 409, {"code": "same_id_other_content", "title": "x", "status": 409}
            with self.numbering:
                if message.id not in self.places:
                    self.last += 1
                    self.places[message.id] = self.last
        at = Moment().dump(self.clock())
        return 200, {"id": message.id, "digest": digest, "received_at": at, "fact": str(uuid.uuid4())}

    def result(self, sent: dict[str, Any]) -> dict[str, Any]:
        status, document = self.keep(codec.canonical(sent["message"]), sent["jws"])
        return {"receipt" if status == 200 else "problem": document}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    owner: SmallPlatform

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.answer(b"", lambda: (200, self.owner.page(int(query["after"][0]), int(query["limit"][0]))))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(body, lambda: self.owner.take(self.path, body, self.headers.get(jws.HEADER)))

    def answer(self, body: bytes, do: Callable[[], tuple[int, dict[str, Any]]]) -> None:
        owner = self.owner
        if owner.down or (owner.deaf and self.command == "POST"):
            owner.unheard += not owner.down
            self.close_connection = True
            return
        url, headers = owner.url + self.path, list(self.headers.items())
        try:
            signing.verify_request(
                method=self.command,
                url=url,
                headers=headers,
                body=body,
                key_of={owner.bank_key.key_id: owner.bank_key.public}.get,
                now=owner.clock(),
            )
            status, document = do()
        except signing.BadSignature as bad:
            status, document = 401, {"code": bad.problem.code}
            if bad.now is not None:
                document["now"] = Moment().dump(bad.now)
        content = json.dumps(document).encode()
        added = {"content-type": "application/json"}
        added |= signing.sign_response(
            status=status,
            headers=added,
            body=content,
            method=self.command,
            url=url,
            request_headers=headers,
            key=owner.key,
            created=owner.clock(),
        )
        self.send_response(status)
        for name, value in added.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class World:
    """Banks A (Asha's) and B (Balu's) in one toy bank process's code, B with a node; verbs that read like sentences."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.new_id = ids_of(0)
        self.host = Host(data=folder / "banks", codes=["A", "B", "C"], clock=self.clock)
        self.door = DoorServer(host=self.host, port=0)
        threading.Thread(target=self.door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.platform = SmallPlatform(self.clock)
        for bank, account, paise in (("A", "asha", 1_000_000), ("B", "balu", 0), ("C", "charu", 50_000)):
            self.host.bank(bank).open_account(
                account=account, holder=account, mobile=f"98765000{len(account)}0", opening_paise=paise
            )
        keys.save(self.platform.bank_key, folder / "b.pem")
        self.write_config("B")
        self.nodes: list[Node] = []
        self.sent = 0

    def write_config(self, bank: str, **limits: int) -> Path:
        public = keys.public_text(self.platform.key.public)
        path = self.folder / "node.toml"
        path.write_text(
            f'bank = "{bank}"\nplatform_url = "{self.platform.url}"\nkey = "b.pem"\ndata = "node-{bank}"\n'
            f'poll_seconds = 0.05\n[platform_keys]\n"{self.platform.key.key_id}" = "{public}"\n'
            f'[core]\nadapter = "toybank"\nurl = "http://127.0.0.1:{self.door.server_port}"\n[limits]\n'
            + "".join(f"{name} = {value}\n" for name, value in limits.items())
        )
        return path

    def node(self) -> Node:
        """The bank's node, started anew on its files (the one before is thrown away as if it had been killed)."""
        node = open_node(read_config(self.folder / "node.toml"), now=self.clock)
        self.nodes.append(node)
        return node

    def until_quiet(self, node: Node | None = None) -> Node:
        """Passes until one finds nothing to do."""
        node = node or self.node()
        while node.one_pass():
            pass
        return node

    def pays(
        self, paise: int, *, frm: str = "A/asha", to: str = "B/balu", channel: str = "UPI", delay: float = 0.0
    ) -> PaymentId:
        """A payment between accounts, and its identity on the wire."""
        self.sent += 1
        bank, account = frm.split("/")
        to_bank, to_account = to.split("/")
        sent = self.host.send(
            bank=bank,
            id=f"pay-{self.sent}",
            from_account=account,
            to_bank=to_bank,
            to_account=to_account,
            amount_paise=paise,
            channel=channel,
            at=self.clock(),
            delay_seconds=delay,
        )["payment"]
        return PaymentId(
            sent["rail"],
            sent["reference"],
            date.fromisoformat(sent["date"]),
            paise,
            sent["payer_bank"],
            sent["payee_bank"],
        )

    def spends(self, paise: int, *, of: str = "B/balu", channel: str = "ATM", detail: str | None = None) -> None:
        """Money leaves an account for good."""
        self.sent += 1
        bank, account = of.split("/")
        self.host.bank(bank).post_debit(
            id=f"spend-{self.sent}",
            account=account,
            amount_paise=paise,
            channel=channel,
            at=self.clock(),
            detail=detail,
        )

    def hold_order(self, payment: PaymentId, *pairs: tuple[int, int], **changes: Any) -> HoldOrder:
        """A hold order for a payment (all of it, or these ranges), put in the mailbox."""
        ranges = ranges_of(pairs) or (Range(0, payment.amount_paise),)
        fields: dict[str, Any] = {
            "id": self.new_id(),
            "revision": 1,
            "payment": payment,
            "ranges": ranges,
            "amount_paise": sum(each.hi - each.lo for each in ranges),
            "floor_paise": 0,
            "provisional": False,
            "payee_hint": None,
            "basis": BASIS,
            "issued_by": DEVI,
            "issued_at": self.clock(),
            "execute_before": self.clock() + timedelta(hours=1),
            "expires_at": self.clock() + timedelta(days=90),
            **changes,
        }
        order: HoldOrder = self.platform.order(HoldOrder(**fields))
        return order

    def locate_order(self, payment: PaymentId, **changes: Any) -> LocatePayment:
        """A locate order, put in the mailbox."""
        fields: dict[str, Any] = {
            "id": self.new_id(),
            "payment": payment,
            "payer_account_last4": None,
            "payer_mobile": None,
            "basis": BASIS,
            "issued_by": DEVI,
            "issued_at": self.clock(),
            "execute_before": self.clock() + timedelta(hours=1),
            **changes,
        }
        order: LocatePayment = self.platform.order(LocatePayment(**fields))
        return order

    def available(self, account: str = "B/balu") -> int:
        """What the account can spend, by the core's word."""
        bank, name = account.split("/")
        paise: int = self.host.bank(bank).account(account=name)["available_paise"]
        return paise

    def lien(self, account: str = "B/balu") -> int:
        """What is under liens on the account, by the core's word."""
        bank, name = account.split("/")
        paise: int = self.host.bank(bank).account(account=name)["lien_paise"]
        return paise

    def told(self) -> dict[str, int]:
        """Paise of the newest hold answer by kind of line (seen and unexplained with their reason)."""
        answer = self.platform.answers(HoldAnswer)[-1]
        return tally(answer)

    def close(self) -> None:
        for node in self.nodes:
            node.client.close()
            node.parts.ledger.close()
            node.parts.records.close()
            node.parts.core.close()  # type: ignore[attr-defined]
        self.platform.close()
        self.door.shutdown()
        self.door.server_close()
        self.host.close()


def tally(answer: HoldAnswer) -> dict[str, int]:
    """Paise by kind of line."""
    found: dict[str, int] = {}
    for line in answer.lines:
        word = ":".join(part for part in (line.kind, line.reason or line.terminal_kind) if part)
        found[word] = found.get(word, 0) + line.hi - line.lo
    return found


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Asha has Rs 10,000 at A; Balu nothing at B; Charu Rs 500 at C. The node is B's."""
    made = World(tmp_path)
    yield made
    made.close()
