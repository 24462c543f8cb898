"""What the platform orders of a bank, with the rules each order must keep on both sides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.wire import problems
from thaam.wire.fields import InvalidMessage, check_object
from thaam.wire.parts import WHOLE, Basis, IssuedBy, PaymentId, Range, check_after, check_apart, check_ranges
from thaam.wire.words import (
    Account,
    Bank,
    CancelReason,
    Id,
    InformationKind,
    Last4,
    Long,
    Mobile,
    NoticeCode,
    Paise,
    PaiseOrZero,
    Reference,
    ReleaseReason,
    Revision,
)


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
        check_after(self.issued_at, self.execute_before, "/execute_before")


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
        check_after(self.issued_at, self.execute_before, "/execute_before")
        check_after(self.issued_at, self.expires_at, "/expires_at")


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
            check_apart(self.ranges, within=WHOLE)
        if self.expires_at is not None:
            check_after(self.issued_at, self.expires_at, "/expires_at")
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
        check_ranges(self.ranges, self.amount_paise, within=WHOLE)
        check_after(self.issued_at, self.execute_before, "/execute_before")


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
        check_ranges(self.ranges, self.amount_paise, within=WHOLE)
        check_after(self.issued_at, self.execute_before, "/execute_before")
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
        check_after(self.issued_at, self.execute_before, "/execute_before")
        check_after(self.issued_at, self.expires_at, "/expires_at")


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
        check_after(self.issued_at, self.due_at, "/due_at")


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
        check_after(self.issued_at, self.watch_until, "/watch_until")


@dataclass(frozen=True, slots=True)
class Notice:
    """Words to the bank: banks disagree, a hold is missing, a key changes.

    `to_holder` are words for the bank's own customer, the holder of the account under `about_order_id`, in Hindi and,
    behind the first line break, in English; an acknowledgement says that the customer was told.
    """

    id: Id
    code: NoticeCode
    about_order_id: Id | None
    words: Long
    issued_by: IssuedBy
    issued_at: dt.datetime

    def __post_init__(self) -> None:
        check_object(self)
