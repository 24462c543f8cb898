"""Orders into banks' hands and signed answers out of them, over real HTTP, on a durable database.

1. Idle mailboxes listen for hints (SSE) while busy banks get an order every two seconds: from the order's commit to the
   order verified in the client's hands. 2. Signed answers accepted a second, each durable when its receipt comes: one a
   request, and `--together` a request.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from installation import Installation, installation, machine, percentile
from thaam.wire import codec, jws
from thaam.wire.client import BankClient, Refused, Unreachable
from thaam.wire.keys import SigningKey, from_seed
from thaam.wire.messages import HoldAnswer, HoldOrder
from thaam.wire.parts import Basis, IssuedBy, Line, PaymentId, Range


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many of each."""
    parser.add_argument("--idle", type=int, default=500)
    parser.add_argument("--busy", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--answers", type=int, default=1500)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--together", type=int, default=20)


def main(args: argparse.Namespace) -> dict[str, Any]:
    """Both figures; raises when an order does not arrive or an answer is lost."""
    found: dict[str, Any] = {"machine": machine()}
    with installation(programs=("sequencer", "stream", "web")) as here:
        codes = [f"B{number}" for number in range(args.busy)]
        keys = _introduce(codes, idle=args.idle)
        clients = [_client(here, code, keys[code]) for code in codes]
        found |= _orders_in_hand(args, here, codes, clients)
        found["answers"], found["clients"] = args.answers, args.clients
        found["answers_per_s"] = _answers(args, codes, clients, together=1)
        found["answers_together_per_s"] = _answers(args, codes, clients, together=args.together)
    return found


def _introduce(codes: list[str], *, idle: int) -> dict[str, SigningKey]:
    from thaam.language.text import Text
    from thaam.parties.directory import add_bank, add_officer
    from thaam.parties.keys import enrol_key

    at = _now()
    names = [Text(name, name) for name in ("Devi", "Kabir")]
    officers = [add_officer(username=n.en, name=n, role="supervisor", by="bench", at=at) for n in names]
    keys = {}
    for code in [*codes, *(f"I{number}" for number in range(idle))]:
        add_bank(code=code, name=Text(code, code))
    for code in codes:
        keys[code] = from_seed(code.encode().ljust(32, b"."))
        public = keys[code].public
        enrol_key(partner=code, public_key=public, read_by=officers[0], confirmed_by=officers[1], at=at)
    return keys


def _client(here: Installation, code: str, key: SigningKey) -> BankClient:
    from thaam.parties.keys import platform_key

    return BankClient(here.web, code, key, {platform_key().key_id: platform_key().public})


class Ears(threading.Thread):
    """All streams of this run in one event loop: hints to busy banks are counted by a semaphore each."""

    def __init__(self, here: Installation, codes: list[str], idle: int) -> None:
        super().__init__(daemon=True)
        self.hints = {code: threading.Semaphore(0) for code in codes}
        self.open = 0
        self._here, self._idle = here, idle

    def run(self) -> None:
        """Listen until the process ends."""
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        from thaam.journal.hints import token_for

        names = [*self.hints, *(f"I{number}" for number in range(self._idle))]
        async with asyncio.TaskGroup() as group:
            for number, name in enumerate(names):
                group.create_task(self._hear(name, token_for([f"mailbox:{name}"])))
                if number % 50 == 49:
                    await asyncio.sleep(0.1)

    async def _hear(self, name: str, token: str) -> None:
        host, _, port = self._here.stream.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"GET /stream?topics={token} HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
        await reader.readuntil(b": listening")
        self.open += 1
        while line := await reader.readline():
            if line.startswith(b"event: changed") and name in self.hints:
                self.hints[name].release()


