"""What a bank answers to an order, and what it says unasked, with the rules each message must keep on both sides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.wire import problems
from thaam.wire.fields import InvalidMessage, check_object
from thaam.wire.parts import WHOLE, HoldShown, Line, PaymentId, Range, check_after, check_ranges
from thaam.wire.words import (
    Account,
    CannotMatchCode,
    Digest,
    Exactness,
    HoldingRule,
    Id,
    Last4,
    Long,
    Mobile,
    OwnHoldReason,
    Paise,
    Position,
    PublicKeyText,
    RangesKind,
    Reference,
    ReleasedBecause,
    Revision,
    Short,
    SignatureText,
    Suspicion,
)


@dataclass(frozen=True, slots=True)
class Located:
    """To LocatePayment: whether the debit is there, on which account, and whether the mobile number is its holder's."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    found: bool
    payment: PaymentId
    account: Account | None = None
    mobile_matches: bool | None = None

    def __post_init__(self) -> None:
        check_object(self)
        if not self.found and (self.account is not None or self.mobile_matches is not None):
            raise InvalidMessage(problems.BAD_VALUE, "/account", "nothing is known of a payment that was not found")


@dataclass(frozen=True, slots=True)
class HoldAnswer:
    """To HoldOrder: what became of every asked paisa, line by line; the lines partition what was asked.

    `revision` counts the answers to one order from 1; a later one names the answer it `replaces` (its revision).
    `order_revision` is the revision of the order the answer carries out. `position` is the bank's own posting position.
    """

    id: Id
    order_id: Id
    answered_at: dt.datetime
    revision: Revision
    replaces: Revision | None
    account: Account
    position: Position
    lines: tuple[Line, ...]
    exactness: Exactness
    rule_applied: HoldingRule
    ranges_kind: RangesKind
    order_revision: Revision = 1

    def __post_init__(self) -> None:
        check_object(self)
        if (self.replaces is None) != (self.revision == 1) or (self.replaces or 0) >= self.revision:
            raise InvalidMessage(problems.BAD_REVISION, "/replaces", "a later answer names the earlier it replaces")
        if not self.lines:
            raise InvalidMessage(problems.LINES_DO_NOT_BALANCE, "/lines", "at least one line")
        end = 0
        for i, line in enumerate(self.lines):
            if line.lo < end:
                raise InvalidMessage(
                    problems.LINES_DO_NOT_BALANCE, f"/lines/{i}", "lines must be sorted and must not overlap"
                )
            end = line.hi


@dataclass(frozen=True, slots=True)
class Expected:
    """In flight: not credited here yet. The node holds when it posts and then answers again."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    payment: PaymentId

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Received; the order needs no more than that (an amendment, a cancellation, a watch, a notice)."""

    id: Id
    order_id: Id
    answered_at: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class CannotMatch:
    """The order cannot be carried out, for one of a closed list of reasons; `searched` says where we looked."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    code: CannotMatchCode
    searched: Long

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class ReleaseDone:
    """Held paise are the account holder's again: as ordered, by expiry on the node's own clock, or by cancellation."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    hold_order_id: Id
    ranges: tuple[Range, ...]
    amount_paise: Paise
    reason: ReleasedBecause

    def __post_init__(self) -> None:
        check_object(self)
        check_ranges(self.ranges, self.amount_paise, within=WHOLE)


@dataclass(frozen=True, slots=True)
class RestoreDone:
    """Held paise were paid back; `payment` is the payment that did it."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    hold_order_id: Id
    ranges: tuple[Range, ...]
    amount_paise: Paise
    payment: PaymentId

    def __post_init__(self) -> None:
        check_object(self)
        check_ranges(self.ranges, self.amount_paise, within=WHOLE)
        if self.payment.amount_paise != self.amount_paise:
            raise InvalidMessage(problems.AMOUNT_DIFFERS, "/payment/amount_paise", "the payment must be of the amount")


@dataclass(frozen=True, slots=True)
class InformationAnswer:
    """To InformationRequest: what the bank has, in words, with the digests of files it sends or keeps."""

    id: Id
    order_id: Id
    answered_at: dt.datetime
    found: bool
    words: Long | None
    file_digests: tuple[Digest, ...]

    def __post_init__(self) -> None:
        check_object(self)
        if self.found and self.words is None and not self.file_digests:
            raise InvalidMessage(problems.BAD_VALUE, "/words", "found, but nothing is told and no file named")


@dataclass(frozen=True, slots=True)
class OwnHold:
    """The bank held money on its own ground and tells us so."""

    id: Id
    reported_at: dt.datetime
    account: Account
    payment: PaymentId | None
    amount_paise: Paise
    lien_reference: Reference
    reason: OwnHoldReason
    placed_at: dt.datetime
    expires_at: dt.datetime | None

    def __post_init__(self) -> None:
        check_object(self)
        if self.expires_at is not None:
            check_after(self.placed_at, self.expires_at, "/expires_at")


@dataclass(frozen=True, slots=True)
class SuspiciousAccount:
    """An account of the bank's own that looks used for fraud; no hold follows from this alone."""

    id: Id
    reported_at: dt.datetime
    account: Account
    reason: Suspicion
    words: Long | None
    seen_at: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class CustomerReport:
    """A victim stands in a branch: the disputed debits and a number to reach them, for the helpline to take over."""

    id: Id
    reported_at: dt.datetime
    payments: tuple[PaymentId, ...]
    mobile: Mobile
    payer_account_last4: Last4 | None
    branch: Short | None

    def __post_init__(self) -> None:
        check_object(self)
        if not self.payments:
            raise InvalidMessage(problems.BAD_VALUE, "/payments", "at least one disputed debit")


@dataclass(frozen=True, slots=True)
class LateCredit:
    """New money came to an account with a hold or a watch; untraced, never held under the old order."""

    id: Id
    reported_at: dt.datetime
    hold_order_id: Id | None
    account: Account
    payment: PaymentId

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class HoldBroken:
    """The bank's core let money out from under a hold; these paise are gone."""

    id: Id
    reported_at: dt.datetime
    hold_order_id: Id
    ranges: tuple[Range, ...]
    amount_paise: Paise

    def __post_init__(self) -> None:
        check_object(self)
        check_ranges(self.ranges, self.amount_paise, within=WHOLE)


@dataclass(frozen=True, slots=True)
class HoldsDiffer:
    """The bank compared its open holds with ours and these differ; this is what the bank has of them."""

    id: Id
    reported_at: dt.datetime
    holds: tuple[HoldShown, ...]

    def __post_init__(self) -> None:
        check_object(self)
        if not self.holds:
            raise InvalidMessage(problems.BAD_VALUE, "/holds", "at least one hold that differs")


@dataclass(frozen=True, slots=True)
class NextKey:
    """The bank's next key, said under its current one; `proof` is made with the next one (rotation.py)."""

    id: Id
    reported_at: dt.datetime
    public_key: PublicKeyText
    valid_from_at: dt.datetime
    proof: SignatureText

    def __post_init__(self) -> None:
        check_object(self)
        check_after(self.reported_at, self.valid_from_at, "/valid_from_at")
