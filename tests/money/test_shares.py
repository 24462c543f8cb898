"""Held money is shared out whole, in proportion, within everybody's own loss."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.money.shares import BadClaimants, Claimant, apportion, share_out

amounts = st.integers(0, 10**12)


def claimant(claim_id: str, loss: int, **more: object) -> Claimant:
    return Claimant(claim_id, entered=loss, elsewhere=0, unrecovered=loss, **more)  # type: ignore[arg-type]


def shares(pool: int, *claimants: Claimant) -> dict[str, int]:
    return {share.claim_id: share.paise for share in share_out(pool=pool, claimants=claimants)}


def test_money_left_times_own_loss_over_all_losses() -> None:
    assert shares(600, claimant("A", 300), claimant("B", 900)) == {"A": 150, "B": 450}


def test_enough_for_all_makes_everybody_whole_and_leaves_the_rest() -> None:
    assert shares(2_000, claimant("A", 300), claimant("B", 900)) == {"A": 300, "B": 900}


def test_the_paisa_left_over_goes_to_the_largest_remainder_then_to_the_smaller_id() -> None:
    assert shares(100, claimant("A", 1_000), claimant("B", 1_000), claimant("C", 1_000)) == {"A": 34, "B": 33, "C": 33}
    assert shares(10, claimant("A", 100), claimant("B", 250)) == {"A": 3, "B": 7}


def test_what_is_back_or_held_elsewhere_does_not_count_twice() -> None:
    half_back = Claimant("A", entered=1_000, elsewhere=500, unrecovered=500)
    assert shares(300, half_back, claimant("B", 1_000)) == {"A": 100, "B": 200}


def test_nobody_gets_more_than_the_open_loss_and_the_others_get_what_that_leaves() -> None:
    nearly_whole = Claimant("A", entered=1_000, elsewhere=0, unrecovered=50)
    assert shares(600, nearly_whole, claimant("B", 1_000)) == {"A": 50, "B": 550}


def test_money_stolen_twice_is_shared_inside_the_later_victims_part() -> None:
    """B lost 1,000 of which 600 had been stolen from A; C lost 1,000. The pool is 800: B's part is 400, and A and B
    share it 600 to 1,000."""
    assert shares(800, claimant("A", 600, inside="B"), claimant("B", 1_000), claimant("C", 1_000)) == {
        "A": 150, "B": 250, "C": 400,
    }  # fmt: skip


def test_the_traced_entitlement_stands_beside_the_share() -> None:
    (share,) = share_out(pool=70, claimants=[claimant("A", 100, traced=40)])
    assert (share.paise, share.traced) == (70, 40)


@given(amounts, st.lists(st.tuples(amounts, amounts, amounts), max_size=7))
def test_the_shares_are_the_pool_or_all_the_caps(pool: int, rows: list) -> None:
    claimants = [Claimant(f"C{i}", entered, back, cap) for i, (entered, back, cap) in enumerate(rows)]
    given = shares(pool, *claimants)
    caps = {c.claim_id: c.unrecovered if c.weight else 0 for c in claimants}
    assert sum(given.values()) == min(pool, sum(caps.values()))
    assert all(0 <= given[key] <= caps[key] for key in given)


@given(amounts, st.dictionaries(st.text(max_size=2), st.integers(1, 10**9), min_size=1, max_size=6))
def test_without_caps_nobody_is_a_whole_paisa_away_from_the_exact_part(total: int, weights: dict) -> None:
    parts = apportion(total, weights=weights)
    whole = sum(weights.values())
    assert sum(parts.values()) == total
    assert all(abs(parts[key] - Fraction(total * weights[key], whole)) < 1 for key in weights)


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 10**6), st.integers(-1, 4)), min_size=1, max_size=6))
def test_claims_inside_claims_never_give_more_than_the_pool_or_the_losses(pool: int, rows: list) -> None:
    claimants = [claimant(f"C{i}", loss, inside=f"C{up}" if 0 <= up < i else None) for i, (loss, up) in enumerate(rows)]
    given = shares(pool, *claimants)
    assert sum(given.values()) <= pool
    assert all(given[c.claim_id] <= c.unrecovered for c in claimants)
    outer = [c for c in claimants if c.inside is None]
    assert sum(given.values()) >= min(pool, sum(min(given[c.claim_id], c.unrecovered) for c in outer))


@pytest.mark.parametrize(
    "wrong",
    [
        [claimant("A", 1), claimant("A", 2)],
        [claimant("A", -1)],
        [claimant("A", 1, inside="B")],
        [claimant("A", 1, inside="B"), claimant("B", 1, inside="A")],
    ],
)
def test_claims_that_cannot_be_are_refused(wrong: list) -> None:
    with pytest.raises(BadClaimants):
        share_out(pool=10, claimants=wrong)
    with pytest.raises(BadClaimants):
        share_out(pool=-1, claimants=[])


def test_who_has_all_of_it_back_gets_nothing_more() -> None:
    assert shares(100, Claimant("A", entered=50, elsewhere=50, unrecovered=50)) == {"A": 0}
    assert [share.traced for share in share_out(pool=1, claimants=[claimant("A", 5)])] == [0]
