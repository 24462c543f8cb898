"""The eight invariants of the tracing rule (I1 to I8), each on random ledgers; hypothesis shrinks what breaks one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postings.ledgers import RandomLedger
from thaam.money import ranges as sets
from thaam.money.backward import trace_back
from thaam.money.ranges import Ranges
from thaam.money.trace import Rule, trace
from thaam.postings.files import read_accounts, read_postings
from thaam.postings.index import PostingsIndex
from thaam.postings.posting import Posting
from thaam.postings.store import HopResult, NodeStore

NOON = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
seeds = st.integers(0, 2**32)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def ledgers(draw: st.DrawFn) -> list[Posting]:
    """A few accounts of one bank, everything a core posts: money in, money out, refunds that name a payment."""
    made: list[Posting] = []
    left: dict[tuple[str, str], int] = {}
    for position in range(1, draw(st.integers(1, 25)) + 1):
        account, amount = draw(st.sampled_from(["Balu", "Charu"])), draw(st.integers(1, 30))
        side = draw(st.sampled_from(["C", "C", "D", "D", "R"]))
        names = [ref for (of, ref), paise in left.items() if of == account and paise]
        reverses = draw(st.sampled_from(names)) if side == "R" and names else None
        if reverses:
            amount = min(amount, left[account, reverses])
            left[account, reverses] -= amount
        if side == "C":
            left[account, f"P{position}"] = amount
        made.append(
            Posting(
                position,
                account,
                position,
                f"P{position}",
                "C" if side == "C" else "D",
                amount,
                "UPI",
                NOON + timedelta(seconds=draw(st.integers(0, 9))),
                reverses_tx_ref=reverses,
            )
        )
    return made


@contextmanager
def stored(postings: list[Posting], *, opening: int | None = None) -> Iterator[NodeStore]:
    with TemporaryDirectory(prefix="thaam-test-") as folder:
        store = NodeStore.open(f"{folder}/bank.sqlite", synchronous="OFF")
        if opening is not None:
            for account in ("Balu", "Charu"):
                store.state_opening(account=account, opening_paise=opening)
        store.ingest(postings)
        yield store
        store.close()


def credits(postings: list[Posting]) -> list[Posting]:
    return [posting for posting in postings if posting.side == "C"]


def whole(store: NodeStore, credit: Posting, up_to: int | None = None) -> HopResult:
    return store.hop(credit_position=credit.position, ranges=((0, credit.amount_paise),), up_to_position=up_to)


def parts(hop: HopResult) -> list[Ranges]:
    return [
        hop.here,
        sets.normalise((o.lo, o.hi) for o in hop.outs),
        sets.normalise((h.lo, h.hi) for h in hop.held),
        hop.overdraft,
    ]


@contextmanager
def traced(seed: int) -> Iterator[tuple[RandomLedger, PostingsIndex]]:
    ledger = RandomLedger(seed)
    with TemporaryDirectory(prefix="thaam-test-") as folder:
        postings, accounts = ledger.write(Path(folder))
        yield ledger, PostingsIndex(read_postings(postings), read_accounts(accounts))


@given(ledgers(), st.sampled_from([None, 0, 20, -15]))
@few
def test_i1_what_came_in_is_here_or_held_or_passed_on_or_repaid_an_overdraft(
    postings: list[Posting], opening: int | None
) -> None:
    """Conservation per hop: the parts are disjoint and together exactly what was asked."""
    with stored(postings, opening=opening) as store:
        for credit in credits(postings):
            found = parts(whole(store, credit))
            assert sum(map(sets.total, found)) == credit.amount_paise
            assert sets.union(*found) == ((0, credit.amount_paise),)


@given(seeds, st.sampled_from(list(Rule)))
@few
def test_i1_a_whole_case_adds_up_to_the_claim(seed: int, rule: Rule) -> None:
    """Conservation per case, and every payment's debit carries no more than all claims that fed it."""
    with traced(seed) as (_, index):
        for payment in range(len(index.refs)):
            amount = index.amount(payment)
            if amount:
                trail = trace(index, payment=payment, ranges=[(0, amount)], rule=rule, cut=None, max_hops=None)
                totals = trail.totals()
                assert totals["held"] + totals["terminal"] + totals["unknown"] == totals["claimed"] == amount


