"""The ledger a bank's node keeps: SQLite, standard library only, one file.

It takes the bank's postings in the bank's order, keeps the running level of every account, and
answers "what became of paise lo..hi of this credit" in a few seeks. Every verb is one transaction
and may be repeated after a crash. One process writes; times are aware datetimes, money int paise.

    store = NodeStore.open("bank.sqlite")
    store.ingest(core.postings_after(store.position(), 1000))
    match = store.find_credits(rail="UPI", reference="632011234567", paid_on=day, amount_paise=5000000)
    hop = store.hop(credit_position=match.postings[0].position, ranges=[(0, 5000000)])
    store.cut(hold_id=order_id, credit_position=match.postings[0].position, ranges=hop.here)
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from thaam.language.dates import IST
from thaam.money import ranges as sets
from thaam.money.lots import NotHeld, NotHere
from thaam.money.ranges import BadRange, Range, Ranges
from thaam.postings.answers import HeldPart, HopResult, Match, PaymentOut, Standing
from thaam.postings.keeping import Keeping
from thaam.postings.ledger import OtherPosting, OutOfOrder, TooMuch, UnknownPosting

__all__ = [
    "IST",
    "BadRange",
    "HeldPart",
    "HopResult",
    "Match",
    "NodeStore",
    "NotHeld",
    "NotHere",
    "OtherPosting",
    "OutOfOrder",
    "PaymentOut",
    "Standing",
    "TooMuch",
    "UnknownPosting",
]


class NodeStore(Keeping):
    """Everything a node knows of its bank's ledger. The verbs are in `ledger` (postings) and `keeping` (holds)."""

    def watch(self, *, watch_id: str, credit_position: int, ranges: Iterable[Range]) -> None:
        """Watch what of these paise (offsets of the payment) still lies here or is held here.

        `moved` names the watch once some of it has left; call `watch` again to go on with the rest.
        """
        wanted = sets.normalise(ranges)
        account, _, _, _ = self._credit(credit_position)
        here = self._staying(credit_position, wanted)
        with self._writing():
            self._db.execute(
                "INSERT OR REPLACE INTO watch VALUES (?, ?, ?, ?, ?, (SELECT last_k FROM account WHERE id = ?))",
                (watch_id, account, credit_position, json.dumps(wanted), here, account),
            )

    def unwatch(self, *, watch_id: str) -> None:
        """Stop a watch; nothing happens when there is none."""
        with self._writing():
            self._db.execute("DELETE FROM watch WHERE name = ?", (watch_id,))

    def moved(self) -> list[tuple[str, int, Ranges]]:
        """Watches of which something left since `watch` was called: (watch id, credit position, ranges watched).

        Looks only at accounts whose pile changed since the last look.
        """
        changed = self._db.execute(
            "SELECT w.name, w.credit, w.lo_hi, w.here, a.last_k FROM watch w JOIN account a ON a.id = w.account"
            " WHERE a.last_k > w.seen_k ORDER BY w.name"
        ).fetchall()
        found: list[tuple[str, int, Ranges]] = []
        still: list[tuple[int, str]] = []
        for name, credit, lo_hi, here, last_k in changed:
            wanted = sets.normalise((lo, hi) for lo, hi in json.loads(lo_hi))
            if self._staying(credit, wanted) < here:
                found.append((name, credit, wanted))
            else:
                still.append((last_k, name))
        if still:
            with self._writing():
                self._db.executemany("UPDATE watch SET seen_k = ? WHERE name = ?", still)
        return found

    def _staying(self, credit_position: int, wanted: Ranges) -> int:
        hop = self.hop(credit_position=credit_position, ranges=wanted)
        return sets.total(hop.here) + sum(part.hi - part.lo for part in hop.held if part.state == "held")
