"""The toy banks over HTTP, as the players use them: open accounts, pay, take cash, look."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

from thaam.world.plots import Person

TIMEOUT = httpx.Timeout(20.0, connect=5.0)
PATIENCE_SECONDS = 60.0


class BankRefused(Exception):
    """The toy bank did nothing; `code` is one of its closed list of reasons."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code


class BankLine:
    """All toy banks of one process. Safe for threads; ids make every call safe to repeat."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(base_url=self.url, timeout=TIMEOUT, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def open(self, person: Person) -> None:
        """Open the person's account; open already with the same content is fine."""
        self.ask(
            f"/banks/{person.bank}/accounts",
            account=person.account,
            holder=person.name.en,
            mobile=person.mobile,
            opening_paise=person.opening_paise,
        )

    def pay(self, *, id: str, payer: Person, payee: Person, paise: int, channel: str, **more: Any) -> dict[str, Any]:
        """A transfer; the answer has `tx_ref`, `payment` (its identity) and `state`."""
        return self.ask(
            f"/banks/{payer.bank}/transfers",
            id=id,
            from_account=payer.account,
            to_bank=payee.bank,
            to_account=payee.account,
            amount_paise=paise,
            channel=channel,
            **more,
        )

    def take_cash(self, *, id: str, person: Person, paise: int, detail: str) -> dict[str, Any]:
        """Cash at an ATM."""
        where = f"/banks/{person.bank}/debits"
        return self.ask(where, id=id, account=person.account, amount_paise=paise, channel="ATM", detail=detail)

    def account(self, bank: str, account: str) -> dict[str, Any]:
        return self.look(f"/banks/{bank}/accounts/{account}")

    def liens(self, bank: str, account: str) -> list[dict[str, Any]]:
        return list(self.look(f"/banks/{bank}/accounts/{account}/liens")["liens"])

    def banks(self) -> list[dict[str, Any]]:
        """Figures of each bank: balance, liens, in flight, position."""
        return list(self.look("/banks")["banks"])

    def look(self, path: str) -> dict[str, Any]:
        return self._read(self._patiently(lambda: self._http.get(path)))

    def ask(self, path: str, /, **asked: Any) -> dict[str, Any]:
        """One verb; raises `BankRefused`. A load of millions of rows takes minutes, so `/load` waits longer."""
        timeout = httpx.Timeout(1800.0, connect=5.0) if path == "/load" else TIMEOUT
        return self._read(self._patiently(lambda: self._http.post(path, json=asked, timeout=timeout)))

    @staticmethod
    def _patiently(do: Callable[[], httpx.Response]) -> httpx.Response:
        """Again while the process is away (killed, frozen); every verb is safe to repeat by its id."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return do()
            except httpx.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    @staticmethod
    def _read(response: httpx.Response) -> dict[str, Any]:
        answer: dict[str, Any] = response.json()
        if response.status_code != 200:
            raise BankRefused(answer["code"], answer["why"])
        return answer
