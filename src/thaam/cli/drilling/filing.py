"""Many victims at once, each sending when it is their turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from thaam.world.browsing import Browser, PageFailed
from thaam.world.gateway import Gateway
from thaam.world.reporting import NoCode, Report, file_report

PATIENCE_SECONDS = 60.0
"""A page may be away while its process is killed and comes back."""
FAILURES = (PageFailed, NoCode, httpx.HTTPError)


def file_one(platform: str, report: Report, gateway: Gateway) -> str:
    """File a report with patience; the complaint number. Raises one of FAILURES."""
    with Browser(platform, patience_seconds=PATIENCE_SECONDS) as browser:
        return file_report(browser=browser, report=report, read_code=gateway.reader(report.mobile))


class Queue:
    """Turns by number: a victim's turn comes when all before them have sent or given up."""

    def __init__(self) -> None:
        self._next = 0
        self._done: set[int] = set()
        self._moved = threading.Condition()

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        with self._moved:
            self._moved.wait_for(lambda: self._next == number)
        try:
            yield
        finally:
            self.pass_on(number)

    def pass_on(self, number: int) -> None:
        """This victim needs no turn any more."""
        with self._moved:
            self._done.add(number)
            while self._next in self._done:
                self._next += 1
            self._moved.notify_all()


def file_in_order(
    platform: str, reports: list[Report], gateway: Gateway, *, workers: int
) -> tuple[ThreadPoolExecutor, list[Future[str]]]:
    """Begin to file all; they are sent in the order of the list. The futures give numbers or raise FAILURES."""
    queue = Queue()

    def one(number: int, report: Report) -> str:
        try:
            with Browser(platform, patience_seconds=PATIENCE_SECONDS) as browser:
                read_code = gateway.reader(report.mobile)
                return file_report(browser=browser, report=report, read_code=read_code, turn=queue.turn(number))
        finally:
            queue.pass_on(number)

    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="claimant")
    return pool, [pool.submit(one, number, report) for number, report in enumerate(reports)]
