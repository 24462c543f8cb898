"""The ear of a node: a hint wakes it, a stream that ended is asked for anew, a platform without hints harms nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from thaam.node import listening
from thaam.node.listening import Ear
from thaam.wire.client import Unreachable

LONG = 10.0


class Platform(ThreadingHTTPServer):
    """A stream that says what is handed to `say`, to whoever listens."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.words: list[bytes] = []
        self.more = threading.Condition()
        self.listened = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def say(self, *words: bytes) -> None:
        """Each as a piece of its own; b"" ends the stream."""
        with self.more:
            self.words += words
            self.more.notify_all()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.listened += 1
        self.send_response(200)
        self.end_headers()
        while True:
            with self.server.more:
                self.server.more.wait_for(lambda: self.server.words)
                word = self.server.words.pop(0)
            if not word:
                return
            self.wfile.write(word)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def platform() -> Iterator[Platform]:
    server = Platform()
    yield server
    server.say(b"")
    server.shutdown()
    server.server_close()


def woken(node: threading.Semaphore) -> bool:
    return node.acquire(timeout=LONG)


def ear_at(platform: Platform) -> threading.Semaphore:
    node = threading.Semaphore(0)
    Ear(where=lambda: (f"http://127.0.0.1:{platform.server_port}/stream?topics=x", 3600), wake=node.release)
    assert woken(node)  # the stream is open: what came before may be waiting
    return node


def test_a_hint_wakes_the_node_also_when_it_comes_in_pieces(platform: Platform) -> None:
    node = ear_at(platform)
    platform.say(b"retry: 2000\n: listening\n\n", b": still here\n\n")
    platform.say(b'event: changed\nid: 7\ndata: {"topic": "mailbox:A", "position": 7}\n\n')
    assert woken(node)
    platform.say(b"event: cha", b"nged\nid: 8\ndata: {}\n\n")
    assert woken(node)
    assert not node.acquire(blocking=False), "once a hint"


def test_a_stream_that_ended_is_asked_for_anew(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "AGAIN_SECONDS", 0.01)
    node = ear_at(platform)
    platform.say(b"")
    assert woken(node)
    assert platform.listened == 2


def test_a_platform_without_hints_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "AGAIN_SECONDS", 0.01)
    asked = threading.Semaphore(0)

    def nowhere() -> tuple[str, int]:
        asked.release()
        raise Unreachable("not yet")

    Ear(where=nowhere, wake=lambda: pytest.fail("nothing was heard"))
    assert asked.acquire(timeout=LONG)
    assert asked.acquire(timeout=LONG)
