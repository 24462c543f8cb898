"""Rows of a toy bank's file: reading them, writing an account, and how the bank's door shows them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from thaam.world.toybank.refusals import Refused

Answer = dict[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(at: datetime) -> int:
    """Whole microseconds since 1970 of an aware time."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> str:
    """ISO 8601 in UTC of stored microseconds."""
    return (_EPOCH + timedelta(microseconds=us)).isoformat()


INSERT_POSTING = (
    "INSERT INTO posting VALUES (:position, :posted_us, :account, :seq, :side, :amount_paise, :balance_after_paise,"
    " :tx_ref, :channel, :counterparty_bank, :counterparty_account, :reverses_tx_ref, :detail, :payment_lo,"
    " :payment_amount_paise)"
)


def insert_account(db: sqlite3.Connection, asked: dict[str, Any]) -> None:
    """Write a new account row; `limit_paise` None means that the bank states no limit."""
    db.execute(
        "INSERT INTO account (account, holder, mobile, class, opening_paise, limit_paise, limit_stated, balance_paise)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            asked["account"],
            asked["holder"],
            asked["mobile"],
            asked["class"],
            asked["opening_paise"],
            asked["limit_paise"] or 0,
            asked["limit_paise"] is not None,
            asked["opening_paise"],
        ),
    )


def account_row(db: sqlite3.Connection, account: str) -> sqlite3.Row:
    """The account's row. Raises Refused unknown_account."""
    row = db.execute("SELECT * FROM account WHERE account = ?", (account,)).fetchone()
    if row is None:
        raise Refused("unknown_account", f"no account {account}")
    found: sqlite3.Row = row
    return found


def spendable_paise(holder: sqlite3.Row, *, liens_hold: bool) -> int:
    """What a debit may take: balance plus limit, less the liens while the bank keeps them."""
    spendable: int = holder["balance_paise"] + holder["limit_paise"]
    return spendable - holder["lien_paise"] if liens_hold else spendable


def last_position(db: sqlite3.Connection) -> int:
    """The position of the last posting, 0 when there is none."""
    return int(db.execute("SELECT coalesce(max(position), 0) FROM posting").fetchone()[0])


def read_switch(db: sqlite3.Connection, name: str, *, default: bool) -> bool:
    """A fault switch of the bank."""
    row = db.execute("SELECT value FROM switch WHERE name = ?", (name,)).fetchone()
    return default if row is None else bool(row["value"])


def describe_account(bank: str, row: sqlite3.Row) -> Answer:
    """An account as the bank's door shows it."""
    return {
        "bank": bank,
        "account": row["account"],
        "holder": row["holder"],
        "mobile": row["mobile"],
        "class": row["class"],
        "opening_paise": row["opening_paise"],
        "limit_paise": row["limit_paise"] if row["limit_stated"] else None,
        "balance_paise": row["balance_paise"],
        "lien_paise": row["lien_paise"],
        "available_paise": row["balance_paise"] + row["limit_paise"] - row["lien_paise"],
        "closed": bool(row["closed"]),
        "frozen": bool(row["frozen"]),
    }


def describe_posting(bank: str, row: sqlite3.Row) -> Answer:
    """A posting as the bank's door shows it: the columns of the postings file, plus `position`."""
    answer = {"bank": bank, "posted_at": from_us(row["posted_us"]), **dict(row)}
    del answer["posted_us"]
    return answer
