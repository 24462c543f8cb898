"""The node's store: the bank's order, crash and repeat, identity of a payment, holds and watches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from thaam.postings.posting import BadPosting, Posting
from thaam.postings.store import (
    BadRange,
    NodeStore,
    NotHeld,
    NotHere,
    OtherPosting,
    OutOfOrder,
    TooMuch,
    UnknownPosting,
)

NOON = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
DAY = date(2026, 3, 1)


class Bank:
    """A bank's ledger being written: the next position, the next seq of every account."""

    def __init__(self) -> None:
        self.position = 0
        self.seqs: dict[str, int] = {}

    def __call__(self, account: str, side: str, amount: int, ref: str, **more: object) -> Posting:
        self.position += 1
        self.seqs[account] = self.seqs.get(account, 0) + 1
        given: dict = {
            "channel": "UPI", "posted_at": NOON + timedelta(seconds=self.position), "counterparty_account": "X", **more
        }  # fmt: skip
        return Posting(self.position, account, self.seqs[account], ref, side, amount, **given)  # type: ignore[arg-type]


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "bank.sqlite")


@pytest.fixture
def store(path: str) -> Iterator[NodeStore]:
    store = NodeStore.open(path)
    yield store
    store.close()


def test_a_credit_that_was_half_spent_is_half_here_and_half_gone_on(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1"), bank("Balu", "D", 60, "P2")])
    hop = store.hop(credit_position=1, ranges=[(0, 100)])
    assert hop.here == ((0, 40),)
    (out,) = hop.outs
    assert (out.lo, out.hi, out.child_lo, out.tx_ref, out.terminal, out.paid_on) == (40, 100, 0, "P2", None, DAY)


def test_a_cash_withdrawal_is_an_end_of_its_kind(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1"), bank("Balu", "D", 30, "A1", channel="ATM", detail="ATM 7")])
    (out,) = store.hop(credit_position=1, ranges=[(0, 100)]).outs
    assert (out.terminal, out.posting.detail) == ("CASH_ATM", "ATM 7")


def test_the_same_batch_sent_again_changes_nothing(store: NodeStore, bank: Bank) -> None:
    batch = [bank("Balu", "C", 100, "P1"), bank("Balu", "D", 60, "P2")]
    assert store.ingest(batch) == 2
    assert store.ingest([*batch, bank("Balu", "D", 10, "P3")]) == 3
    assert store.hop(credit_position=1, ranges=[(0, 100)]).here == ((0, 30),)


def test_other_content_at_a_kept_position_is_refused(store: NodeStore, bank: Bank) -> None:
    first = bank("Balu", "C", 100, "P1")
    store.ingest([first])
    with pytest.raises(OtherPosting):
        store.ingest([replace(first, amount_paise=101)])


def test_a_batch_with_a_fault_leaves_nothing_behind(store: NodeStore, bank: Bank) -> None:
    good = bank("Balu", "C", 100, "P1")
    with pytest.raises(OutOfOrder):
        store.ingest([good, replace(good, position=2, tx_ref="P2")])
    assert store.position() == 0
    assert store.standing("Balu") is None


def test_a_store_opened_again_goes_on_where_it_was(path: str, bank: Bank) -> None:
    store = NodeStore.open(path)
    store.ingest([bank("Balu", "C", 100, "P1"), bank("Balu", "D", 20, "P2")])
    store.close()
    again = NodeStore.open(path)
    assert again.position() == 2
    again.ingest([bank("Balu", "D", 50, "P3")])
    hop = again.hop(credit_position=1, ranges=[(0, 100)])
    again.close()
    assert hop.here == ((0, 30),)
    assert [(out.tx_ref, out.lo, out.hi) for out in hop.outs] == [("P3", 30, 80), ("P2", 80, 100)]


def test_as_of_an_earlier_position_the_later_debit_does_not_count(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1"), bank("Balu", "D", 60, "P2")])
    assert store.hop(credit_position=1, ranges=[(0, 100)], up_to_position=1).here == ((0, 100),)


def test_a_time_becomes_a_position_by_the_running_maximum(store: NodeStore, bank: Bank) -> None:
    store.ingest(
        [
            bank("Balu", "C", 100, "P1", posted_at=NOON + timedelta(minutes=5)),
            bank("Balu", "D", 10, "P2", posted_at=NOON),
            bank("Balu", "D", 10, "P3", posted_at=NOON + timedelta(minutes=9)),
        ]
    )
    assert store.position_as_of(account="Balu", at=NOON) == 0
    assert store.position_as_of(account="Balu", at=NOON + timedelta(minutes=5)) == 2
    assert store.position_as_of(account="Balu", at=NOON + timedelta(minutes=9)) == 3
    assert store.position_as_of(account="nobody", at=NOON) == 0


def test_a_credit_is_found_by_the_identity_of_its_payment(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1")])
    found = store.find_credits(rail="UPI", reference="P1", paid_on=DAY, amount_paise=100)
    assert (found.problem, found.postings[0].position) == (None, 1)
    assert store.find_debits(rail="UPI", reference="P1", paid_on=DAY, amount_paise=100).problem == "not_found"


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"reference": "P9"}, "not_found"),
        ({"rail": "IMPS"}, "not_found"),
        ({"amount_paise": 99}, "amount_differs"),
        ({"paid_on": date(2026, 2, 1)}, "date_differs"),
        ({"paid_on": date(2026, 2, 28)}, None),
    ],
)
def test_a_near_miss_says_what_differs(store: NodeStore, bank: Bank, asked: dict, problem: str | None) -> None:
    store.ingest([bank("Balu", "C", 100, "P1")])
    identity: dict = {"rail": "UPI", "reference": "P1", "paid_on": DAY, "amount_paise": 100}
    assert store.find_credits(**{**identity, **asked}).problem == problem


