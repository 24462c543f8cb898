"""A bank that lies, for drills and tests: it stands between an honest node and the platform and spoils what passes.

The node behind it is the real one, holds real money and answers truly; what the platform hears is signed with the
bank's own key all the same. Nothing of this exists in the node itself. `FAULTS` names what it can do.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from thaam.wire import codec, keys, problems, signing
from thaam.wire.client import BankClient, NotThePlatform, Page, Receipt, Refused, Unreachable
from thaam.wire.fields import Moment
from thaam.wire.keys import SigningKey
from thaam.wire.messages import CannotMatch, HoldAnswer, Line, Located, Message

FAULTS = {
    "silent": "takes no order and answers nothing",
    "unbalanced": "the lines of its answers are one paisa short",
    "says_cash": "money it holds it reports as drawn in cash, without particulars",
    "denies": "a credit it has got it does not know",
    "disowns": "a debit of its own customer it does not know",
    "twice": "sends every message twice",
    "conflicts": "answers a second time, with other content, without naming what it replaces",
    "late": "every answer comes late, and later ones overtake earlier ones",
    "wrong_clock": "its clock is 47 minutes fast",
}
CLOCK_WRONG_BY = dt.timedelta(minutes=47)
LATE_SECONDS = (0.5, 3.0)


def spoil(message: Message, fault: str) -> list[Message]:
    """What the platform is told instead of `message`: nothing, another message, or more than one."""
    if fault == "unbalanced" and isinstance(message, HoldAnswer):
        return [replace(message, lines=_short(message.lines))]
    if fault == "says_cash" and isinstance(message, HoldAnswer):
        return [replace(message, lines=tuple(_as_cash(line) for line in message.lines))]
    if fault == "denies" and isinstance(message, HoldAnswer):
        return [CannotMatch(message.id, message.order_id, message.answered_at, "not_found", "everywhere")]
    if fault == "disowns" and isinstance(message, Located):
        return [replace(message, found=False, account=None, mobile_matches=None)]
    if fault == "twice":
        return [message, message]
    if fault == "conflicts" and isinstance(message, HoldAnswer):
        other = str(uuid.uuid5(uuid.UUID(message.id), "conflict"))
        return [message, replace(message, id=other, lines=tuple(_as_cash(line) for line in message.lines))]
    if fault == "wrong_clock":
        for name in ("answered_at", "reported_at"):
            if hasattr(message, name):
                return [replace(message, **{name: getattr(message, name) + CLOCK_WRONG_BY})]
    return [message]


def _short(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    last = lines[-1]
    rest = lines[:-1]
    return (*rest, replace(last, hi=last.hi - 1)) if last.hi - last.lo > 1 or not rest else rest


def _as_cash(line: Line) -> Line:
    if line.kind != "held":
        return line
    return Line("terminal", line.lo, line.hi, terminal_kind="CASH_ATM", particulars="not recorded")


@dataclass
class BadBank:
    """The liar: a platform to its node, the bank to the platform. `share` of the messages are spoilt, by `seed`.

    The node pins `key` beside the platform's own keys and has `url` as its platform.
    """

    platform_url: str
    bank: str
    bank_key: SigningKey
    platform_keys: dict[str, keys.PublicKey]
    fault: str
    share: float = 1.0
    seed: int = 0
    now: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    key: SigningKey = field(default_factory=keys.generate)
    spoilt: int = 0

    def __post_init__(self) -> None:
        if self.fault not in FAULTS:
            raise ValueError(f"no fault {self.fault!r}: there are {', '.join(FAULTS)}")
        self._choose = random.Random(self.seed)
        wrong = CLOCK_WRONG_BY if self.fault == "wrong_clock" else dt.timedelta(0)
        self._client = BankClient(
            self.platform_url, self.bank, self.bank_key, self.platform_keys, now=lambda: self.now() + wrong
        )
        self._invented: set[str] = set()
        self._lock = threading.Lock()
        owner = self

        class Door(_Door):
            bad_bank = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Listen, in threads of its own."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def page(self, after: int, limit: int) -> dict[str, Any]:
        """A mailbox page for the node: the platform's, or an empty one from a silent bank."""
        if self.fault == "silent":
            return {"items": [], "next": after, "checkpoint": None, "receipts": []}
        page = self._client.take(after, limit)
        # The node would take a receipt for what it never made for the word of a copy of itself.
        return _as_document(replace(page, receipts=tuple(r for r in page.receipts if r[0] not in self._invented)))

    def pass_on(self, body: bytes) -> dict[str, Any]:
        """What the node says, spoilt or not, sent to the platform in the bank's name; a receipt for the node."""
        message = codec.decode(body)
        with self._lock:
            lies = self._choose.random() < self.share
            wait = self._choose.uniform(*LATE_SECONDS)
        told = spoil(message, self.fault) if lies else [message]
        self.spoilt += told != [message]
        self._invented.update(each.id for each in told if each.id != message.id)
        if self.fault == "late" and lies:
            threading.Thread(target=self._send_later, args=(message, wait), daemon=True).start()
            return _receipt_of_ours(message, self.now())
        receipt = None
        for each in told:
            try:
                receipt = self._client.send(each)
            except Refused as refused:
                # A lie found out. The honest node behind must not think its own answer was refused.
                if not lies:
                    raise
                self._say(f"{self.fault}: {refused}")
        return _receipt(message, receipt) if receipt else _receipt_of_ours(message, self.now())

    def _send_later(self, message: Message, seconds: float) -> None:
        time.sleep(seconds)
        while True:
            try:
                self._client.send(message)
            except (Unreachable, NotThePlatform) as trouble:
                self._say(f"late: {trouble}")
                time.sleep(1.0)
            except Refused as refused:
                self._say(f"late: {refused}")
                return
            else:
                return

    def _say(self, words: str) -> None:
        print(f"bad bank {self.bank}: {words}", file=sys.stderr, flush=True)  # noqa: T201 - its log is stderr


