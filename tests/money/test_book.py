"""The hold book against a model that keeps one place for every paisa."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from thaam.money.book import MOVES, Book, Entry, EntryRefused, OtherEntry, Place, Step

HOLDS, PAYMENTS, SIZE = ("H1", "H2"), ("P1", "P2"), 12


def entry(n: object, step: Step, lo: int = 0, hi: int = 10, *, hold: str = "H1", payment: str = "P1") -> Entry:
    return Entry(f"E{n}", hold, payment, step, ((lo, hi),))


def held_book() -> Book:
    return Book([entry(1, Step.ASK), entry(2, Step.HOLD)])


def test_what_was_asked_and_held_stands_as_held() -> None:
    standing = held_book().standing()
    assert (standing.held, standing.contested, standing.earmarked) == (10, 0, 0)
    assert standing.places[Place.OUTSIDE] == -10


def test_the_same_line_twice_is_one_line_and_another_under_its_id_is_refused() -> None:
    book = held_book()
    assert book.enter(entry(2, Step.HOLD)) is False
    assert len(book.entries) == 2
    with pytest.raises(OtherEntry):
        book.enter(entry(2, Step.HOLD, 0, 9))


@pytest.mark.parametrize(
    "line",
    [
        entry(9, Step.HOLD, hold="H2"),  # never asked
        entry(9, Step.ASK, 5, 15),  # spoken of before
        entry(9, Step.RELEASE, 5, 11),  # not all held
        entry(9, Step.SETTLE, 0, 1),  # not contested
        entry(9, Step.FREE, 0, 1),  # not earmarked
        entry(9, Step.CONTEST, 5, 11),  # not all held
        Entry("E9", "H1", "P1", Step.ASK, ()),
        Entry("E9", "H1", "P1", Step.ASK, ((20, 22), (22, 24))),
        Entry("E9", "H1", "P2", Step.ASK, ((-1, 5),)),
    ],
)
def test_a_line_that_takes_paise_from_where_they_are_not_is_refused_and_changes_nothing(line: Entry) -> None:
    book = held_book()
    before = (book.entries, book.standing())
    with pytest.raises(EntryRefused):
        book.enter(line)
    assert (book.entries, book.standing()) == before


def test_a_paisa_is_held_once_however_many_orders_ask_for_it() -> None:
    book = held_book()
    book.enter(entry(3, Step.ASK, 5, 15, hold="H2"))
    with pytest.raises(EntryRefused):
        book.enter(entry(4, Step.HOLD, 5, 15, hold="H2"))
    book.enter(entry(4, Step.HOLD, 10, 15, hold="H2"))
    assert book.standing().held == 15


def test_contested_paise_are_not_restored_and_earmarked_ones_not_released() -> None:
    book = held_book()
    book.enter(entry(3, Step.CONTEST, 0, 4))
    book.enter(entry(4, Step.EARMARK, 6, 10))
    for line, mark in (
        (entry(5, Step.RESTORE, 3, 5), "contested"),
        (entry(5, Step.RELEASE, 5, 7), "earmarked"),
        (entry(5, Step.EARMARK, 3, 5), "contested"),
    ):
        with pytest.raises(EntryRefused, match=f"is {mark}"):
            book.enter(line)
    book.enter(entry(6, Step.SETTLE, 0, 4))
    book.enter(entry(7, Step.RESTORE, 6, 10))
    assert (book.standing().held, book.standing().earmarked, book.standing().contested) == (6, 0, 0)


def test_what_a_bank_lowered_it_may_hold_again_and_what_was_released_it_may_not() -> None:
    book = held_book()
    book.enter(entry(3, Step.LOWER, 4, 10))
    assert book.standing().held == 4
    book.enter(entry(4, Step.HOLD, 6, 8))
    book.enter(entry(5, Step.RELEASE, 0, 4))
    with pytest.raises(EntryRefused):
        book.enter(entry(6, Step.HOLD, 0, 4))
    assert book.ranges(Place.HELD, hold="H1", payment="P1") == ((6, 8),)


class AgainstTheModel(RuleBasedStateMachine):
    """Random lines go to the book and to a dict of single paise; both refuse the same and stand the same."""

    @initialize()
    def begin(self) -> None:
        self.book = Book()
        self.places: dict[tuple[str, str, int], Place] = {}
        self.contested: set[tuple[str, str, int]] = set()
        self.earmarked: set[tuple[str, str, int]] = set()
        self.n = 0

    @rule(
        hold=st.sampled_from(HOLDS), payment=st.sampled_from(PAYMENTS), step=st.sampled_from(list(Step)),
        lo=st.integers(0, SIZE - 1), size=st.integers(1, SIZE),
    )  # fmt: skip
    def line(self, hold: str, payment: str, step: Step, lo: int, size: int) -> None:
        self.n += 1
        hi = min(SIZE, lo + size)
        paise = [(hold, payment, i) for i in range(lo, hi)]
        allowed = self.allowed(step, paise)
        line = entry(self.n, step, lo, hi, hold=hold, payment=payment)
        if not allowed:
            with pytest.raises(EntryRefused):
                self.book.enter(line)
            return
        assert self.book.enter(line)
        for p in paise:
            if step in MOVES:
                if MOVES[step][0] is Place.HELD:
                    self.contested.discard(p)
                    self.earmarked.discard(p)
                self.places[p] = MOVES[step][1]
            else:
                marks = self.contested if step in (Step.CONTEST, Step.SETTLE) else self.earmarked
                (marks.add if step in (Step.CONTEST, Step.EARMARK) else marks.discard)(p)

    def allowed(self, step: Step, paise: list) -> bool:
        at = [self.places.get(p, Place.OUTSIDE) for p in paise]
        if step in MOVES and any(place is not MOVES[step][0] for place in at):
            return False
        if step is Step.HOLD:
            return not any(self.places.get((h, p, i)) is Place.HELD for _, p, i in paise for h in HOLDS)
        if step is Step.RESTORE:
            return not self.contested.intersection(paise)
        if step is Step.RELEASE:
            return not self.earmarked.intersection(paise)
        if step in (Step.CONTEST, Step.EARMARK):
            free = step is Step.CONTEST or not self.contested.intersection(paise)
            return free and all(place is Place.HELD for place in at)
        if step is Step.SETTLE:
            return self.contested.issuperset(paise)
        if step is Step.FREE:
            return self.earmarked.issuperset(paise)
        return True

    @invariant()
    def stands_as_the_model(self) -> None:
        standing = self.book.standing()
        for place in Place:
            count = sum(1 for found in self.places.values() if found is place)
            assert standing.places[place] == (-len(self.places) if place is Place.OUTSIDE else count)
        assert sum(standing.places.values()) == 0
        assert (standing.contested, standing.earmarked) == (len(self.contested), len(self.earmarked))

    @invariant()
    def a_book_read_from_its_lines_stands_the_same(self) -> None:
        again = Book(self.book.entries)
        assert again.standing() == self.book.standing()
        for hold in HOLDS:
            for payment in PAYMENTS:
                assert again.ranges(Place.HELD, hold=hold, payment=payment) == self.book.ranges(
                    Place.HELD, hold=hold, payment=payment
                )


AgainstTheModel.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestTheBookAgainstTheModel = AgainstTheModel.TestCase
