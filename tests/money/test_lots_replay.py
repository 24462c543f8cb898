"""The pile (LIFO) and the queue (FIFO) against the paisa-by-paisa replay, on random accounts."""

from __future__ import annotations

import random
from typing import Any

import pytest

from money.replay import PaisaAccount, paise_of
from thaam.money import lots
from thaam.money.fifo import Queue
from thaam.money.lots import GivenBack, Pile
from thaam.money.rowlist import RowList
from thaam.money.rows import Kind, Row


class QueueAsPile:
    """The queue with the verbs spelled as the pile spells them."""

    def __init__(self, opening: int) -> None:
        self.queue = Queue(opening=opening)

    @property
    def last_k(self) -> int:
        return self.queue.last_k

    def credit(self, *, amount: int, source: int, stamp: int) -> Row:
        return Row(self.queue.credit(amount=amount), Kind.CREDIT, 0, amount, source, stamp)

    def debit(self, *, stamp: int, **rest: int) -> None:
        self.queue.debit(**rest)

    def refund(self, *, stamp: int, **rest: Any) -> None:
        self.queue.refund(**rest)

    def hold(self, *, stamp: int, **rest: Any) -> None:
        self.queue.hold(**rest)

    def release(self, *, stamp: int, **rest: Any) -> None:
        self.queue.release(**rest)

    def hop(self, **rest: Any) -> lots.Hop:
        return self.queue.hop(**rest)


class Both:
    """The same verbs on the pile and on the replay."""

    def __init__(self, rng: random.Random, *, fifo: bool) -> None:
        self.rng = rng
        self.stated = rng.choice([None, None, 0, 5, 40, -7])
        before = 150  # under FIFO what was there before leaves first, so it must not be endless
        if fifo:
            self.stated = self.stated if self.stated is not None else before
            self.pile: Any = QueueAsPile(self.stated)
        else:
            self.pile = Pile(RowList(opening=self.stated or 0, opening_stated=self.stated is not None))
        self.plain = PaisaAccount(stated=self.stated, before=10_000, fifo=fifo)
        self.names: dict[int, str] = {}
        self.credits: list[tuple[str, int, int, int]] = []  # name, row, amount, refunded
        self.holds: dict[int, tuple[str, int]] = {}
        self.then: list[tuple[int, dict]] = []

    def name(self, letter: str) -> tuple[int, str]:
        handle = len(self.names) + 1
        self.names[handle] = f"{letter}{handle}"
        return handle, self.names[handle]

    def step(self) -> None:
        verb = self.rng.choice(["credit"] * 4 + ["debit"] * 5 + ["hold"] * 2 + ["release", "refund"])
        getattr(self, verb)()
        self.then.append((self.pile.last_k, dict(self.plain.fate)))

    def credit(self) -> None:
        handle, name = self.name("C")
        amount = self.rng.randint(1, 30)
        row = self.pile.credit(amount=amount, source=handle, stamp=0)
        self.plain.credit(paise_of(name, amount))
        self.credits.append((name, row.k, amount, 0))

    def debit(self) -> None:
        handle, name = self.name("D")
        amount = self.rng.randint(1, 40)
        self.pile.debit(amount=amount, source=handle, stamp=0)
        self.plain.debit(paise_of(name, amount))

    def hold(self) -> None:
        if not self.credits:
            return
        name, k, amount, _ = self.rng.choice(self.credits)
        lo = self.rng.randrange(amount)
        asked = (lo, self.rng.randint(lo + 1, amount))
        here = [(p.lo, p.hi) for p in self.pile.hop(credit_k=k, ranges=[asked]).here]
        if here:
            handle, hold = self.name("H")
            self.holds[handle] = (name, k)
            self.pile.hold(credit_k=k, ranges=here, hold=handle, stamp=0)
            self.plain.hold([(name, i) for a, b in here for i in range(a, b)], hold)

    def release(self) -> None:
        if not self.holds:
            return
        handle, (name, k) = self.rng.choice(list(self.holds.items()))
        kept = sorted(
            i for (of, i), fate in self.plain.fate.items() if of == name and fate == ("held", self.names[handle])
        )
        if kept:
            some = sorted(self.rng.sample(kept, self.rng.randint(1, len(kept))))
            self.pile.release(credit_k=k, ranges=[(i, i + 1) for i in some], hold=handle, stamp=0)
            self.plain.release([(name, i) for i in some])

    def refund(self) -> None:
        open_ones = [c for c in self.credits if c[3] < c[2]]
        if not open_ones:
            return
        name, k, amount, refunded = chosen = self.rng.choice(open_ones)
        size = self.rng.randint(1, amount - refunded)
        hi = amount - refunded
        handle, refund = self.name("R")
        self.pile.refund(parts=[GivenBack(k, hi - size, hi, 0)], source=handle, stamp=0)
        self.plain.refund([(name, i) for i in range(hi - size, hi)], paise_of(refund, size))
        self.credits[self.credits.index(chosen)] = (name, k, amount, refunded + size)

    def fates(self, hop: lots.Hop, name: str) -> dict:
        found: dict = {}
        for part in hop.here:
            found.update({(name, i): ("here",) for i in range(part.lo, part.hi)})
        for part in hop.held:
            found.update({(name, i): ("held", self.names[part.hold]) for i in range(part.lo, part.hi)})
        for lo, hi in hop.overdraft:
            found.update({(name, i): ("overdraft",) for i in range(lo, hi)})
        for part in hop.outs:
            word = "given_back" if part.given_back else "out"
            for i in range(part.lo, part.hi):
                found[(name, i)] = (word, self.names[part.source], part.child_lo + i - part.lo)
        return found

    def check(self) -> None:
        for name, k, amount, _ in self.credits:
            lo = self.rng.randrange(amount)
            hi = self.rng.randint(lo + 1, amount)
            up_to, fate = self.rng.choice([then for then in self.then if then[0] >= k])
            for asked, last, truth in (
                ((0, amount), None, self.plain.fate),
                ((lo, hi), None, self.plain.fate),
                ((lo, hi), up_to, fate),
            ):
                hop = self.pile.hop(credit_k=k, ranges=[asked], up_to_k=last)
                assert hop.accounted() == asked[1] - asked[0]
                assert all(part.lo < part.hi for part in (*hop.here, *hop.outs, *hop.held))
                expected = {(name, i): truth[(name, i)] for i in range(*asked)}
                assert self.fates(hop, name) == expected


def play(seed: int, *, fifo: bool) -> None:
    both = Both(random.Random(seed), fifo=fifo)
    for _ in range(both.rng.randint(3, 60)):
        both.step()
    both.check()


RULES = pytest.mark.parametrize("fifo", [False, True], ids=["lifo", "fifo"])


@RULES
def test_every_paisa_of_a_thousand_random_accounts_is_where_the_replay_says(fifo: bool) -> None:
    for seed in range(1_000):
        play(seed, fifo=fifo)


@pytest.mark.long
@RULES
def test_every_paisa_of_twenty_thousand_random_accounts_is_where_the_replay_says(fifo: bool) -> None:
    for seed in range(1_000, 21_000):
        play(seed, fifo=fifo)
