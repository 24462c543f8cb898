"""A statement answers by itself: find the disputed credit in it, trace it on, and draft the lines of the answer.

The draft is a proposal. It becomes an answer when the bank sends it, or when a named officer confirms it
(confirming.py), and only when its sums are exact and the statement's running balance holds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from thaam.evidence.statements import Statement
from thaam.language.text import Text
from thaam.money import ranges as sets
from thaam.money.ranges import Range
from thaam.postings.posting import Posting
from thaam.postings.store import NodeStore
from thaam.wire.parts import PaymentId

_IFSC = re.compile(r"\b[A-Z]{4}0[A-Z0-9]{6}\b")


class NotInStatement(Exception):
    """The disputed credit is not there as the order describes it; `problem` is the protocol's word for it."""

    text = Text(
        hi="विवादित जमा इस विवरण में नहीं मिली। तारीख़, नंबर और रकम मिलाइए, या लंबे समय का विवरण माँगिए।",
        en="The disputed credit is not in this statement. Compare date, reference and sum, or ask for a longer one.",
    )

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class DraftLine:
    """Paise `[lo, hi)` of the asked payment: still here, or gone on in a debit. `kind` is a word of the protocol.

    `ifsc` is the branch code the bank's narration names, or "": a hint at the next bank, not a proof.
    """

    kind: str
    lo: int
    hi: int
    terminal: str | None = None
    posting: Posting | None = None
    child_lo: int | None = None
    ifsc: str = ""

    @property
    def paise(self) -> int:
        """How much."""
        return self.hi - self.lo

    @property
    def words(self) -> str:
        """The bank's own narration of the debit."""
        return " ".join((self.posting.detail or self.posting.tx_ref).split())[:200] if self.posting else ""

    @property
    def on(self) -> dt.date | None:
        """The day of the debit in India."""
        return self.posting.posted_at.date() if self.posting else None


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """Lines that add up to what was asked, in the order of the paise; the last balance the statement shows."""

    account: str
    lines: tuple[DraftLine, ...]
    credit: Posting
    closing_paise: int | None

    @property
    def here_paise(self) -> int:
        """What is still in the account by this statement."""
        return sum(line.paise for line in self.lines if line.kind == "here")


def draft_answer(statement: Statement, *, payment: PaymentId, asked: Iterable[Range], account: str) -> DraftAnswer:
    """Trace the asked paise of the payment through the statement, last in first out. Raises NotInStatement."""
    store = NodeStore.open(":memory:")
    try:
        store.state_opening(account=account, opening_paise=statement.opening_paise)
        store.ingest(statement.postings)
        match = store.find_credits(
            rail=payment.rail, reference=payment.reference, paid_on=payment.date, amount_paise=payment.amount_paise
        )
        if match.problem is not None or not match.postings:
            raise NotInStatement(match.problem or "not_found")
        credit = match.postings[0]
        wanted = sets.normalise(asked)
        hop = store.hop(credit_position=credit.position, ranges=wanted)
    finally:
        store.close()
    lines = [DraftLine("here", lo, hi) for lo, hi in hop.here]
    lines += [DraftLine("terminal", lo, hi, terminal="OVERDRAFT_REPAID") for lo, hi in hop.overdraft]
    for out in hop.outs:
        kind = "returned" if out.given_back else "terminal" if out.terminal else "onward"
        found = _IFSC.search((out.posting.detail or "").upper())
        lines.append(
            DraftLine(kind, out.lo, out.hi, out.terminal, out.posting, out.child_lo, found.group() if found else "")
        )
    lines.sort(key=lambda line: line.lo)
    # one exact sum, by construction and once more
    assert sets.normalise((line.lo, line.hi) for line in lines) == wanted
    assert sum(line.paise for line in lines) == sets.total(wanted)
    closing = statement.postings[-1].balance_after_paise if statement.postings else None
    return DraftAnswer(account, tuple(lines), credit, closing)
