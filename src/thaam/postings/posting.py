"""One line of a bank's ledger, as the bank reports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Side = Literal["D", "C"]


@dataclass(frozen=True, slots=True)
class Posting:
    """A debit (`D`) or credit (`C`) of one account; the columns of the postings file plus `position`.

    `position` is the bank's own monotonic number over all its accounts; `seq` orders the postings of
    one account and is strictly increasing there. `posted_at` is aware. `reverses_tx_ref` names the
    payment that this one gives back. A credit that carries only part of a payment names its first
    paisa (`payment_lo`) and the whole payment's amount (`payment_amount_paise`); else both are left.
    """

    position: int
    account: str
    seq: int
    tx_ref: str
    side: Side
    amount_paise: int
    channel: str
    posted_at: datetime
    bank: str = ""
    counterparty_bank: str | None = None
    counterparty_account: str | None = None
    balance_after_paise: int | None = None
    reverses_tx_ref: str | None = None
    detail: str | None = None
    payment_lo: int = 0
    payment_amount_paise: int | None = None

    def __post_init__(self) -> None:
        if self.amount_paise <= 0:
            raise BadPosting(f"{self.tx_ref}: an amount of {self.amount_paise} paise")
        if self.side not in ("D", "C"):
            raise BadPosting(f"{self.tx_ref}: side {self.side!r} is neither D nor C")
        if self.posted_at.tzinfo is None:
            raise BadPosting(f"{self.tx_ref}: posted_at has no offset")
        if self.payment_lo < 0 or self.payment_lo + self.amount_paise > self.whole_paise:
            raise BadPosting(f"{self.tx_ref}: the part lies outside its payment")

    @property
    def whole_paise(self) -> int:
        """Amount of the payment this posting belongs to."""
        return self.amount_paise if self.payment_amount_paise is None else self.payment_amount_paise


class BadPosting(ValueError):
    """A posting that no bank can have made."""
