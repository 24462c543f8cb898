"""`thaam trace` against the paisa-by-paisa replay, on random files: payments, held, terminal, unknown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from postings.ledgers import START, RandomLedger, Truth
from thaam.money.backward import trace_back
from thaam.money.trace import Rule
from thaam.postings.files import EPOCH, MICROSECOND, ClaimAsked, read_accounts, read_postings
from thaam.postings.index import PostingsIndex
from thaam.postings.tracing import answer, trace_claims


def paise(parts: list[dict], *keys: str) -> Iterator[tuple]:
    for part in parts:
        for offset in range(part["lo"], part["hi"]):
            yield (*(part[key] for key in keys), offset)


def play(seed: int, folder: Path) -> None:
    ledger = RandomLedger(seed)
    rng = ledger.rng
    names = sorted({row["tx_ref"] for row in ledger.rows})
    if not names:
        return
    postings, accounts = ledger.write(folder)
    index = PostingsIndex(read_postings(postings), read_accounts(accounts))
    for rule in Rule:
        for cut in (None, rng.randint(0, ledger.clock + 3)):
            truth = Truth(ledger, fifo=rule is Rule.FIFO, cut=cut)
            max_hops = rng.choice([None, None, 1, 2])
            claims = []
            for n, name in enumerate(rng.sample(names, min(5, len(names)))):
                amount = index.amount(index.ref_ids[name])
                asked = rng.choice([None, rng.randint(1, amount)])
                micros = None if cut is None else (START - EPOCH) // MICROSECOND + cut * 1_000_000
                claims.append(ClaimAsked(n + 1, f"C{n}", name, asked, micros))
            traced = trace_claims(index, claims, rule=rule, as_of=None, use_reported=True, max_hops=max_hops)
            for claim, trail in traced:
                check(answer(index, claim, rule, trail), truth, claim, index, max_hops)
            for name in rng.sample(names, min(3, len(names))):
                check_back(index, truth, rule, cut, name)
            check_lying(index, truth, rule, cut)


def check(found: dict, truth: Truth, claim: ClaimAsked, index: PostingsIndex, max_hops: int | None) -> None:
    amount = index.amount(index.ref_ids[claim.tx_ref])
    asked = amount if claim.amount_paise is None else claim.amount_paise
    payments: set = set()
    ends: list[tuple] = []
    claimed = {(claim.tx_ref, offset) for offset in range(amount - asked, amount)}
    for name, offset in sorted(claimed):
        listed, end = truth.follow(name, offset, max_hops, claimed)
        payments |= listed
        ends.append(end)
    assert {(name, offset, hop) for name, hop, offset in paise(found["payments"], "tx_ref", "hop")} == payments
    said = [("held", *rest) for rest in paise(found["held"], "account", "tx_ref")]
    said += [("terminal", *rest) for rest in paise(found["terminal"], "kind", "tx_ref")]
    said += [("unknown", *rest) for rest in paise(found["unknown"], "reason", "tx_ref")]
    assert sorted(said) == sorted(ends)
    totals = found["totals"]
    assert totals["claimed"] == asked == totals["held"] + totals["terminal"] + totals["unknown"]


def check_back(index: PostingsIndex, truth: Truth, rule: Rule, cut: int | None, name: str) -> None:
    """The way back from all of a payment, against the replay's tokens followed one by one."""
    payment = index.ref_ids[name]
    debit = index.debit(payment)
    micros = None if cut is None else (START - EPOCH) // MICROSECOND + cut * 1_000_000
    if debit is None or debit.n > index.last(debit.account, micros):
        return
    came = truth.parents()
    amount = index.amount(payment)
    listed = {(name, i, 1) for i in range(amount)}
    ends = set()
    asked = {(name, i) for i in range(amount)}
    for token in sorted(asked):
        hop = 1
        while (debited := token[0] in truth.debited) and token in came and not truth.from_pool(token[0]):
            token, hop = came[token], hop + 1
            listed.add((*token, hop))
            if token in asked:
                return  # money that comes back into its own payment: an impossible order has no way back
        end = "outside" if not debited else "pool" if truth.from_pool(token[0]) else "opening"
        ends.add((end, *token))
    origin = trace_back(index, payment=payment, ranges=[(0, amount)], rule=rule, cut=micros)
    assert {(index.refs[p.payment], i, p.hop) for p in origin.payments for i in range(p.lo, p.hi)} == listed
    assert {(str(s.kind), index.refs[s.payment], i) for s in origin.sources for i in range(s.lo, s.hi)} == ends


def check_lying(index: PostingsIndex, truth: Truth, rule: Rule, cut: int | None) -> None:
    """What lies in each account, against the tokens the replay still has there."""
    micros = None if cut is None else (START - EPOCH) // MICROSECOND + cut * 1_000_000
    for account in truth.books:
        if ("B", account) in index.account_ids:
            lying = index.lying(rule, index.account_ids["B", account], micros)
            found = [(index.refs[payment], i) for payment, ranges in lying for lo, hi in ranges for i in range(lo, hi)]
            here = [token for token, fate in truth.books[account].fate.items() if fate == ("here",)]
            assert sorted(found) == sorted(here)


def test_a_thousand_random_files_are_traced_paisa_by_paisa_as_the_replay_says(tmp_path: Path) -> None:
    for seed in range(1_000):
        play(seed, tmp_path)


@pytest.mark.long
def test_twenty_thousand_random_files_are_traced_paisa_by_paisa_as_the_replay_says(tmp_path: Path) -> None:
    for seed in range(1_000, 21_000):
        play(seed, tmp_path)
