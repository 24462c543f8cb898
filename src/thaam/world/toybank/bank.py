"""One toy bank: its accounts, its postings in one gap-free order, and its liens.

Every verb that changes something takes the caller's id, runs in one transaction of the bank's own file and keeps
its answer beside the id: the same request again gets the first answer, another content under that id is refused.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from thaam.world.toybank.references import fresh_reference, reference_used
from thaam.world.toybank.refusals import Refused, check_amount
from thaam.world.toybank.rows import (
    INSERT_POSTING,
    Answer,
    account_row,
    describe_account,
    describe_posting,
    from_us,
    insert_account,
    last_position,
    read_switch,
    spendable_paise,
    to_us,
)
from thaam.world.toybank.schema import open_bank_file

CHANNELS = frozenset(
    (
        "UPI",
        "IMPS",
        "NEFT",
        "RTGS",
        "CARD",
        "INTERNAL",
        "ATM",
        "AEPS",
        "POS",
        "CHEQUE",
        "CASH",
        "FEE",
        "CRYPTO",
        "FOREIGN",
    )
)


class Bank:
    """One bank on one SQLite file. Safe for many threads: `lock` is held for the length of each transaction."""

    def __init__(self, *, code: str, path: Path) -> None:
        self.code = code
        self.lock = threading.RLock()
        self._db = open_bank_file(path)
        self.posted = threading.Condition(self.lock)

    def close(self) -> None:
        """Close the file; an unfinished transaction is rolled back."""
        with self.lock:
            self._db.close()

    # -- transactions and once-only acts

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction under the bank's lock; anything raised inside undoes all of it."""
        with self.lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            self.posted.notify_all()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection under the bank's lock, for reads."""
        with self.lock:
            yield self._db

    def did(self, id: str) -> bool:
        """Whether an act with this id was done here."""
        with self.lock:
            return self._db.execute("SELECT 1 FROM act WHERE id = ?", (id,)).fetchone() is not None

    def once(self, *, id: str, asked: dict[str, Any], do: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do it once under `id` and keep the answer; a repeat gets that answer, other content is refused."""
        if not isinstance(id, str) or not 0 < len(id) <= 200:
            raise Refused("bad_request", "an id of 1 to 200 characters is needed")
        wanted = json.dumps(asked, sort_keys=True, ensure_ascii=False)
        with self.transaction() as db:
            earlier = db.execute("SELECT asked, answer FROM act WHERE id = ?", (id,)).fetchone()
            if earlier is not None:
                if earlier["asked"] != wanted:
                    raise Refused("same_id_other_content", f"{id} was used for {earlier['asked']}")
                return dict(json.loads(earlier["answer"]))
            answer = do(db)
            db.execute("INSERT INTO act VALUES (?, ?, ?)", (id, wanted, json.dumps(answer, ensure_ascii=False)))
            return answer

    # -- accounts

    def open_account(
        self,
        *,
        account: str,
        holder: str,
        mobile: str | None = None,
        opening_paise: int = 0,
        limit_paise: int | None = None,
        account_class: str = "NORMAL",
    ) -> Answer:
        """Open an account; the same account with the same content again is the first answer."""
        if type(opening_paise) is not int or opening_paise < 0:
            raise Refused("bad_request", "opening_paise must be a whole number, 0 or more")
        if limit_paise is not None and (type(limit_paise) is not int or limit_paise < 0):
            raise Refused("bad_request", "limit_paise must be a whole number, 0 or more")
        if account_class not in ("NORMAL", "POOL"):
            raise Refused("bad_request", "class is NORMAL or POOL")
        if not account or not isinstance(account, str):
            raise Refused("bad_request", "account must be a text")
        asked = {
            "account": account,
            "holder": holder,
            "mobile": mobile,
            "opening_paise": opening_paise,
            "limit_paise": limit_paise,
            "class": account_class,
        }

        def do(db: sqlite3.Connection) -> Answer:
            if db.execute("SELECT 1 FROM account WHERE account = ?", (account,)).fetchone():
                raise Refused("account_exists", f"{account} is already open at {self.code}")
            insert_account(db, asked)
            return {"bank": self.code, **asked}

        return self.once(id=f"open:{account}", asked=asked, do=do)

    def close_account(self, *, account: str) -> Answer:
        """Close an account: it takes no more credits and gives no more debits. Closing twice is one closing."""
        with self.transaction() as db:
            account_row(db, account)
            db.execute("UPDATE account SET closed = 1 WHERE account = ?", (account,))
        return self.account(account=account)

    def freeze_account(self, *, id: str, account: str, on: bool) -> Answer:
        """Freeze the whole account (nothing can be debited), or end the freeze; once per id."""

        def do(db: sqlite3.Connection) -> Answer:
            account_row(db, account)
            db.execute("UPDATE account SET frozen = ? WHERE account = ?", (int(on), account))
            return {"account": account, "frozen": on}

        return self.once(id=f"freeze:{id}", asked={"freeze": account, "on": on}, do=do)

    def tell_customer(self, *, id: str, account: str, words_hi: str, words_en: str) -> Answer:
        """Put a message into the customer's app, once per id; `act` is where it stays readable."""

        def do(db: sqlite3.Connection) -> Answer:
            account_row(db, account)
            return {"account": account, "way": "app"}

        asked = {"tell": account, "words_hi": words_hi, "words_en": words_en}
        return self.once(id=f"tell:{id}", asked=asked, do=do)

    def messages_to(self, *, account: str) -> list[Answer]:
        """What the customer's app shows."""
        with self.lock:
            rows = self._db.execute("SELECT asked FROM act WHERE id LIKE 'tell:%'").fetchall()
        told = [json.loads(row["asked"]) for row in rows]
        return [message for message in told if message["tell"] == account]

    def account(self, *, account: str) -> Answer:
        """What the bank knows of an account; `available_paise` may be below zero only after a breached lien."""
        with self.lock:
            return describe_account(self.code, account_row(self._db, account))

    def accounts(self) -> list[Answer]:
        """All accounts, by name."""
        with self.lock:
            rows = self._db.execute("SELECT * FROM account ORDER BY account").fetchall()
        return [describe_account(self.code, row) for row in rows]

    def about(self, *, accounts: list[str]) -> list[Answer]:
        """The same for many accounts at once; those that do not exist are left out."""
        with self.lock:
            found = [
                self._db.execute("SELECT * FROM account WHERE account = ?", (account,)).fetchone()
                for account in accounts
            ]
        return [describe_account(self.code, row) for row in found if row is not None]

    def mobile_of(self, *, account: str) -> str | None:
        """The number the customer gave; it stays inside the bank."""
        with self.lock:
            found = account_row(self._db, account)["mobile"]
        return str(found) if found else None

    def mobile_matches(self, *, account: str, mobile: str) -> bool | None:
        """Whether the account's mobile ends in the same ten digits; None when the bank knows none."""
        with self.lock:
            known = account_row(self._db, account)["mobile"]
        if known is None:
            return None
        return _last_ten(known) == _last_ten(mobile)

    # -- postings

    def position(self) -> int:
        """The position of the last posting, 0 when there is none."""
        with self.lock:
            return last_position(self._db)

    def postings_after(self, *, position: int, limit: int, wait_seconds: float = 0.0) -> list[Answer]:
        """Postings behind `position`, in order, at most `limit`; waits up to `wait_seconds` for the first."""
        with self.lock:
            if wait_seconds > 0:
                self.posted.wait_for(lambda: last_position(self._db) > position, timeout=wait_seconds)
            rows = self._db.execute(
                "SELECT * FROM posting WHERE position > ? ORDER BY position LIMIT ?", (position, limit)
            ).fetchall()
        return [describe_posting(self.code, row) for row in rows]

    def post_debit(
        self,
        *,
        id: str,
        account: str,
        amount_paise: int,
        channel: str,
        at: datetime,
        tx_ref: str | None = None,
        detail: str | None = None,
    ) -> Answer:
        """Money leaves without a counterparty account (ATM, POS, CASH, FEE ...). Raises Refused insufficient_funds."""
        asked = {
            "debit": account,
            "amount_paise": amount_paise,
            "channel": channel,
            "tx_ref": tx_ref,
            "detail": detail,
        }
        check_channel(channel)

        def do(db: sqlite3.Connection) -> Answer:
            reference = tx_ref or fresh_reference(db, bank=self.code, id=id, channel=channel, at=at)
            row: dict[str, Any] = {"side": "D", "channel": channel, "tx_ref": reference, "detail": detail}
            return self.write(db, account=account, amount_paise=check_amount(amount_paise), at=at, **row)

        return self.once(id=id, asked=asked, do=do)

    def post_credit(
        self,
        *,
        id: str,
        account: str,
        amount_paise: int,
        channel: str,
        tx_ref: str,
        at: datetime,
        counterparty_bank: str | None = None,
        counterparty_account: str | None = None,
        reverses_tx_ref: str | None = None,
        detail: str | None = None,
    ) -> Answer:
        """Money arrives (cash paid in, a salary, a transfer from another bank, a returned payment)."""
        asked = {
            "credit": account,
            "amount_paise": amount_paise,
            "channel": channel,
            "tx_ref": tx_ref,
            "from": [counterparty_bank, counterparty_account],
            "reverses": reverses_tx_ref,
            "detail": detail,
        }
        row: dict[str, Any] = {
            "side": "C",
            "channel": check_channel(channel),
            "tx_ref": tx_ref,
            "counterparty_bank": counterparty_bank,
            "counterparty_account": counterparty_account,
            "reverses_tx_ref": reverses_tx_ref,
            "detail": detail,
        }

        def do(db: sqlite3.Connection) -> Answer:
            return self.write(db, account=account, amount_paise=check_amount(amount_paise), at=at, **row)

        return self.once(id=id, asked=asked, do=do)

    def write(
        self,
        db: sqlite3.Connection,
        *,
        account: str,
        side: str,
        amount_paise: int,
        at: datetime,
        even_closed: bool = False,
        under_lien: bool = False,
        **row: Any,
    ) -> Answer:
        """Append one posting inside the caller's transaction, with the next position and running balance.

        `under_lien`: the money was taken from a lien in this transaction, so it is there, freeze or not.
        Raises Refused: account_closed, account_frozen, insufficient_funds (liens count while the bank keeps them),
        reference_used.
        """
        holder = account_row(db, account)
        if holder["closed"] and not even_closed:
            raise Refused("account_closed", f"{account} is closed")
        if side == "D" and not under_lien:
            if holder["frozen"]:
                raise Refused("account_frozen", f"{account} is frozen")
            spendable = spendable_paise(holder, liens_hold=read_switch(db, "liens_hold", default=True))
            if amount_paise > spendable:
                raise Refused("insufficient_funds", f"{account} can pay {spendable} paise, not {amount_paise}")
        if side == "D" and reference_used(db, row["tx_ref"]):
            raise Refused("reference_used", f"{row['tx_ref']} already has a debit at {self.code}")
        balance = holder["balance_paise"] + (amount_paise if side == "C" else -amount_paise)
        values = {
            "position": last_position(db) + 1,
            "posted_us": to_us(at),
            "account": account,
            "seq": holder["last_seq"] + 1,
            "side": side,
            "amount_paise": amount_paise,
            "balance_after_paise": balance,
            "counterparty_bank": None,
            "counterparty_account": None,
            "reverses_tx_ref": None,
            "detail": None,
            "payment_lo": 0,
            "payment_amount_paise": None,
            **row,
        }
        db.execute(INSERT_POSTING, values)
        db.execute(
            "UPDATE account SET balance_paise = ?, last_seq = last_seq + 1 WHERE account = ?", (balance, account)
        )
        del values["posted_us"]
        return {"bank": self.code, "posted_at": from_us(to_us(at)), **values}

    # -- switches of the drill

    def set_switch(self, *, name: str, on: bool) -> None:
        """Turn a fault of this toy bank on or off; `liens_hold` off lets debits go through liens."""
        if name != "liens_hold":
            raise Refused("bad_request", f"no switch {name}")
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO switch VALUES (?, ?)", (name, int(on)))

    def figures(self) -> Answer:
        """Sums over the whole bank, for checks: balances, liens, postings, and what is in flight out of it."""
        with self.lock:
            total = self._db.execute(
                "SELECT count(*) AS accounts, coalesce(sum(balance_paise), 0) AS balance_paise,"
                " coalesce(sum(lien_paise), 0) AS lien_paise, coalesce(sum(opening_paise), 0) AS opening_paise"
                " FROM account"
            ).fetchone()
            flying = self._db.execute(
                "SELECT coalesce(sum(amount_paise), 0) FROM transfer WHERE state = 'in_flight'"
            ).fetchone()[0]
            return {
                "bank": self.code,
                **dict(total),
                "in_flight_paise": flying,
                "position": last_position(self._db),
                "liens_hold": read_switch(self._db, "liens_hold", default=True),
            }


def check_channel(channel: str) -> str:
    """The channel, if it is one of the postings file's."""
    if channel not in CHANNELS:
        raise Refused("bad_request", f"no channel {channel!r}")
    return channel


def _last_ten(mobile: str) -> str:
    return "".join(c for c in mobile if c.isdigit())[-10:]
