"""Hops and holds on a node's ledger: what became of the paise, what is kept aside, what was given back."""

from __future__ import annotations

from collections.abc import Iterable

from thaam.money import lots
from thaam.money import ranges as sets
from thaam.money.lots import NotHeld, Pile
from thaam.money.ranges import BadRange, Range, Ranges
from thaam.postings.answers import EntryKind, HeldPart, HopResult, PaymentOut
from thaam.postings.ledger import Ledger, UnknownPosting, make_rows
from thaam.postings.pile import ROW, RowsWithPostings, flush, make_row, of_table


class Keeping(Ledger):
    """Verbs about paise of one credit. Each is one transaction and may be repeated."""

    # Tracing ------------------------------------------------------------------------------------

    def hop(self, *, credit_position: int, ranges: Iterable[Range], up_to_position: int | None = None) -> HopResult:
        """What became of paise `ranges` (offsets of the payment) of the credit at `credit_position`.

        As of `up_to_position`, or now. Sum of the parts = sum of the ranges. Reads only. Raises
        UnknownPosting, or BadRange when a range is not inside the credit.
        """
        found = self._db.execute(_CREDITS, (credit_position,)).fetchone()
        if found is None:
            raise UnknownPosting(credit_position)
        k, lo, size, pool, account = found[:5]
        wanted = sets.normalise(ranges)
        own = _inside(wanted, lo, size, credit_position)
        if pool:
            return HopResult(wanted, (), (), (), pool=True)
        rows = make_rows(self._db, found[5:14], RowsWithPostings)
        rows.postings = {}
        credit = make_row(found[14:])
        rows.know(credit)
        if own and credit.below:
            rows.read_way(credit.below, bottom=credit.level - credit.amount + own[0][0])
        up_to_k = None if up_to_position is None else rows.k_at(up_to_position)
        hop = Pile(rows).hop(credit_k=k, ranges=own, up_to_k=up_to_k)
        return HopResult(
            sets.normalise((part.lo + lo, part.hi + lo) for part in hop.here),
            tuple(
                PaymentOut(p.lo + lo, p.hi + lo, p.child_lo, p.given_back, account, rows.postings[p.source])
                for p in hop.outs
            ),
            tuple(held for part in hop.held for held in self._held(part, credit_position, lo, up_to_position)),
            sets.shift(hop.overdraft, lo),
        )

    def given_back(self, *, credit_position: int) -> Ranges:
        """The paise of the payment that this credit's holder has sent back to the payer: always its topmost.

        The claim on them has ended wherever they lie now, also where they had gone on before the refund.
        """
        row = self._db.execute(
            "SELECT payment_lo, amount, refunded FROM posting WHERE position = ? AND side = 'C'", (credit_position,)
        ).fetchone()
        if row is None:
            raise UnknownPosting(credit_position)
        lo, amount, refunded = row
        return sets.normalise([(lo + amount - refunded, lo + amount)])

    # Holding ------------------------------------------------------------------------------------

    def cut(self, *, hold_id: str, credit_position: int, ranges: Iterable[Range]) -> Ranges:
        """Take paise (offsets of the payment) aside for a hold; returns all the hold ever took of this credit.

        They must lie in the account after the last posting kept: read to the lien's position, hop,
        then cut. Paise this hold took before are passed over, so the call may be repeated. Raises
        NotHere, with nothing written.
        """
        account, k, lo, _ = self._credit(credit_position)
        with self._writing():
            hold = self._hold(hold_id, account)
            before = self._entries(hold, credit_position, "held")
            fresh = sets.subtract(ranges, before)
            if fresh:
                rows, stamp = self._rows(account), self.position()
                Pile(rows).hold(credit_k=k, ranges=self._own(credit_position, fresh, lo), hold=hold, stamp=stamp)
                flush(self._db, [rows])
                self._enter(hold, "held", credit_position, fresh)
            return sets.union(before, fresh)

    def release(self, *, hold_id: str, credit_position: int, ranges: Iterable[Range]) -> Ranges:
        """Give held paise back to the holder: they come back on top of the pile. Returns all released so far.

        Paise released before are passed over. Raises NotHeld, with nothing written.
        """
        account, k, lo, _ = self._credit(credit_position)
        with self._writing():
            hold = self._hold(hold_id, account)
            before = self._entries(hold, credit_position, "released")
            fresh = sets.subtract(ranges, before)
            if fresh:
                self._check_kept(hold, credit_position, fresh)
                rows, stamp = self._rows(account), self.position()
                own = self._own(credit_position, fresh, lo)
                Pile(rows).release(credit_k=k, ranges=own, hold=hold, stamp=stamp)
                flush(self._db, [rows])
                self._enter(hold, "released", credit_position, fresh)
            return sets.union(before, fresh)

    def expect_restoration(self, *, hold_id: str, credit_position: int, ranges: Iterable[Range], tx_ref: str) -> None:
        """Say, before the core pays back, that the debit `tx_ref` will take these held paise.

        The debit then leaves the pile as it is, since the paise were taken aside already. When it
        has posted before this was said, the pile is put right with a credit nobody claims.
        Repeating is harmless. Raises NotHeld.
        """
        account, _, _, _ = self._credit(credit_position)
        with self._writing():
            hold = self._hold(hold_id, account)
            if self._db.execute(
                "SELECT 1 FROM restoration WHERE account = ? AND tx_ref = ?", (account, tx_ref)
            ).fetchone():
                return
            wanted = sets.normalise(ranges)
            self._check_kept(hold, credit_position, wanted)
            early = self._db.execute(
                "SELECT position FROM posting WHERE tx_ref = ? AND account = ? AND side = 'D'", (tx_ref, account)
            ).fetchone()
            self._db.execute(
                "INSERT INTO restoration VALUES (?, ?, ?, ?, ?)",
                (account, tx_ref, hold, sets.total(wanted), early[0] if early else 0),
            )
            self._enter(hold, "restored", credit_position, wanted)
            if early:
                self._level_up(account, sets.total(wanted))

    def mark_broken(self, *, hold_id: str, credit_position: int, ranges: Iterable[Range]) -> None:
        """The core debited through the lien: these held paise are gone (fact `hold:broken`).

        The debit was counted against the pile when it posted; a credit nobody claims puts that
        right. Paise marked before are passed over. Raises NotHeld.
        """
        account, _, _, _ = self._credit(credit_position)
        with self._writing():
            hold = self._hold(hold_id, account)
            fresh = sets.subtract(ranges, self._entries(hold, credit_position, "broken"))
            if fresh:
                self._check_kept(hold, credit_position, fresh)
                self._enter(hold, "broken", credit_position, fresh)
                self._level_up(account, sets.total(fresh))

    def kept(self, *, hold_id: str) -> dict[int, Ranges]:
        """What a hold keeps now: credit position -> paise of its payment."""
        found = self._db.execute(
            "SELECT DISTINCT e.credit, h.id FROM hold_entry e JOIN hold h ON h.id = e.hold WHERE h.name = ?", (hold_id,)
        ).fetchall()
        keeping = {credit: self._kept(hold, credit) for credit, hold in found}
        return {credit: ranges for credit, ranges in keeping.items() if ranges}

    def held_on(self, account: str) -> int:
        """Paise all holds keep on an account now."""
        return int(
            self._db.execute(
                "SELECT ifnull(sum(CASE e.kind WHEN 'held' THEN e.hi - e.lo ELSE e.lo - e.hi END), 0)"
                " FROM hold_entry e JOIN hold h ON h.id = e.hold JOIN account a ON a.id = h.account"
                " WHERE a.account = ?",
                (account,),
            ).fetchone()[0]
        )

    # Inside -------------------------------------------------------------------------------------

    def _credit(self, position: int) -> tuple[int, int, int, bool]:
        """Account id, row, first paisa of the payment, and whether the account is a pool."""
        found = self._db.execute(
            "SELECT p.account, p.k, p.payment_lo, a.pool FROM posting p JOIN account a ON a.id = p.account"
            " WHERE p.position = ? AND p.side = 'C'",
            (position,),
        ).fetchone()
        if found is None:
            raise UnknownPosting(position)
        return found[0], found[1], found[2], bool(found[3])

    def _own(self, position: int, ranges: Iterable[Range], lo: int) -> Ranges:
        """Offsets of the payment as offsets of the credit that carries it."""
        size = self._db.execute("SELECT amount FROM posting WHERE position = ?", (position,)).fetchone()[0]
        return _inside(ranges, lo, size, position)

    def _held(self, part: lots.Held, position: int, lo: int, up_to: int | None) -> list[HeldPart]:
        """A cut of the pile, divided by what its hold says of it as of `up_to`."""
        name = self._db.execute("SELECT name FROM hold WHERE id = ?", (part.hold,)).fetchone()[0]
        taken: Ranges = ((part.lo + lo, part.hi + lo),)
        found: list[HeldPart] = []
        kinds: tuple[EntryKind, ...] = ("restored", "broken")
        for kind in kinds:
            ended = sets.intersect(taken, self._entries(part.hold, position, kind, up_to))
            found += [HeldPart(a, b, name, kind) for a, b in ended]
            taken = sets.subtract(taken, ended)
        return sorted([*found, *(HeldPart(a, b, name, "held") for a, b in taken)], key=lambda p: p.lo)

    def _hold(self, name: str, account: int) -> int:
        """The small id of a hold; made on first use."""
        self._db.execute("INSERT OR IGNORE INTO hold (name, account) VALUES (?, ?)", (name, account))
        found = self._db.execute("SELECT id, account FROM hold WHERE name = ?", (name,)).fetchone()
        if found[1] != account:
            raise NotHeld(f"hold {name} is on another account")
        return int(found[0])

    def _entries(self, hold: int, position: int, kind: EntryKind, up_to: int | None = None) -> Ranges:
        return sets.normalise(
            self._db.execute(
                "SELECT lo, hi FROM hold_entry"
                " WHERE hold = ? AND kind = ? AND credit = ? AND stamp <= ifnull(?, stamp)",
                (hold, kind, position, up_to),
            ).fetchall()
        )

    def _enter(self, hold: int, kind: EntryKind, position: int, ranges: Ranges) -> None:
        stamp = self.position()
        self._db.executemany(
            "INSERT INTO hold_entry VALUES (?, ?, ?, ?, ?, ?)",
            [(hold, kind, position, lo, hi, stamp) for lo, hi in ranges],
        )

    def _kept(self, hold: int, position: int) -> Ranges:
        ended = [self._entries(hold, position, kind) for kind in ("released", "restored", "broken")]
        return sets.subtract(self._entries(hold, position, "held"), sets.union(*ended))

    def _check_kept(self, hold: int, position: int, ranges: Iterable[Range]) -> None:
        kept = self._kept(hold, position)
        if not sets.covers(kept, ranges):
            raise NotHeld(f"the hold keeps {kept}, not all of {sets.normalise(ranges)}")

    def _level_up(self, account: int, paise: int) -> None:
        """Lay paise on top that no claim can reach: a debit was counted against the pile and took held money."""
        rows = self._rows(account)
        Pile(rows).credit(amount=paise, source=0, stamp=self.position())
        flush(self._db, [rows])


_CREDITS = (
    "SELECT p.k, p.payment_lo, p.amount, a.pool, a.account, a.id, a.level, a.last_k, a.open_k, a.stated, a.clock,"
    f" a.cuts, a.last_seq, a.balance_paise, {of_table('r', ROW)}"
    " FROM posting p JOIN account a ON a.id = p.account JOIN pile r ON r.account = p.account AND r.k = p.k"
    " WHERE p.position = ? AND p.side = 'C'"
)


def _inside(ranges: Iterable[Range], lo: int, size: int, position: int) -> Ranges:
    """Offsets of the payment as offsets of a credit of `size` paise that begins at `lo` in it. Raises BadRange."""
    own = sets.shift(ranges, -lo)
    if own and (own[0][0] < 0 or own[-1][1] > size):
        raise BadRange(f"{own} is not inside the credit of {size} paise at position {position}")
    return own
