"""How far each hold has come, as the node's file keeps it: hold orders, liens, money leaving, watches.

Every verb is one statement, or joins the transaction of `one_step`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

from thaam.money.ranges import Ranges, normalise, subtract, union
from thaam.node.tables import TABLES
from thaam.node.times import from_us, to_us
from thaam.wire import codec
from thaam.wire.keys import SigningKey
from thaam.wire.messages import HoldOrder, Message


@dataclass(frozen=True, slots=True)
class HoldRecord:
    """A hold order as it stands. `answer_revision` counts the answers given, 0 for none; the last of them carried out
    the order's revision `answered_order_revision`. `attempt` counts how often paise were looked for to hold."""

    order: HoldOrder
    state: str
    answer_revision: int = 0
    attempt: int = 1
    answered_order_revision: int = 0

    @property
    def id(self) -> str:
        """The hold order's id."""
        return self.order.id


@dataclass(frozen=True, slots=True)
class Leg:
    """One lien of a hold order: on which credit, for which paise, and how far the four steps have come."""

    id: str
    order_id: str
    attempt: int
    account: str
    credit_position: int
    wanted: Ranges
    step: str
    placed_paise: int | None
    lien_reference: str | None
    lien_position: int | None
    exact: bool
    kept_paise: int


@dataclass(frozen=True, slots=True)
class Ending:
    """Held paise on their way out: to the holder (release), to the victim (restore), or lost (broken)."""

    id: str
    cause: str
    kind: str
    leg_id: str
    ranges: Ranges
    paise: int
    to_bank: str | None
    to_account: str | None
    step: str
    paid: str | None
    why: str | None


