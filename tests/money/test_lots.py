"""The pile and the queue on small accounts one can check in one's head, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from thaam.money.fifo import Queue
from thaam.money.lots import GivenBack, Here, Hop, NotHeld, NotHere, Out, Pile
from thaam.money.ranges import Ranges
from thaam.money.rowlist import RowList
from thaam.money.rows import Head, Kind, Row
from thaam.money.trace import CreditAt, Rule, TotalsDiffer, trace


def pile(opening: int = 0, *, stated: bool = False) -> Pile:
    return Pile(RowList(opening=opening, opening_stated=stated))


def test_the_bottom_of_what_leaves_is_the_bottom_of_the_payment() -> None:
    account = pile()
    account.credit(amount=100, source=1, stamp=0)
    account.credit(amount=40, source=2, stamp=0)
    account.debit(amount=60, source=3, stamp=0)
    assert account.hop(credit_k=1, ranges=[(0, 100)]) == Hop((Here(0, 80, 0),), (Out(80, 100, 3, 0, 3),), (), ())
    assert account.hop(credit_k=2, ranges=[(0, 40)]).outs == (Out(0, 40, 3, 20, 3),)


def test_rows_begin_with_nothing_in_them_and_kinds_keep_the_numbers_that_files_hold() -> None:
    """A node's files on disk hold these numbers."""
    assert RowList().head == Head(level=0, last_k=0, open_k=0, opening_stated=False) == Head()
    assert Row(1, Kind.CREDIT, 2, 3, 4, 5) == Row(1, Kind.CREDIT, 2, 3, 4, 5, 0, 0, 0, 0, 0)
    assert [int(kind) for kind in Kind] == [1, 2, 3]


def test_holds_and_releases_are_no_payments() -> None:
    """Their rows have no posting behind them, so a reader of the pile finds none."""
    account = pile()
    account.credit(amount=10, source=1, stamp=0)
    account.hold(credit_k=1, ranges=[(2, 6)], hold=7, stamp=0)
    account.release(credit_k=1, ranges=[(2, 6)], hold=7, stamp=0)
    assert account.rows.row(1) == Row(1, Kind.CREDIT, 10, 10, 1, 0)
    assert [(row.source, row.child_lo) for row in map(account.rows.row, (2, 3))] == [(0, 0), (0, 0)]


def test_money_that_comes_after_a_debit_cannot_have_left_in_it() -> None:
    account = pile()
    account.debit(amount=50, source=1, stamp=0)
    account.credit(amount=30, source=2, stamp=0)
    assert account.hop(credit_k=2, ranges=[(0, 30)]).here == (Here(0, 30, -50),)


def test_one_level_for_all_holds_or_money_would_be_invented() -> None:
    """Credit 100, hold it, credit 50, debit 10. Reading the bank's balance (150, then 140) against a pile that
    still contains the held 100 would report all 50 gone."""
    account = pile()
    account.credit(amount=100, source=1, stamp=0)
    account.hold(credit_k=1, ranges=[(0, 100)], hold=7, stamp=0)
    row = account.credit(amount=50, source=2, stamp=0)
    account.debit(amount=10, source=3, stamp=0)
    found = account.hop(credit_k=row.k, ranges=[(0, 50)])
    assert [(p.lo, p.hi) for p in found.here] == [(0, 40)]
    assert [(p.lo, p.hi) for p in found.outs] == [(40, 50)]


def test_a_jump_never_passes_over_a_cut() -> None:
    """Between the two debits a hold takes the middle out, so the levels before and after it are different rulers."""
    account = pile()
    account.credit(amount=10, source=1, stamp=0)
    account.credit(amount=10, source=2, stamp=0)
    account.debit(amount=2, source=3, stamp=0)
    account.hold(credit_k=1, ranges=[(0, 10)], hold=7, stamp=0)
    account.debit(amount=3, source=4, stamp=0)
    found = account.hop(credit_k=2, ranges=[(0, 10)])
    assert [(p.lo, p.hi, p.source) for p in found.outs] == [(5, 8, 4), (8, 10, 3)]
    assert [(p.lo, p.hi, p.level) for p in found.here] == [(0, 5, 0)]


def test_each_further_refund_takes_the_next_lower_paise() -> None:
    account = pile()
    account.credit(amount=100, source=1, stamp=0)
    account.refund(parts=[GivenBack(1, 70, 100, 0)], source=2, stamp=0)
    account.refund(parts=[GivenBack(1, 50, 70, 0)], source=3, stamp=0)
    found = account.hop(credit_k=1, ranges=[(0, 100)])
    assert [(p.lo, p.hi, p.source, p.child_lo, p.given_back) for p in found.outs] == [
        (50, 70, 3, 0, True),
        (70, 100, 2, 0, True),
    ]


