"""The node's store against the paisa-by-paisa replay: random ledgers, holds and all their ends, crashes in batches."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from money.replay import PaisaAccount, Token, paise_of
from thaam.money import ranges as sets
from thaam.money.ranges import Ranges
from thaam.postings.posting import Posting
from thaam.postings.store import HopResult, NodeStore

NOON = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
ACCOUNTS = ("Balu", "Charu", "Dev")


class Crash(Exception):
    """The power goes in the middle of a batch."""


class Branch:
    """A bank's ledger growing at random, the store that reads it, and the replay beside it."""

    def __init__(self, seed: int, path: Path) -> None:
        self.rng = random.Random(seed)
        self.path = str(path)
        path.unlink(missing_ok=True)
        self.store = NodeStore.open(self.path, synchronous="OFF")
        self.books: dict[str, PaisaAccount] = {}
        for account in ACCOUNTS:
            stated = self.rng.choice([None, 0, 30, -8])
            if stated is not None:
                self.store.state_opening(account=account, opening_paise=stated)
            self.books[account] = PaisaAccount(stated=stated, before=5_000)
        self.position = 0
        self.unread: list[Posting] = []
        self.credits: list[Posting] = []
        self.left: dict[str, int] = {}
        self.kept: dict[str, Posting] = {}
        self.restorations = 0
        self.snapshots: dict[tuple[int, str], dict] = {}

    def post(self) -> None:
        rng = self.rng
        self.position += 1
        account, amount, ref = rng.choice(ACCOUNTS), rng.randint(1, 25), f"P{self.position}"
        kind = rng.choice(["C", "C", "D", "D", "D", "R"])
        book, back = self.books[account], None
        named = [c for c in self.credits if c.account == account and self.left[c.tx_ref]]
        if kind == "R" and named:
            back = rng.choice(named)
            amount = rng.randint(1, self.left[back.tx_ref])
            self.left[back.tx_ref] -= amount
            if rng.random() < 0.3:
                ref = back.tx_ref  # the bank gives the reversal the reference of what it reverses
        posting = Posting(
            self.position, account, self.position, ref, "C" if kind == "C" else "D", amount, "UPI",
            NOON + timedelta(seconds=self.position), reverses_tx_ref=back.tx_ref if back else None,
        )  # fmt: skip
        name = f"#{self.position}"
        if kind == "C":
            self.credits.append(posting)
            self.left[ref] = amount
            book.credit(paise_of(name, amount))
        elif back:
            lo = self.left[back.tx_ref]
            book.refund([(f"#{back.position}", lo + i) for i in range(amount)], paise_of(name, amount))
        else:
            book.debit(paise_of(name, amount))
        self.unread.append(posting)
        self.remember(account)

    def remember(self, account: str) -> None:
        """What the replay knows of an account as of the last position, whatever is done before the next."""
        self.snapshots[self.position, account] = dict(self.books[account].fate)

    def read(self) -> None:
        """Take what was posted, now and then after a crash in the middle, now and then in a new process."""
        if self.rng.random() < 0.3:

            def breaking() -> object:
                yield from self.unread[: self.rng.randrange(len(self.unread) + 1)]
                raise Crash

            with pytest.raises(Crash):
                self.store.ingest(breaking())  # type: ignore[arg-type]
        if self.rng.random() < 0.3:
            self.store.close()
            self.store = NodeStore.open(self.path, synchronous="OFF")
        overlap = [self.store.posting(p) for p in range(max(1, self.store.position() - 1), self.store.position() + 1)]
        assert self.store.ingest([*overlap, *self.unread]) == self.position
        self.unread = []

    def hold(self) -> None:
        self.read()
        if self.credits:
            credit = self.rng.choice(self.credits)
            lo = self.rng.randrange(credit.amount_paise)
            asked = ((lo, self.rng.randint(lo + 1, credit.amount_paise)),)
            here = self.store.hop(credit_position=credit.position, ranges=asked).here
            hold = f"H{len(self.kept)}"
            if here:
                self.kept[hold] = credit
                for _ in range(2):
                    self.store.cut(hold_id=hold, credit_position=credit.position, ranges=here)
                self.books[credit.account].hold(tokens_of(credit, here), hold)
                self.remember(credit.account)

    def some_kept(self) -> tuple[str, Posting, Ranges] | None:
        """A hold that keeps something, its credit, and some of what it keeps."""
        self.read()
        keeping = [
            (hold, credit, self.store.kept(hold_id=hold).get(credit.position, ())) for hold, credit in self.kept.items()
        ]
        keeping = [each for each in keeping if each[2]]
        if not keeping:
            return None
        hold, credit, kept = self.rng.choice(keeping)
        return hold, credit, sets.bottom(kept, self.rng.randint(1, sets.total(kept)))

    def release(self) -> None:
        if some := self.some_kept():
            hold, credit, paise = some
            self.store.release(hold_id=hold, credit_position=credit.position, ranges=paise)
            self.books[credit.account].release(tokens_of(credit, paise))
            self.remember(credit.account)

    def restore(self) -> None:
        """Held paise are paid back; the debit posts before or after the node says that it is coming, or never."""
        if some := self.some_kept():
            hold, credit, paise = some
            self.restorations += 1
            ref, early = f"X{self.restorations}", self.rng.random() < 0.4
            if early:
                self.debit(credit.account, sets.total(paise), ref)
                self.read()
            for _ in range(2):
                self.store.expect_restoration(hold_id=hold, credit_position=credit.position, ranges=paise, tx_ref=ref)
            self.books[credit.account].end(tokens_of(credit, paise), "restored", hold, taken_again=early)
            self.remember(credit.account)
            if not early and self.rng.random() < 0.8:
                self.debit(credit.account, sets.total(paise), ref, moves=False)

    def lose(self) -> None:
        """The core debits through the lien."""
        if some := self.some_kept():
            hold, credit, paise = some
            self.debit(credit.account, sets.total(paise), f"F{self.position}")
            self.read()
            for _ in range(2):
                self.store.mark_broken(hold_id=hold, credit_position=credit.position, ranges=paise)
            self.books[credit.account].end(tokens_of(credit, paise), "broken", hold, taken_again=True)
            self.remember(credit.account)

    def debit(self, account: str, amount: int, ref: str, *, moves: bool = True) -> None:
        self.position += 1
        at = NOON + timedelta(seconds=self.position)
        self.unread.append(Posting(self.position, account, self.position, ref, "D", amount, "UPI", at))
        if moves:
            self.books[account].debit(paise_of(f"#{self.position}", amount))
        self.remember(account)

    def check(self) -> None:
        self.read()
        for credit in self.credits:
            name, whole = f"#{credit.position}", ((0, credit.amount_paise),)
            found = fates(self.store.hop(credit_position=credit.position, ranges=whole), name)
            book = self.books[credit.account]
            assert found == {(name, i): book.fate[(name, i)] for i in range(credit.amount_paise)}
        for hold, credit in self.kept.items():
            held = [i for (of, i), f in self.books[credit.account].fate.items() if f == ("held", hold)]
            assert sets.total(self.store.kept(hold_id=hold).get(credit.position, ())) == len(held)
        for account, book in self.books.items():
            assert self.store.held_on(account) == sum(f[0] == "held" for f in book.fate.values())

    def check_earlier(self) -> None:
        """As of an earlier position the store answers what the replay knew before the next one. What a hold did
        counts from the position the store had read to."""
        for (position, account), fate in self.snapshots.items():
            for credit in self.credits:
                if credit.account == account and credit.position <= position:
                    whole = ((0, credit.amount_paise),)
                    hop = self.store.hop(credit_position=credit.position, ranges=whole, up_to_position=position)
                    name = f"#{credit.position}"
                    assert fates(hop, name) == {(name, i): fate[(name, i)] for i in range(credit.amount_paise)}


