"""Every message between the platform and a bank, with the rules it must keep on both sides.

Orders go from the platform to a bank, answers come back, and a bank may also speak unasked. A message that breaks
a rule cannot be made: construction raises InvalidMessage. The specification in words is docs/wire/README.md.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.wire import problems
from thaam.wire.fields import InvalidMessage, check_object
from thaam.wire.parts import (
    Basis,
    IssuedBy,
    Line,
    PaymentId,
    Range,
    check_apart,
    check_ranges,
    pairs_of,
    ranges_of,
    total_paise,
)
from thaam.wire.words import (
    Account,
    Bank,
    CancelReason,
    CannotMatchCode,
    Digest,
    Exactness,
    HoldingRule,
    Id,
    InformationKind,
    Last4,
    Long,
    Mobile,
    NoticeCode,
    OwnHoldReason,
    Paise,
    PaiseOrZero,
    Position,
    RangesKind,
    Reference,
    ReleasedBecause,
    ReleaseReason,
    Revision,
    Short,
    Suspicion,
)

# The largest amount a message may carry is one payment's; the sum of a hold's ranges is inside it.
_WHOLE = 2**53 - 1

# ── orders: platform → bank ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class LocatePayment:
    """To the payer's bank: is this a real debit of a customer of yours, with this mobile number?"""

    id: Id
    payment: PaymentId
    payer_account_last4: Last4 | None
    payer_mobile: Mobile | None
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime
    execute_before: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        _check_after(self.issued_at, self.execute_before, "/execute_before")


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """To the bank that got the payment: hold these paise of it if still there, and say where the rest went."""

    id: Id
    revision: Revision
    payment: PaymentId
    ranges: tuple[Range, ...]
    amount_paise: Paise
    floor_paise: PaiseOrZero
    provisional: bool
    payee_hint: Account | None
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime
    execute_before: dt.datetime
    expires_at: dt.datetime

    def __post_init__(self) -> None:
        # An order that does not say how much, on what ground, by whom, when and until when is not an order at all.
        for name in ("ranges", "amount_paise", "basis", "issued_by", "issued_at", "expires_at"):
            if getattr(self, name) in (None, ()):
                raise InvalidMessage(problems.EMPTY_ORDER, f"/{name}")
        check_object(self)
        check_ranges(self.ranges, self.amount_paise, within=self.payment.amount_paise)
        _check_after(self.issued_at, self.execute_before, "/execute_before")
        _check_after(self.issued_at, self.expires_at, "/expires_at")


@dataclass(frozen=True, slots=True)
class AmendOrder:
    """The next revision of a hold order: fewer paise, another floor, confirmed, or another expiry or basis."""

    id: Id
    hold_order_id: Id
    revision: Revision
    ranges: tuple[Range, ...] | None
    floor_paise: PaiseOrZero | None
    provisional: bool | None
    expires_at: dt.datetime | None
    basis: Basis | None
    issued_by: IssuedBy
    issued_at: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        if self.revision < 2:
            raise InvalidMessage(problems.BAD_REVISION, "/revision", "the first amendment is revision 2")
        if self.ranges is not None:
            check_apart(self.ranges, within=_WHOLE)
        if self.expires_at is not None:
            _check_after(self.issued_at, self.expires_at, "/expires_at")
        changes = (self.ranges, self.floor_paise, self.provisional, self.expires_at, self.basis)
        if all(change is None for change in changes):
            raise InvalidMessage(problems.NOTHING_CHANGED)


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Do not carry out that order; what was held under it is released whole."""

    id: Id
    hold_order_id: Id
    reason: CancelReason
    issued_by: IssuedBy
    issued_at: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)


@dataclass(frozen=True, slots=True)
class ReleaseOrder:
    """Give held paise back to the account holder; `keeps_claim` says whether the victim may still claim them."""

    id: Id
    hold_order_id: Id
    ranges: tuple[Range, ...]
    amount_paise: Paise
    reason: ReleaseReason
    keeps_claim: bool
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime
    execute_before: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        check_ranges(self.ranges, self.amount_paise, within=_WHOLE)
        _check_after(self.issued_at, self.execute_before, "/execute_before")


@dataclass(frozen=True, slots=True)
class RestoreOrder:
    """Pay held paise back to the victim's account; needs two different officers."""

    id: Id
    hold_order_id: Id
    ranges: tuple[Range, ...]
    amount_paise: Paise
    to_bank: Bank
    to_account: Account
    basis: Basis
    issued_by: IssuedBy
    approved_by: IssuedBy
    issued_at: dt.datetime
    execute_before: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        check_ranges(self.ranges, self.amount_paise, within=_WHOLE)
        _check_after(self.issued_at, self.execute_before, "/execute_before")
        if self.approved_by == self.issued_by:
            raise InvalidMessage(problems.SAME_OFFICER, "/approved_by")


