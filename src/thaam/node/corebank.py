"""What a node needs of a bank's core system: eight questions and acts, each idempotent by the id it is given.

An adapter (node/adapters) speaks to one make of core. docs/how-to/add-a-bank.md says how to write one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from thaam.postings.posting import Posting


class CoreUnreachable(Exception):
    """The core did not answer, or not in time. Nothing is known of the act; asking again with the same id is safe."""


class CoreRefused(Exception):
    """The core said no, and did nothing. `code` is its own word, `why` a sentence for the bank's people."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(f"{code}: {why}")
        self.code = code
        self.why = why


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as the core sees it. `opening_paise` and `limit_paise` are None where the core does not state them;
    `lien_paise` are all liens, ours and others'; `available_paise` may be below zero after a breached lien."""

    account: str
    opening_paise: int | None
    limit_paise: int | None
    balance_paise: int
    lien_paise: int
    available_paise: int
    pool: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A lien the core placed: `amount_paise` is what took effect (never more than was available), `position` the last
    posting before it. `exact` is False when the core gives no position and the adapter had to wait out its lag."""

    amount_paise: int
    lien_reference: str
    position: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class PaidBack:
    """The payment by which held money went back: its identity on the wire."""

    rail: str
    reference: str
    paid_on: date
    amount_paise: int
    payer_bank: str
    payee_bank: str


class CoreBank(Protocol):
    """One bank's core. Every method raises CoreUnreachable; acts raise CoreRefused; repeating an act does it once."""

    def postings_after(self, *, position: int, limit: int) -> list[Posting]:
        """Postings of the whole bank behind `position`, in the bank's own order, at most `limit`."""

    def about_accounts(self, *, accounts: Sequence[str]) -> list[AccountFacts]:
        """What the core knows of these accounts now; unknown ones are left out."""

    def mobile_matches(self, *, account: str, mobile: str) -> bool | None:
        """Whether the holder's registered mobile is this one; None when the core knows none."""

    def place_hold(self, *, hold_id: str, account: str, amount_paise: int) -> Placed:
        """Put up to `amount_paise` of the available money under a lien; the first answer for ever after."""

    def find_hold(self, *, hold_id: str) -> Placed | None:
        """The lien placed under this id, as `place_hold` answered it; None when there was none."""

    def lift_hold(self, *, hold_id: str, lift_id: str, amount_paise: int) -> int:
        """Lift part of a lien, once per `lift_id`; the position of the last posting before it took effect."""

    def lift_freeze(self, *, account: str, lift_id: str, freeze_reference: str | None) -> None:
        """End the freeze of a whole account."""

    def pay_back(self, *, payment_id: str, hold_id: str, amount_paise: int, to_bank: str, to_account: str) -> PaidBack:
        """Pay money under a lien to an account, once per `payment_id`; the lien shrinks with it."""
