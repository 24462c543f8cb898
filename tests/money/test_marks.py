"""Thousands of lives of held money against a model of single paise: objections, orders, expiry, payouts, late claims.

The account under test is made of the real parts: the book (money.book), the marks (money.marks), the shares
(money.shares). The model is lists of single paise and plain ifs. Both must refuse the same, and at every step: no paisa
is paid twice, none is lost, none is held past its hold's end, nobody gets more than they lost, and every paisa has a
name, a next step and a date.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from thaam.holds.models import Entry as Written
from thaam.holds.standing import ENDED, TEXT
from thaam.money import ranges as sets
from thaam.money import shares
from thaam.money.book import Book, Entry, Place, Step
from thaam.money.marks import (
    Contested,
    Marks,
    NotHeld,
    Promised,
    Standing,
    check_payment,
    check_promise,
    releasable,
    standings,
)
from thaam.money.ranges import NONE, Ranges

LIVES = 2_500
ACTS = 40
LONGEST = 30
REFUSED = (NotHeld, Contested, Promised)


def ranges_of(paise: set[int]) -> Ranges:
    return sets.normalise((each, each + 1) for each in paise)


@dataclass
class Order:
    """An order on its way to the bank."""

    hold: str
    ranges: Ranges
    claim: str = ""


@dataclass
class RealAccount:
    """One bank account as the platform keeps it, in memory: the book, and what is ordered and not answered yet."""

    book: Book = field(default_factory=Book)
    ends: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    entered: dict[str, int] = field(default_factory=dict)
    paid: Counter[str] = field(default_factory=Counter)
    going: dict[int, Order] = field(default_factory=dict)
    promised: dict[int, Order] = field(default_factory=dict)
    paying: dict[int, Order] = field(default_factory=dict)
    number: int = 0

    def enter(self, step: Step, hold: str, ranges: Ranges) -> None:
        self.number += 1
        self.book.enter(Entry(f"E{self.number}", hold, f"P{hold}", step, ranges))

    def marks(self, hold: str, now: int) -> Marks:
        """As holds/standing.py reads them: past the hold's end nothing is held, written down or not."""
        of = {"hold": hold, "payment": f"P{hold}"}
        held = self.book.ranges(Place.HELD, **of) if now < self.ends[hold] else NONE
        orders = lambda kept: sets.union(*(one.ranges for one in kept.values() if one.hold == hold))  # noqa: E731
        return Marks(
            held,
            sets.intersect(self.book.contested(**of), held),
            sets.intersect(self.book.earmarked(**of), held),
            sets.intersect(orders(self.going), held),
            sets.intersect(orders(self.paying), held),
        )

    def object_to(self, hold: str, now: int) -> None:
        if not (held := self.marks(hold, now).held):
            raise NotHeld(hold)
        self.enter(Step.CONTEST, hold, held)

    def settle(self, hold: str, now: int) -> None:
        if marked := self.book.contested(hold=hold, payment=f"P{hold}"):
            self.enter(Step.SETTLE, hold, marked)

    def release(self, hold: str, wanted: Ranges, now: int, *, decides: bool) -> None:
        taken = releasable(self.marks(hold, now), wanted, decides=decides)
        if taken:
            self.number += 1
            self.going[self.number] = Order(hold, taken)

    def promise(self, hold: str, wanted: Ranges, claim: str, now: int) -> None:
        check_promise(self.marks(hold, now), wanted)
        if sets.total(wanted) > self.open_loss(claim):
            raise Promised("more than the loss")
        self.enter(Step.EARMARK, hold, wanted)
        self.number += 1
        self.promised[self.number] = Order(hold, wanted, claim)

    def approve(self, key: int, now: int) -> None:
        one = self.promised[key]
        check_payment(self.marks(one.hold, now), one.ranges)
        self.paying[key] = self.promised.pop(key)

    def refuse(self, key: int, now: int) -> None:
        one = self.promised.pop(key)
        left = sets.intersect(one.ranges, self.book.earmarked(hold=one.hold, payment=f"P{one.hold}"))
        if left:
            self.enter(Step.FREE, one.hold, left)

    def bank_lets_go(self, key: int, now: int) -> None:
        """The bank did what it was ordered; paise whose hold had ended by then move nothing."""
        one = self.going.pop(key)
        if moved := sets.intersect(one.ranges, self.marks(one.hold, now).held):
            self.enter(Step.RELEASE, one.hold, moved)

    def bank_pays(self, key: int, now: int) -> None:
        one = self.paying.pop(key)
        self.settle(one.hold, now)  # the bank's word is a fact: what it paid is paid
        if moved := sets.intersect(one.ranges, self.marks(one.hold, now).held):
            self.enter(Step.RESTORE, one.hold, moved)
            self.paid[one.claim] += sets.total(moved)

    def bank_cannot_pay(self, key: int, now: int) -> None:
        one = self.paying.pop(key)
        left = sets.intersect(one.ranges, self.book.earmarked(hold=one.hold, payment=f"P{one.hold}"))
        if left:
            self.enter(Step.FREE, one.hold, left)

    def write_down_what_ended(self, now: int) -> None:
        for hold, end in self.ends.items():
            held = self.book.ranges(Place.HELD, hold=hold, payment=f"P{hold}")
            if now >= end and held:
                self.enter(Step.EXPIRE, hold, held)

    def open_loss(self, claim: str) -> int:
        on_the_way = [*self.promised.values(), *self.paying.values()]
        return (
            self.lost[claim]
            - self.paid[claim]
            - sum(sets.total(one.ranges) for one in on_the_way if one.claim == claim)
        )

    def shares(self, now: int) -> dict[str, int]:
        """Pro rata over what is free now; late claims are among them like any other."""
        pool = sum(sets.total(standings(self.marks(hold, now))[Standing.FREE]) for hold in self.ends)
        claimants = [
            shares.Claimant(claim, self.entered[claim], 0, max(0, self.open_loss(claim))) for claim in sorted(self.lost)
        ]
        parts = {one.claim_id: one.paise for one in shares.share_out(pool=pool, claimants=claimants)}
        assert sum(parts.values()) <= pool
        return parts


