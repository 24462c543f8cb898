"""Adapter to a core that offers two views and one table in its own database: SQLite or PostgreSQL.

The bank's people make the views `thaam_posting` and `thaam_account` and the table `thaam_request` (docs/how-to/
add-a-bank.md gives their columns, and triggers to start from). The node reads the views and inserts requests; the core
carries each out and fills in its result. A request is never sent twice: its id is the table's key.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from thaam.node.corebank import AccountFacts, CoreRefused, CoreUnreachable, PaidBack, Placed
from thaam.postings.posting import Posting

_POSTING = (
    "position, account, seq, tx_ref, side, amount_paise, channel, posted_at, counterparty_bank, counterparty_account,"
    " balance_after_paise, reverses_tx_ref, detail, payment_lo, payment_amount_paise"
)
_ACCOUNT = "account, opening_paise, limit_paise, balance_paise, lien_paise, available_paise, pool, closed"
_RESULT = "state, done_paise, reference, position, rail, paid_on, why"


class Database(Protocol):
    """The little this adapter needs of a database. `ask` raises CoreUnreachable."""

    def ask(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run one statement (`?` for values) in a transaction of its own; its rows."""

    def close(self) -> None:
        """Close the connection."""


class TablesCore:
    """One bank's core behind its tables. Not for several threads.

    `answer_seconds`: how long a request may stay unanswered before the core counts as unreachable. `lag_seconds`: for a
    core that gives no position with a lien, how long a posting made before it may take to appear in the view.
    """

    def __init__(
        self,
        *,
        bank: str,
        database: Database,
        answer_seconds: float = 10.0,
        lag_seconds: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.bank = bank
        self._database = database
        self._answer_seconds = answer_seconds
        self._lag_seconds = lag_seconds
        self._sleep = sleep

    def postings_after(self, *, position: int, limit: int) -> list[Posting]:
        """See CoreBank."""
        rows = self._database.ask(
            f"SELECT {_POSTING} FROM thaam_posting WHERE position > ? ORDER BY position LIMIT ?", (position, limit)
        )
        return [_posting(self.bank, row) for row in rows]

    def about_accounts(self, *, accounts: Sequence[str]) -> list[AccountFacts]:
        """See CoreBank."""
        facts: list[AccountFacts] = []
        for start in range(0, len(accounts), 500):
            some = accounts[start : start + 500]
            marks = ", ".join("?" * len(some))
            for row in self._database.ask(f"SELECT {_ACCOUNT} FROM thaam_account WHERE account IN ({marks})", some):
                facts.append(AccountFacts(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), bool(row[7])))
        return facts

    def mobile_matches(self, *, account: str, mobile: str) -> bool | None:
        """See CoreBank: the last ten digits are compared."""
        rows = self._database.ask("SELECT mobile FROM thaam_account WHERE account = ?", (account,))
        if not rows or rows[0][0] is None:
            return None
        return _ten_digits(str(rows[0][0])) == _ten_digits(mobile)

    def place_hold(self, *, hold_id: str, account: str, amount_paise: int) -> Placed:
        """See CoreBank."""
        done = self._request(hold_id, "place", account=account, hold_id=hold_id, amount_paise=amount_paise)
        return self._placed(done)

    def find_hold(self, *, hold_id: str) -> Placed | None:
        """See CoreBank. A request the core has not answered yet is waited for."""
        if not self._database.ask("SELECT 1 FROM thaam_request WHERE id = ? AND kind = 'place'", (hold_id,)):
            return None
        return self._placed(self._answered(hold_id))

    def lift_hold(self, *, hold_id: str, lift_id: str, amount_paise: int) -> int:
        """See CoreBank."""
        done = self._request(lift_id, "lift", hold_id=hold_id, amount_paise=amount_paise)
        return self._position(done["position"])[0]

    def lift_freeze(self, *, account: str, lift_id: str, freeze_reference: str | None) -> None:
        """See CoreBank."""
        self._request(f"{lift_id}/freeze", "unfreeze", account=account, reference=freeze_reference)

    def pay_back(self, *, payment_id: str, hold_id: str, amount_paise: int, to_bank: str, to_account: str) -> PaidBack:
        """See CoreBank."""
        done = self._request(
            payment_id, "pay", hold_id=hold_id, amount_paise=amount_paise, to_bank=to_bank, to_account=to_account
        )
        paid_on = done["paid_on"] if isinstance(done["paid_on"], date) else date.fromisoformat(done["paid_on"])
        return PaidBack(done["rail"], done["reference"], paid_on, amount_paise, self.bank, to_bank)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def _request(self, id: str, kind: str, **asked: Any) -> dict[str, Any]:
        """Insert a request unless it is there, and wait for its result. Raises CoreRefused, CoreUnreachable."""
        names = ["id", "kind", *asked]
        values = [id, kind, *asked.values()]
        marks = ", ".join("?" * len(values))
        self._database.ask(
            f"INSERT INTO thaam_request ({', '.join(names)}) VALUES ({marks}) ON CONFLICT (id) DO NOTHING", values
        )
        return self._answered(id)

    def _answered(self, id: str) -> dict[str, Any]:
        waited = 0.0
        while True:
            rows = self._database.ask(f"SELECT {_RESULT} FROM thaam_request WHERE id = ?", (id,))
            if not rows:
                raise CoreUnreachable(f"request {id} is gone from thaam_request")
            done = dict(zip(_RESULT.split(", "), rows[0], strict=True))
            if done["state"] == "done":
                return done
            if done["state"] == "refused":
                raise CoreRefused("refused", str(done["why"] or "the core gave no reason"))
            if waited >= self._answer_seconds:
                raise CoreUnreachable(f"request {id} is unanswered after {waited:.1f} s")
            self._sleep(0.05)
            waited += 0.05

    def _placed(self, done: dict[str, Any]) -> Placed:
        position, exact = self._position(done["position"])
        return Placed(int(done["done_paise"]), str(done["reference"]), position, exact)

    def _position(self, stated: int | None) -> tuple[int, bool]:
        """The core's position, or the newest one after its lag has passed: then the answer is only `lagged`."""
        if stated is not None:
            return int(stated), True
        self._sleep(self._lag_seconds)
        rows = self._database.ask("SELECT coalesce(max(position), 0) FROM thaam_posting", ())
        return int(rows[0][0]), False


