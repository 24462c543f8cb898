"""The pile of one account kept in SQLite: the same Rows the pure core asks for, written in batches."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from thaam.money.rows import Head, Kind, Release, Row
from thaam.postings.posting import Posting

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_KINDS = {int(kind): kind for kind in Kind}
ROW = "k, kind, level, amount, source, stamp, child_lo, bottom, hold, below, lower"
POSTING = (
    "position, seq, tx_ref, side, amount, channel, posted_at, counterparty_bank, counterparty_account, balance_after,"
    " reverses_tx_ref, detail, payment_lo, payment_amount"
)


def of_table(alias: str, columns: str) -> str:
    """Column names with the alias of their table."""
    return ", ".join(f"{alias}.{name.strip()}" for name in columns.split(","))


_SELECT_BOTH = (
    f"SELECT {of_table('r', ROW)}, {of_table('p', POSTING)} FROM pile r"
    " LEFT JOIN posting p ON p.position = r.source WHERE r.account = ? AND r.k = ?"
)
_SELECT = f"SELECT {ROW} FROM pile WHERE account = ? AND k = ?"
_SELECT_WAY = (
    f"WITH RECURSIVE way ({ROW}) AS ("
    f" SELECT {ROW} FROM pile WHERE account = :account AND k = :k"
    f" UNION ALL SELECT {of_table('r', ROW)} FROM way CROSS JOIN pile r ON r.account = :account AND r.k = way.below"
    " WHERE way.level > :bottom)"
    f" SELECT {of_table('way', ROW)}, {of_table('p', POSTING)} FROM way LEFT JOIN posting p ON p.position = way.source"
)


class SqlRows:
    """Rows of one account. New rows and pointers stay in memory until `flush`, inside the caller's transaction."""

    __slots__ = (
        "_clocks", "_cuts", "_db", "_fresh", "_links", "_releases", "_seen", "account", "balance", "clock", "cuts",
        "head", "last_seq",
    )  # fmt: skip

    def __init__(
        self, db: sqlite3.Connection, account: int, head: Head, clock: int, cuts: int, last_seq: int,
        balance: int | None,
    ) -> None:  # fmt: skip
        self._db = db
        self.account = account
        self.head = head
        self.clock = clock
        self.cuts = cuts
        self.last_seq = last_seq
        self.balance = balance
        self._fresh: dict[int, Row] = {}
        self._clocks: dict[int, int] = {}
        self._seen: dict[int, Row] = {}
        self._links: dict[int, int] = {}
        self._cuts: list[int] = []
        self._releases: list[tuple[int, Release]] = []

    def row(self, k: int) -> Row:
        """Row `k`: one written in this batch, one read before, or a seek on the primary key."""
        row = self._fresh.get(k) or self._seen.get(k)
        if row is None:
            found = self._db.execute(_SELECT, (self.account, k)).fetchone()
            row = self._seen[k] = make_row(found)
        return row

    def know(self, row: Row) -> None:
        """Keep a row that was read together with something else."""
        self._seen[row.k] = row

    def append(self, row: Row) -> None:
        """Keep a new row until `flush`."""
        self._fresh[row.k] = row
        self._clocks[row.k] = self.clock
        if row.kind is Kind.CUT:
            self._cuts.append(row.k)
            self.cuts += 1

    def link(self, k: int, below: int) -> None:
        """Set the next smaller row of row `k`."""
        self.row(k).below = below
        if k not in self._fresh:
            self._links[k] = below

    def next_cut(self, after: int) -> int:
        """The first CUT after row `after`, 0 if none."""
        if not self.cuts:
            return 0
        found = self._db.execute(
            "SELECT min(k) FROM cut WHERE account = ? AND k > ?", (self.account, after)
        ).fetchone()[0]
        return found or next((k for k in self._cuts if k > after), 0)

    def releases(self, hold: int) -> Sequence[Release]:
        """What was released of a hold."""
        kept = self._db.execute(
            "SELECT k, credit_k, lo, hi, offset_paise FROM release WHERE hold = ? ORDER BY k, lo", (hold,)
        ).fetchall()
        return [Release(*columns) for columns in kept] + [part for of, part in self._releases if of == hold]

    def keep_release(self, hold: int, release: Release) -> None:
        """Remember a part of a release until `flush`."""
        self._releases.append((hold, release))

    def k_at(self, stamp: int) -> int:
        """The last row whose stamp is not after `stamp`; stamps never fall along an account."""
        return self._last("stamp", stamp)

    def k_as_of(self, clock: int) -> int:
        """The last row whose running-maximum time is not after `clock` (microseconds UTC)."""
        return self._last("clock", clock)

    def _last(self, column: str, value: int) -> int:
        low, high = 0, self.head.last_k
        while low < high:
            middle = (low + high + 1) // 2
            found = self._db.execute(
                f"SELECT {column} FROM pile WHERE account = ? AND k = ?", (self.account, middle)
            ).fetchone()[0]
            if found <= value:
                low = middle
            else:
                high = middle - 1
        return low

    def fresh_rows(self) -> Iterator[tuple[int, ...]]:
        """New rows as columns of the table."""
        for r in self._fresh.values():
            yield (
                self.account, r.k, int(r.kind), r.level, r.amount, r.source, r.stamp, r.child_lo, r.bottom, r.hold,
                r.below, r.lower, self._clocks[r.k],
            )  # fmt: skip

    def fresh_links(self) -> Iterator[tuple[int, int, int]]:
        """Pointers set in rows that were written before."""
        for k, below in self._links.items():
            yield below, self.account, k

    def fresh_cuts(self) -> Iterator[tuple[int, int]]:
        """Row numbers of new cuts."""
        for k in self._cuts:
            yield self.account, k

    def fresh_releases(self) -> Iterator[tuple[int, int, int, int, int, int]]:
        """New parts of releases."""
        for hold, p in self._releases:
            yield hold, p.k, p.credit_k, p.credit_lo, p.credit_hi, p.offset

    def standing(self) -> tuple[int | None, ...]:
        """Columns of the account table that go with the pile."""
        head = self.head
        return (
            head.level, head.last_k, head.open_k, self.clock, self.cuts, self.last_seq, self.balance, self.account
        )  # fmt: skip