@given(ledgers(), st.randoms(use_true_random=False))
@few
def test_i2_all_holds_together_never_exceed_the_balance_and_a_paisa_is_held_once(
    postings: list[Posting], rng: random.Random
) -> None:
    with stored(postings, opening=0) as store:
        balance = dict.fromkeys(("Balu", "Charu"), 0)
        for posting in postings:
            balance[posting.account] += posting.amount_paise if posting.side == "C" else -posting.amount_paise
        order = credits(postings)
        rng.shuffle(order)
        for n, credit in enumerate(order):
            store.cut(hold_id=f"H{n}", credit_position=credit.position, ranges=whole(store, credit).here)
        for account, paise in balance.items():
            assert store.held_on(account) == max(0, paise)
        assert all(not whole(store, credit).here for credit in order)


@given(ledgers(), ledgers(), st.randoms(use_true_random=False))
@few
def test_i3_the_answer_of_a_case_does_not_depend_on_which_others_exist_or_came_first(
    postings: list[Posting], later: list[Posting], rng: random.Random
) -> None:
    """All cases hold what is theirs, in two orders, and with one of them alone: the same paise for each, then and
    after more postings that the holds do not touch."""
    after = [
        replace(p, position=p.position + 100, seq=p.seq + 100, tx_ref=f"Q{p.position}", reverses_tx_ref=None)
        for p in later
        if p.side == "C"
    ]
    order = credits(postings)
    shuffled = rng.sample(order, len(order))
    answers: list[dict[int, Ranges]] = []
    for cases in (order, shuffled, *([credit] for credit in order[:3])):
        with stored(postings) as store:
            for credit in cases:
                here = whole(store, credit).here
                store.cut(hold_id=f"H{credit.position}", credit_position=credit.position, ranges=here)
            store.ingest(after)
            answers.append({credit.position: parts(whole(store, credit))[2] for credit in cases})
    assert answers[0] == answers[1]
    for alone in answers[2:]:
        assert alone.items() <= answers[0].items()


@given(ledgers(), st.integers(0, 25))
@few
def test_i4_with_more_postings_what_is_here_only_shrinks_and_what_went_on_stays_gone(
    postings: list[Posting], cut: int
) -> None:
    """Without holds, releases and refunds in between."""
    plain = [replace(posting, reverses_tx_ref=None) for posting in postings]
    with stored(plain) as store:
        for credit in credits(plain):
            early, late = whole(store, credit, up_to=max(cut, credit.position)), whole(store, credit)
            assert sets.covers(early.here, late.here)
            told = {(out.posting.position, out.lo, out.hi, out.child_lo) for out in late.outs}
            assert {(out.posting.position, out.lo, out.hi, out.child_lo) for out in early.outs} <= told


