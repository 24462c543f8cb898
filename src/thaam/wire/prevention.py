"""Orders and answers that protect the next person: block a number, take down a page, find and warn who else paid.

A telecom operator, a registrar and a bank have the same mailbox; these are the forms of the first two, and of a bank
whose customer paid a mule. The specification in words is docs/wire/README.md.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.wire import problems
from thaam.wire.fields import InvalidMessage, check_object
from thaam.wire.parts import Basis, IssuedBy, PaymentId, check_after
from thaam.wire.words import (
    Account,
    BlockableKind,
    BlockableName,
    BlockAction,
    BlockResult,
    Count,
    Digest,
    Id,
    Long,
    WarnedBy,
)


@dataclass(frozen=True, slots=True)
class BlockOrder:
    """To whoever gave out a number, device, page or app: verify its user again, block it, take it down, or unblock.

    `reports` counts independent reports, `evidence_digest` fixes the list of them; names of victims do not travel.
    """

    id: Id
    action: BlockAction
    what: BlockableKind
    identifier: BlockableName
    reports: Count
    evidence_digest: Digest | None
    words: Long
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime
    execute_before: dt.datetime
    review_at: dt.datetime | None

    def __post_init__(self) -> None:
        check_object(self)
        check_after(self.issued_at, self.execute_before, "/execute_before")
        if self.action in ("block", "take_down") and self.review_at is None:
            raise InvalidMessage(problems.BAD_VALUE, "/review_at", "a block has a day on which it is looked at again")
        if self.review_at is not None:
            check_after(self.issued_at, self.review_at, "/review_at")


@dataclass(frozen=True, slots=True)
class BlockAnswer:
    """To BlockOrder: what was done, since when; a refusal says why. The person's name is asked under another order."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    result: BlockResult
    words: Long | None
    done_at: dt.datetime | None

    def __post_init__(self) -> None:
        check_object(self)
        if self.result in ("blocked", "unblocked", "taken_down") and self.done_at is None:
            raise InvalidMessage(problems.BAD_VALUE, "/done_at", "since when")
        if self.result in ("refused", "verified") and self.words is None:
            raise InvalidMessage(problems.BAD_VALUE, "/words", "why, or how the user was verified")


@dataclass(frozen=True, slots=True)
class PayersRequest:
    """To the bank of a found mule: which other payments came into that account between these times?"""

    id: Id
    account: Account
    from_at: dt.datetime
    to_at: dt.datetime
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime
    execute_before: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        check_after(self.from_at, self.to_at, "/to_at")
        check_after(self.issued_at, self.execute_before, "/execute_before")


@dataclass(frozen=True, slots=True)
class PayersAnswer:
    """To PayersRequest: the payments with their payers' banks; no names, no payer accounts."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    payments: tuple[PaymentId, ...]
    complete: bool

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class WarnOrder:
    """To the bank of somebody who paid a mule and has not complained: warn this customer, once, in these words."""

    id: Id
    payment: PaymentId
    words_hi: Long
    words_en: Long
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime
    execute_before: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        check_after(self.issued_at, self.execute_before, "/execute_before")


@dataclass(frozen=True, slots=True)
class Warned:
    """To WarnOrder: whether and by which way the customer was told."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    told: bool
    way: WarnedBy | None

    def __post_init__(self) -> None:
        check_object(self)
        if self.told and self.way is None:
            raise InvalidMessage(problems.BAD_VALUE, "/way", "how the customer was told")