@dataclass(frozen=True, slots=True)
class FreezeToHoldOrder:
    """Replace the freeze of a whole account by a hold of the disputed paise only."""

    id: Id
    account: Account
    freeze_reference: Reference | None
    payment: PaymentId
    ranges: tuple[Range, ...]
    amount_paise: Paise
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime
    execute_before: dt.datetime
    expires_at: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        check_ranges(self.ranges, self.amount_paise, within=self.payment.amount_paise)
        _check_after(self.issued_at, self.execute_before, "/execute_before")
        _check_after(self.issued_at, self.expires_at, "/expires_at")


@dataclass(frozen=True, slots=True)
class InformationRequest:
    """Tell or send us something about one payment: particulars, a statement, footage, a settlement report."""

    id: Id
    what: InformationKind
    about: PaymentId
    account: Account | None
    words: Long | None
    due_at: dt.datetime
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        _check_after(self.issued_at, self.due_at, "/due_at")


@dataclass(frozen=True, slots=True)
class BalanceWatch:
    """Watch these paise without holding them, and say at once when they move."""

    id: Id
    payment: PaymentId
    ranges: tuple[Range, ...]
    basis: Basis
    issued_by: IssuedBy
    issued_at: dt.datetime
    watch_until: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
        check_apart(self.ranges, within=self.payment.amount_paise)
        _check_after(self.issued_at, self.watch_until, "/watch_until")


@dataclass(frozen=True, slots=True)
class Notice:
    """Words to the bank that need no act under law: banks disagree, a hold is missing, a key changes."""

    id: Id
    code: NoticeCode
    about_order_id: Id | None
    words: Long
    issued_by: IssuedBy
    issued_at: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)


# ── answers: bank → platform ───────────────────────────────────────────────────────────────────────────────────────


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
        check_ranges(self.ranges, self.amount_paise, within=_WHOLE)


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
        check_ranges(self.ranges, self.amount_paise, within=_WHOLE)
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


# ── unasked: bank → platform ───────────────────────────────────────────────────────────────────────────────────────


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
            _check_after(self.placed_at, self.expires_at, "/expires_at")


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
        check_ranges(self.ranges, self.amount_paise, within=_WHOLE)


# ── all of them ────────────────────────────────────────────────────────────────────────────────────────────────────

Order = (
    LocatePayment
    | HoldOrder
    | AmendOrder
    | CancelOrder
    | ReleaseOrder
    | RestoreOrder
    | FreezeToHoldOrder
    | InformationRequest
    | BalanceWatch
    | Notice
)
Answer = Located | HoldAnswer | Expected | Acknowledged | CannotMatch | ReleaseDone | RestoreDone | InformationAnswer
Unasked = OwnHold | SuspiciousAccount | CustomerReport | LateCredit | HoldBroken
Message = Order | Answer | Unasked

ORDERS: frozenset[str] = frozenset(cls.__name__ for cls in Order.__args__)
ANSWERS: frozenset[str] = frozenset(cls.__name__ for cls in Answer.__args__)
UNASKED: frozenset[str] = frozenset(cls.__name__ for cls in Unasked.__args__)
KINDS: dict[str, type[Message]] = {cls.__name__: cls for cls in (*Order.__args__, *Answer.__args__, *Unasked.__args__)}


def check_balances(
    order: HoldOrder | FreezeToHoldOrder | BalanceWatch, answer: HoldAnswer, *, ranges: tuple[Range, ...] | None = None
) -> None:
    """Raises InvalidMessage unless the answer's lines cover exactly the asked ranges, to the paisa.

    `ranges` are those of the order's current revision when an amendment changed them; else the order's own.
    """
    if answer.order_id != order.id:
        raise InvalidMessage(problems.UNKNOWN_ORDER, "/order_id", "the answer is to another order")
    asked = _joined(order.ranges if ranges is None else ranges)
    told = _joined(answer.lines)
    if asked != told:
        raise InvalidMessage(problems.LINES_DO_NOT_BALANCE, "/lines", f"asked for {asked}, told of {told}")


def _joined(parts: tuple[Range, ...] | tuple[Line, ...]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for part in parts:
        if joined and joined[-1][1] == part.lo:
            joined[-1] = (joined[-1][0], part.hi)
        else:
            joined.append((part.lo, part.hi))
    return joined


def _check_after(first: dt.datetime, second: dt.datetime, at: str) -> None:
    if second <= first:
        raise InvalidMessage(problems.BAD_TIMES, at, "must be later than the time before it")


__all__ = [
    "ANSWERS", "KINDS", "ORDERS", "UNASKED", "Acknowledged", "AmendOrder", "Answer", "BalanceWatch", "Basis",
    "CancelOrder", "CannotMatch", "CustomerReport", "Expected", "FreezeToHoldOrder", "HoldAnswer", "HoldBroken",
    "HoldOrder", "InformationAnswer", "InformationRequest", "InvalidMessage", "IssuedBy", "LateCredit", "Line",
    "LocatePayment", "Located", "Message", "Notice", "Order", "OwnHold", "PaymentId", "Range", "ReleaseDone",
    "ReleaseOrder", "RestoreDone", "RestoreOrder", "SuspiciousAccount", "Unasked", "check_balances", "pairs_of",
    "ranges_of", "total_paise",
]  # fmt: skip
