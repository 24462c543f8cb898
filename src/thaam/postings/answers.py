"""What a node's store answers: matches, hops, standings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from thaam.language.dates import IST
from thaam.money.ranges import Ranges
from thaam.money.terminals import Terminal, terminal_kind
from thaam.postings.pile import make_posting
from thaam.postings.posting import Posting

Problem = Literal["not_found", "ambiguous", "amount_differs", "date_differs"]
EntryKind = Literal["held", "released", "restored", "broken"]


@dataclass(frozen=True, slots=True)
class Match:
    """Postings a payment's identity fits. Several only when they are parts of one payment; a `problem` names why
    there is none to use, and then `postings` are the near misses."""

    postings: tuple[Posting, ...]
    problem: Problem | None = None


class PaymentOut(NamedTuple):
    """Paise `[lo, hi)` of the payment asked about went on as paise from `child_lo` up of the debit `posting`.

    `given_back`: they left in a refund of the very payment asked about (state returned). `account` and `columns`
    are the debit as the store read it; it is made a posting when somebody looks, and a hop before a hold never does.
    """

    lo: int
    hi: int
    child_lo: int
    given_back: bool
    account: str
    columns: Sequence[Any]

    @property
    def posting(self) -> Posting:
        """The debit they left in."""
        return make_posting(self.columns, self.account)

    @property
    def terminal(self) -> Terminal | None:
        """The kind of end the debit is, None for a payment to be followed."""
        debit = self.posting
        return terminal_kind(channel=debit.channel, counterparty_account=debit.counterparty_account)

    @property
    def tx_ref(self) -> str:
        """Reference of the outgoing payment."""
        return self.posting.tx_ref

    @property
    def paid_on(self) -> date:
        """Date of the outgoing payment in India, as its identity on the wire needs it."""
        return self.posting.posted_at.astimezone(IST).date()


@dataclass(frozen=True, slots=True)
class HeldPart:
    """Paise `[lo, hi)` of the payment that the hold `hold_id` took aside, and what the hold says of them now."""

    lo: int
    hi: int
    hold_id: str
    state: EntryKind


class HopResult(NamedTuple):
    """What became of the paise asked about. `here + outs + held + overdraft` is exactly what was asked.

    `overdraft` are paise that repaid an overdraft the moment they came. `pool` is true when the
    account holds many people's money: then lots say nothing and all paise are in `here`.
    """

    here: Ranges
    outs: tuple[PaymentOut, ...]
    held: tuple[HeldPart, ...]
    overdraft: Ranges
    pool: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An account as the store knows it. `unposted_paise` is the bank's last stated balance less what the postings say,
    None when the opening or the balance is not stated."""

    account: str
    level_paise: int
    pool: bool
    opening_paise: int | None
    unposted_paise: int | None
