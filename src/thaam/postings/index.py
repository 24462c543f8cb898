"""All postings of a file in memory, ready to be traced (thaam.money.trace.Index).

The postings are sorted by account once, as arrays. The pile or queue of an account is built when a
trail first reaches it, so a trace pays only for the accounts on its way.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from thaam.money import ranges as sets
from thaam.money.backward import OPENING, Feed, fed_by_rows
from thaam.money.fifo import Queue
from thaam.money.lots import GivenBack, Hop, Pile
from thaam.money.ranges import Ranges
from thaam.money.rowlist import RowList
from thaam.money.trace import CreditAt, DebitAt, Rule
from thaam.postings.files import ENDS, NO_SEQ, AccountStated, BadFile, Columns
from thaam.postings.steps import Steps

Ints = npt.NDArray[np.int64]


class PostingsIndex:
    """Postings by account and by payment. Raises BadFile when the rows contradict each other, naming them."""

    def __init__(self, columns: Columns, stated: Mapping[tuple[str, str], AccountStated] | None = None) -> None:
        self.accounts = columns.accounts
        self.account_ids = columns.account_ids
        self.refs = columns.refs
        self.ref_ids = columns.ref_ids
        self._stated = {
            columns.account_ids[key]: said for key, said in (stated or {}).items() if key in columns.account_ids
        }
        account = np.asarray(columns.account, dtype=np.int64)
        order = _order(columns, account)
        self.row = order  # sorted place -> row of the file, from 0
        self.account = account[order]
        self.payment: Ints = np.asarray(columns.payment, dtype=np.int64)[order]
        self.is_debit = np.asarray(columns.debit, dtype=bool)[order]
        self.amounts: Ints = np.asarray(columns.amount, dtype=np.int64)[order]
        self.ends = np.asarray(columns.end, dtype=np.int8)[order]
        self.at: Ints = np.asarray(columns.at, dtype=np.int64)[order]
        self.reverses: Ints = np.asarray(columns.reverses, dtype=np.int64)[order]
        self.starts: Ints = np.searchsorted(self.account, np.arange(len(self.accounts) + 1))
        self._debit_place = self._debits()
        self._credit_places, self._credit_starts = self._credits()
        self._check_reversals()
        self._with_refunds = set(self.account[self.is_debit & (self.reverses >= 0)].tolist())
        self._clocks: dict[int, Ints] = {}
        self._piles: dict[int, tuple[Pile, Sequence[int]]] = {}
        self._queues: dict[tuple[int, int], tuple[Queue, Sequence[int]]] = {}
        self._lows: dict[int, list[int]] = {}
        self._balances: dict[int, list[int]] = {}
        self._lasts: dict[tuple[int, int], int] = {}

    # By payment ---------------------------------------------------------------------------------

    def amount(self, payment: int) -> int:
        """Paise of a payment: its debit's, or what its credits carry when its debit is not in the file."""
        place = self._debit_place[payment]
        if place >= 0:
            return int(self.amounts[place])
        return sum(credit.hi - credit.lo for credit in self.credits(payment))

    def debit(self, payment: int) -> DebitAt | None:
        """The debit row of a payment."""
        place = int(self._debit_place[payment])
        if place < 0:
            return None
        account = int(self.account[place])
        return DebitAt(account, place - int(self.starts[account]) + 1, ENDS[self.ends[place]])

    def credits(self, payment: int) -> Sequence[CreditAt]:
        """The credit rows of a payment, bottom up in file order."""
        found: list[CreditAt] = []
        lo = 0
        for place in self._credit_places[self._credit_starts[payment] : self._credit_starts[payment + 1]].tolist():
            account, size = int(self.account[place]), int(self.amounts[place])
            found.append(CreditAt(account, place - int(self.starts[account]) + 1, lo, lo + size))
            lo += size
        return found

    # By account ---------------------------------------------------------------------------------

    def is_pool(self, account: int) -> bool:
        """True when the accounts file declares it POOL."""
        said = self._stated.get(account)
        return said is not None and said.pool

    def last(self, account: int, cut: int | None) -> int:
        """Postings of the account up to the last one whose running-maximum time is not after the cut."""
        start, end = int(self.starts[account]), int(self.starts[account + 1])
        if cut is None:
            return end - start
        known = self._lasts.get((account, cut))
        if known is None:
            clock = self._clocks.get(account)
            if clock is None:
                clock = self._clocks[account] = np.maximum.accumulate(self.at[start:end])
            known = self._lasts[account, cut] = int(np.searchsorted(clock, cut, side="right"))
        return known

    def hop(self, rule: Rule, account: int, n: int, ranges: Ranges, last: int) -> Hop:
        """What the account did with paise of the credit in its `n`th posting, as of its `last`th."""
        if rule is Rule.LIFO:
            pile, rows = self._pile(account)
            return pile.hop(credit_k=rows[n - 1], ranges=ranges, up_to_k=rows[last] - 1)
        opening = self.opening(account, last)
        if account in self._with_refunds:
            queue, rows = self._queue(account, opening)
            return queue.hop(credit_k=rows[n - 1], ranges=ranges, up_to_k=rows[last] - 1)
        queue, rows = self._queue(account, 0)
        return queue.hop(credit_k=rows[n - 1], ranges=ranges, up_to_k=rows[last] - 1, shift=opening)

    def in_time(self) -> tuple[Ints, Ints]:
        """All postings in one order, by the running-maximum clock of their accounts and then as in the file, which
        keeps the order of every account: the clocks, and the sorted places."""
        clock, row = self.at.copy(), np.asarray(self.row, dtype=np.int64).copy()
        for start, end in zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True):
            np.maximum.accumulate(clock[start:end], out=clock[start:end])
            np.maximum.accumulate(row[start:end], out=row[start:end])
        order = np.lexsort((row, clock))
        return clock[order], order

    def balance(self, account: int) -> int:
        """Paise in the account at the end of the file, opening included."""
        return self.balance_before(account, int(self.starts[account + 1]))

    def balance_before(self, account: int, place: int) -> int:
        """Paise in the account before the posting at a sorted place, opening included."""
        levels = self._balances.get(account)
        if levels is None:
            signed = self.signed(account)
            levels = self._balances[account] = list(accumulate(signed, initial=self.opening(account, len(signed))))
        return levels[place - int(self.starts[account])]

    def feeds(self, rule: Rule, debit: DebitAt, ranges: Ranges, last: int) -> Sequence[Feed]:
        """Where paise of the payment that left in a debit came from."""
        account, n = debit.account, debit.n
        if rule is Rule.LIFO:
            pile, rows = self._pile(account)
            fed: Sequence[tuple[int, int, int, int]] = fed_by_rows(
                pile.rows, first=rows[n - 1], last=rows[n] - 1, ranges=ranges
            )
        else:
            opening = self.opening(account, last)
            refunds = account in self._with_refunds
            queue, rows = self._queue(account, opening if refunds else 0)
            shift = 0 if refunds else opening
            fed = queue.feeds(first=rows[n - 1], last=rows[n] - 1, ranges=ranges, shift=shift)
        return [self._feed(account, rows, *part) for part in fed]

    def lying(self, rule: Rule, account: int, cut: int | None) -> list[tuple[int, Ranges]]:
        """What of the payments an account received still lies in it at the cut, in the order they came."""
        last, start = self.last(account, cut), int(self.starts[account])
        found: list[tuple[int, Ranges]] = []
        for n in range(1, last + 1):
            place = start + n - 1
            if not self.is_debit[place]:
                lo = self._lowest(account, n)
                hop = self.hop(rule, account, n, ((0, int(self.amounts[place])),), last)
                here = sets.normalise((part.lo + lo, part.hi + lo) for part in hop.here)
                if here:
                    found.append((int(self.payment[place]), here))
        return found

    def _feed(self, account: int, rows: Sequence[int], lo: int, hi: int, k: int, own: int) -> Feed:
        """Paise of a credit row as paise of its payment."""
        if k == OPENING:
            return Feed(lo, hi, None, 0)
        n = bisect_right(rows, k)
        return Feed(lo, hi, int(self.payment[self.starts[account] + n - 1]), self._lowest(account, n) + own)

    def _lowest(self, account: int, n: int) -> int:
        """First paisa of its payment that the credit in the account's `n`th posting carries."""
        credits = self.credits(int(self.payment[self.starts[account] + n - 1]))
        return next(credit.lo for credit in credits if (credit.account, credit.n) == (account, n))

    # Piles and queues ---------------------------------------------------------------------------

    def opening(self, account: int, last: int) -> int:
        """What lay in the account before its first posting, limit included; without a statement, the least that
        lets no posting up to the cut go below zero."""
        said = self._stated.get(account)
        if said is not None and said.opening_paise is not None:
            return said.opening_paise + said.limit_paise
        lows = self._lows.get(account)
        if lows is None:
            lows = self._lows[account] = list(accumulate(accumulate(self.signed(account)), min, initial=0))
        return -lows[last]

    def signed(self, account: int) -> list[int]:
        """Amounts of the account's postings, debits negative, as ints that cannot overflow when added up."""
        part = slice(self.starts[account], self.starts[account + 1])
        signed: list[int] = np.where(self.is_debit[part], -self.amounts[part], self.amounts[part]).tolist()
        return signed

    def _pile(self, account: int) -> tuple[Pile, Sequence[int]]:
        """The pile of an account and the row at which each posting begins (one more at the end)."""
        known = self._piles.get(account)
        if known is None:
            said = self._stated.get(account)
            is_stated = said is not None and said.opening_paise is not None
            opening = self.opening(account, 0) if is_stated else 0
            if account in self._with_refunds:
                rows = RowList(opening=opening, opening_stated=is_stated)
                pile = Pile(rows)
                known = pile, self._play(account, pile)
            else:
                signed = self.signed(account)
                part = slice(self.starts[account], self.starts[account + 1])
                steps = Steps(signed, self.payment[part].tolist(), opening=opening, opening_stated=is_stated)
                known = Pile(steps), range(1, len(signed) + 2)
            self._piles[account] = known
        return known

    def _queue(self, account: int, opening: int) -> tuple[Queue, Sequence[int]]:
        known = self._queues.get((account, opening))
        if known is None:
            queue = Queue(opening=opening)
            known = self._queues[account, opening] = queue, self._play(account, queue)
        return known

    def _play(self, account: int, lots: Pile | Queue) -> list[int]:
        """Move the lots posting by posting. A refund gives back the highest paise of the payment it names that were
        not given back yet; what this account never had of it is an ordinary debit."""
        start = int(self.starts[account])
        rows: list[int] = []
        came: dict[int, list[tuple[int, int]]] = {}  # payment -> (row, paise not given back yet) of its credits here
        for n, signed in enumerate(self.signed(account)):
            rows.append(lots.last_k + 1)
            payment, named = int(self.payment[start + n]), int(self.reverses[start + n])
            if signed > 0:
                if isinstance(lots, Pile):
                    lots.credit(amount=signed, source=payment, stamp=n)
                else:
                    lots.credit(amount=signed)
                came.setdefault(payment, []).append((lots.last_k, signed))
                continue
            left = -signed
            credits = came.get(named, []) if named >= 0 else []
            parts: list[GivenBack] = []
            for i in reversed(range(len(credits))):
                k, unreturned = credits[i]
                size = min(left, unreturned)
                left -= size
                credits[i] = (k, unreturned - size)
                if size:
                    parts.append(GivenBack(k, unreturned - size, unreturned, left))
            if parts:
                _refund(lots, parts, payment, n)
            if left:
                _debit(lots, left, payment, n)
        rows.append(lots.last_k + 1)
        return rows

    # Checks -------------------------------------------------------------------------------------

    def over_credited(self) -> list[str]:
        """A sentence for each payment whose credits carry more than its debit: a row twice, or two payments with one
        reference. No claim reaches what is above the debit; it lies in the account like anybody's money."""
        counts = np.diff(self._credit_starts)
        has = np.flatnonzero((self._debit_place >= 0) & (counts > 0))
        paid = self.amounts[self._debit_place[has]]
        first = self.amounts[self._credit_places[self._credit_starts[has]]]
        said: list[str] = []
        for payment in has[(counts[has] > 1) | (first > paid)].tolist():
            places = self._credit_places[self._credit_starts[payment] : self._credit_starts[payment + 1]]
            credited = sum(self.amounts[places].tolist())
            if credited > self.amount(payment):
                rows = _list((self.row[places] + 1).tolist())
                said.append(
                    f"row(s) {rows} credit {credited} paise of payment {self.refs[payment]!r}, which has"
                    f" {self.amount(payment)}; no claim reaches the rest"
                )
        return said

    def _debits(self) -> Ints:
        """Place of the debit row of every payment, -1 without one. Two debits of one payment are an error."""
        places = np.flatnonzero(self.is_debit)
        of = np.full(len(self.refs), -1, dtype=np.int64)
        of[self.payment[places]] = places
        if len(places) > np.count_nonzero(of >= 0):
            again = places[of[self.payment[places]] != places]
            payment = int(self.payment[again[0]])
            rows = sorted((self.row[places[self.payment[places] == payment]] + 1).tolist())
            raise BadFile(f"rows {_list(rows)} are debits with one tx_ref {self.refs[payment]!r}; a tx_ref names one")
        return of

    def _credits(self) -> tuple[Ints, Ints]:
        """Places of credit rows by payment, in file order, and where each payment's begin."""
        places = np.flatnonzero(~self.is_debit)
        places = places[np.lexsort((self.row[places], self.payment[places]))]
        return places, np.searchsorted(self.payment[places], np.arange(len(self.refs) + 1))

    def _check_reversals(self) -> None:
        """Refunds may not give back more than their payment, and none reverses itself."""
        left: dict[int, int] = {}
        reversing = np.flatnonzero(self.reverses >= 0)
        done: set[int] = set()
        for place in reversing[np.argsort(self.row[reversing], kind="stable")].tolist():
            payment, named = int(self.payment[place]), int(self.reverses[place])
            if payment in done:
                continue
            done.add(payment)
            row = int(self.row[place]) + 1
            if payment == named:
                raise BadFile(f"row {row}: {self.refs[named]!r} reverses itself; a reversal has its own tx_ref")
            whole = self.amount(named)
            if not whole:
                continue  # the payment it names is not in the file: an ordinary payment
            size, open_paise = self.amount(payment), left.get(named, whole)
            if size > open_paise:
                raise BadFile(
                    f"row {row}: {self.refs[payment]!r} gives back {size} paise of {self.refs[named]!r},"
                    f" of which {open_paise} paise are left"
                )
            left[named] = open_paise - size