@given(ledgers(), ledgers())
@few
def test_i4_what_comes_back_was_released_and_what_leaves_then_left_in_a_later_row(
    postings: list[Posting], later: list[Posting]
) -> None:
    """With holds, releases and refunds in between, those rows explain every change."""
    after = [
        replace(p, position=p.position + 100, seq=p.seq + 100, tx_ref=f"Q{p.position}", reverses_tx_ref=named(p))
        for p in later
    ]
    with stored(postings) as store:
        early: dict[int, HopResult] = {}
        for credit in credits(postings):
            here = whole(store, credit).here
            store.cut(hold_id=f"H{credit.position}", credit_position=credit.position, ranges=here)
        for credit in credits(postings):
            early[credit.position] = whole(store, credit)
        released: dict[int, Ranges] = {}
        for credit in credits(postings)[::2]:
            kept = store.kept(hold_id=f"H{credit.position}").get(credit.position, ())
            some = released[credit.position] = sets.top(kept, max(1, sets.total(kept) // 2))
            if some:
                store.release(hold_id=f"H{credit.position}", credit_position=credit.position, ranges=some)
        store.ingest(after)
        for credit in credits(postings):
            before, now = early[credit.position], whole(store, credit)
            given = released.get(credit.position, ())
            assert sets.covers(sets.union(before.here, given), now.here)
            new = {(out.lo, out.hi, out.posting.position) for out in now.outs} - {
                (out.lo, out.hi, out.posting.position) for out in before.outs
            }
            assert all(position > len(postings) for _, _, position in new)
            assert sets.covers(sets.union(before.here, given), [(lo, hi) for lo, hi, _ in new])


def named(posting: Posting) -> str | None:
    """The payment a refund of the later batch names, under the later batch's names."""
    return posting.reverses_tx_ref and posting.reverses_tx_ref.replace("P", "Q")


@given(ledgers())
@few
def test_i5_asking_twice_gives_the_same_hold_and_changes_nothing(postings: list[Posting]) -> None:
    with stored(postings) as store:
        for credit in credits(postings):
            here = whole(store, credit).here
            first = store.cut(hold_id=f"H{credit.position}", credit_position=credit.position, ranges=here)
            before = (whole(store, credit), store.held_on(credit.account))
            again = store.cut(hold_id=f"H{credit.position}", credit_position=credit.position, ranges=here)
            assert (again, whole(store, credit), store.held_on(credit.account)) == (first, *before)


@given(ledgers(), st.integers(0, 10))
@few
def test_i6_as_of_a_time_is_a_replay_cut_at_the_last_position_of_the_running_maximum(
    postings: list[Posting], seconds: int
) -> None:
    at = NOON + timedelta(seconds=seconds)
    with stored(postings) as store:
        for credit in credits(postings):
            own = [p for p in postings if p.account == credit.account]
            latest, cut = NOON - timedelta(days=1), 0
            for posting in own:
                latest = max(latest, posting.posted_at)
                if latest <= at:
                    cut = posting.position
            position = store.position_as_of(account=credit.account, at=at)
            assert position == cut
            if credit.position <= cut:
                with stored([p for p in postings if p.position <= cut]) as cut_store:
                    assert whole(store, credit, up_to=position) == whole(cut_store, credit)


@given(ledgers(), st.lists(st.integers(-9, 9), min_size=25, max_size=25))
@few
def test_i7_only_the_accounts_own_order_counts_not_clocks_and_not_other_accounts(
    postings: list[Posting], jitter: list[int]
) -> None:
    """Other clock times, and the accounts' postings woven together in another way: the same answers."""
    apart = sorted(postings, key=lambda p: p.account)  # stable: each account keeps its own order
    renumbered = [
        replace(posting, position=n, posted_at=posting.posted_at + timedelta(hours=jitter[n - 1]))
        for n, posting in enumerate(apart, 1)
    ]
    with stored(postings) as one, stored(renumbered) as other:
        for before, after in zip(apart, renumbered, strict=True):
            if before.side == "C":
                a, b = whole(one, before), whole(other, after)
                assert parts(a) == parts(b)
                assert [(o.tx_ref, o.lo, o.child_lo) for o in a.outs] == [(o.tx_ref, o.lo, o.child_lo) for o in b.outs]


@given(seeds, st.sampled_from(list(Rule)))
@few
def test_i8_backwards_from_any_held_paisa_one_reaches_the_disputed_debit(seed: int, rule: Rule) -> None:
    with traced(seed) as (_, index):
        for root in range(len(index.refs)):
            amount = index.amount(root)
            if not amount:
                continue
            trail = trace(index, payment=root, ranges=[(0, amount)], rule=rule, cut=None, max_hops=None)
            if any(str(lost.reason) == "order_inconsistent" for lost in trail.unknown):
                continue
            reached: list[tuple[int, int]] = []
            for part in (*trail.held, *trail.terminal, *trail.unknown):
                origin = trace_back(index, payment=part.payment, ranges=[(part.lo, part.hi)], rule=rule, cut=None)
                back = sets.normalise((p.lo, p.hi) for p in origin.payments if p.payment == root)
                assert sets.total(back) >= part.hi - part.lo
                reached += back
            assert sets.normalise(reached) == ((0, amount),)