def test_two_credits_with_one_identity_are_ambiguous(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1"), bank("Charu", "C", 100, "P1")])
    found = store.find_credits(rail="UPI", reference="P1", paid_on=DAY, amount_paise=100)
    assert (found.problem, len(found.postings)) == ("ambiguous", 2)


def test_parts_of_one_payment_come_together_and_keep_its_offsets(store: NodeStore, bank: Bank) -> None:
    store.ingest(
        [
            bank("Charu", "C", 40, "P1", payment_lo=60, payment_amount_paise=100),
            bank("Balu", "C", 60, "P1", payment_amount_paise=100),
            bank("Charu", "D", 10, "P2"),
        ]
    )
    found = store.find_credits(rail="UPI", reference="P1", paid_on=DAY, amount_paise=100)
    assert [(p.account, p.payment_lo) for p in found.postings] == [("Balu", 0), ("Charu", 60)]
    hop = store.hop(credit_position=1, ranges=[(70, 100)])
    assert hop.here == ((70, 90),)
    assert [(out.lo, out.hi) for out in hop.outs] == [(90, 100)]
    with pytest.raises(BadRange):
        store.hop(credit_position=1, ranges=[(50, 100)])


def test_a_reversal_with_the_same_reference_gets_a_name_of_its_own(store: NodeStore, bank: Bank) -> None:
    store.ingest(
        [
            bank("Balu", "C", 100, "P1"),
            bank("Balu", "D", 30, "P1", reverses_tx_ref="P1"),
            bank("Balu", "D", 20, "P1", reverses_tx_ref="P1"),
        ]
    )
    hop = store.hop(credit_position=1, ranges=[(0, 100)])
    assert hop.here == ((0, 50),)
    assert [(out.tx_ref, out.lo, out.hi, out.child_lo, out.given_back) for out in hop.outs] == [
        ("P1/R2", 50, 70, 0, True),
        ("P1/R1", 70, 100, 0, True),
    ]
    assert store.find_credits(rail="UPI", reference="P1", paid_on=DAY, amount_paise=100).problem is None


def test_a_hold_keeps_its_paise_from_later_debits(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 50, "P0"), bank("Balu", "C", 100, "P1")])
    assert store.cut(hold_id="H1", credit_position=2, ranges=[(0, 100)]) == ((0, 100),)
    store.ingest([bank("Balu", "D", 20, "P2")])
    hop = store.hop(credit_position=2, ranges=[(0, 100)])
    assert [(part.lo, part.hi, part.hold_id, part.state) for part in hop.held] == [(0, 100, "H1", "held")]
    assert store.hop(credit_position=1, ranges=[(0, 50)]).here == ((0, 30),)
    assert store.held_on("Balu") == 100
    assert store.kept(hold_id="H1") == {2: ((0, 100),)}


