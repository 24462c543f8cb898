"""The bank's postings in a node's store: taken in the bank's order, found by a payment's identity.

Every account has its pile (thaam.money.lots), raised and lowered as postings arrive.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Self, TypeVar

from thaam.language.dates import IST
from thaam.money.lots import GivenBack, Pile
from thaam.money.rows import Head
from thaam.postings.answers import Match, Standing
from thaam.postings.pile import EPOCH, MICROSECOND, POSTING, SqlRows, flush, make_posting
from thaam.postings.posting import Posting
from thaam.postings.schema import connect

LARGEST = 2**63
R = TypeVar("R", bound=SqlRows)


class OtherPosting(ValueError):
    """The bank sent other content at a position already taken; nothing of the batch was kept."""


class OutOfOrder(ValueError):
    """Positions of the store, or `seq` of one account, must rise; nothing of the batch was kept."""


class TooMuch(OverflowError):
    """The running total of an account leaves 64 bits; nothing of the batch was kept. Amounts alone never do."""


class UnknownPosting(KeyError):
    """No posting of that position, or not a credit."""


class Ledger:
    """Postings and piles of one bank; `NodeStore` adds hops, holds and watches."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._unwritten: list[tuple[object, ...]] = []  # postings of the batch being taken

    @classmethod
    def open(cls, path: str, *, synchronous: str = "NORMAL") -> Self:
        """Open or make the store at `path`. `synchronous="FULL"` also survives a power cut between two fsyncs."""
        return cls(connect(path, synchronous=synchronous))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # Taking postings ----------------------------------------------------------------------------

    def position(self) -> int:
        """Position of the last posting kept, 0 for a new store. Ask the bank for what comes after it."""
        return int(self._db.execute("SELECT ifnull(max(position), 0) FROM posting").fetchone()[0])

    def ingest(self, postings: Iterable[Posting]) -> int:
        """Keep postings in the bank's order and return the last position kept.

        One transaction: all or none. A posting at a position already kept is skipped when it is the
        same, so a batch may be sent again after a crash. Raises OtherPosting, OutOfOrder or TooMuch.
        """
        with self._writing():
            last = self.position()
            rows: dict[str, SqlRows] = {}
            for posting in postings:
                if posting.position <= last:
                    self._check_same(posting)
                    continue
                last = posting.position
                pile = rows.get(posting.account)
                if pile is None:
                    pile = rows[posting.account] = self._account(posting.account)
                if posting.seq <= pile.last_seq:
                    raise OutOfOrder(f"{posting.account}: seq {posting.seq} after {pile.last_seq}")
                pile.last_seq, pile.balance = posting.seq, posting.balance_after_paise
                self._keep(posting, pile)
                if not -LARGEST < pile.head.level < LARGEST:
                    raise TooMuch(f"{posting.account}: {pile.head.level} paise at position {posting.position}")
            self._write_postings()
            flush(self._db, rows.values())
        return last

    def state_opening(self, *, account: str, opening_paise: int, limit_paise: int = 0) -> None:
        """Tell what the account held before its first posting, and its sanctioned overdraft.

        With it, a credit that lands below zero is known to repay an overdraft. Must come before the
        first posting of the account; raises OutOfOrder after it unless it repeats what was said.
        """
        with self._writing():
            rows = self._account(account)
            said = self._db.execute(
                "SELECT stated, opening_paise, limit_paise FROM account WHERE id = ?", (rows.account,)
            ).fetchone()
            if said == (1, opening_paise, limit_paise):
                return
            if rows.head.last_k or said[0]:
                raise OutOfOrder(f"{account}: an opening after its first posting")
            self._db.execute(
                "UPDATE account SET stated = 1, opening_paise = ?, limit_paise = ?, level = ? WHERE id = ?",
                (opening_paise, limit_paise, opening_paise + limit_paise, rows.account),
            )

    def declare_pool(self, *, account: str, pool: bool = True) -> None:
        """Say that an account holds many people's money and is never traced by lots."""
        with self._writing():
            rows = self._account(account)
            self._db.execute("UPDATE account SET pool = ? WHERE id = ?", (int(pool), rows.account))

    # Finding ------------------------------------------------------------------------------------

    def find_credits(self, *, rail: str, reference: str, paid_on: date, amount_paise: int) -> Match:
        """The credit of a payment by its identity on the wire. A credit may post on the day after the debit.

        Parts of one payment come together, lowest first.
        """
        return self._find("C", rail, reference, (paid_on, paid_on + timedelta(days=1)), amount_paise)

    def find_debits(self, *, rail: str, reference: str, paid_on: date, amount_paise: int) -> Match:
        """The debit of a payment by its identity on the wire."""
        return self._find("D", rail, reference, (paid_on,), amount_paise)

    def posting(self, position: int) -> Posting:
        """The posting at a position. Raises UnknownPosting."""
        found = self._db.execute(f"{_POSTINGS} WHERE position = ?", (position,)).fetchone()
        if found is None:
            raise UnknownPosting(position)
        return _posting(found)

    def postings_of(self, *, account: str, after: int = 0, limit: int = 1000) -> list[Posting]:
        """Postings of an account with a position above `after`, in order; reads by row number, not by scan.

        A debit that paid back held paise has no row, because they were cut out before.
        """
        row = self._db.execute("SELECT id FROM account WHERE account = ?", (account,)).fetchone()
        if row is None:
            return []
        rows = self._rows(row[0])
        found = self._db.execute(
            f"{_POSTINGS} WHERE position IN (SELECT source FROM pile WHERE account = ?1 AND k > ?2 AND source > 0"
            " UNION ALL SELECT posted FROM restoration WHERE account = ?1 AND posted > ?3) ORDER BY position LIMIT ?4",
            (row[0], rows.k_at(after), after, limit),
        ).fetchall()
        return [_posting(columns) for columns in found if columns[1] > after]

    def standing(self, account: str) -> Standing | None:
        """What the store knows of an account, None when it never posted."""
        found = self._db.execute(
            "SELECT level, pool, stated, opening_paise, limit_paise, balance_paise,"
            " (SELECT ifnull(sum(CASE e.kind WHEN 'held' THEN e.hi - e.lo ELSE e.lo - e.hi END), 0)"
            "  FROM hold_entry e JOIN hold h ON h.id = e.hold WHERE h.account = account.id)"
            " FROM account WHERE account = ?",
            (account,),
        ).fetchone()
        if found is None:
            return None
        level, pool, stated, opening, limit, balance, kept = found
        unposted = balance - (level - limit + kept) if stated and balance is not None else None
        return Standing(account, level, bool(pool), opening if stated else None, unposted)

    def position_as_of(self, *, account: str, at: datetime) -> int:
        """The last position of the account whose running-maximum time is not after `at`; 0 when there is none."""
        row = self._db.execute("SELECT id FROM account WHERE account = ?", (account,)).fetchone()
        if row is None:
            return 0
        rows = self._rows(row[0])
        k = rows.k_as_of(_micros(at))
        return rows.row(k).stamp if k else 0

    # Inside -------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._unwritten.clear()
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _account(self, account: str) -> SqlRows:
        """The pile of an account; a new account is made (inside a transaction)."""
        found = self._db.execute(f"{_HEADS} WHERE account = ?", (account,)).fetchone()
        if found is None:
            made = self._db.execute("INSERT INTO account (account) VALUES (?)", (account,)).lastrowid
            found = (made, 0, 0, 0, 0, 0, 0, 0, None)
        return make_rows(self._db, found)

    def _rows(self, account: int) -> SqlRows:
        return make_rows(self._db, self._db.execute(f"{_HEADS} WHERE id = ?", (account,)).fetchone())

    def _write_postings(self) -> None:
        """Write the postings of the batch so far; a refund and the end of the batch need them in the table."""
        self._db.executemany(
            "INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", self._unwritten
        )
        self._unwritten.clear()

    def _check_same(self, posting: Posting) -> None:
        """Raise OtherPosting unless the posting is the one kept at its position."""
        found = self._db.execute(f"{_POSTINGS} WHERE position = ?", (posting.position,)).fetchone()
        kept = _posting(found) if found else None
        same = kept is not None and (
            (kept.account, kept.side, kept.amount_paise, kept.seq)
            == (posting.account, posting.side, posting.amount_paise, posting.seq)
            and kept.tx_ref in (posting.tx_ref, _reversal_name(posting.tx_ref, kept.tx_ref))
        )
        if not same:
            raise OtherPosting(f"position {posting.position}: kept {kept}, sent again as {posting}")

    def _keep(self, posting: Posting, rows: SqlRows) -> None:
        """Move the pile, then write the posting with the row it moved."""
        micros = _micros(posting.posted_at)
        rows.clock = max(rows.clock, micros)
        k = rows.head.last_k + 1
        pile, at = Pile(rows), posting.position
        tx_ref = posting.tx_ref
        if posting.reverses_tx_ref:
            self._write_postings()
        if posting.reverses_tx_ref == tx_ref:
            tx_ref = self._next_reversal(tx_ref, posting.side)
        if posting.side == "C":
            pile.credit(amount=posting.amount_paise, source=at, stamp=at)
        elif not (rows.cuts and self._restores(posting, rows, pile)):  # what is paid back was cut out before
            left = posting.amount_paise
            if posting.reverses_tx_ref:
                left = self._refund(posting, rows, pile)
            if left:
                pile.debit(amount=left, source=at, stamp=at)
        self._unwritten.append(
            (
                at, rows.account, k, posting.seq, tx_ref, posting.side, posting.amount_paise, posting.channel, micros,
                posting.counterparty_bank, posting.counterparty_account, posting.balance_after_paise,
                posting.reverses_tx_ref, posting.detail, posting.payment_lo, posting.payment_amount_paise,
            )
        )  # fmt: skip

    def _refund(self, posting: Posting, rows: SqlRows, pile: Pile) -> int:
        """Give back the highest paise of the named payment that were not given back yet, across its credits here.

        Returns the paise for which this account never had that payment: an ordinary debit.
        """
        left = posting.amount_paise
        found = self._db.execute(
            "SELECT position, k, amount - refunded FROM posting"
            " WHERE tx_ref = ? AND account = ? AND side = 'C' AND refunded < amount"
            " ORDER BY payment_lo DESC, position DESC",
            (posting.reverses_tx_ref, rows.account),
        ).fetchall()
        parts: list[GivenBack] = []
        for position, k, unreturned in found:
            size = min(left, unreturned)
            left -= size
            if size:
                parts.append(GivenBack(k, unreturned - size, unreturned, left))
                self._db.execute("UPDATE posting SET refunded = refunded + ? WHERE position = ?", (size, position))
        if parts:
            pile.refund(parts=parts, source=posting.position, stamp=posting.position)
        return left

    def _restores(self, posting: Posting, rows: SqlRows, pile: Pile) -> bool:
        """True when the debit pays back held paise, which were taken out of the pile when they were held."""
        found = self._db.execute(
            "SELECT amount FROM restoration WHERE account = ? AND tx_ref = ? AND posted = 0",
            (rows.account, posting.tx_ref),
        ).fetchone()
        if found is None:
            return False
        self._db.execute(
            "UPDATE restoration SET posted = ? WHERE account = ? AND tx_ref = ?",
            (posting.position, rows.account, posting.tx_ref),
        )
        more = posting.amount_paise - found[0]
        if more > 0:
            pile.debit(amount=more, source=posting.position, stamp=posting.position, child_lo=found[0])
        elif more < 0:
            pile.credit(amount=-more, source=0, stamp=posting.position)
        return True

    def _next_reversal(self, tx_ref: str, side: str) -> str:
        """A bank may give a reversal the reference of what it reverses; ours are `/R1`, `/R2` ..."""
        n = self._db.execute(
            "SELECT count(*) FROM posting WHERE tx_ref > ? AND tx_ref < ? AND side = ?",
            (f"{tx_ref}/R", f"{tx_ref}/S", side),
        ).fetchone()[0]
        return f"{tx_ref}/R{n + 1}"

    def _find(self, side: str, rail: str, reference: str, days: tuple[date, ...], amount_paise: int) -> Match:
        named = self._db.execute(f"{_POSTINGS} WHERE tx_ref = ? AND side = ?", (reference, side)).fetchall()
        every = [_posting(row) for row in named]
        near = [posting for posting in every if posting.channel == rail]
        if side == "D" and not near:
            # A victim cannot tell UPI from IMPS: both have twelve digits. The payer's bank knows its own rails.
            near = every
        fits = [p for p in near if p.whole_paise == amount_paise and p.posted_at.astimezone(IST).date() in days]
        if len(fits) == 1:
            return Match((fits[0],))
        if fits:
            fits.sort(key=lambda p: p.payment_lo)
            parts = [(p.payment_lo, p.payment_lo + p.amount_paise) for p in fits]
            apart = all(before[1] <= after[0] for before, after in pairwise(parts))
            return Match(tuple(fits), None if apart else "ambiguous")
        if any(p.posted_at.astimezone(IST).date() in days for p in near):
            return Match(tuple(near), "amount_differs")
        if any(p.whole_paise == amount_paise for p in near):
            return Match(tuple(near), "date_differs")
        return Match(tuple(near), "not_found")


_HEADS = "SELECT id, level, last_k, open_k, stated, clock, cuts, last_seq, balance_paise FROM account"
_POSTINGS = f"SELECT (SELECT account FROM account WHERE id = posting.account), {POSTING} FROM posting"


def make_rows(db: sqlite3.Connection, found: Sequence[Any], kind: type[R] = SqlRows) -> R:  # type: ignore[assignment]
    """A row of the account table as its pile."""
    account, level, last_k, open_k, stated, clock, cuts, last_seq, balance = found
    return kind(db, account, Head(level, last_k, open_k, bool(stated)), clock, cuts, last_seq, balance)


def _posting(row: Sequence[Any]) -> Posting:
    return make_posting(row[1:], row[0])


def _micros(at: datetime) -> int:
    """Microseconds UTC since 1970, exactly."""
    return (at - EPOCH) // MICROSECOND


def _reversal_name(tx_ref: str, kept: str) -> str | None:
    """The kept name, when it is one this store made for a reversal of the same reference."""
    return kept if kept.startswith(f"{tx_ref}/R") else None
