"""Bulk loading of a postings file (and its accounts file) into toy banks: history, in the file's order.

One transaction a bank, once per load id: a load that was killed is simply asked again.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from thaam.world.toybank.bank import CHANNELS, Bank
from thaam.world.toybank.refusals import Refused
from thaam.world.toybank.rows import INSERT_POSTING, Answer, insert_account, last_position, to_us

Row = dict[str, Any]


def load_files(*, banks: dict[str, Bank], id: str, postings: Path, accounts: Path | None) -> Answer:
    """Append every row of the file that belongs to one of `banks`; rows of other banks are counted and left out.

    Accounts without a row in the accounts file open with what their rows need, max(0, -lowest running balance).
    Liens are not looked at: these postings are history. Raises Refused bad_request naming the row.
    """
    by_bank: dict[str, list[Row]] = {code: [] for code in banks}
    elsewhere = 0
    for row in with_parts(list(read_rows(postings))):
        rows = by_bank.get(row["bank"])
        if rows is None:
            elsewhere += 1
        else:
            rows.append(row)
    declared: dict[str, list[Row]] = {code: [] for code in banks}
    for row in read_table(accounts) if accounts else ():
        declared.get(str(row["bank"]), []).append(row)
    loaded = {
        code: load_bank(bank=bank, id=id, rows=by_bank[code], accounts=declared[code]) for code, bank in banks.items()
    }
    return {"id": id, "rows": loaded, "rows_of_other_banks": elsewhere}


def load_bank(*, bank: Bank, id: str, rows: list[Row], accounts: list[Row]) -> int:
    """Write one bank's accounts and rows in one transaction; the number of rows."""
    check_references(rows)
    rows = in_order(rows)

    def do(db: sqlite3.Connection) -> Answer:
        standing = _open_accounts(db, rows, accounts)
        position = last_position(db)
        db.executemany(INSERT_POSTING, _numbered(rows, standing, position))
        db.executemany(
            "UPDATE account SET balance_paise = ?, last_seq = ? WHERE account = ?",
            ((balance, seq, account) for account, (balance, seq) in standing.items()),
        )
        return {"rows": len(rows)}

    return int(bank.once(id=f"load:{id}", asked={"load": id}, do=do)["rows"])


def read_rows(path: Path) -> Iterator[Row]:
    """The file's rows with checked amounts, sides, channels and times; `row` is its number from 1."""
    for number, raw in enumerate(read_table(path), 1):
        yield _checked(number, raw)


def read_table(path: Path) -> Iterator[Row]:
    """Rows of a CSV or Parquet file as dictionaries; empty cells are None."""
    if path.suffix == ".parquet":
        yield from _read_parquet(path)
        return
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {name: value or None for name, value in row.items()}


def with_parts(rows: list[Row]) -> list[Row]:
    """Say of each credit which paise of its payment it carries: credits of one debit take its paise bottom up."""
    debits = {row["tx_ref"]: row["amount_paise"] for row in rows if row["side"] == "D"}
    taken: dict[str, int] = {}
    for row in rows:
        whole = debits.get(row["tx_ref"])
        if row["side"] == "C" and whole is not None and whole > row["amount_paise"]:
            row["payment_lo"] = taken.get(row["tx_ref"], 0)
            row["payment_amount_paise"] = whole
            taken[row["tx_ref"]] = row["payment_lo"] + row["amount_paise"]
            if taken[row["tx_ref"]] > whole:
                raise Refused("bad_request", f"row {row['row']}: the credits of {row['tx_ref']} exceed its debit")
    return rows


def in_order(rows: list[Row]) -> list[Row]:
    """The rows in file order; where the file has `seq`, an account's rows take its places in order of `seq`."""
    places: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if row["seq"] is not None:
            places.setdefault(row["account"], []).append(index)
    ordered = list(rows)
    for account, indexes in places.items():
        by_seq = sorted((rows[i] for i in indexes), key=lambda row: row["seq"])
        for earlier, later in pairwise(by_seq):
            if earlier["seq"] == later["seq"]:
                raise Refused("bad_request", f"rows {earlier['row']} and {later['row']}: seq repeats in {account}")
        for index, row in zip(indexes, by_seq, strict=True):
            ordered[index] = row
    return ordered


