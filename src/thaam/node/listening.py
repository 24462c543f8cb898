"""Listen for the platform's hints: server-sent events over a connection that the node opens itself.

A hint only wakes the loop, which asks its mailbox as ever; it proves nothing and orders nothing, and a lost one costs
a poll interval. The address is asked for anew, signed, whenever the stream has ended.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

import httpx

from thaam.wire.client import NotThePlatform, Refused, Unreachable, trusted

# After a stream that ended: the loop polls meanwhile.
AGAIN_SECONDS = 2.0
# Hints that come close together are one: what they tell of is on one page.
TOGETHER_SECONDS = 0.1
# The platform says something every 15 s, be it only that it is still there.
TIMEOUT = httpx.Timeout(connect=3.0, read=40.0, write=3.0, pool=3.0)
_CHANGED = b"event: changed"


class Ear:
    """A thread that wakes the node as long as the process lives; `where` is BankClient.hints.

    Raises nothing: without hints the node polls.
    """

    def __init__(self, *, where: Callable[[], tuple[str, int]], wake: Callable[[], None]) -> None:
        self._where = where
        self._wake = wake
        threading.Thread(target=self._run, name="ear", daemon=True).start()

    def _run(self) -> None:
        while True:
            with contextlib.suppress(Unreachable, NotThePlatform, Refused, httpx.HTTPError, httpx.InvalidURL):
                self._listen(*self._where())
            time.sleep(AGAIN_SECONDS)

    def _listen(self, url: str, seconds: int) -> None:
        until = time.monotonic() + seconds
        with httpx.stream(
            "GET", url, timeout=TIMEOUT, verify=trusted(), follow_redirects=False, trust_env=False
        ) as stream:
            if stream.status_code != 200:
                return
            self._wake()  # what came while nobody listened
            end = b""
            for some in stream.iter_raw():
                heard = end + some
                end = heard[1 - len(_CHANGED) :]
                if _CHANGED in heard:
                    self._wake()
                    time.sleep(TOGETHER_SECONDS)
                if time.monotonic() > until:
                    return
