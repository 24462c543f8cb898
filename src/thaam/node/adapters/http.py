"""Adapter to a core with an HTTP door, on one connection kept alive; docs/how-to/core-http.md is what the core offers.

A core that has another API gets a small service in front of it that speaks this one.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from thaam.node.corebank import AccountFacts, CoreRefused, CoreUnreachable, PaidBack, Placed
from thaam.postings.posting import Posting

TIMEOUT_SECONDS = 10.0
ANSWER_BYTES_MAX = 64_000_000


class HttpCore:
    """One bank's core. Not for several threads.

    `url` is what stands before the paths of the door. `token` goes out as a bearer token; over plain http only to
    this machine. `ca_file` holds the authority that signed the core's certificate, when it is the bank's own.
    """

    def __init__(self, *, bank: str, url: str, token: str = "", ca_file: str | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.hostname is None or parts.query or parts.fragment:
            raise ValueError(f"a core's url is https://host:port/path, not {url!r}")
        if token and parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("a token goes over https, or stays on this machine")
        self.bank = bank
        self._base = parts.path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http: http.client.HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context(cafile=ca_file)
            self._http = http.client.HTTPSConnection(
                parts.hostname, parts.port or 443, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            self._http = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=TIMEOUT_SECONDS)

    def postings_after(self, *, position: int, limit: int) -> list[Posting]:
        """See CoreBank."""
        found = self._ask("GET", f"/postings?after={position}&limit={limit}")
        return [_posting(row) for row in found["postings"]]

    def about_accounts(self, *, accounts: Sequence[str]) -> list[AccountFacts]:
        """See CoreBank."""
        facts: list[AccountFacts] = []
        for start in range(0, len(accounts), 2000):
            found = self._ask("POST", "/about-accounts", accounts=list(accounts[start : start + 2000]))
            facts += [_facts(row) for row in found["accounts"]]
        return facts

    def mobile_matches(self, *, account: str, mobile: str) -> bool | None:
        """See CoreBank."""
        matches: bool | None = self._ask("POST", f"/accounts/{quote(account, safe='')}/mobile-matches", mobile=mobile)[
            "matches"
        ]
        return matches

    def place_hold(self, *, hold_id: str, account: str, amount_paise: int) -> Placed:
        """See CoreBank."""
        return _placed(self._ask("POST", "/liens", id=hold_id, account=account, amount_paise=amount_paise))

    def find_hold(self, *, hold_id: str) -> Placed | None:
        """See CoreBank."""
        try:
            return _placed(self._ask("GET", f"/liens/{quote(hold_id, safe='')}"))
        except CoreRefused as refused:
            if refused.code == "unknown_lien":
                return None
            raise

    def lift_hold(self, *, hold_id: str, lift_id: str, amount_paise: int) -> int:
        """See CoreBank."""
        answer = self._ask("POST", f"/liens/{quote(hold_id, safe='')}/lift", id=lift_id, amount_paise=amount_paise)
        return int(answer["lifted_at_position"])

    def lift_freeze(self, *, account: str, lift_id: str, freeze_reference: str | None) -> None:
        """See CoreBank; a core may have one freeze an account and need no reference."""
        asked = {"reference": freeze_reference} if freeze_reference else {}
        self._ask("POST", f"/accounts/{quote(account, safe='')}/freeze", id=lift_id, on=False, **asked)

    def pay_back(self, *, payment_id: str, hold_id: str, amount_paise: int, to_bank: str, to_account: str) -> PaidBack:
        """See CoreBank."""
        paid = self._ask(
            "POST",
            "/payouts",
            id=payment_id,
            lien_id=hold_id,
            amount_paise=amount_paise,
            to_bank=to_bank,
            to_account=to_account,
        )["payment"]
        return PaidBack(
            paid["rail"],
            paid["reference"],
            date.fromisoformat(paid["date"]),
            paid["amount_paise"],
            paid["payer_bank"],
            paid["payee_bank"],
        )

    def tell_customer(self, *, message_id: str, account: str, words_hi: str, words_en: str) -> str | None:
        """See TellsCustomers (node/warning.py): the words wait in the customer's app."""
        told = self._ask(
            "POST", f"/accounts/{quote(account, safe='')}/messages", id=message_id, words_hi=words_hi, words_en=words_en
        )
        return str(told["way"])

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _ask(self, method: str, path: str, **asked: Any) -> dict[str, Any]:
        body = json.dumps(asked).encode() if method == "POST" else None
        target = self._base + path
        try:
            status, raw = self._exchange(method, target, body)
        except (http.client.HTTPException, ConnectionError):
            # The kept connection may have been closed while idle; every request is safe to repeat.
            self._http.close()
            try:
                status, raw = self._exchange(method, target, body)
            except (http.client.HTTPException, OSError) as why:
                self._http.close()
                raise CoreUnreachable(f"{method} {target}: {why}") from why
        except OSError as why:
            self._http.close()
            raise CoreUnreachable(f"{method} {target}: {why}") from why
        try:
            answer: dict[str, Any] = json.loads(raw)
        except ValueError as why:
            raise CoreUnreachable(f"{method} {target}: not JSON") from why
        if status >= 500:
            raise CoreUnreachable(f"{method} {target}: {status}")
        if status != 200:
            raise CoreRefused(str(answer.get("code")), str(answer.get("why")))
        return answer

    def _exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        self._http.request(method, target, body, self._headers | ({"Content-Type": "application/json"} if body else {}))
        response = self._http.getresponse()
        return response.status, response.read(ANSWER_BYTES_MAX)


def _posting(row: dict[str, Any]) -> Posting:
    return Posting(
        position=row["position"],
        account=row["account"],
        seq=row["seq"],
        tx_ref=row["tx_ref"],
        side=row["side"],
        amount_paise=row["amount_paise"],
        channel=row["channel"],
        posted_at=datetime.fromisoformat(row["posted_at"]),
        bank=row["bank"],
        counterparty_bank=row["counterparty_bank"],
        counterparty_account=row["counterparty_account"],
        balance_after_paise=row["balance_after_paise"],
        reverses_tx_ref=row["reverses_tx_ref"],
        detail=row["detail"],
        payment_lo=row.get("payment_lo") or 0,
        payment_amount_paise=row.get("payment_amount_paise"),
    )


def _facts(row: dict[str, Any]) -> AccountFacts:
    return AccountFacts(
        account=row["account"],
        opening_paise=row["opening_paise"],
        limit_paise=row["limit_paise"],
        balance_paise=row["balance_paise"],
        lien_paise=row["lien_paise"],
        available_paise=row["available_paise"],
        pool=row["class"] == "POOL",
        closed=row["closed"],
    )


def _placed(row: dict[str, Any]) -> Placed:
    return Placed(row["placed_paise"], row["lien_reference"], row["position"])