class RowsWithPostings(SqlRows):
    """For a hop, which wants the posting of every row that takes something: they are read together."""

    __slots__ = ("postings",)
    postings: dict[int, Sequence[Any]]

    def read_way(self, k: int, *, bottom: int) -> None:
        """Read what a hop will want, in one statement: row `k` and the rows `below` it, down to level `bottom`."""
        for found in self._db.execute(_SELECT_WAY, {"account": self.account, "k": k, "bottom": bottom}):
            row = self._seen[found[0]] = make_row(found)
            self.postings[row.source] = found[11:]

    def row(self, k: int) -> Row:
        """Row `k`; its posting is in `postings` by position, as columns."""
        row = self._seen.get(k)
        if row is None:
            found = self._db.execute(_SELECT_BOTH, (self.account, k)).fetchone()
            row = self._seen[k] = make_row(found)
            self.postings[row.source] = found[11:]
        return row


def make_row(found: Sequence[int]) -> Row:
    """Columns ROW of the pile table as a row; more columns may follow them."""
    return Row(found[0], _KINDS[found[1]], *found[2:11])


def make_posting(row: Sequence[Any], account: str) -> Posting:
    """Columns POSTING as a value. The bank's code is not kept: a store belongs to one bank."""
    return Posting(
        position=row[0], account=account, seq=row[1], tx_ref=row[2], side=row[3], amount_paise=row[4], channel=row[5],
        posted_at=EPOCH + row[6] * MICROSECOND, counterparty_bank=row[7], counterparty_account=row[8],
        balance_after_paise=row[9], reverses_tx_ref=row[10], detail=row[11], payment_lo=row[12],
        payment_amount_paise=row[13],
    )  # fmt: skip


def flush(db: sqlite3.Connection, piles: Collection[SqlRows]) -> None:
    """Write what is new in these piles, one statement a table, and let go of them. The caller holds the transaction."""
    db.executemany(
        "INSERT INTO pile VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [r for p in piles for r in p.fresh_rows()]
    )
    db.executemany(
        "UPDATE pile SET below = ? WHERE account = ? AND k = ?", [link for p in piles for link in p.fresh_links()]
    )
    db.executemany("INSERT INTO cut VALUES (?, ?)", [cut for p in piles for cut in p.fresh_cuts()])
    db.executemany(
        "INSERT INTO release VALUES (?, ?, ?, ?, ?, ?)", [part for p in piles for part in p.fresh_releases()]
    )
    db.executemany(
        "UPDATE account SET level = ?, last_k = ?, open_k = ?, clock = ?, cuts = ?, last_seq = ?, balance_paise = ?"
        " WHERE id = ?",
        [p.standing() for p in piles],
    )