def tokens_of(credit: Posting, paise: Ranges) -> list[Token]:
    return [(f"#{credit.position}", i) for lo, hi in paise for i in range(lo, hi)]


def fates(hop: HopResult, name: str) -> dict:
    found: dict = {(name, i): ("here",) for lo, hi in hop.here for i in range(lo, hi)}
    found |= {(name, i): ("overdraft",) for lo, hi in hop.overdraft for i in range(lo, hi)}
    for held in hop.held:
        found |= {(name, i): (held.state, held.hold_id) for i in range(held.lo, held.hi)}
    for out in hop.outs:
        word = "given_back" if out.given_back else "out"
        for i in range(out.lo, out.hi):
            found[name, i] = (word, f"#{out.posting.position}", out.child_lo + i - out.lo)
    return found


def play(seed: int, folder: Path) -> None:
    branch = Branch(seed, folder / f"{seed}.sqlite")
    holds = branch.rng.random() < 0.8
    for _ in range(branch.rng.randint(5, 45)):
        verb = branch.rng.choice(
            ["post"] * 8 + ["read"] + (["hold", "hold", "release", "restore", "lose"] if holds else [])
        )
        getattr(branch, verb)()
    branch.check()
    branch.check_earlier()
    branch.store.close()


def test_sixty_random_branches_agree_with_the_replay_through_crashes(tmp_path: Path) -> None:
    for seed in range(60):
        play(seed, tmp_path)


@pytest.mark.long
def test_three_thousand_random_branches_agree_with_the_replay_through_crashes(tmp_path: Path) -> None:
    for seed in range(60, 3_060):
        play(seed, tmp_path)