def _order(columns: Columns, account: Ints) -> Ints:
    """Places in the order of the accounts' ledgers: by seq where the file has it, else as in the file."""
    seq = np.asarray(columns.seq, dtype=np.int64)
    has = seq != NO_SEQ
    if has.any() and not has.all():
        counts, with_seq = np.bincount(account), np.bincount(account[has], minlength=int(account.max()) + 1)
        mixed = np.flatnonzero((with_seq > 0) & (with_seq < counts))
        if len(mixed):
            rows = np.flatnonzero((account == mixed[0]) & ~has) + 1
            bank, name = columns.accounts[mixed[0]]
            raise BadFile(f"account {name} of {bank} has a seq in some rows and none in row(s) {_list(rows.tolist())}")
    order: Ints = np.lexsort((np.where(has, seq, 0), account))
    same = (account[order][1:] == account[order][:-1]) & has[order][1:] & (seq[order][1:] == seq[order][:-1])
    if same.any():
        first = int(np.flatnonzero(same)[0])
        twins = [int(order[first]) + 1, int(order[first + 1]) + 1]
        bank, name = columns.accounts[account[order[first]]]
        raise BadFile(f"rows {_list(twins)} of account {name} of {bank} have the same seq {seq[order[first]]}")
    return order


def _refund(lots: Pile | Queue, parts: list[GivenBack], payment: int, n: int) -> None:
    if isinstance(lots, Pile):
        lots.refund(parts=parts, source=payment, stamp=n)
    else:
        lots.refund(parts=parts, source=payment)


def _debit(lots: Pile | Queue, amount: int, payment: int, n: int) -> None:
    if isinstance(lots, Pile):
        lots.debit(amount=amount, source=payment, stamp=n)
    else:
        lots.debit(amount=amount, source=payment)


def _list(rows: Sequence[int]) -> str:
    """Row numbers for a sentence, the first ten of them."""
    shown = ", ".join(map(str, rows[:10]))
    return f"{shown} and {len(rows) - 10} more" if len(rows) > 10 else shown