class _Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    bad_bank: BadBank

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        after, limit = int(query.get("after", ["0"])[0]), int(query.get("limit", ["100"])[0])
        if urlsplit(self.path).path == "/api/v1/mailbox":
            self._answer(lambda: self.bad_bank.page(after, limit))
        else:
            self._answer(_nothing_here)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/api/v1/answers/together":
            self._answer(lambda: {"results": [self._result(each["message"]) for each in json.loads(body)["answers"]]})
        else:
            self._answer(lambda: self.bad_bank.pass_on(body))

    def _result(self, message: Any) -> dict[str, Any]:
        """One of several messages of a request, as the platform would answer it; the bank lies about each by itself."""
        try:
            return {"receipt": self.bad_bank.pass_on(codec.canonical(message))}
        except Refused as refused:
            return {"problem": refused.document}

    def _answer(self, do: Callable[[], dict[str, Any]]) -> None:
        try:
            status, document = 200, do()
        except Refused as refused:
            status, document = refused.status, refused.document
        except (Unreachable, NotThePlatform):
            self.close_connection = True
            return
        except Exception:
            traceback.print_exc(file=sys.stderr)
            self.close_connection = True
            return
        content, added = json.dumps(document).encode(), {"content-type": "application/json"}
        added |= signing.sign_response(
            status=status,
            headers=added,
            body=content,
            method=self.command,
            url=self.bad_bank.url + self.path,
            request_headers=list(self.headers.items()),
            key=self.bad_bank.key,
            created=self.bad_bank.now(),
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


def _nothing_here() -> dict[str, Any]:
    raise Refused(404, problems.NOT_FOUND.document(), None)


def _as_document(page: Page) -> dict[str, Any]:
    items = [
        {
            "position": item.position,
            "order_id": item.order_id,
            "kind": item.kind,
            "revision": item.revision,
            "state": item.state,
            "message": json.loads(item.raw),
            "jws": item.jws,
        }
        for item in page.items
    ]
    checkpoint = None if page.checkpoint is None else page.checkpoint.document()
    receipts = [{"id": id, "position": position} for id, position in page.receipts]
    return {"items": items, "next": page.next, "checkpoint": checkpoint, "receipts": receipts}


def _receipt(message: Message, receipt: Receipt) -> dict[str, Any]:
    at = Moment().dump(receipt.received_at)
    return {"id": message.id, "digest": receipt.digest, "received_at": at, "fact": receipt.fact}


def _receipt_of_ours(message: Message, at: dt.datetime) -> dict[str, Any]:
    """A receipt the platform never gave, so that the node goes on."""
    return {"id": message.id, "digest": "0" * 64, "received_at": Moment().dump(at), "fact": str(uuid.uuid4())}