class SqliteDatabase:
    """A core's SQLite file."""

    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=10)

    def ask(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """See Database."""
        try:
            return self._db.execute(statement, tuple(values)).fetchall()
        except sqlite3.OperationalError as why:
            raise CoreUnreachable(str(why)) from why

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class PostgresDatabase:
    """A core's PostgreSQL database; a lost connection is opened again at the next question."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None

    def ask(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """See Database."""
        import psycopg

        try:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            cursor = self._connection.execute(statement.replace("?", "%s"), tuple(values))
            return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as why:
            self.close()
            raise CoreUnreachable(str(why)) from why

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _posting(bank: str, row: tuple[Any, ...]) -> Posting:
    at = row[7] if isinstance(row[7], datetime) else datetime.fromisoformat(row[7])
    return Posting(
        position=row[0],
        account=row[1],
        seq=row[2],
        tx_ref=row[3],
        side=row[4],
        amount_paise=row[5],
        channel=row[6],
        posted_at=at,
        bank=bank,
        counterparty_bank=row[8],
        counterparty_account=row[9],
        balance_after_paise=row[10],
        reverses_tx_ref=row[11],
        detail=row[12],
        payment_lo=row[13] or 0,
        payment_amount_paise=row[14],
    )


def _ten_digits(mobile: str) -> str:
    return "".join(c for c in mobile if c.isdigit())[-10:]
