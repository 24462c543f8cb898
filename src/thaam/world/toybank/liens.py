"""Liens at a toy bank: money that stays in the account and cannot be spent.

A lien never exceeds what is available when it is placed, never grows, and is known by the caller's id, so a caller
who was killed after asking finds it again with `find_lien`.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from thaam.world.toybank.bank import Bank
from thaam.world.toybank.refusals import Refused, check_amount
from thaam.world.toybank.rows import Answer, account_row, last_position, to_us


def place_lien(*, bank: Bank, id: str, account: str, amount_paise: int, at: datetime) -> Answer:
    """Put up to `amount_paise` of what is available under a lien; the answer says how much and at which position.

    Every posting up to that position came before the lien, every later one after it. With nothing available the
    lien is of 0 paise: the id is taken all the same. Raises Refused unknown_account.
    """
    check_amount(amount_paise)

    def do(db: sqlite3.Connection) -> Answer:
        holder = account_row(db, account)
        available = holder["balance_paise"] + holder["limit_paise"] - holder["lien_paise"]
        placed = max(0, min(amount_paise, available))
        position = last_position(db)
        number = db.execute("SELECT coalesce(max(number), 0) + 1 FROM lien").fetchone()[0]
        db.execute(
            "INSERT INTO lien VALUES (?, ?, ?, ?, ?, ?, ?)", (id, number, account, placed, placed, position, to_us(at))
        )
        db.execute("UPDATE account SET lien_paise = lien_paise + ? WHERE account = ?", (placed, account))
        return _describe(bank, db, id)

    return bank.once(id=f"lien:{id}", asked={"lien": account, "amount_paise": amount_paise}, do=do)


def find_lien(*, bank: Bank, id: str) -> Answer | None:
    """The lien as it stands now, or None when this id never placed one."""
    with bank.reading() as db:
        if db.execute("SELECT 1 FROM lien WHERE id = ?", (id,)).fetchone() is None:
            return None
        return _describe(bank, db, id)


def lift_lien(*, bank: Bank, id: str, lift_id: str, amount_paise: int) -> Answer:
    """Lift `amount_paise` of a lien, once per `lift_id`; postings after `lifted_at_position` may spend it.

    Raises Refused unknown_lien, more_than_left.
    """
    check_amount(amount_paise)

    def do(db: sqlite3.Connection) -> Answer:
        reduce_lien(db, id=id, amount_paise=amount_paise)
        return {**_describe(bank, db, id), "lifted_at_position": last_position(db)}

    return bank.once(id=f"lift:{lift_id}", asked={"lift": id, "amount_paise": amount_paise}, do=do)


def reduce_lien(db: sqlite3.Connection, *, id: str, amount_paise: int) -> sqlite3.Row:
    """Take `amount_paise` off a lien inside the caller's transaction; the lien as it was."""
    lien = db.execute("SELECT * FROM lien WHERE id = ?", (id,)).fetchone()
    if lien is None:
        raise Refused("unknown_lien", f"no lien {id}")
    if amount_paise > lien["amount_paise"]:
        raise Refused("more_than_left", f"the lien is of {lien['amount_paise']} paise, not {amount_paise}")
    db.execute("UPDATE lien SET amount_paise = amount_paise - ? WHERE id = ?", (amount_paise, id))
    db.execute("UPDATE account SET lien_paise = lien_paise - ? WHERE account = ?", (amount_paise, lien["account"]))
    row: sqlite3.Row = lien
    return row


def liens_on(*, bank: Bank, account: str) -> list[Answer]:
    """The account's liens that still bind something, oldest first."""
    with bank.reading() as db:
        rows = db.execute("SELECT id FROM lien WHERE account = ? AND amount_paise > 0 ORDER BY number", (account,))
        return [_describe(bank, db, row["id"]) for row in rows.fetchall()]


def _describe(bank: Bank, db: sqlite3.Connection, id: str) -> Answer:
    row = db.execute("SELECT * FROM lien WHERE id = ?", (id,)).fetchone()
    return {
        "id": row["id"],
        "lien_reference": f"{bank.code}-LIEN-{row['number']}",
        "account": row["account"],
        "placed_paise": row["placed_paise"],
        "amount_paise": row["amount_paise"],
        "position": row["position"],
    }
