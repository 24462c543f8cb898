"""The platform's end of the relay: takes signed requests off the broker, asks the banks' door, puts the answers back.

Knows no key and judges nothing: a request that was changed on the way is refused by the door like any other. Killed in
the middle, it leaves the request with the broker, which gives it out again; the door answers a repeat with the first
receipt. `thaam serve relay` runs it when THAAM_NATS_URL is set.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg

from thaam.journal.sequencing import CHANNEL
from thaam.wire.relay import ASK, BadEnvelope, connect, make_streams, pack, unpack

log = logging.getLogger(__name__)

BATCH = 32
TOGETHER = 8
PAUSE_SECONDS = 0.5
AGAIN_SECONDS = 1.0
DOOR = "/api/v1/"
# What the door needs of a request; the rest is the broker's or a proxy's business.
_CARRIED = frozenset(
    {"content-type", "content-digest", "signature", "signature-input", "x-jws-signature", "thaam-clock-offset"}
)
_TOLD = frozenset(
    {"content-type", "content-digest", "signature", "signature-input", "retry-after", "x-correlation-id", "allow",
     "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}
)  # fmt: skip


class Relay:
    """One process; several may run beside each other, the broker gives each request to one of them."""

    def __init__(
        self,
        *,
        url: str,
        credentials: Path | None,
        web_url: str,
        public_url: str,
        listen: Callable[[], Awaitable[psycopg.AsyncConnection[Any]]] | None = None,
    ) -> None:
        self._url, self._credentials, self._web_url, self._listen = url, credentials, web_url, listen
        # a signature is over the address the bank knows, not over where this process finds the door
        self._host = httpx.URL(public_url).netloc.decode()
        self._stop = asyncio.Event()
        self._broker: Any = None

    def stop(self) -> None:
        """End after what is under way."""
        self._stop.set()

    async def run(self) -> None:
        """Until told to stop. Raises nothing for a broker, a door or a database that is away: waits for them."""
        while not self._stop.is_set():
            try:
                self._broker = await connect(self._url, self._credentials, name="thaam platform")
                break
            except OSError as why:
                log.warning("%s", why)
                await self._rest(2.0)
        hints = asyncio.create_task(self._pass_hints()) if self._listen else None
        async with httpx.AsyncClient(base_url=self._web_url, timeout=10.0, trust_env=False) as door:
            while not self._stop.is_set():
                try:
                    await self._take(door)
                except Exception as why:
                    log.warning("the broker is away: %s: %s", type(why).__name__, why)
                    await self._rest(PAUSE_SECONDS)
        if hints is not None:
            hints.cancel()
        if self._broker is not None:
            with contextlib.suppress(Exception):
                await self._broker.close()

    async def _take(self, door: httpx.AsyncClient) -> None:
        from nats.errors import TimeoutError as NothingCame

        context = self._broker.jetstream(timeout=5)
        await make_streams(context)
        asked = await context.pull_subscribe("thaam.ask.*", durable="platform", stream=ASK)
        limit = asyncio.Semaphore(TOGETHER)
        while not self._stop.is_set():
            try:
                messages = await asked.fetch(BATCH, timeout=1.0)
            except NothingCame:
                continue
            await asyncio.gather(*(self._deal(message, door, limit) for message in messages))

    async def _deal(self, message: Any, door: httpx.AsyncClient, limit: asyncio.Semaphore) -> None:
        async with limit:
            try:
                asked = unpack(message.data, of={"id": str, "method": str, "target": str})
                if (
                    not asked["target"].startswith(DOOR)
                    or asked["method"] not in ("GET", "POST")
                    or not asked["id"].isalnum()
                ):
                    raise BadEnvelope("not a request to the banks' door")
            except BadEnvelope as why:
                log.warning("dropped: %s", why)
                await message.term()
                return
            headers = [(name, value) for name, value in asked["headers"] if name.lower() in _CARRIED]
            try:
                answer = await door.request(
                    asked["method"], asked["target"], headers=[*headers, ("host", self._host)], content=asked["body"]
                )
            except httpx.HTTPError:
                await message.nak(delay=AGAIN_SECONDS)
                return
            told = [(name, value) for name, value in answer.headers.items() if name.lower() in _TOLD]
            envelope = pack(status=answer.status_code, headers=told, body=answer.content)
            bank = message.subject.rpartition(".")[2]
            await self._broker.jetstream().publish(f"thaam.told.{bank}.{asked['id']}", envelope)
            await message.ack()

    async def _pass_hints(self) -> None:
        """What the sequencer tells of mailboxes, told on: a hint, never the order."""
        assert self._listen is not None
        while True:
            try:
                async with await self._listen() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    async for notify in connection.notifies():
                        for position, kind, _, topic in json.loads(notify.payload):
                            if topic and topic.startswith("mailbox:") and kind != "answer:kept":
                                await self._broker.publish(f"thaam.hint.{topic[8:]}", str(position).encode())
            except Exception as why:
                log.warning("no hints for now: %s: %s", type(why).__name__, why)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
