"""Live hints as server-sent events: a small ASGI application beside the pages, no Django in the way of a request.

One connection LISTENs to what the sequencer tells. A browser or node hears only "topic X changed, position N" and asks
for the content where permission is checked. Hints may be lost; whoever listens also looks now and then.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

import psycopg

from thaam.journal.hints import BadToken, topics_of
from thaam.journal.sequencing import CHANNEL

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
LISTENERS_MAX = 5_000
PAUSE_SECONDS = 0.5
# A bank's own receipts wake nobody: its node would look after every answer it sends.
SILENT = frozenset({"answer:kept"})

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Ear:
    """One open stream: the newest position of each topic not sent yet, so that a slow reader costs no memory."""

    def __init__(self, topics: list[str]) -> None:
        self.topics = topics
        self.changed: dict[str, int] = {}
        self.wake = asyncio.Event()

    def tell(self, topic: str, position: int) -> None:
        """Remember the newest position of a topic and wake the stream."""
        self.changed[topic] = position
        self.wake.set()

    def take(self) -> dict[str, int]:
        """What changed since the last look."""
        changed, self.changed = self.changed, {}
        self.wake.clear()
        return changed


class Stream:
    """The ASGI application."""

    def __init__(self, connect: Callable[[], Awaitable[psycopg.AsyncConnection[Any]]]) -> None:
        self._connect = connect
        self._ears: dict[str, set[Ear]] = defaultdict(set)
        self._open = 0
        self._listening: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Dispatch: lifespan, health, or a stream."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/health":
            await _plain(send, 200, "ok\n")
        elif scope["type"] == "http" and scope["path"] == "/stream" and scope["method"] == "GET":
            await self._stream(scope, receive, send)
        elif scope["type"] == "http":
            await _plain(send, 404, "no such address\n")

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._listening = asyncio.create_task(self._listen())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._listening:
                    self._listening.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _listen(self) -> None:
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    async for notify in connection.notifies():
                        self._tell(notify.payload)
            except psycopg.Error as why:
                log.warning("the database is away: %s", why)
            # Whoever listens may have missed something meanwhile: wake everybody once.
            for topic, ears in self._ears.items():
                for ear in ears:
                    ear.tell(topic, 0)
            await asyncio.sleep(PAUSE_SECONDS)

    def _tell(self, payload: str) -> None:
        for position, kind, about, topic in json.loads(payload):
            if kind in SILENT:
                continue
            for name in (kind, about, topic):
                for ear in self._ears.get(name, ()):
                    ear.tell(name, position)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        tokens = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("topics", [""])
        try:
            topics = topics_of(tokens[0])
        except BadToken:
            await _plain(send, 403, "the token is not ours or too old\n")
            return
        if self._open >= LISTENERS_MAX:
            await _plain(send, 503, "too many listeners; look now and then instead\n")
            return
        ear = Ear(topics)
        self._open += 1
        for topic in topics:
            self._ears[topic].add(ear)
        gone = asyncio.create_task(_until_gone(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await _event(send, "retry: 2000\n: listening\n\n")
            while not gone.done():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(_either(ear.wake.wait(), gone), HEARTBEAT_SECONDS)
                changed = ear.take()
                lines = [
                    f"event: changed\nid: {position}\ndata: {json.dumps({'topic': topic, 'position': position})}\n\n"
                    for topic, position in changed.items()
                ]
                await _event(send, "".join(lines) or ": still here\n\n")
        except OSError:
            pass  # the reader went away in the middle of a line
        finally:
            gone.cancel()
            self._open -= 1
            for topic in topics:
                self._ears[topic].discard(ear)
                if not self._ears[topic]:
                    del self._ears[topic]


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    # Pages are of another port; the token, not the origin, is the permission.
    (b"access-control-allow-origin", b"*"),
]


async def _either(first: Any, second: asyncio.Task[None]) -> None:
    task = asyncio.ensure_future(first)
    try:
        await asyncio.wait({task, second}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _event(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _plain(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain"), (b"access-control-allow-origin", b"*")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
