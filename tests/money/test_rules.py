"""The report rules, run jointly: no paisa appears or vanishes, and no account is claimed beyond its balance."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.money.rules import DUST_PAISE, JointRun, PoisonRun, Report, Step
from thaam.money.terminals import Terminal

SUMS = [Report.NEXT_DEBITS, Report.LIBR, Report.PRO_RATA]


class Town:
    """A few accounts with money of their own, paying each other; some of what leaves is cash."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.balance = {account: rng.choice([0, 500, 5_000]) for account in range(5)}
        self.steps: list[Step] = []
        self.claims: dict[str, tuple[int, int]] = {}
        waiting: list[tuple[int, int, int]] = []
        for payment in range(rng.randint(1, 40)):
            payer, payee = rng.sample(range(5), 2)
            amount = rng.randint(1, max(1, self.balance[payer]) + (1_000 if rng.random() < 0.3 else 0))
            if amount > self.balance[payer]:
                self.balance[payer] += amount  # a salary no step tells of would be an error: see `before`
                self.steps.append(Step(payer, False, amount, 1_000 + payment, amount, self.balance[payer] - amount))
            cash = Terminal.CASH_ATM if rng.random() < 0.15 else None
            self.steps.append(Step(payer, True, amount, payment, amount, self.balance[payer], cash))
            self.balance[payer] -= amount
            if not cash:
                waiting.append((payee, amount, payment))
            if rng.random() < 0.2 and payer == 0:
                self.claims[f"C{payment}"] = (payment, rng.randint(1, amount))
            while waiting and rng.random() < 0.8:
                payee, amount, of = waiting.pop(0)
                parts = [amount] if amount < 3 or rng.random() < 0.7 else [amount // 3, amount - amount // 3]
                for part in parts:
                    self.steps.append(Step(payee, False, part, of, amount, self.balance[payee]))
                    self.balance[payee] += part

    def run(self, rule: Report) -> JointRun:
        run = JointRun(rule)
        for claim_id, (payment, paise) in self.claims.items():
            run.dispute(claim_id=claim_id, payment=payment, paise=paise)
        for step in self.steps:
            if run.touches(step.account, step.payment):
                run.post(step)
        return run


@given(st.integers(0, 2**32), st.sampled_from(SUMS))
def test_every_claim_is_held_or_gone_or_unknown_to_the_paisa(seed: int, rule: Report) -> None:
    town = Town(seed)
    run = town.run(rule)
    for claim_id, (_, paise) in town.claims.items():
        at = run.sum_of(claim_id)
        assert at.held + at.terminal + at.unknown == at.claimed == paise
        assert min(at.held, at.terminal, at.unknown) >= 0
        assert at.held == sum(at.accounts.values())


@given(st.integers(0, 2**32), st.sampled_from(SUMS))
def test_all_claims_together_never_exceed_what_an_account_holds(seed: int, rule: Report) -> None:
    """Claims here are on debits of one account that no claim's money reaches twice before it is disputed."""
    town = Town(seed)
    run = town.run(rule)
    stolen_again = sum(paise for _, paise in town.claims.values()) if 0 in run.lying else 0
    for account, by in run.lying.items():
        assert sum(by.values()) <= town.balance[account] + stolen_again


def joint(rule: Report, *claims: tuple[str, int]) -> JointRun:
    """Claims that each came into account 1 as a payment of their own, on top of 1,000 paise of its own."""
    run, before = JointRun(rule), 1_000
    for n, (claim_id, paise) in enumerate(claims):
        run.dispute(claim_id=claim_id, payment=n, paise=paise)
        run.post(Step(0, True, paise, n, paise, 10**6))
        run.post(Step(1, False, paise, n, paise, before))
        before += paise
    return run


@pytest.mark.parametrize(
    ("rule", "spent", "left"),
    [
        (Report.NEXT_DEBITS, 500, {"A": 500, "B": 3_000}),
        (Report.NEXT_DEBITS, 2_000, {"A": 0, "B": 2_000}),
        (Report.LIBR, 1_000, {"A": 1_000, "B": 3_000}),
        (Report.LIBR, 3_000, {"A": 500, "B": 1_500}),
        (Report.PRO_RATA, 1_000, {"A": 800, "B": 2_400}),
        (Report.PRO_RATA, 5_000, {"A": 0, "B": 0}),
        (Report.PRO_RATA, 125, {"A": 975, "B": 2_925}),
        (Report.PRO_RATA, 124, {"A": 1_000, "B": 3_000}),
    ],
)
def test_what_a_debit_takes_under_each_rule(rule: Report, spent: int, left: dict[str, int]) -> None:
    """The account has 1,000 of its own, 1,000 of A's, then 3,000 of B's. Next debits takes A's first; the lowest
    balance takes its own first; pro rata takes four fifths from the claims, but leaves 99 paise where they are."""
    run = joint(rule, ("A", 1_000), ("B", 3_000))
    run.post(Step(1, True, spent, 99, spent, 5_000))
    assert {claim_id: run.sum_of(claim_id).held for claim_id in "AB"} == left


@given(st.integers(1, 10**18), st.integers(1, 10**18), st.integers(1, 10**18))
def test_pro_rata_rounds_down_a_product_of_any_size(tainted: int, own: int, amount: int) -> None:
    run = JointRun(Report.PRO_RATA)
    run.dispute(claim_id="A", payment=0, paise=tainted)
    run.post(Step(0, True, tainted, 0, tainted, tainted))
    run.post(Step(1, False, tainted, 0, tainted, own))
    amount = min(amount, own + tainted - 1)
    if amount:
        run.post(Step(1, True, amount, 1, amount, own + tainted))
        exact = Fraction(tainted * amount, own + tainted)
        moved = tainted - run.sum_of("A").held
        assert moved == (int(exact) if exact >= DUST_PAISE else max(0, amount - own))


def test_a_credit_posted_before_its_debit_is_not_lost() -> None:
    run = JointRun(Report.NEXT_DEBITS)
    run.dispute(claim_id="A", payment=0, paise=70)
    for debit in (False, True):
        run.post(Step(1 - debit, debit, 100, 0, 100, 500))
    assert run.sum_of("A").held == 70


def test_a_pool_and_a_stated_overdraft_are_told_apart_from_what_is_held() -> None:
    run = JointRun(Report.LIBR)
    run.dispute(claim_id="A", payment=0, paise=100)
    run.post(Step(0, True, 100, 0, 100, 500))
    run.post(Step(1, False, 50, 0, 100, -30))
    run.post(Step(2, False, 50, 0, 100, 0, pool=True))
    at = run.sum_of("A")
    assert (at.held, at.terminal, at.unknown) == (20, 30, 50)


def test_poison_reaches_everything_downstream_and_nothing_else() -> None:
    run = PoisonRun()
    run.dispute(claim_id="A", payment=0, paise=10)
    run.dispute(claim_id="B", payment=3, paise=10)
    for step in (
        Step(0, True, 10, 0, 10, 500),
        Step(1, False, 10, 0, 10, 90),
        Step(1, True, 5, 1, 5, 100),
        Step(2, False, 5, 1, 5, 7),
        Step(2, True, 1, 2, 1, 12, Terminal.CASH_ATM),
        Step(3, False, 1, 2, 1, 0),
    ):
        if run.touches(step.account, step.payment):
            run.post(step)
    at = run.sum_of("A")
    assert at.accounts == {1: 95, 2: 11}
    assert (at.held, run.sum_of("B").held) == (106, 0)


def test_payments_that_carry_a_claim_are_counted_once_each() -> None:
    run = joint(Report.NEXT_DEBITS, ("A", 1_000))
    for payment in (50, 51):
        run.post(Step(1, True, 300, payment, 300, 2_000))
    assert run.sum_of("A").payments == 3


def test_a_payment_in_two_credits_brings_each_account_its_part() -> None:
    run = JointRun(Report.LIBR)
    run.dispute(claim_id="A", payment=0, paise=100)
    run.post(Step(0, True, 100, 0, 100, 500))
    run.post(Step(1, False, 30, 0, 100, 0))
    assert run.sum_of("A").accounts == {1: 30}
    run.post(Step(2, False, 70, 0, 100, 0))
    assert run.sum_of("A").accounts == {1: 30, 2: 70}


def test_an_overdraft_deeper_than_what_came_swallows_all_of_it() -> None:
    run = JointRun(Report.NEXT_DEBITS)
    run.dispute(claim_id="A", payment=0, paise=100)
    run.post(Step(0, True, 100, 0, 100, 500))
    run.post(Step(1, False, 100, 0, 100, -200))
    assert (run.sum_of("A").terminal, run.sum_of("A").accounts) == (100, {})


@pytest.mark.parametrize(
    ("rule", "first", "payments"),
    [(Report.NEXT_DEBITS, 500, (2, 1)), (Report.LIBR, 1_001, (1, 2)), (Report.NEXT_DEBITS, 1_000, (2, 1))],
)
def test_a_payment_that_carries_nothing_of_a_claim_is_not_counted_for_it(
    rule: Report, first: int, payments: tuple[int, int]
) -> None:
    """Next debits: all from A, the elder. Lowest balance: one paisa of the two claims, by largest remainder B's."""
    run = joint(rule, ("A", 1_000), ("B", 3_000))
    run.post(Step(1, True, first, 50, first, 5_000))
    assert (run.sum_of("A").payments, run.sum_of("B").payments) == payments


def test_a_claim_of_which_all_has_left_is_in_no_later_payment() -> None:
    run = joint(Report.NEXT_DEBITS, ("A", 1_000), ("B", 3_000))
    for payment, before in ((50, 5_000), (51, 4_000)):
        run.post(Step(1, True, 1_000, payment, 1_000, before))
    assert (run.sum_of("A").payments, run.sum_of("B").payments) == (2, 2)


def test_poison_keeps_the_claims_apart() -> None:
    """Three claims; an account two of them reached, one that only the second did, and two that none did."""
    run = PoisonRun()
    for n, claim_id in enumerate("ABC"):
        run.dispute(claim_id=claim_id, payment=n, paise=10)
    for step in (
        Step(0, True, 10, 0, 10, 500), Step(1, False, 10, 0, 10, 90),
        Step(0, True, 10, 1, 10, 490), Step(2, False, 10, 1, 10, 40),
        Step(0, True, 10, 2, 10, 480), Step(3, False, 10, 2, 10, -30),
        Step(9, True, 8, 60, 8, 8), Step(8, False, 8, 60, 8, 0),
        Step(2, True, 6, 61, 6, 50), Step(1, False, 6, 61, 6, 100),
        Step(2, True, 4, 62, 4, 44), Step(7, False, 4, 62, 4, 1),
    ):  # fmt: skip
        run.post(step)
    found = {claim_id: run.sum_of(claim_id) for claim_id in "ABC"}
    assert {claim_id: at.accounts for claim_id, at in found.items()} == {
        "A": {1: 106},
        "B": {1: 106, 2: 40, 7: 5},
        "C": {3: 0},
    }
    assert {(at.claimed, at.terminal, at.unknown, at.payments) for at in found.values()} == {(10, 0, 0, -1)}
