"""Rings across complaints, whom to stop first, growth."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from thaam.prevention.network import Node, edges_of, grouped, stop_first

DAY = dt.date(2026, 11, 2)


def nodes(**named: str) -> dict[str, Node]:
    """phone_1="ABC": phone 1 is named by complaints A, B and C."""
    return {key: Node(key, key.partition("_")[0], key, frozenset(numbers)) for key, numbers in named.items()}


LOSS = dict.fromkeys("ABCDEFGH", 100000) | {"Z": 9_000_00}
ON = dict.fromkeys(LOSS, DAY)


def test_what_complaints_name_together_is_one_ring_and_rupees_are_counted_once():
    found = grouped(nodes(phone_1="AB", account_1="A", account_2="BC", phone_9="Z"), LOSS, ON)
    assert [{node.key for node in ring.nodes} for ring in found] == [{"phone_9"}, {"phone_1", "account_1", "account_2"}]
    assert [ring.paise for ring in found] == [9_000_00, 3_000_00]
    assert found[1].edges == {("account_1", "phone_1"): 1, ("account_2", "phone_1"): 1}


def test_each_next_one_to_stop_adds_the_most_rupees_not_yet_covered():
    order = stop_first(nodes(account_1="AB", account_2="BCD", account_3="E", account_4="CD").values(), LOSS)
    assert [(each.node.key, each.adds_paise) for each in order] == [
        ("account_2", 3_000_00), ("account_1", 1_000_00), ("account_3", 1_000_00),
    ]  # fmt: skip
    equal = stop_first(nodes(account_1="AB", phone_1="AB").values(), LOSS)
    assert equal[0].node.kind == "phone"


def test_a_value_that_hundreds_share_joins_nothing():
    many = frozenset(str(number) for number in range(300))
    some = {f"account_{n}": Node(f"account_{n}", "account", "", frozenset({str(n)})) for n in range(5)}
    assert edges_of({"vpa_pool": Node("vpa_pool", "vpa", "", many), **some}) == {}


def test_growth_is_seen_by_week():
    days = {str(n): DAY + dt.timedelta(days=week * 7) for n, week in enumerate((0, 5, 6, 6, 7))}
    ring = grouped({"phone_1": Node("phone_1", "phone", "1", frozenset(days))}, dict.fromkeys(days, 100), days)[0]
    assert [count for _, count in ring.weeks] == [1, 0, 0, 0, 0, 1, 2, 1]
    assert ring.doubling


@given(
    st.dictionaries(st.integers(0, 30), st.frozensets(st.sampled_from("ABCDEFGHZ"), max_size=4), max_size=25),
)
def test_every_identifier_is_in_one_ring_at_most_and_no_rupee_twice_in_a_ring(named):
    made = {f"n{key}": Node(f"n{key}", "account", str(key), numbers) for key, numbers in named.items()}
    found = grouped(made, LOSS, ON)
    keys = [node.key for ring in found for node in ring.nodes]
    assert len(keys) == len(set(keys))
    for ring in found:
        assert ring.paise == sum(LOSS[number] for number in ring.complaints)
        assert sum(each.adds_paise for each in ring.first) <= ring.paise
