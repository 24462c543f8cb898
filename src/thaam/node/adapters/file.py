"""A bank that can only export a postings file (CSV): the node traces in it, and cannot place a lien.

What is still there is answered as `seen: no_power`, and the bank's clerk holds it by hand. The file may be replaced by
a longer one at any time; its rows are the bank's order, so those read before must stay as they are.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from thaam.node.corebank import AccountFacts, CoreRefused, CoreUnreachable, PaidBack, Placed
from thaam.postings.files import BadFile, read_accounts
from thaam.postings.posting import BadPosting, Posting


class FileCore:
    """One bank's rows of a postings file, and its accounts file if there is one."""

    def __init__(self, *, bank: str, postings: Path, accounts: Path | None = None) -> None:
        self.bank = bank
        self._path = postings
        self._accounts_path = accounts
        self._read_at = 0
        self._rows: list[Posting] = []

    def postings_after(self, *, position: int, limit: int) -> list[Posting]:
        """See CoreBank; a posting's position is its place among the bank's rows of the file."""
        self._refresh()
        return self._rows[position : position + limit]

    def about_accounts(self, *, accounts: Sequence[str]) -> list[AccountFacts]:
        """See CoreBank; what the accounts file states, nothing without one."""
        if self._accounts_path is None:
            return []
        try:
            stated = read_accounts(self._accounts_path)
        except BadFile as why:
            raise CoreUnreachable(str(why)) from why
        facts: list[AccountFacts] = []
        for account in accounts:
            if (said := stated.get((self.bank, account))) is not None:
                facts.append(AccountFacts(account, said.opening_paise, said.limit_paise, 0, 0, 0, said.pool, False))
        return facts

    def mobile_matches(self, *, account: str, mobile: str) -> bool | None:
        """Nothing is known of holders."""
        return None

    def place_hold(self, *, hold_id: str, account: str, amount_paise: int) -> Placed:
        """Refused: a file cannot hold money."""
        _cannot()

    def find_hold(self, *, hold_id: str) -> Placed | None:
        """There is none."""
        return None

    def lift_hold(self, *, hold_id: str, lift_id: str, amount_paise: int) -> int:
        """Refused."""
        _cannot()

    def lift_freeze(self, *, account: str, lift_id: str, freeze_reference: str | None) -> None:
        """Refused."""
        _cannot()

    def pay_back(self, *, payment_id: str, hold_id: str, amount_paise: int, to_bank: str, to_account: str) -> PaidBack:
        """Refused."""
        _cannot()

    def close(self) -> None:
        """Nothing is open."""

    def _refresh(self) -> None:
        """Read the file again when it was replaced. Raises CoreUnreachable for one that cannot be used."""
        try:
            changed = self._path.stat().st_mtime_ns
            if changed == self._read_at:
                return
            with self._path.open(newline="", encoding="utf-8") as file:
                rows = [row for row in csv.DictReader(file) if row["bank"] == self.bank]
            self._rows = [_posting(position, row) for position, row in enumerate(rows, 1)]
        except (OSError, KeyError, TypeError, ValueError, BadPosting) as why:
            raise CoreUnreachable(f"{self._path.name}: {why!r}") from why
        self._read_at = changed


def _posting(position: int, row: dict[str, str]) -> Posting:
    side = row["side"]
    if side not in ("D", "C"):
        raise BadPosting(f"{row['tx_ref']}: side {side!r} is neither D nor C")
    balance = row.get("balance_after_paise")
    return Posting(
        position=position,
        account=row["account"],
        seq=position,
        tx_ref=row["tx_ref"],
        side="D" if side == "D" else "C",
        amount_paise=int(row["amount_paise"]),
        channel=row["channel"],
        posted_at=datetime.fromisoformat(row["posted_at"]),
        bank=row["bank"],
        counterparty_bank=row.get("counterparty_bank") or None,
        counterparty_account=row.get("counterparty_account") or None,
        balance_after_paise=int(balance) if balance else None,
        reverses_tx_ref=row.get("reverses_tx_ref") or None,
        detail=row.get("detail") or None,
    )


def _cannot() -> NoReturn:
    raise CoreRefused("no_power", "a postings file cannot hold, lift or pay")