def check_references(rows: Iterable[Row]) -> None:
    """A reference is one payment: two debits with one tx_ref are an input error."""
    seen: dict[str, int] = {}
    for row in rows:
        if row["side"] == "D":
            if row["tx_ref"] in seen:
                raise Refused(
                    "bad_request",
                    f"rows {seen[row['tx_ref']]} and {row['row']}: two debits with tx_ref {row['tx_ref']}",
                )
            seen[row["tx_ref"]] = row["row"]


def _open_accounts(db: sqlite3.Connection, rows: list[Row], accounts: list[Row]) -> dict[str, tuple[int, int]]:
    known = {
        row["account"]: (row["balance_paise"], row["last_seq"])
        for row in db.execute("SELECT account, balance_paise, last_seq FROM account")
    }
    for row in accounts:
        if row["account"] not in known:
            opening = int(row["opening_paise"] or 0)
            limit = row.get("limit_paise")
            _insert(db, row, opening_paise=opening, limit_paise=None if limit is None else int(limit))
            known[row["account"]] = (opening, 0)
    running: dict[str, int] = {}
    lowest: dict[str, int] = {}
    for row in rows:
        account = row["account"]
        if account not in known:
            level = running.get(account, 0) + (row["amount_paise"] if row["side"] == "C" else -row["amount_paise"])
            running[account] = level
            lowest[account] = min(lowest.get(account, 0), level)
    for account, low in lowest.items():
        _insert(db, {"account": account}, opening_paise=-low, limit_paise=None)
        known[account] = (-low, 0)
    touched = {row["account"] for row in rows}
    return {account: standing for account, standing in known.items() if account in touched}


def _insert(db: sqlite3.Connection, row: Row, *, opening_paise: int, limit_paise: int | None) -> None:
    insert_account(
        db,
        {
            "account": row["account"],
            "holder": row.get("holder") or f"Holder of {row['account']}",
            "mobile": row.get("mobile"),
            "class": row.get("class") or "NORMAL",
            "opening_paise": opening_paise,
            "limit_paise": limit_paise,
        },
    )


def _numbered(rows: list[Row], standing: dict[str, tuple[int, int]], position: int) -> Iterator[Row]:
    for row in rows:
        position += 1
        balance, seq = standing[row["account"]]
        balance += row["amount_paise"] if row["side"] == "C" else -row["amount_paise"]
        standing[row["account"]] = (balance, seq + 1)
        yield {**row, "position": position, "seq": seq + 1, "balance_after_paise": balance}


def _checked(number: int, raw: Row) -> Row:
    try:
        amount = int(raw["amount_paise"])
        at = raw["posted_at"]
        posted = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        if amount <= 0 or raw["side"] not in ("D", "C") or raw["channel"] not in CHANNELS or posted.tzinfo is None:
            raise ValueError("amount_paise, side, channel or posted_at (with offset) is not right")
        seq = raw.get("seq")
        return {
            "row": number,
            "bank": str(raw["bank"]),
            "account": str(raw["account"]),
            "seq": None if seq is None else int(seq),
            "posted_us": to_us(posted),
            "side": raw["side"],
            "amount_paise": amount,
            "tx_ref": str(raw["tx_ref"]),
            "channel": raw["channel"],
            "counterparty_bank": raw.get("counterparty_bank") or None,
            "counterparty_account": raw.get("counterparty_account") or None,
            "reverses_tx_ref": raw.get("reverses_tx_ref") or None,
            "detail": raw.get("detail") or None,
            "payment_lo": 0,
            "payment_amount_paise": None,
        }
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("bad_request", f"row {number}: {error}: {json.dumps(raw, default=str)[:300]}") from error


def _read_parquet(path: Path) -> Iterator[Row]:
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        result = db.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in result.description]
        while rows := result.fetchmany(20_000):
            for row in rows:
                yield dict(zip(names, row, strict=True))
