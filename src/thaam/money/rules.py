"""Other rules a court may ask about, run over all claims together. Reports: none of these ever places a hold.

The lot rules answer each claim alone and exactly (thaam.money.trace). The rules here look at sums,
not at paise, so claims must be run jointly and in one order of postings, or together they would claim
more than an account holds. Sums are Python ints, so a product of two amounts cannot overflow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from thaam.money.shares import apportion
from thaam.money.terminals import Terminal

DUST_PAISE = 100  # pro rata: less than a rupee of a payment is not followed


class Report(StrEnum):
    """Rules that are reports."""

    NEXT_DEBITS = "next-debits"
    LIBR = "libr"
    PRO_RATA = "pro-rata"
    POISON = "poison"


@dataclass(frozen=True, slots=True)
class Step:
    """One posting as the joint run needs it. `whole` is the payment's amount, `before` the account's balance
    before the posting, opening included."""

    account: int
    debit: bool
    amount: int
    payment: int
    whole: int
    before: int
    terminal: Terminal | None = None
    pool: bool = False


@dataclass(slots=True)
class Sum:
    """Where the paise of one claim are under one rule. For poison `held` is a bound, not a part of the claim, and
    payments are not counted (-1)."""

    claimed: int
    held: int
    terminal: int
    unknown: int
    accounts: dict[int, int]
    payments: int


@dataclass(slots=True)
class _Claim:
    claimed: int = 0
    started: int = 0
    terminal: int = 0
    pool: int = 0
    payments: set[int] = field(default_factory=set)


class JointRun:
    """All claims under one rule; poison has a run of its own.

    `dispute` each claim, `post` every posting in one order, then read `sum_of`.
    """

    def __init__(self, rule: Report) -> None:
        self.rule = rule
        self._claims: dict[str, _Claim] = {}
        self._roots: dict[int, list[tuple[str, int]]] = {}
        self.carried: dict[int, dict[str, int]] = {}  # payment -> claim -> paise on their way
        self._uncredited: dict[int, int] = {}  # payment -> paise not credited yet
        self._early: dict[int, list[Step]] = {}  # credits posted before their debit
        self.lying: dict[int, dict[str, int]] = {}  # account -> claim -> paise, oldest claim first

    def dispute(self, *, claim_id: str, payment: int, paise: int) -> None:
        """A claim on a payment, before its debit is posted."""
        self._claims.setdefault(claim_id, _Claim()).claimed += paise
        self._roots.setdefault(payment, []).append((claim_id, paise))

    def touches(self, account: int, payment: int) -> bool:
        """False for a posting this run need not see."""
        return account in self.lying or payment in self.carried or payment in self._roots

    def post(self, step: Step) -> None:
        """Take one posting, in the order of the ledgers."""
        if step.debit:
            self._debit(step)
        elif step.payment in self.carried:
            self._credit(step)
        elif step.payment in self._roots:
            self._early.setdefault(step.payment, []).append(step)

    def sum_of(self, claim_id: str) -> Sum:
        """Where one claim stands now. Held, terminal and unknown add up to the claim."""
        claim = self._claims[claim_id]
        accounts = {account: by[claim_id] for account, by in self.lying.items() if by.get(claim_id)}
        moving = sum(by.get(claim_id, 0) for by in self.carried.values())
        unknown = claim.pool + moving + claim.claimed - claim.started
        return Sum(claim.claimed, sum(accounts.values()), claim.terminal, unknown, accounts, len(claim.payments))

    def _debit(self, step: Step) -> None:
        lying = self.lying.get(step.account, {})
        out = self._leaving(lying, step)
        for claim_id, paise in out.items():
            lying[claim_id] -= paise
            if not lying[claim_id]:
                del lying[claim_id]
        if not lying:
            self.lying.pop(step.account, None)
        for claim_id, paise in self._roots.get(step.payment, ()):
            out[claim_id] = out.get(claim_id, 0) + paise
            self._claims[claim_id].started += paise
        if not out:
            return
        for claim_id, paise in out.items():
            self._claims[claim_id].payments.add(step.payment)
            if step.terminal:
                self._claims[claim_id].terminal += paise
        if not step.terminal:
            self.carried[step.payment] = out
            self._uncredited[step.payment] = step.whole
            for early in self._early.pop(step.payment, ()):
                self._credit(early)

    def _credit(self, step: Step) -> None:
        """A payment's paise arrive; one of several credits brings its part."""
        coming, left = self.carried[step.payment], self._uncredited[step.payment]
        self._uncredited[step.payment] = left - step.amount
        for claim_id in list(coming):
            part = coming[claim_id] if step.amount >= left else coming[claim_id] * step.amount // left
            coming[claim_id] -= part
            if step.before < 0:  # a stated overdraft swallows its part of what comes
                lies = part * max(0, step.amount + step.before) // step.amount
                self._claims[claim_id].terminal += part - lies
                part = lies
            if step.pool:
                self._claims[claim_id].pool += part
            elif part:
                lying = self.lying.setdefault(step.account, {})
                lying[claim_id] = lying.get(claim_id, 0) + part
        if step.amount >= left:
            del self.carried[step.payment]

    def _leaving(self, lying: Mapping[str, int], step: Step) -> dict[str, int]:
        """How much of each claim a debit takes: this is all in which the rules differ."""
        total = sum(lying.values())
        if not total:
            return {}
        after = step.before - step.amount
        if self.rule is Report.NEXT_DEBITS:
            out, left = {}, min(total, step.amount)
            for claim_id, paise in lying.items():
                if left:
                    out[claim_id] = min(paise, left)
                    left -= out[claim_id]
            return out
        if self.rule is Report.LIBR:
            leaving = min(total, max(0, total - max(0, after)))
        elif after <= 0:
            leaving = min(total, step.amount)
        else:
            leaving = total * step.amount // step.before
            # dust stays, unless what is left could not cover it
            leaving = leaving if leaving >= DUST_PAISE else max(0, total - after)
        parts = apportion(min(leaving, step.amount), weights=lying, caps=lying)
        return {claim_id: paise for claim_id, paise in parts.items() if paise}