def test_a_cut_asked_twice_is_made_once_and_may_grow(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1")])
    store.cut(hold_id="H1", credit_position=1, ranges=[(50, 100)])
    store.cut(hold_id="H1", credit_position=1, ranges=[(50, 100)])
    assert store.cut(hold_id="H1", credit_position=1, ranges=[(40, 100)]) == ((40, 100),)
    assert store.held_on("Balu") == 60


def test_two_holds_cannot_keep_the_same_paise(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1")])
    store.cut(hold_id="H1", credit_position=1, ranges=[(0, 60)])
    with pytest.raises(NotHere):
        store.cut(hold_id="H2", credit_position=1, ranges=[(50, 100)])
    assert store.held_on("Balu") == 60


def test_released_paise_are_on_top_and_leave_first(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1")])
    store.cut(hold_id="H1", credit_position=1, ranges=[(0, 100)])
    store.ingest([bank("Balu", "C", 10, "P2")])
    store.release(hold_id="H1", credit_position=1, ranges=[(0, 30)])
    assert store.release(hold_id="H1", credit_position=1, ranges=[(0, 30)]) == ((0, 30),)
    store.ingest([bank("Balu", "D", 20, "P3")])
    hop = store.hop(credit_position=1, ranges=[(0, 100)])
    assert hop.here == ((0, 10),)
    assert [(out.tx_ref, out.lo, out.hi) for out in hop.outs] == [("P3", 10, 30)]
    assert [(part.lo, part.hi) for part in hop.held] == [(30, 100)]
    assert store.hop(credit_position=2, ranges=[(0, 10)]).here == ((0, 10),)
    with pytest.raises(NotHeld):
        store.release(hold_id="H1", credit_position=1, ranges=[(20, 40), (95, 101)])


@pytest.mark.parametrize("said_first", [True, False])
def test_a_restoration_takes_the_held_paise_and_no_others(store: NodeStore, bank: Bank, said_first: bool) -> None:
    store.ingest([bank("Balu", "C", 50, "P0"), bank("Balu", "C", 100, "P1")])
    store.cut(hold_id="H1", credit_position=2, ranges=[(0, 100)])

    def say() -> None:
        store.expect_restoration(hold_id="H1", credit_position=2, ranges=[(0, 70)], tx_ref="RS1")

    if said_first:
        say()
    store.ingest([bank("Balu", "D", 70, "RS1")])
    if not said_first:
        say()
    say()
    hop = store.hop(credit_position=2, ranges=[(0, 100)])
    assert [(part.lo, part.hi, part.state) for part in hop.held] == [(0, 70, "restored"), (70, 100, "held")]
    assert store.kept(hold_id="H1") == {2: ((70, 100),)}
    assert store.standing("Balu").level_paise == 50  # type: ignore[union-attr]
    assert [p.tx_ref for p in store.postings_of(account="Balu")] == ["P0", "P1", "RS1"]
    assert [p.tx_ref for p in store.postings_of(account="Balu", after=2)] == ["RS1"]
    assert store.postings_of(account="Balu", after=3) == []
    with pytest.raises(NotHeld):
        store.release(hold_id="H1", credit_position=2, ranges=[(60, 80)])


def test_a_debit_through_the_lien_breaks_the_hold_and_the_level_stays_true(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1")])
    store.cut(hold_id="H1", credit_position=1, ranges=[(0, 100)])
    store.ingest([bank("Balu", "D", 30, "FEE1", channel="FEE")])
    store.mark_broken(hold_id="H1", credit_position=1, ranges=[(70, 100)])
    store.mark_broken(hold_id="H1", credit_position=1, ranges=[(70, 100)])
    assert store.standing("Balu").level_paise == 0  # type: ignore[union-attr]
    assert store.held_on("Balu") == 70
    store.ingest([bank("Balu", "C", 10, "P2")])
    assert store.hop(credit_position=3, ranges=[(0, 10)]).here == ((0, 10),)


def test_a_stated_opening_tells_an_overdraft_and_unposted_money(store: NodeStore, bank: Bank) -> None:
    store.state_opening(account="Balu", opening_paise=-40, limit_paise=15)
    store.state_opening(account="Balu", opening_paise=-40, limit_paise=15)
    store.ingest([bank("Balu", "C", 100, "P1", balance_after_paise=65)])
    hop = store.hop(credit_position=1, ranges=[(0, 100)])
    assert (hop.overdraft, hop.here) == (((0, 25),), ((25, 100),))
    standing = store.standing("Balu")
    assert standing is not None
    assert (standing.level_paise, standing.unposted_paise) == (75, 5)
    with pytest.raises(OutOfOrder):
        store.state_opening(account="Balu", opening_paise=0)


def test_a_pool_is_not_traced_by_lots(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Wallet", "C", 100, "P1"), bank("Wallet", "D", 100, "P2")])
    store.declare_pool(account="Wallet")
    hop = store.hop(credit_position=1, ranges=[(0, 100)])
    assert hop.pool
    assert hop.here == ((0, 100),)


def test_a_watch_speaks_when_watched_paise_leave_and_only_then(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1"), bank("Balu", "C", 10, "P2")])
    store.watch(watch_id="W1", credit_position=1, ranges=[(0, 100)])
    store.ingest([bank("Balu", "D", 10, "P3")])
    assert store.moved() == []
    store.ingest([bank("Balu", "D", 5, "P4")])
    assert store.moved() == [("W1", 1, ((0, 100),))]
    store.watch(watch_id="W1", credit_position=1, ranges=[(0, 95)])
    assert store.moved() == []
    store.unwatch(watch_id="W1")
    store.ingest([bank("Balu", "D", 5, "P5")])
    assert store.moved() == []


def test_the_postings_of_an_account_are_read_in_order(store: NodeStore, bank: Bank) -> None:
    batch = [bank("Balu", "C", 100, "P1"), bank("Charu", "C", 5, "P9"), bank("Balu", "D", 60, "P2")]
    store.ingest(batch)
    assert [p.tx_ref for p in store.postings_of(account="Balu")] == ["P1", "P2"]
    assert [p.tx_ref for p in store.postings_of(account="Balu", after=1)] == ["P2"]
    assert store.postings_of(account="nobody") == []
    assert store.posting(3) == batch[2]


def test_what_is_not_a_credit_has_no_hop(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1"), bank("Balu", "D", 60, "P2")])
    for position in (2, 3):
        with pytest.raises(UnknownPosting):
            store.hop(credit_position=position, ranges=[(0, 1)])


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_paise": 0},
        {"side": "X"},
        {"posted_at": datetime(2026, 3, 1)},  # noqa: DTZ001 - the point of the test
        {"payment_lo": 1},
        {"payment_amount_paise": 99},
    ],
)
def test_a_posting_no_bank_can_have_made_is_refused(bank: Bank, wrong: dict) -> None:
    with pytest.raises(BadPosting):
        replace(bank("Balu", "C", 100, "P1"), **wrong)


def test_a_running_total_beyond_sixty_four_bits_is_refused_and_nothing_is_kept(store: NodeStore, bank: Bank) -> None:
    largest = 2**63 - 1
    store.ingest([bank("Balu", "C", largest, "P1"), bank("Balu", "D", largest, "P2")])
    with pytest.raises(TooMuch):
        store.ingest([bank("Balu", "C", largest, "P3"), bank("Balu", "C", 1, "P4")])
    assert store.position() == 2


def test_as_of_a_position_before_its_restoration_a_hold_still_keeps_the_paise(store: NodeStore, bank: Bank) -> None:
    store.ingest([bank("Balu", "C", 100, "P1")])
    store.cut(hold_id="H1", credit_position=1, ranges=[(0, 100)])
    store.ingest([bank("Balu", "C", 5, "P2")])
    store.expect_restoration(hold_id="H1", credit_position=1, ranges=[(0, 70)], tx_ref="RS1")
    earlier = store.hop(credit_position=1, ranges=[(0, 100)], up_to_position=1)
    assert [(part.lo, part.hi, part.state) for part in earlier.held] == [(0, 100, "held")]
    now = store.hop(credit_position=1, ranges=[(0, 100)], up_to_position=2)
    assert [(part.lo, part.hi, part.state) for part in now.held] == [(0, 70, "restored"), (70, 100, "held")]


def test_a_refund_of_a_reference_that_came_twice_gives_back_the_later_credit_as_a_trace_does(
    store: NodeStore, bank: Bank
) -> None:
    store.ingest([bank("Balu", "C", 10, "P1"), bank("Balu", "C", 20, "P1"), bank("Charu", "C", 30, "P1")])
    store.ingest([bank("Balu", "D", 25, "R1", reverses_tx_ref="P1")])
    given = {at: [(o.lo, o.hi, o.child_lo) for o in store.hop(credit_position=at, ranges=[(0, size)]).outs]
             for at, size in ((1, 10), (2, 20), (3, 30))}  # fmt: skip
    assert given == {1: [(5, 10, 0)], 2: [(0, 20, 5)], 3: []}
