"""A toy bank process that can be killed and started again on the same files."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[3] / "src"


class RunningToyBank:
    """`thaam toybank` in a process of its own, spoken to over HTTP."""

    def __init__(self, data: Path, banks: str = "A,B", *flags: str) -> None:
        self.data, self.banks, self.flags = data, banks, flags
        self.start()

    def start(self) -> None:
        """Start the process and read its port."""
        command = [
            sys.executable,
            "-m",
            "thaam",
            "toybank",
            "--data",
            str(self.data),
            "--banks",
            self.banks,
            *self.flags,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(SOURCE)})
        assert self.process.stdout is not None
        self.port = json.loads(self.process.stdout.readline())["port"]

    def kill(self) -> None:
        """SIGKILL, as a machine does."""
        self.process.kill()
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def ask(self, method: str, path: str, **asked: Any) -> tuple[int, Any]:
        """One request; status and answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(asked) if method == "POST" else None)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def do(self, path: str, **asked: Any) -> Any:
        """A verb that must succeed."""
        status, answer = self.ask("POST", path, **asked)
        assert status == 200, answer
        return answer

    def get(self, path: str) -> Any:
        """A question that must be answered."""
        status, answer = self.ask("GET", path)
        assert status == 200, answer
        return answer


@pytest.fixture
def toybank(tmp_path: Path) -> Iterator[RunningToyBank]:
    """Banks A and B: Asha at A with Rs 1,000, Balu at B with nothing."""
    running = RunningToyBank(tmp_path / "banks")
    running.do("/banks/A/accounts", account="asha", holder="Asha", mobile="9876500001", opening_paise=100_000)
    running.do("/banks/B/accounts", account="balu", holder="Balu", mobile="+91 98765 00002", opening_paise=0)
    yield running
    running.kill()
