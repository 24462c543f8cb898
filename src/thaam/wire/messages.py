"""Every message between the platform and a bank, in one place: orders (orders.py), answers and unasked (answers.py).

A message that breaks a rule cannot be made: construction raises InvalidMessage. The specification in words is
docs/wire/README.md.
"""

from __future__ import annotations

from thaam.wire import problems
from thaam.wire.answers import (
    Acknowledged,
    CannotMatch,
    CustomerReport,
    Expected,
    HoldAnswer,
    HoldBroken,
    HoldsDiffer,
    InformationAnswer,
    LateCredit,
    Located,
    NextKey,
    OwnHold,
    ReleaseDone,
    RestoreDone,
    SuspiciousAccount,
)
from thaam.wire.fields import InvalidMessage
from thaam.wire.orders import (
    AmendOrder,
    BalanceWatch,
    CancelOrder,
    FreezeToHoldOrder,
    HoldOrder,
    InformationRequest,
    LocatePayment,
    Notice,
    ReleaseOrder,
    RestoreOrder,
)
from thaam.wire.parts import Basis, HoldShown, IssuedBy, Line, PaymentId, Range, pairs_of, ranges_of, total_paise
from thaam.wire.prevention import BlockAnswer, BlockOrder, PayersAnswer, PayersRequest, Warned, WarnOrder

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
    | BlockOrder
    | PayersRequest
    | WarnOrder
)
Answer = (
    Located
    | HoldAnswer
    | Expected
    | Acknowledged
    | CannotMatch
    | ReleaseDone
    | RestoreDone
    | InformationAnswer
    | BlockAnswer
    | PayersAnswer
    | Warned
)
Unasked = OwnHold | SuspiciousAccount | CustomerReport | LateCredit | HoldBroken | HoldsDiffer | NextKey
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


__all__ = [
    "ANSWERS",
    "KINDS",
    "ORDERS",
    "UNASKED",
    "Acknowledged",
    "AmendOrder",
    "Answer",
    "BalanceWatch",
    "Basis",
    "BlockAnswer",
    "BlockOrder",
    "CancelOrder",
    "CannotMatch",
    "CustomerReport",
    "Expected",
    "FreezeToHoldOrder",
    "HoldAnswer",
    "HoldBroken",
    "HoldOrder",
    "HoldShown",
    "HoldsDiffer",
    "InformationAnswer",
    "InformationRequest",
    "InvalidMessage",
    "IssuedBy",
    "LateCredit",
    "Line",
    "LocatePayment",
    "Located",
    "Message",
    "NextKey",
    "Notice",
    "Order",
    "OwnHold",
    "PayersAnswer",
    "PayersRequest",
    "PaymentId",
    "Range",
    "ReleaseDone",
    "ReleaseOrder",
    "RestoreDone",
    "RestoreOrder",
    "SuspiciousAccount",
    "Unasked",
    "WarnOrder",
    "Warned",
    "check_balances",
    "pairs_of",
    "ranges_of",
    "total_paise",
]  # fmt: skip