@dataclass
class Naive:
    """The same account as a child would keep it: one word a paisa, and the claim it was paid to."""

    place: dict[tuple[str, int], str] = field(default_factory=dict)
    contested: set[tuple[str, int]] = field(default_factory=set)
    promised: dict[tuple[str, int], str] = field(default_factory=dict)
    paying: set[tuple[str, int]] = field(default_factory=set)
    going: set[tuple[str, int]] = field(default_factory=set)
    paid_to: dict[tuple[str, int], str] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)

    def held(self, paisa: tuple[str, int], now: int) -> bool:
        return self.place[paisa] == "held" and now < self.ends[paisa[0]]

    def all_held(self, hold: str, now: int) -> list[tuple[str, int]]:
        return [each for each in self.place if each[0] == hold and self.held(each, now)]

    def may_release(self, wanted: list[tuple[str, int]], now: int, decides: bool) -> bool:
        mine = [each for each in wanted if self.held(each, now)]
        if not mine or any(each in self.promised for each in mine):
            return False
        return decides or not any(each in self.contested for each in mine)

    def may_promise(self, wanted: list[tuple[str, int]], claim: str, now: int) -> bool:
        for each in wanted:
            if not self.held(each, now) or each in self.going or each in self.contested or each in self.promised:
                return False
        back = sum(1 for who in self.paid_to.values() if who == claim)
        back += sum(1 for who in self.promised.values() if who == claim)
        return bool(wanted) and back + len(wanted) <= self.lost[claim]

    def drop(self, paisa: tuple[str, int]) -> None:
        self.contested.discard(paisa)
        self.promised.pop(paisa, None)
        self.paying.discard(paisa)
        self.going.discard(paisa)


