"""The same signed requests over NATS JetStream: for banks that may reach a message broker and nothing else.

A request is one message, stored by the broker until the platform has dealt with it; its answer is another. The bytes
and their signatures are those of HTTP, so a broker can delay or lose, but neither read keys nor change a word. Off
unless configured; needs the package `nats-py` (extra `relay`). The platform's end is stream/relay.py.

    ask   thaam.ask.<bank>          stream THAAM_ASK, a work queue, kept a day at most
    told  thaam.told.<bank>.<id>    stream THAAM_TOLD, kept ten minutes
    hint  thaam.hint.<bank>         not stored: the mailbox has something new
"""

from __future__ import annotations

import asyncio
import base64
import concurrent.futures
import threading
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx

from thaam.wire import codec

ASK, TOLD = "THAAM_ASK", "THAAM_TOLD"
ASK_SECONDS, TOLD_SECONDS = 86_400, 600
MESSAGE_BYTES_MAX = 24_000_000
WAIT_SECONDS = 15.0
CONNECT_SECONDS = 5.0


class BadEnvelope(ValueError):
    """A message of the broker is no request or answer of ours."""


def pack(**parts: Any) -> bytes:
    """The envelope of a request (id, method, target, headers, body) or an answer (status, headers, body)."""
    return codec.canonical(
        {**parts, "body": base64.b64encode(parts["body"]).decode(), "headers": list(parts["headers"])}
    )


def unpack(raw: bytes, *, of: dict[str, type]) -> dict[str, Any]:
    """The parts of an envelope, their types checked. Raises BadEnvelope."""
    try:
        found = codec.parse(raw, limit=MESSAGE_BYTES_MAX)
        if type(found) is not dict or found.keys() != {*of, "headers", "body"}:
            raise BadEnvelope("other parts than an envelope has")
        if any(type(found[name]) is not kind for name, kind in of.items()):
            raise BadEnvelope("a part of another type")
        headers = [(name, value) for name, value in found["headers"]]
        if type(found["headers"]) is not list or not all(type(word) is str for pair in headers for word in pair):
            raise BadEnvelope("headers are pairs of texts")
        return {**found, "headers": headers, "body": base64.b64decode(found["body"], validate=True)}
    except (codec.BadMessage, TypeError, ValueError) as why:
        raise BadEnvelope(str(why)) from why


async def connect(url: str, credentials: Path | None, *, name: str) -> Any:
    """A connection that comes back by itself, however long the broker is away. Raises OSError at first."""
    import nats
    import nats.errors

    async def quiet(why: Exception) -> None:
        """A lost connection is no news: whoever waits for an answer says that none came."""

    begun = nats.connect(
        url, name=name, user_credentials=str(credentials) if credentials else None, error_cb=quiet,
        max_reconnect_attempts=-1, reconnect_time_wait=0.5, connect_timeout=3, pending_size=MESSAGE_BYTES_MAX,
    )  # fmt: skip
    try:
        # the first time it would try for ever
        return await asyncio.wait_for(begun, CONNECT_SECONDS)
    except (TimeoutError, nats.errors.Error, OSError) as why:
        raise OSError(f"the broker at {url}: {type(why).__name__}: {why}") from why


async def make_streams(context: Any) -> None:
    """The two streams; the platform's end makes them. Safe to repeat."""
    from nats.js.api import RetentionPolicy, StorageType

    for name, subjects, policy, seconds in (
        (ASK, ["thaam.ask.*"], RetentionPolicy.WORK_QUEUE, ASK_SECONDS),
        (TOLD, ["thaam.told.*.*"], RetentionPolicy.LIMITS, TOLD_SECONDS),
    ):
        await context.add_stream(
            name=name, subjects=subjects, retention=policy, storage=StorageType.FILE, max_age=seconds,
            duplicate_window=min(seconds, 120),
        )  # fmt: skip


class RelayTransport(httpx.BaseTransport):
    """What BankClient sends goes over the broker. One thread of its own for the broker; usable from several threads.

    `hinted` is called, in that thread, when the platform says that the mailbox has something new.
    """

    def __init__(
        self, *, url: str, bank: str, credentials: Path | None = None, hinted: Callable[[], None] = lambda: None
    ) -> None:
        self._url, self._bank, self._credentials, self._hinted = url, bank, credentials, hinted
        self._loop = asyncio.new_event_loop()
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._broker: Any = None
        self._lock = asyncio.Lock()
        threading.Thread(target=self._loop.run_forever, name="relay", daemon=True).start()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request over the broker and wait for its answer. Raises httpx.TransportError."""
        id = uuid.uuid4().hex
        envelope = pack(
            id=id,
            method=request.method,
            target=request.url.raw_path.decode(),
            headers=[(name, value) for name, value in request.headers.items() if name != "host"],
            body=request.read(),
        )
        try:
            raw = self._run(self._exchange(id, envelope), WAIT_SECONDS + CONNECT_SECONDS)
        except concurrent.futures.TimeoutError as why:
            raise httpx.ReadTimeout(f"no answer over the broker in {WAIT_SECONDS:g} s") from why
        except Exception as why:
            raise httpx.ConnectError(f"the broker: {type(why).__name__}: {why}") from why
        try:
            told = unpack(raw, of={"status": int})
        except BadEnvelope as why:
            raise httpx.ProtocolError(str(why)) from why
        return httpx.Response(told["status"], headers=told["headers"], content=told["body"])

    def close(self) -> None:
        """Leave the broker."""
        if self._broker is not None:
            broker, self._broker = self._broker, None
            self._run(broker.close(), CONNECT_SECONDS)

    def _run(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        done = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return done.result(seconds)
        except concurrent.futures.TimeoutError:
            done.cancel()
            raise

    async def _exchange(self, id: str, envelope: bytes) -> bytes:
        await self._connected()
        answer: asyncio.Future[bytes] = self._loop.create_future()
        self._waiting[id] = answer
        try:
            context = self._broker.jetstream(timeout=CONNECT_SECONDS)
            # the broker says that it has stored the request: from here on only its answer can get lost
            await context.publish(f"thaam.ask.{self._bank}", envelope, headers={"Nats-Msg-Id": id})
            return await asyncio.wait_for(answer, WAIT_SECONDS)
        finally:
            self._waiting.pop(id, None)

    async def _connected(self) -> None:
        async with self._lock:
            if self._broker is not None:
                return
            broker = await connect(self._url, self._credentials, name=f"bank {self._bank}")
            await broker.subscribe(f"thaam.told.{self._bank}.*", cb=self._heard)
            await broker.subscribe(f"thaam.hint.{self._bank}", cb=self._was_hinted)
            self._broker = broker

    async def _heard(self, message: Any) -> None:
        waiting = self._waiting.get(message.subject.rpartition(".")[2])
        if waiting is not None and not waiting.done():
            waiting.set_result(message.data)

    async def _was_hinted(self, message: Any) -> None:
        self._hinted()
