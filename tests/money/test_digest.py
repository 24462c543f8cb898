"""One comparison tells whether two sides hold the same; the walk finds exactly what differs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from thaam.money.digest import find_drift, place_of, row_digest, sum_between, sum_of

KEY = b"only the two sides know this key"


def digests(rows: dict) -> dict[str, int]:
    return {h: row_digest(key=KEY, hold_id=h, revision=r, ranges=[(lo, lo + 5)]) for h, (r, lo) in rows.items()}


holds = st.dictionaries(
    st.text(alphabet="abcdef", min_size=1, max_size=3), st.tuples(st.integers(1, 2), st.integers(0, 3)), max_size=25
)


@given(holds, holds, st.booleans())
def test_the_walk_finds_every_hold_that_differs_and_no_other(ours: dict, theirs: dict, near: bool) -> None:
    if near:
        theirs = {**ours, **dict(list(theirs.items())[:2])}
    mine, other = digests(ours), digests(theirs)
    drift = find_drift(
        mine,
        lambda low, high: sum_between(other, low, high),
        lambda low, high: [h for h in other if low <= place_of(h) < high],
    )
    assert drift == {h for h in mine.keys() | other.keys() if mine.get(h) != other.get(h)}


def test_the_sum_does_not_depend_on_order_and_closing_takes_out_what_opening_put_in() -> None:
    rows = list(digests({"a": (1, 0), "b": (1, 0), "c": (2, 1)}).values())
    assert sum_of(rows) == sum_of(reversed(rows)) != 0
    assert sum_of([*rows, rows[1]]) == sum_of([rows[0], rows[2]])
    assert sum_of([]) == 0
    assert sum_of(rows).bit_length() <= 256


def test_every_part_of_a_row_and_the_key_change_its_digest() -> None:
    base = {"key": KEY, "hold_id": "H1", "revision": 1, "ranges": [(0, 5), (7, 9)]}
    others = [
        {"hold_id": "H2"},
        {"revision": 2},
        {"ranges": [(0, 5)]},
        {"key": b"another"},
        {"ranges": [(0, 5), (7, 10)]},
    ]
    found = {row_digest(**{**base, **other}) for other in [{}, *others]}  # type: ignore[arg-type]
    assert len(found) == 6
    assert row_digest(**base) == row_digest(**{**base, "ranges": [(7, 9), (0, 3), (3, 5)]})  # type: ignore[arg-type]


def test_few_questions_find_one_drift_among_many() -> None:
    ours = digests({f"h{i}": (1, 0) for i in range(500)})
    theirs = {**ours, "h250": 7}
    asked = []

    def ask(low: int, high: int) -> tuple[int, int]:
        asked.append((low, high))
        return sum_between(theirs, low, high)

    assert find_drift(ours, ask, lambda low, high: [h for h in theirs if low <= place_of(h) < high]) == {"h250"}
    assert len(asked) < 60


def test_a_digest_has_all_its_bits_and_a_part_its_exact_edges() -> None:
    rows = digests({"a": (1, 0), "b": (1, 0)})
    assert max(digest.bit_length() for digest in rows.values()) > 248
    place = place_of("a")
    assert sum_between(rows, place, place + 1) == (rows["a"], 1)
    assert sum_between(rows, place + 1, place + 2) == sum_between(rows, place - 1, place) == (0, 0)