class PoisonRun:
    """Everything downstream is tainted: which accounts each claim could have reached at all, an upper bound.

    A claim is one bit, so that a posting costs the same however many claims reached its account.
    """

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}
        self._claimed: dict[str, int] = {}
        self._payments: dict[int, int] = {}  # payment -> bits
        self._accounts: dict[int, int] = {}  # account -> bits
        self._balances: dict[int, int] = {}

    def dispute(self, *, claim_id: str, payment: int, paise: int) -> None:
        """A claim on a payment."""
        self._bits[claim_id] = 1 << len(self._bits)
        self._claimed[claim_id] = paise
        self._payments[payment] = self._payments.get(payment, 0) | self._bits[claim_id]

    def touches(self, account: int, payment: int) -> bool:
        """False for a posting this run need not see."""
        return account in self._accounts or payment in self._payments

    def post(self, step: Step) -> None:
        """Take one posting, in the order of the ledgers."""
        self._balances[step.account] = step.before + (-step.amount if step.debit else step.amount)
        if step.debit:
            bits = self._accounts.get(step.account, 0)
            if bits and not step.terminal:
                self._payments[step.payment] = self._payments.get(step.payment, 0) | bits
        elif bits := self._payments.get(step.payment, 0):
            self._accounts[step.account] = self._accounts.get(step.account, 0) | bits

    def sum_of(self, claim_id: str) -> Sum:
        """The accounts a claim reached and all that lies in them now."""
        bit = self._bits[claim_id]
        reached = {a: max(0, self._balances[a]) for a, bits in self._accounts.items() if bits & bit}
        return Sum(self._claimed[claim_id], sum(reached.values()), 0, 0, reached, -1)