class Life:
    """One random life; every act is done to both, and both must agree."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now = 0
        self.real, self.naive = RealAccount(), Naive()
        self.said: Counter[str] = Counter()
        self.a_claim(late=False)

    def live(self) -> None:
        acts = [
            self.a_claim, self.time_goes, self.time_goes, self.an_objection, self.a_decision, self.an_order,
            self.a_proposal, self.a_share_out, self.a_second_officer, self.a_refusal, self.the_bank_lets_go,
            self.the_bank_pays, self.the_bank_cannot, self.a_renewal, self.a_sweep,
        ]  # fmt: skip
        for _ in range(ACTS):
            self.dice.choice(acts)()
            self.check()

    # ── acts ──

    def a_claim(self, late: bool | None = None) -> None:
        """A victim's money entered the account; some of it is held, or (a late one) nothing is left of it."""
        if len(self.real.lost) >= 5:
            return
        claim = f"C{len(self.real.lost)}"
        size = self.dice.randint(1, LONGEST)
        self.real.lost[claim] = self.real.entered[claim] = self.naive.lost[claim] = size
        if late is None and self.dice.random() < 0.3:
            self.said["late claim"] += 1
            return
        hold = f"H{len(self.real.ends)}"
        self.real.ends[hold] = self.naive.ends[hold] = self.now + self.dice.randint(5, 25)
        kept = self.dice.randint(1, size)
        self.real.enter(Step.ASK, hold, ((0, size),))
        self.real.enter(Step.HOLD, hold, ((0, kept),))
        if kept < size:
            self.real.enter(Step.DECLINE, hold, ((kept, size),))
        for paisa in range(size):
            self.naive.place[hold, paisa] = "held" if paisa < kept else "not held"

    def time_goes(self) -> None:
        self.now += self.dice.randint(1, 4)
        for paisa in list(self.naive.place):
            if self.naive.place[paisa] == "held" and self.now >= self.naive.ends[paisa[0]]:
                self.naive.place[paisa] = "expired"
                self.naive.drop(paisa)

    def a_sweep(self) -> None:
        """The job that writes expiries down; nothing may depend on when it runs."""
        self.real.write_down_what_ended(self.now)

    def a_renewal(self) -> None:
        hold = self.any_hold()
        if self.naive.all_held(hold, self.now):
            self.real.ends[hold] = self.naive.ends[hold] = self.naive.ends[hold] + self.dice.randint(1, 10)

    def an_objection(self) -> None:
        hold = self.any_hold()
        held = self.naive.all_held(hold, self.now)
        self.both(bool(held), "object", lambda: self.real.object_to(hold, self.now))
        self.naive.contested.update(held)

    def a_decision(self) -> None:
        """The officer upholds in part, in whole, or not at all; the paise are contested no more."""
        hold = self.any_hold()
        if not any(each[0] == hold for each in self.naive.contested):
            return
        if self.dice.random() < 0.7:
            self.release(hold, decides=True)
        self.real.settle(hold, self.now)
        self.naive.contested -= {each for each in self.naive.contested if each[0] == hold}

    def an_order(self) -> None:
        self.release(self.any_hold(), decides=False)

    def a_proposal(self) -> None:
        hold, claim = self.any_hold(), self.dice.choice(list(self.real.lost))
        self.propose(hold, self.some_of(hold), claim)

    def a_share_out(self) -> None:
        """Everybody's share of what is free, proposed at once, highest paise first."""
        for claim, part in self.real.shares(self.now).items():
            for hold in self.real.ends:
                taken = sets.top(standings(self.real.marks(hold, self.now))[Standing.FREE], part)
                if taken:
                    part -= sets.total(taken)
                    self.propose(hold, {each for lo, hi in taken for each in range(lo, hi)}, claim)
                    self.said["shared"] += 1

    def a_second_officer(self) -> None:
        if not self.real.promised:
            return
        key = self.dice.choice(list(self.real.promised))
        one = self.real.promised[key]
        mine = self.paise(one)
        may = all(self.naive.promised.get(each) == one.claim and self.naive.held(each, self.now) for each in mine)
        may = may and not any(each in self.naive.contested for each in mine)
        self.both(may, "approve", lambda: self.real.approve(key, self.now))
        if may:
            self.naive.paying.update(mine)

    def a_refusal(self) -> None:
        if not self.real.promised:
            return
        key = self.dice.choice(list(self.real.promised))
        for each in self.paise(self.real.promised[key]):
            self.naive.promised.pop(each, None)
        self.real.refuse(key, self.now)

    def the_bank_lets_go(self) -> None:
        if not self.real.going:
            return
        key = self.dice.choice(list(self.real.going))
        for each in self.paise(self.real.going[key]):
            if self.naive.held(each, self.now):
                self.naive.place[each] = "released"
            self.naive.drop(each)
        self.real.bank_lets_go(key, self.now)

    def the_bank_pays(self) -> None:
        if not self.real.paying:
            return
        key = self.dice.choice(list(self.real.paying))
        one = self.real.paying[key]
        self.naive.contested -= {each for each in self.naive.contested if each[0] == one.hold}
        for each in self.paise(one):
            if self.naive.held(each, self.now):
                assert each not in self.naive.paid_to, "paid twice"
                self.naive.place[each] = "restored"
                self.naive.paid_to[each] = one.claim
            self.naive.drop(each)
        self.real.bank_pays(key, self.now)
        self.said["paid"] += 1

    def the_bank_cannot(self) -> None:
        if not self.real.paying:
            return
        key = self.dice.choice(list(self.real.paying))
        for each in self.paise(self.real.paying[key]):
            self.naive.promised.pop(each, None)
            self.naive.paying.discard(each)
        self.real.bank_cannot_pay(key, self.now)

    # ── the two halves ──

    def release(self, hold: str, *, decides: bool) -> None:
        some = self.some_of(hold)
        wanted = [(hold, each) for each in some]
        may = self.naive.may_release(wanted, self.now, decides)
        self.both(may, "release", lambda: self.real.release(hold, ranges_of(some), self.now, decides=decides))
        if may:
            self.naive.going.update(each for each in wanted if self.naive.held(each, self.now))

    def propose(self, hold: str, some: set[int], claim: str) -> None:
        wanted = [(hold, each) for each in some]
        may = self.naive.may_promise(wanted, claim, self.now)
        self.both(may, "promise", lambda: self.real.promise(hold, ranges_of(some), claim, self.now))
        if may:
            self.naive.promised.update(dict.fromkeys(wanted, claim))

    def both(self, may: bool, what: str, act: object) -> None:
        self.said[f"{what} {may}"] += 1
        if may:
            act()  # type: ignore[operator]
        else:
            with pytest.raises(REFUSED):
                act()  # type: ignore[operator]

    def any_hold(self) -> str:
        return self.dice.choice(list(self.real.ends))

    def some_of(self, hold: str) -> set[int]:
        size = sum(1 for each in self.naive.place if each[0] == hold)
        lo = self.dice.randrange(size)
        return set(range(lo, self.dice.randint(lo + 1, size)))

    def paise(self, order: Order) -> list[tuple[str, int]]:
        return [(order.hold, each) for lo, hi in order.ranges for each in range(lo, hi)]

    # ── what must always hold ──

    def check(self) -> None:
        for hold in self.real.ends:
            marks = self.real.marks(hold, self.now)
            assert sets.total(marks.held) == len(self.naive.all_held(hold, self.now)), "held past its end, or lost"
            parts = standings(marks)
            assert sets.union(*parts.values()) == marks.held and sum(map(sets.total, parts.values())) == sets.total(
                marks.held
            )
            for standing, ranges in parts.items():
                if ranges:
                    name, then = TEXT[standing]
                    assert name.hi and then.en and self.real.ends[hold] > self.now, "a state has a name, a step, a date"
            assert sets.covers(marks.held, sets.union(marks.contested, marks.earmarked, marks.going, marks.paying))
            assert sets.disjoint(marks.going, marks.earmarked), "the same paise to holder and victim"
        assert sum(self.real.paid.values()) == len(self.naive.paid_to)
        for claim, paise in self.real.paid.items():
            assert paise == sum(1 for who in self.naive.paid_to.values() if who == claim)
            assert paise <= self.real.lost[claim], "nobody gets back more than was taken"

    def end(self) -> None:
        """When everybody has done their part every paisa is somewhere for good, and the book says the same."""
        for one in list(self.real.going):
            for each in self.paise(self.real.going[one]):
                if self.naive.held(each, self.now):
                    self.naive.place[each] = "released"
                self.naive.drop(each)
            self.real.bank_lets_go(one, self.now)
        self.now += 1_000
        self.time_goes()
        self.real.write_down_what_ended(self.now)
        standing = self.real.book.standing()
        count = Counter(self.naive.place.values())
        places = {
            "released": Place.RELEASED,
            "restored": Place.RESTORED,
            "expired": Place.EXPIRED,
            "not held": Place.NOT_HELD,
        }
        assert standing.held == count["held"] == 0
        for word, place in places.items():
            assert standing.places[place] == count[word], word
        assert (standing.contested, standing.earmarked) == (0, 0)


@pytest.mark.req("S0.9", "S0.10", "S1.17")
def test_thousands_of_lives_lose_no_paisa_pay_none_twice_and_hold_none_past_its_end() -> None:
    said: Counter[str] = Counter()
    for seed in range(LIVES):
        life = Life(seed)
        life.live()
        life.end()
        said += life.said
    for each in ("object", "release", "promise", "approve"):
        assert said[f"{each} True"] > LIVES // 4 and said[f"{each} False"] > LIVES // 20, f"{each}: {said}"
    assert said["paid"] > LIVES // 4 and said["shared"] > LIVES // 2 and said["late claim"] > LIVES // 4


def test_every_way_a_paisa_can_stand_and_end_has_a_name_and_a_next_step() -> None:
    assert set(TEXT) == set(Standing)
    assert set(ENDED) == set(Written.Type) - {Written.Type.HELD}
    assert all(name.hi and name.en and then.hi and then.en for name, then in [*TEXT.values(), *ENDED.values()])