def _orders_in_hand(
    args: argparse.Namespace, here: Installation, codes: list[str], clients: list[BankClient]
) -> dict[str, Any]:
    ears = Ears(here, codes, args.idle)
    ears.start()
    while ears.open < len(codes) + args.idle:
        time.sleep(0.1)
    posted: dict[str, float] = {}
    taken: dict[str, float] = {}
    missed: list[str] = []
    stop = threading.Event()

    def take(code: str, client: BankClient) -> None:
        after = 0
        while not stop.is_set():
            # the hint, or a look now and then
            ears.hints[code].acquire(timeout=5.0)
            try:
                page = client.take(after)
            except Unreachable:  # a node asks again
                missed.append(code)
                continue
            after = page.next
            taken.update({item.order_id: time.monotonic() for item in page.items})

    takers = [threading.Thread(target=take, args=pair, daemon=True) for pair in zip(codes, clients, strict=True)]
    for taker in takers:
        taker.start()
    start, each = time.monotonic(), 2.0 / len(codes)
    for number in range(int(args.seconds / each)):
        time.sleep(max(0.0, start + number * each - time.monotonic()))
        order_id = _post(codes[number % len(codes)])
        posted[order_id] = time.monotonic()
    until = time.monotonic() + 30
    while posted.keys() - taken.keys() and time.monotonic() < until:
        time.sleep(0.1)
    stop.set()
    if lost := posted.keys() - taken.keys():
        raise AssertionError(f"{len(lost)} orders did not arrive")
    waits = [max(0.0, taken[order_id] - at) for order_id, at in posted.items()]
    return {
        "idle_mailboxes": args.idle,
        "busy_banks": len(codes),
        "orders": len(posted),
        "asked_in_vain": len(missed),
        "order_in_hand_p50_ms": 1000 * percentile(waits, 0.5),
        "order_in_hand_p95_ms": 1000 * percentile(waits, 0.95),
    }


def _answers(args: argparse.Namespace, codes: list[str], clients: list[BankClient], *, together: int) -> float:
    """Answers kept a second when so many are owed by each lane and `together` go in one request."""
    from thaam.mailbox.models import Answer

    # a request is one bank's: each lane has banks of its own, and sends for them in turn
    lanes: list[list[tuple[int, list[str]]]] = [[] for _ in range(args.clients)]
    for number in range(args.answers // together):
        bank = number % (len(codes) // args.clients * args.clients)
        lanes[bank % args.clients].append((bank, [_post(codes[bank]) for _ in range(together)]))
    before = Answer.objects.count()

    def send(lane: list[tuple[int, list[str]]]) -> None:
        for bank, order_ids in lane:
            kept = [_sealed(clients[bank], order_id) for order_id in order_ids]
            outcomes = clients[bank].send_together(kept) if together > 1 else [clients[bank].send_raw(*kept[0])]
            if refused := [each for each in outcomes if isinstance(each, Refused)]:
                raise refused[0]

    started = time.monotonic()
    with ThreadPoolExecutor(args.clients) as pool:
        list(pool.map(send, lanes))
    seconds = time.monotonic() - started
    kept, asked = Answer.objects.count() - before, args.answers // together * together
    if kept != asked:
        raise AssertionError(f"{asked - kept} answers were lost")
    return kept / seconds


def _post(code: str) -> str:
    from thaam.mailbox.posting import post

    at = _now()
    order_id = str(uuid.uuid4())
    payment = PaymentId("UPI", f"U{uuid.uuid4().hex[:18]}", at.date(), 100_000, "B0", code)
    order = HoldOrder(
        id=order_id, revision=1, payment=payment, ranges=(Range(0, 100_000),), amount_paise=100_000, floor_paise=0,
        provisional=False, payee_hint=None, basis=Basis("IN", "106", "Bench", "26116000001"),
        issued_by=IssuedBy("BENCH", "bench"), issued_at=at, execute_before=at + datetime.timedelta(hours=1),
        expires_at=at + datetime.timedelta(days=90),
    )  # fmt: skip
    post(partner=code, message=order, at=at, by="bench")
    return order_id


def _sealed(client: BankClient, order_id: str) -> tuple[bytes, str]:
    body = codec.encode(_answer(order_id))
    return body, jws.sign_detached(body, client.key)


def _answer(order_id: str) -> HoldAnswer:
    return HoldAnswer(
        id=str(uuid.uuid4()), order_id=order_id, answered_at=_now(), revision=1, replaces=None, account="A1",
        position=1, lines=(Line(kind="held", lo=0, hi=100_000, lien_reference="L1"),), exactness="exact",
        rule_applied="lifo", ranges_kind="exact",
    )  # fmt: skip


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