class Steps:
    """Holds and their steps; `Records` adds the mailbox and the outbox.

    A power cut must not make the files an old copy: what was said to the core or the platform stands in them, unless
    `synchronous` is less than "FULL".
    """

    def __init__(self, path: str, *, key: SigningKey, synchronous: str = "FULL") -> None:
        self._path, self._synchronous = path, synchronous
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute(f"PRAGMA synchronous = {synchronous}")
        self._db.executescript(TABLES)
        self._key = key
        self._depth = 0

    def another(self) -> Self:
        """A second connection to the same file, for another thread."""
        return type(self)(self._path, key=self._key, synchronous=self._synchronous)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def one_step(self) -> Iterator[None]:
        """One transaction; nested ones join it."""
        if self._depth:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        else:
            self._db.execute("COMMIT")
        finally:
            self._depth = 0

    # -- holds

    def find_hold(self, order_id: str) -> HoldRecord | None:
        """The hold order as it stands, None when it was never begun."""
        row = self._db.execute(f"{_HOLDS} WHERE order_id = ?", (order_id,)).fetchone()
        return None if row is None else _hold(row)

    def write_hold(self, hold: HoldRecord) -> HoldRecord:
        """Write a hold order down, new or changed."""
        order = hold.order
        self._db.execute(
            "INSERT INTO hold VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (order_id) DO UPDATE SET"
            " body = excluded.body, revision = excluded.revision, state = excluded.state,"
            " expires_us = excluded.expires_us, answer_revision = excluded.answer_revision, attempt = excluded.attempt,"
            " answered_order_revision = excluded.answered_order_revision",
            (order.id, codec.encode(order), order.revision, hold.state, order.payment.reference,
             to_us(order.expires_at), hold.answer_revision, hold.attempt, hold.answered_order_revision),
        )  # fmt: skip
        return hold

    def end_hold(self, order_id: str, why: str) -> None:
        """The hold order is over: expired, cancelled, all released or paid back, or never matched."""
        self._db.execute("UPDATE hold SET state = 'ended', why = ? WHERE order_id = ?", (why, order_id))

    def holds_expired(self, at: datetime) -> list[HoldRecord]:
        """Holds, and waits for a credit, whose time is over."""
        rows = self._db.execute(
            f"{_HOLDS} WHERE state IN ('open', 'waiting', 'held') AND expires_us <= ? ORDER BY expires_us, order_id",
            (to_us(at),),
        ).fetchall()
        return [_hold(row) for row in rows]

    def holds_held(self) -> list[HoldRecord]:
        """Hold orders under which something was held and that are not over."""
        rows = self._db.execute(f"{_HOLDS} WHERE state = 'held' ORDER BY order_id").fetchall()
        return [_hold(row) for row in rows]

    def holds_answered(self) -> list[HoldRecord]:
        """Hold orders that were answered and are not over."""
        rows = self._db.execute(f"{_HOLDS} WHERE state IN ('held', 'empty') ORDER BY order_id").fetchall()
        return [_hold(row) for row in rows]

    def holds_waiting(self) -> list[HoldRecord]:
        """Hold orders whose credit has not come yet."""
        rows = self._db.execute(f"{_HOLDS} WHERE state = 'waiting' ORDER BY order_id").fetchall()
        return [_hold(row) for row in rows]

    def awaited(self) -> dict[str, list[str]]:
        """References of payments that have not come yet, and the hold orders that wait for them."""
        found: dict[str, list[str]] = {}
        for reference, order_id in self._db.execute(
            "SELECT reference, order_id FROM hold WHERE state = 'waiting' ORDER BY order_id"
        ):
            found.setdefault(reference, []).append(order_id)
        return found

    def answered_about(self, reference: str) -> list[str]:
        """Hold orders about the payment with this reference that were answered and are not over."""
        rows = self._db.execute(
            "SELECT order_id FROM hold WHERE reference = ? AND state IN ('held', 'empty') ORDER BY order_id",
            (reference,),
        ).fetchall()
        return [row[0] for row in rows]

    # -- legs: liens and their steps

    def legs(self, order_id: str) -> list[Leg]:
        """All liens of a hold order, in the order they were planned."""
        rows = self._db.execute(f"{_LEGS} WHERE order_id = ? ORDER BY attempt, id", (order_id,)).fetchall()
        return [_leg(row) for row in rows]

    def leg(self, leg_id: str) -> Leg:
        """One lien."""
        return _leg(self._db.execute(f"{_LEGS} WHERE id = ?", (leg_id,)).fetchone())

    def open_legs(self) -> list[Leg]:
        """Liens whose steps are not finished; postings beyond their position must wait."""
        rows = self._db.execute(f"{_LEGS} WHERE step <> 'done' ORDER BY lien_position, id").fetchall()
        return [_leg(row) for row in rows]

    def legs_on(self, account: str) -> list[Leg]:
        """Liens of ours that still keep something on an account, the youngest first."""
        rows = self._db.execute(
            f"{_LEGS} WHERE account = ? AND kept_paise > 0 ORDER BY lien_position DESC, id DESC", (account,)
        ).fetchall()
        return [_leg(row) for row in rows]

    def plan_leg(self, leg: Leg) -> None:
        """Write a lien down before asking the core for it."""
        self._db.execute(
            "INSERT INTO leg (id, order_id, attempt, account, credit_position, wanted, step) VALUES (?,?,?,?,?,?,?)",
            (leg.id, leg.order_id, leg.attempt, leg.account, leg.credit_position, json.dumps(leg.wanted), leg.step),
        )

    def leg_placed(self, leg_id: str, *, paise: int, reference: str, position: int, exact: bool) -> None:
        """The core has placed the lien."""
        self._db.execute(
            "UPDATE leg SET step = 'placed', placed_paise = ?, lien_reference = ?, lien_position = ?, exact = ?"
            " WHERE id = ?",
            (paise, reference, position, int(exact), leg_id),
        )

    def leg_done(self, leg_id: str, *, kept_paise: int) -> None:
        """The lien's paise are cut out of the pile and its excess is lifted."""
        self._db.execute("UPDATE leg SET step = 'done', kept_paise = ? WHERE id = ?", (kept_paise, leg_id))

    def accounts_held(self) -> set[str]:
        """Accounts on which we keep something."""
        return {row[0] for row in self._db.execute("SELECT DISTINCT account FROM leg WHERE kept_paise > 0")}

    def held_totals(self) -> list[tuple[str, int]]:
        """Each finished lien and the paise it keeps, for comparing with the ledger."""
        return self._db.execute("SELECT id, kept_paise FROM leg WHERE step = 'done'").fetchall()

    # -- endings: money leaving a hold

    def plan_ending(self, ending: Ending) -> None:
        """Write down that these paise leave, before the core is told."""
        self._db.execute(
            "INSERT OR IGNORE INTO ending VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (ending.id, ending.cause, ending.kind, ending.leg_id, json.dumps(ending.ranges), ending.paise,
             ending.to_bank, ending.to_account, ending.step, ending.paid, ending.why),
        )  # fmt: skip

    def endings(self, cause: str) -> list[Ending]:
        """What leaves because of one order or event."""
        rows = self._db.execute(f"{_ENDINGS} WHERE cause = ? ORDER BY id", (cause,)).fetchall()
        return [_ending(row) for row in rows]

    def released(self, order_id: str) -> Ranges:
        """Paise of a hold order that were given back to the holder."""
        rows = self._db.execute(
            "SELECT e.ranges FROM ending e JOIN leg l ON l.id = e.leg_id"
            " WHERE l.order_id = ? AND e.kind = 'release' AND e.step = 'done'",
            (order_id,),
        ).fetchall()
        return normalise(pair for row in rows for pair in _ranges(row[0]))

    def released_on(self, credit_position: int, *, but_wanted_by: str) -> Ranges:
        """Paise of a credit given back to the holder under any order of ours, without those this order wanted since."""
        rows = self._db.execute(
            "SELECT e.ranges FROM ending e JOIN leg l ON l.id = e.leg_id"
            " WHERE l.credit_position = ? AND e.kind = 'release' AND e.step = 'done'",
            (credit_position,),
        ).fetchall()
        given = normalise(pair for row in rows for pair in _ranges(row[0]))
        wanted = [leg.wanted for leg in self.legs(but_wanted_by) if leg.credit_position == credit_position]
        return subtract(given, union(*wanted))

    def open_endings(self) -> list[Ending]:
        """Endings the core may or may not have carried out yet."""
        return [_ending(row) for row in self._db.execute(f"{_ENDINGS} WHERE step = 'going' ORDER BY id").fetchall()]

    def ending_done(self, ending: Ending, *, kept_paise: int, paid: str | None = None) -> None:
        """The paise have left, in the core and in the pile."""
        with self.one_step():
            self._db.execute("UPDATE ending SET step = 'done', paid = ? WHERE id = ?", (paid, ending.id))
            self._db.execute("UPDATE leg SET kept_paise = ? WHERE id = ?", (kept_paise, ending.leg_id))

    def ending_refused(self, ending: Ending, why: str) -> None:
        """The core would not let the paise leave; they stay held."""
        self._db.execute("UPDATE ending SET step = 'refused', why = ? WHERE id = ?", (why, ending.id))

    # -- tombstones, watches, noticed postings

    def bury(self, order_id: str, why: str) -> None:
        """An order that must never be carried out."""
        self._db.execute("INSERT OR IGNORE INTO tombstone VALUES (?, ?)", (order_id, why))

    def tombstone(self, order_id: str) -> str | None:
        """Why this order must never be carried out; None when it may."""
        row = self._db.execute("SELECT why FROM tombstone WHERE order_id = ?", (order_id,)).fetchone()
        return None if row is None else str(row[0])

    def write_watch(self, message: Message, *, account: str, until: datetime, answer_revision: int) -> None:
        """Write a balance watch down, new or changed."""
        self._db.execute(
            "INSERT OR REPLACE INTO watch VALUES (?, ?, ?, ?, ?)",
            (message.id, codec.encode(message), account, to_us(until), answer_revision),
        )

    def accounts_watched(self) -> set[str]:
        """Accounts with a balance watch."""
        return {row[0] for row in self._db.execute("SELECT account FROM watch")}

    def watches(self) -> list[tuple[Message, str, datetime, int]]:
        """Balance watches: order, account, until, answers given."""
        rows = self._db.execute("SELECT body, account, until_us, answer_revision FROM watch").fetchall()
        return [(message_of(body), account, from_us(until), revision) for body, account, until, revision in rows]

    def end_watch(self, order_id: str) -> None:
        """Stop a watch; nothing happens when there is none."""
        self._db.execute("DELETE FROM watch WHERE order_id = ?", (order_id,))

    def notice(self, rows: list[tuple[int, str, str]]) -> None:
        """Remember postings that concern an open order: position, kind, about."""
        with self.one_step():
            self._db.executemany("INSERT OR IGNORE INTO noticed VALUES (?, ?, ?)", rows)

    def noticed(self) -> list[tuple[int, str, str]]:
        """Postings noticed and not yet acted on."""
        return self._db.execute("SELECT position, kind, about FROM noticed ORDER BY position, kind, about").fetchall()

    def noted(self, position: int, kind: str, about: str) -> None:
        """A noticed posting has been acted on."""
        self._db.execute("DELETE FROM noticed WHERE position = ? AND kind = ? AND about = ?", (position, kind, about))


_HOLDS = "SELECT body, state, answer_revision, attempt, answered_order_revision FROM hold"
_LEGS = (
    "SELECT id, order_id, attempt, account, credit_position, wanted, step, placed_paise, lien_reference,"
    " lien_position, exact, kept_paise FROM leg"
)
_ENDINGS = "SELECT id, cause, kind, leg_id, ranges, paise, to_bank, to_account, step, paid, why FROM ending"


@lru_cache(maxsize=4096)
def message_of(body: bytes) -> Message:
    """The same bytes are the same message for ever; orders that wait or hold are looked at in every pass."""
    return codec.decode(body)


def _hold(row: tuple[Any, ...]) -> HoldRecord:
    order = message_of(row[0])
    assert isinstance(order, HoldOrder)
    return HoldRecord(order, *row[1:])


def _leg(row: tuple[Any, ...]) -> Leg:
    values = list(row)
    values[5], values[10] = _ranges(row[5]), bool(row[10])
    return Leg(*values)


def _ending(row: tuple[Any, ...]) -> Ending:
    values = list(row)
    values[4] = _ranges(row[4])
    return Ending(*values)


def _ranges(text: str) -> Ranges:
    return normalise((lo, hi) for lo, hi in json.loads(text))
