"""What the node itself remembers, in one SQLite file: orders taken, holds and their steps, answers owed and sent.

Every verb is one transaction; `one_step` joins several. Whoever kills the node finds each order either done, with its
answer in the outbox exactly as it was computed, or not done, with every step already taken written down.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thaam.node.steps import Ending, HoldRecord, Leg, Steps, message_of
from thaam.node.times import to_us
from thaam.wire import codec, jws
from thaam.wire.checkpoints import Checkpoint
from thaam.wire.client import Item, Page
from thaam.wire.messages import Message

__all__ = ["Ending", "HoldRecord", "Leg", "Records", "Taken"]


@dataclass(frozen=True, slots=True)
class Taken:
    """An order taken from the mailbox."""

    position: int
    order_id: str
    kind: str
    state: str
    body: bytes
    fault: str | None

    def message(self) -> Message:
        """The order itself."""
        return message_of(self.body)


class Records(Steps):
    """The node's own file. One process writes; a second connection may send the outbox."""

    # -- the mailbox

    def mailbox_position(self) -> int:
        """The last position of our mailbox that was written down here."""
        return int(self.get("mailbox_position") or 0)

    def take(self, page: Page, *, at: datetime) -> None:
        """Write a mailbox page down: its orders, where to go on, the checkpoint, positions of our answers' facts."""
        with self.one_step():
            for item in page.items:
                self._db.execute(
                    "INSERT OR IGNORE INTO taken VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
                    (item.position, item.order_id, item.kind, item.revision, item.state, item.raw, item.jws, item.fault,
                     to_us(at)),
                )  # fmt: skip
            self._db.executemany(
                "UPDATE answer SET fact_position = ? WHERE id = ?", [(position, id) for id, position in page.receipts]
            )
            if page.next > self.mailbox_position():
                self.put("mailbox_position", str(page.next))
            if page.checkpoint is not None:
                self.keep_head(page.checkpoint)

    def knows(self, item: Item) -> bool:
        """Whether this mailbox item was taken before."""
        return self._db.execute("SELECT 1 FROM taken WHERE order_id = ?", (item.order_id,)).fetchone() is not None

    def open_orders(self) -> list[Taken]:
        """Orders taken and not carried out, in mailbox order."""
        rows = self._db.execute(
            "SELECT position, order_id, kind, state, body, fault FROM taken WHERE outcome IS NULL ORDER BY position"
        ).fetchall()
        return [Taken(*row) for row in rows]

    def settle(self, taken: Taken, outcome: str) -> None:
        """Say that an order is carried out and how."""
        self._db.execute("UPDATE taken SET outcome = ? WHERE position = ?", (outcome, taken.position))

    def last_checkpoint(self) -> tuple[int, str] | None:
        """Position and root of the newest checkpoint ever seen."""
        row = self._db.execute("SELECT position, root FROM checkpoint ORDER BY position DESC LIMIT 1").fetchone()
        return None if row is None else (row[0], row[1])

    def checkpoint_root(self, position: int) -> str | None:
        """The root we once saw signed at this journal position."""
        row = self._db.execute("SELECT root FROM checkpoint WHERE position = ?", (position,)).fetchone()
        return None if row is None else str(row[0])

    def heads_to_prove(self, draw: int) -> dict[int, str]:
        """Root by position of the first head ever seen, of the last, and of one in between by chance."""
        many = self._db.execute("SELECT count(*) FROM checkpoint").fetchone()[0]
        one = "SELECT position, root FROM checkpoint ORDER BY position LIMIT 1 OFFSET ?"
        places = (0, draw % many, many - 1) if many else ()
        rows = [self._db.execute(one, (place,)).fetchone() for place in places]
        return dict(rows)

    def keep_head(self, checkpoint: Checkpoint) -> None:
        """Remember a signed head of the platform's journal."""
        self._db.execute(
            "INSERT OR IGNORE INTO checkpoint VALUES (?, ?, ?)",
            (checkpoint.position, checkpoint.root, json.dumps(checkpoint.document())),
        )

    # -- the outbox

    def answer(self, message: Message, *, at: datetime) -> None:
        """Put a message in the outbox, signed now; the same id again changes nothing."""
        body = codec.encode(message)
        order_id = getattr(message, "order_id", None)
        self._db.execute(
            "INSERT OR IGNORE INTO answer (id, order_id, kind, body, jws, made_us) VALUES (?, ?, ?, ?, ?, ?)",
            (message.id, order_id, type(message).__name__, body, jws.sign_detached(body, self._key), to_us(at)),
        )

    def answers(self) -> list[Message]:
        """Everything ever put in the outbox, in order."""
        rows = self._db.execute("SELECT body FROM answer ORDER BY number").fetchall()
        return [codec.decode(row[0]) for row in rows]

    def has_answer(self, id: str) -> bool:
        """Whether a message of this id was ever put in the outbox."""
        return self._db.execute("SELECT 1 FROM answer WHERE id = ?", (id,)).fetchone() is not None

    def unsent(self, *, limit: int = 100) -> list[tuple[str, bytes, str]]:
        """Messages without a receipt, oldest first: id, body, detached JWS.

        What was signed with a key that is ours no more is signed anew, the same bytes: the platform would have none of
        it once that key has ended, and of all that stands behind it. Only the announcement of a key stays as it is.
        """
        rows = self._db.execute(
            "SELECT id, body, jws, kind FROM answer WHERE receipt IS NULL ORDER BY number LIMIT ?", (limit,)
        ).fetchall()
        return [
            (id, body, self._signed_anew(id, body) if self._is_old(detached) and kind != "NextKey" else detached)
            for id, body, detached, kind in rows
        ]

    def _is_old(self, detached: str) -> bool:
        return jws.signed_by(detached) != self._key.key_id

    def _signed_anew(self, id: str, body: bytes) -> str:
        detached = jws.sign_detached(body, self._key)
        self._db.execute("UPDATE answer SET jws = ? WHERE id = ?", (detached, id))
        return detached

    def receipted(self, id: str, receipt: dict[str, Any]) -> None:
        """Keep what the platform answered to a message; it is not sent again, unless `forget_unplaced` says so."""
        self._db.execute("UPDATE answer SET receipt = ? WHERE id = ?", (json.dumps(receipt), id))

    def forget_unplaced(self, *, before: datetime) -> int:
        """Messages whose receipt came `before` and whose place in the journal never did go out again; how many."""
        rows = self._db.execute(
            "UPDATE answer SET receipt = NULL WHERE fact_position IS NULL AND receipt IS NOT NULL"
            " AND json_extract(receipt, '$.kept_us') < ?",
            (to_us(before),),
        )
        return rows.rowcount

    # -- figures

    def standing(self) -> tuple[dict[str, int], int, int]:
        """Hold orders by state, paise under our liens, and how many liens keep something."""
        states = dict(self._db.execute("SELECT state, count(*) FROM hold GROUP BY state ORDER BY state").fetchall())
        paise, liens = self._db.execute(
            "SELECT coalesce(sum(kept_paise), 0), count(*) FROM leg WHERE kept_paise > 0"
        ).fetchone()
        return states, int(paise), int(liens)

    def owed(self) -> tuple[int, int]:
        """How many messages wait for their receipt, and when the oldest was made (microseconds, 0 for none)."""
        row = self._db.execute(
            "SELECT count(*), coalesce(min(made_us), 0) FROM answer WHERE receipt IS NULL"
        ).fetchone()
        return int(row[0]), int(row[1])

    # -- the bank's people's word on these files

    def say_newest(self) -> None:
        """Keep their word that these are the newest files, though a copy of them has run; see `are_newest`."""
        self.put("newest", "said")

    def are_newest(self) -> bool:
        """Whether what a copy has said meanwhile is to be put right rather than to stop us."""
        return self.get("newest") == "said"

    def forget_newest(self) -> None:
        """That word was for once: it has served when everything is taken (the caller's to know) and everything said."""
        if self.are_newest() and not self.unsent(limit=1):
            self.put("newest", "")

    # -- small things

    def get(self, name: str) -> str | None:
        """A small value by name."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, name: str, value: str) -> None:
        """Set a small value."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