def both() -> list[Any]:
    """A pile and a queue with 100 of which hold 7 keeps [0, 60) and a debit took [80, 100) or [60, 80)."""
    stack, queue = pile(), Queue()
    stack.credit(amount=100, source=1, stamp=0)
    stack.hold(credit_k=1, ranges=[(0, 60)], hold=7, stamp=0)
    stack.debit(amount=20, source=2, stamp=0)
    queue.credit(amount=100)
    queue.hold(credit_k=1, ranges=[(0, 60)], hold=7)
    queue.debit(amount=20, source=2)
    return [stack, queue]


@pytest.mark.parametrize("account", both(), ids=["lifo", "fifo"])
@pytest.mark.parametrize("ranges", [[(50, 70)], [(0, 100)], [(60, 100)]])
def test_paise_that_are_not_here_are_not_held_and_nothing_is_written(account: Any, ranges: list) -> None:
    stamp = {"stamp": 0} if isinstance(account, Pile) else {}
    before = (account.last_k, account.hop(credit_k=1, ranges=[(0, 100)]))
    with pytest.raises(NotHere):
        account.hold(credit_k=1, ranges=ranges, hold=8, **stamp)
    assert (account.last_k, account.hop(credit_k=1, ranges=[(0, 100)])) == before


@pytest.mark.parametrize("account", both(), ids=["lifo", "fifo"])
@pytest.mark.parametrize(("ranges", "hold"), [([(50, 70)], 7), ([(0, 10)], 8), ([], 7)])
def test_paise_that_are_not_held_are_not_released_and_nothing_is_written(account: Any, ranges: list, hold: int) -> None:
    stamp = {"stamp": 0} if isinstance(account, Pile) else {}
    before = (account.last_k, account.hop(credit_k=1, ranges=[(0, 100)]))
    with pytest.raises(NotHeld):
        account.release(credit_k=1, ranges=ranges, hold=hold, **stamp)
    assert (account.last_k, account.hop(credit_k=1, ranges=[(0, 100)])) == before


def test_every_row_is_passed_over_once_so_the_pointers_stay_linear() -> None:
    class Counting(RowList):
        links = 0

        def link(self, k: int, below: int) -> None:
            assert self.row(k).below == 0
            self.links += 1
            super().link(k, below)

    rows = Counting()
    account = Pile(rows)
    for n in range(300):
        account.credit(amount=7 + n % 5, source=n, stamp=0)
        account.debit(amount=6 + n % 7, source=n, stamp=0)
    assert rows.links <= rows.head.last_k


def test_a_hop_reads_what_took_something_and_not_the_account() -> None:
    class Reading(RowList):
        reads = 0

        def row(self, k: int) -> Row:
            self.reads += 1
            return super().row(k)

    rows = Reading()
    account = Pile(rows)
    account.credit(amount=100, source=0, stamp=0)
    for n in range(500):
        account.credit(amount=10, source=n, stamp=0)
        account.debit(amount=10, source=n, stamp=0)
    account.debit(amount=30, source=9, stamp=0)
    rows.reads = 0
    assert len(account.hop(credit_k=1, ranges=[(0, 100)]).outs) == 1
    assert rows.reads <= 4


def test_what_a_queue_paid_beyond_its_end_was_nobodys_money() -> None:
    """An opening of 3 told later, a credit of 10, a debit of 15: 3 were there before, 10 are the credit, 2 are lent."""
    queue = Queue()
    queue.credit(amount=10)
    queue.debit(amount=15, source=7)
    fed = queue.feeds(first=2, last=2, ranges=[(0, 15)], shift=3)
    assert [(lo, hi, k, own if k else None) for lo, hi, k, own in fed] == [
        (0, 3, 0, None), (3, 13, 1, 0), (13, 15, 0, None)
    ]  # fmt: skip


def test_an_answer_that_does_not_add_up_is_never_given() -> None:
    class Lossy:
        """An index that loses a paisa."""

        def amount(self, payment: int) -> int:
            return 100

        def debit(self, payment: int) -> None:
            return None

        def credits(self, payment: int) -> list[CreditAt]:
            return [CreditAt(0, 1, 0, 100)]

        def is_pool(self, account: int) -> bool:
            return False

        def last(self, account: int, cut: int | None) -> int:
            return 1

        def hop(self, rule: Rule, account: int, n: int, ranges: Ranges, last: int) -> Hop:
            return Hop((Here(0, 99, 0),), (), (), ())

    with pytest.raises(TotalsDiffer):
        trace(Lossy(), payment=0, ranges=[(0, 100)], rule=Rule.LIFO, cut=None, max_hops=None)
