"""The kit's own platform: one mailbox over HTTP, signed both ways, that can also misbehave on purpose.

It keeps every answer, notes every breach of the protocol's door rules, and lets a case wait for what it expects.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from thaam.wire import codec, jws, keys, problems, signing
from thaam.wire.checkpoints import leaf_hash, sign_checkpoint, tree_root
from thaam.wire.fields import InvalidMessage, Moment
from thaam.wire.keys import PublicKey, SigningKey
from thaam.wire.messages import (
    ANSWERS,
    UNASKED,
    BalanceWatch,
    FreezeToHoldOrder,
    HoldAnswer,
    HoldOrder,
    Message,
    check_balances,
)
from thaam.wire.parts import Range
from thaam.wire.problems import Problem

# What the kit may do wrong on purpose, to see that the bank notices.
FALSE_RESPONSE = "false response"
FORKED_JOURNAL = "forked journal"
SHORTER_JOURNAL = "shorter journal"


@dataclass(frozen=True, slots=True)
class Kept:
    """One message of the bank, as it came."""

    message: Message
    raw: bytes
    at: float


@dataclass(slots=True)
class KitPlatform:
    """Serves until `close`. `bank_keys` are set once the bank has said which keys are its own."""

    key: SigningKey = field(default_factory=lambda: keys.generate(key_id="kit-1"))
    bank_keys: dict[str, PublicKey] = field(default_factory=dict)
    clock_offset: dt.timedelta = dt.timedelta(0)
    lose_receipts: int = 0
    silent: bool = False
    # answers to these orders are refused so; which were, by id
    refuse: dict[str, Problem] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    wrong: str | None = None
    items: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    receipts: list[tuple[int, str]] = field(default_factory=list)
    breaches: list[tuple[str, str]] = field(default_factory=list)
    taken_to: int = 0
    takes: int = 0
    requests: int = 0
    offsets: list[int] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    _nonces: dict[str, str] = field(default_factory=dict)
    _leaves: list[bytes] = field(default_factory=list)
    _ranges: dict[str, tuple[HoldOrder | FreezeToHoldOrder | BalanceWatch, dict[int, tuple[Range, ...]]]] = field(
        default_factory=dict
    )
    _news: threading.Condition = field(default_factory=threading.Condition)
    _server: ThreadingHTTPServer | None = None

    def start(self, *, port: int = 0, host: str = "127.0.0.1") -> str:
        """Listen; the address the bank's node is to poll."""
        server = _Server((host, port), _Door)
        server.platform = self
        self._server = server
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return f"http://{host}:{server.server_address[1]}"

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def now(self) -> dt.datetime:
        """The platform's time, which a case may shift."""
        return dt.datetime.now(dt.UTC) + self.clock_offset

    def post(self, message: Message, *, state: str = "open", signed_by: SigningKey | None = None) -> int:
        """Put an order into the mailbox; its position."""
        if isinstance(message, HoldOrder | FreezeToHoldOrder | BalanceWatch):
            self._ranges.setdefault(message.id, (message, {}))
        return self.post_object(codec.parse(codec.encode(message)), state=state, signed_by=signed_by)

    def post_object(self, body: dict[str, Any], *, state: str = "open", signed_by: SigningKey | None = None) -> int:
        """Put any JSON object into the mailbox, validly signed, also one that is no valid order."""
        raw = codec.canonical(body)
        with self._news:
            position = self._next_position(raw)
            self.items.append(
                {
                    "position": position,
                    "order_id": body["id"],
                    "kind": body["kind"],
                    "revision": body.get("revision", 1),
                    "state": state,
                    "message": body,
                    "jws": jws.sign_detached(raw, signed_by or self.key),
                }
            )
        return position

    def amended(self, order_id: str, *, revision: int, ranges: tuple[Range, ...]) -> None:
        """From `revision` on, answers to this hold order balance against these ranges."""
        self._ranges[order_id][1][revision] = ranges

    def wait_for(self, found: Callable[[], Any], *, seconds: float) -> Any:
        """What `found` returns once it is true; None when time runs out."""
        until = time.monotonic() + seconds
        with self._news:
            while not (result := found()):
                left = until - time.monotonic()
                if left <= 0:
                    return None
                self._news.wait(min(left, 0.25))
            return result

    def answers_to(self, order_id: str) -> list[Message]:
        """Messages kept that answer this order, in order of arrival."""
        return [kept.message for kept in self.kept.values() if getattr(kept.message, "order_id", None) == order_id]

    def page(self, after: int, limit: int) -> dict[str, Any]:
        """The mailbox page after a position."""
        with self._news:
            items = [item for item in self.items if item["position"] > after][:limit]
            last = items[-1]["position"] if items else after
            receipts = [{"id": id, "position": position} for position, id in self.receipts if after < position <= last]
            self.takes += 1
            self.taken_to = max(self.taken_to, after)
            self._news.notify_all()
            return {"items": items, "next": last, "checkpoint": self._checkpoint(), "receipts": receipts}

    def keep(self, message: Message, raw: bytes) -> tuple[int, dict[str, Any]]:
        """Keep a message once; the receipt, or the refusal of other content under the same id."""
        digest = hashlib.sha256(raw).hexdigest()
        with self._news:
            earlier = self.kept.get(message.id)
            if earlier is not None and earlier.raw != raw:
                self.breach("same-id-same-content", f"{type(message).__name__} {message.id} came with other content")
                return _refusal(problems.SAME_ID_OTHER_CONTENT)
            if earlier is None:
                try:
                    self._check_balances(message)
                except InvalidMessage as why:
                    self.breach("answer-balances", f"{message.id}: {why}")
                    return _refusal(why.problem, pointer=why.pointer, detail=why.detail)
                self.kept[message.id] = Kept(message, raw, time.monotonic())
                self.receipts.append((self._next_position(raw), message.id))
            else:
                self.repeats.append(message.id)
            self._news.notify_all()
            if self.lose_receipts > 0:
                self.lose_receipts -= 1
                return _refusal(problems.UNAVAILABLE)
        received = Moment().dump(self.now())
        return 200, {"id": message.id, "digest": digest, "received_at": received, "fact": str(uuid.uuid4())}

    def breach(self, rule: str, why: str) -> None:
        """Note that the bank broke a rule of the door."""
        self.breaches.append((rule, why))

    def fresh(self, keyid: str, nonce: str, signature: str) -> bool:
        """Whether this nonce was not used before for another request."""
        with self._news:
            return self._nonces.setdefault(f"{keyid} {nonce}", signature) == signature

    def _check_balances(self, message: Message) -> None:
        if not isinstance(message, HoldAnswer) or message.order_id not in self._ranges:
            return
        order, amendments = self._ranges[message.order_id]
        standing = [revision for revision in amendments if revision <= message.order_revision]
        ranges = amendments[max(standing)] if standing else order.ranges
        check_balances(order, message, ranges=ranges)

    def _next_position(self, raw: bytes) -> int:
        self._leaves.append(leaf_hash(raw))
        return len(self._leaves)

    def _checkpoint(self) -> dict[str, Any] | None:
        if not self._leaves:
            return None
        leaves = self._leaves
        if self.wrong == FORKED_JOURNAL:
            # The same length as the bank has seen signed before, another beginning.
            leaves = [leaf_hash(b"another history"), *leaves[1:]]
        if self.wrong == SHORTER_JOURNAL:
            leaves = leaves[: max(1, len(leaves) // 2)]
        root = tree_root(leaves).hex()
        return sign_checkpoint(position=len(leaves), root=root, at=self.now(), key=self.key).document()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    platform: KitPlatform

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A node that was killed leaves its connection; that is no error of the kit's."""


class _Door(BaseHTTPRequestHandler):
    """The two addresses a node needs; everything is judged before it is believed."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        """The mailbox."""
        self._answer(b"")

    def do_POST(self) -> None:
        """An answer, or something unasked."""
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > codec.MAX_BODY_BYTES:
            self.close_connection = True
            return
        self._answer(self.rfile.read(int(length)))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing for each request."""

    def _answer(self, body: bytes) -> None:
        platform = self.server.platform
        if platform.silent:
            self.close_connection = True
            return
        status, document = self._judged(body)
        self._write(status, document)

    def _judged(self, body: bytes) -> tuple[int, dict[str, Any]]:
        platform, now = self.server.platform, self.server.platform.now()
        try:
            verified = signing.verify_request(
                method=self.command,
                url=self._url(),
                headers=self.headers.items(),
                body=body,
                key_of=platform.bank_keys.get,
                now=now,
            )
        except signing.BadSignature as why:
            if why.problem == problems.STALE:
                return _refusal(why.problem, now=Moment().dump(now))
            platform.breach("request-signed", f"{self.command} {self.path}: {why}")
            return _refusal(why.problem, detail=why.detail)
        platform.requests += 1
        if verified.offset:
            platform.offsets.append(verified.offset)
        path = urlsplit(self.path)
        if (self.command, path.path) == ("GET", "/api/v1/mailbox"):
            asked = {name: values[0] for name, values in parse_qs(path.query).items()}
            return 200, platform.page(_number(asked.get("after"), 0), _number(asked.get("limit"), 100) or 100)
        if self.command == "POST" and path.path in ("/api/v1/answers", "/api/v1/answers/together"):
            signature = self.headers.get("signature", "")
            if not platform.fresh(verified.keyid, verified.nonce or "", signature):
                platform.breach("nonce-fresh", f"nonce {verified.nonce} came with two requests")
                return _refusal(problems.NONCE_USED)
            if path.path == "/api/v1/answers":
                return self._kept(body, self.headers.get(jws.HEADER))
            return self._all_kept(body)
        return _refusal(problems.NOT_FOUND)

    def _all_kept(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """Several messages of one request: each is judged by itself."""
        try:
            sent = [(codec.canonical(each["message"]), each["jws"]) for each in codec.parse(body)["answers"]]
        except (codec.BadMessage, KeyError, TypeError) as why:
            self.server.platform.breach("answer-well-formed", f"messages sent together: {why}")
            return _refusal(problems.WRONG_TYPE)
        if not 1 <= len(sent) <= codec.TOGETHER_MAX:
            self.server.platform.breach("answer-well-formed", f"{len(sent)} messages sent together")
            return _refusal(problems.WRONG_TYPE)
        outcomes: list[tuple[int, dict[str, Any]]] = []
        for raw, detached in sent:
            stopped = any(told.get("code") == problems.SAME_ID_OTHER_CONTENT.code for _, told in outcomes)
            outcomes.append(_refusal(problems.UNAVAILABLE) if stopped else self._kept(raw, detached))
        return 200, {"results": [{"receipt" if status == 200 else "problem": told} for status, told in outcomes]}

    def _kept(self, body: bytes, evidence: str | None) -> tuple[int, dict[str, Any]]:
        platform = self.server.platform
        try:
            message = codec.decode(body)
        except codec.BadMessage as why:
            platform.breach("answer-well-formed", str(why))
            return _refusal(why.problem, pointer=why.pointer, detail=why.detail)
        if type(message).__name__ not in ANSWERS | UNASKED:
            platform.breach("answer-well-formed", f"a bank does not send {type(message).__name__}")
            return _refusal(problems.UNKNOWN_KIND)
        try:
            jws.verify_detached(body, evidence, platform.bank_keys.get)
        except jws.BadEvidence as why:
            platform.breach("answer-evidence", f"{type(message).__name__} {message.id}: {why}")
            return _refusal(why.problem)
        order_id = getattr(message, "order_id", None)
        if order_id is not None and order_id not in {item["order_id"] for item in platform.items}:
            platform.breach("answer-well-formed", f"{type(message).__name__} to {order_id}, which was never ordered")
            return _refusal(problems.UNKNOWN_ORDER)
        if order_id in platform.refuse:
            platform.refused.append(message.id)
            return _refusal(platform.refuse[order_id])
        return platform.keep(message, body)

    def _url(self) -> str:
        return f"http://{self.headers.get('host', '')}{self.path}"

    def _write(self, status: int, document: dict[str, Any]) -> None:
        platform = self.server.platform
        content = codec.canonical(document)
        signer = platform.key if platform.wrong != FALSE_RESPONSE else keys.generate(key_id=platform.key.key_id)
        signed = signing.sign_response(
            status=status,
            body=content,
            method=self.command,
            url=self._url(),
            request_headers=self.headers.items(),
            key=signer,
            created=platform.now(),
        )
        self.send_response(status)
        self.send_header("content-type", "application/json" if status == 200 else problems.CONTENT_TYPE)
        self.send_header("content-length", str(len(content)))
        for name, value in signed.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


def _refusal(problem: Problem, **more: Any) -> tuple[int, dict[str, Any]]:
    return problem.status, problem.document(**more)


def _number(text: str | None, default: int) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() else default
