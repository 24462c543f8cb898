"""What a node shows to its own bank's people, on one address of theirs: /metrics, /health, and /hint for the platform.

Off unless the configuration names an address. Figures only, of this machine or to whoever shows the token. A hint
(Standard Webhooks, Ed25519) wakes the node sooner; it proves nothing and orders nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from thaam.node.parts import Parts
from thaam.node.records import Records
from thaam.wire import openmetrics
from thaam.wire.keys import PublicKey
from thaam.wire.openmetrics import Metric, by, one
from thaam.wire.webhook import BadWebhook, verify_hint

HINT_BYTES_MAX = 1_024


class Beat:
    """What the node's loop says of itself: passes, and since when it has had which trouble."""

    def __init__(self) -> None:
        self.passes = 0
        self.pass_ended = 0.0
        self.trouble = ""
        self.platform_heard = 0.0

    def passed(self) -> None:
        """One pass is over."""
        self.passes += 1
        self.pass_ended = time.time()


class NodeDoor:
    """The address, served by threads of its own until closed. `key_of` are the pinned keys of the platform."""

    def __init__(
        self,
        *,
        address: tuple[str, int],
        token: str,
        parts: Parts,
        beat: Beat,
        platform_keys: Callable[[], list[PublicKey]],
        wake: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self.token, self.parts, self.beat, self.wake, self.now = token, parts, beat, wake, now
        self.platform_keys = platform_keys
        self._records = parts.records.another()
        self._lock = threading.Lock()
        owner = self

        class Handler(_Handler):
            door = owner

        self._server = ThreadingHTTPServer(address, Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, name="door", daemon=True).start()

    def metrics(self) -> str:
        """The figures as OpenMetrics text."""
        with self._lock:
            return openmetrics.text(figures(self.parts.bank, self._records, self.beat))

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._records.close()


def figures(bank: str, records: Records, beat: Beat) -> list[Metric]:
    """What monitoring should know of a node: is it alive, is it behind, what does it hold, what does it owe."""
    states, held_paise, liens = records.standing()
    unsent, oldest_us = records.owed()
    checkpoint = records.last_checkpoint()
    return [
        Metric("thaam_node", "gauge", "1 while the node runs, by its bank", {(("bank", bank),): 1}),
        one("thaam_node_passes", "passes of the loop since the start", beat.passes, type="counter"),
        one("thaam_node_last_pass_timestamp_seconds", "when the last pass ended", beat.pass_ended),
        one("thaam_node_platform_timestamp_seconds", "when the platform was last heard", beat.platform_heard),
        one("thaam_node_trouble", "1 while the core or the platform cannot be reached", int(bool(beat.trouble))),
        one("thaam_node_mailbox_position", "the last position taken from the mailbox", records.mailbox_position()),
        one("thaam_node_checkpoint_position", "the newest signed head kept", checkpoint[0] if checkpoint else 0),
        one("thaam_node_clock_offset_seconds", "how far the clock is behind the platform's",
            int(records.get("clock_offset_seconds") or 0)),
        by("thaam_node_holds", "hold orders by state", "state", states),
        one("thaam_node_held_paise", "paise under liens of ours now", held_paise),
        one("thaam_node_liens", "liens of ours that keep something", liens),
        one("thaam_node_answers_owed", "answers without a receipt", unsent),
        one("thaam_node_answers_owed_oldest_timestamp_seconds", "when the oldest of them was made, 0 for none",
            oldest_us / 1_000_000),
    ]  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    door: NodeDoor
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        """Figures, or whether the loop still turns."""
        if self.path == "/health":
            calm = time.time() - self.door.beat.pass_ended < 120
            self._answer(200 if calm else 503, "ok\n" if calm else "no pass has ended for two minutes\n", "text/plain")
        elif self.path != "/metrics":
            self._answer(404, "no such address\n", "text/plain")
        elif not openmetrics.may_read(
            token=self.door.token,
            authorization=self.headers.get("authorization", ""),
            address=self.client_address[0],
            forwarded="forwarded" in self.headers or "x-forwarded-for" in self.headers,
        ):
            self._answer(403, "show the token\n", "text/plain")
        else:
            self._answer(200, self.door.metrics(), openmetrics.CONTENT_TYPE)

    def do_POST(self) -> None:
        """A hint of the platform."""
        length = self.headers.get("content-length", "")
        size = int(length) if length.isascii() and length.isdigit() and len(length) < 8 else HINT_BYTES_MAX + 1
        if self.path != "/hint" or size > HINT_BYTES_MAX:
            self.close_connection = True
            self._answer(404 if self.path != "/hint" else 413, "refused\n", "text/plain")
            return
        body = self.rfile.read(size)
        try:
            hint = verify_hint(
                dict(self.headers.items()), body, public_keys=self.door.platform_keys(), now=self.door.now()
            )
        except BadWebhook as why:
            self._answer(401, f"{why}\n", "text/plain")
            return
        if hint.bank == self.door.parts.bank:
            self.door.wake()
        self._answer(204, "", "text/plain")

    def _answer(self, status: int, text: str, content_type: str) -> None:
        body = text.encode()
        self.send_response(status)
        if status != 204:
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
