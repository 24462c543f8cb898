"""The bank under test, as the kit sees it: how it is told where to poll, given postings, and looked at.

A bank offers the addresses of HttpHarness (docs/wire/conformance.md); SelfHarness runs our own toy bank and node.
"""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import httpx

from thaam.wire import keys

COLUMNS = (
    "posted_at", "tx_ref", "bank", "account", "side", "amount_paise", "channel", "counterparty_bank",
    "counterparty_account", "reverses_tx_ref", "detail",
)  # fmt: skip
TIMEOUT = httpx.Timeout(10.0)


class HarnessFailed(Exception):
    """The bank's test harness did not do what it was asked; no case can be judged."""


@dataclass(frozen=True, slots=True)
class Connected:
    """Which bank it is, and the public keys its node signs with (key id → base64url)."""

    bank: str
    keys: dict[str, str]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the bank's core says of an account, in paise."""

    balance_paise: int
    lien_paise: int
    available_paise: int


class Harness(Protocol):
    """Control of the bank under test. Every method raises HarnessFailed."""

    def connect(self, *, platform_url: str, platform_keys: dict[str, str]) -> Connected:
        """Point the node at the kit and start it."""

    def load(self, *, id: str, accounts: list[dict[str, Any]], postings: list[dict[str, Any]]) -> None:
        """Open accounts and append postings, once per id, in their order. Rows of other banks only show the payment."""

    def place_lien(self, *, id: str, account: str, amount_paise: int) -> None:
        """Place a lien of the bank's own."""

    def standing(self, *, account: str) -> Standing:
        """What the core says now."""

    def restart(self) -> None:
        """Kill the node without warning and start it again."""

    def close(self) -> None:
        """Leave nothing running."""


class HttpHarness:
    """A bank's own harness behind HTTP."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url.rstrip("/") + "/conformance/", timeout=TIMEOUT, trust_env=False)

    def connect(self, *, platform_url: str, platform_keys: dict[str, str]) -> Connected:
        """POST connect."""
        found = self._post("connect", {"platform_url": platform_url, "platform_keys": platform_keys})
        try:
            return Connected(str(found["bank"]), {str(name): str(text) for name, text in found["keys"].items()})
        except (KeyError, AttributeError) as why:
            raise HarnessFailed(f"connect must answer bank and keys, not {found}") from why

    def load(self, *, id: str, accounts: list[dict[str, Any]], postings: list[dict[str, Any]]) -> None:
        """POST load."""
        self._post("load", {"id": id, "accounts": accounts, "postings": postings})

    def place_lien(self, *, id: str, account: str, amount_paise: int) -> None:
        """POST lien."""
        self._post("lien", {"id": id, "account": account, "amount_paise": amount_paise})

    def standing(self, *, account: str) -> Standing:
        """GET accounts/{account}."""
        return _standing(_answered(lambda: self._http.get(f"accounts/{account}")))

    def restart(self) -> None:
        """POST restart."""
        self._post("restart", {})

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _answered(lambda: self._http.post(path, json=body))


class SelfHarness:
    """Our own toy bank and node as two processes, with their files in a folder that the caller removes."""

    BANK = "KITB"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._node: subprocess.Popen[bytes] | None = None
        self._core = subprocess.Popen(
            [sys.executable, "-m", "thaam", "toybank", "--data", str(folder / "core"), "--banks", self.BANK],
            stdout=subprocess.PIPE,
        )
        assert self._core.stdout is not None
        first = self._core.stdout.readline()
        if not first:
            raise HarnessFailed("the toy bank did not start")
        self._url = f"http://127.0.0.1:{json.loads(first)['port']}"
        self._http = httpx.Client(base_url=self._url, timeout=TIMEOUT, trust_env=False)

    def connect(self, *, platform_url: str, platform_keys: dict[str, str]) -> Connected:
        """Write the node's configuration and start it."""
        key = keys.generate()
        keys.save(key, self._folder / "node.pem")
        pinned = "".join(f"{json.dumps(name)} = {json.dumps(text)}\n" for name, text in platform_keys.items())
        (self._folder / "node.toml").write_text(
            f'bank = "{self.BANK}"\nplatform_url = "{platform_url}"\nkey = "node.pem"\ndata = "node"\n'
            f'poll_seconds = 0.1\n[platform_keys]\n{pinned}[core]\nadapter = "toybank"\nurl = "{self._url}"\n',
            encoding="utf-8",
        )
        self._start()
        return Connected(self.BANK, {key.key_id: keys.public_text(key.public)})

    def load(self, *, id: str, accounts: list[dict[str, Any]], postings: list[dict[str, Any]]) -> None:
        """Accounts by the toy bank's door, postings as a file it loads."""
        for account in accounts:
            self._post(f"/banks/{self.BANK}/accounts", {"holder": "Holder", **account})
        if postings:
            path = self._folder / f"{uuid.uuid4()}.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, fieldnames=COLUMNS)
                writer.writeheader()
                writer.writerows({name: posting.get(name) for name in COLUMNS} for posting in postings)
            self._post("/load", {"id": id, "postings": str(path)})

    def place_lien(self, *, id: str, account: str, amount_paise: int) -> None:
        """A lien by the toy bank's door."""
        self._post(f"/banks/{self.BANK}/liens", {"id": id, "account": account, "amount_paise": amount_paise})

    def standing(self, *, account: str) -> Standing:
        """What the toy bank says."""
        return _standing(_answered(lambda: self._http.get(f"/banks/{self.BANK}/accounts/{account}")))

    def restart(self) -> None:
        """SIGKILL, then a new process on the same files."""
        self._stop()
        self._start()

    def close(self) -> None:
        """Stop both processes."""
        self._stop()
        self._http.close()
        self._core.send_signal(signal.SIGTERM)
        try:
            self._core.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._core.kill()
            self._core.wait()
        if self._core.stdout is not None:
            self._core.stdout.close()

    def _start(self) -> None:
        log = (self._folder / "node.log").open("ab")
        config = str(self._folder / "node.toml")
        self._node = subprocess.Popen([sys.executable, "-m", "thaam", "node", "--config", config], stderr=log)
        log.close()

    def _stop(self) -> None:
        if self._node is not None:
            self._node.kill()
            self._node.wait()
            self._node = None

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _answered(lambda: self._http.post(path, json=body))


def _answered(ask: Any) -> dict[str, Any]:
    try:
        response: httpx.Response = ask()
        found = response.json() if response.content else {}
    except (httpx.HTTPError, ValueError) as why:
        raise HarnessFailed(f"the harness did not answer: {why}") from why
    if response.status_code >= 400 or not isinstance(found, dict):
        raise HarnessFailed(f"{response.request.method} {response.request.url.path}: {response.status_code} {found}")
    return found


def _standing(found: dict[str, Any]) -> Standing:
    try:
        return Standing(int(found["balance_paise"]), int(found["lien_paise"]), int(found["available_paise"]))
    except (KeyError, TypeError, ValueError) as why:
        raise HarnessFailed(f"an account has balance_paise, lien_paise and available_paise, not {found}") from why
