"""What every case uses: names made unique for this run, orders with a basis and an officer, waiting and looking."""

from __future__ import annotations

import datetime as dt
import secrets
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from thaam.language.dates import IST
from thaam.wire.conformance.harness import Harness, Standing
from thaam.wire.conformance.holdcases import Row
from thaam.wire.conformance.platform import KitPlatform
from thaam.wire.messages import (
    Basis,
    HoldAnswer,
    HoldOrder,
    IssuedBy,
    Line,
    LocatePayment,
    Message,
    PaymentId,
    ranges_of,
    total_paise,
)

BASIS = Basis("IN", "BNSS 106", "Conformance kit", "26116000017")
OFFICER = IssuedBy("Conformance kit", "Devi")
SECOND_OFFICER = IssuedBy("Conformance kit", "Esha")
PAYER_BANK = "KITP"
NEXT_BANK = "KITN"
MOBILE = "9000000001"
_HOUR = dt.timedelta(hours=1)


class Failed(Exception):
    """The bank did not do what the rule asks; the message says what it did."""


@dataclass(slots=True)
class Kit:
    """One run against one bank. `patience` is how long an answer is waited for, `brief` how long a short hold lasts."""

    platform: KitPlatform
    harness: Harness
    bank: str
    patience: float = 15.0
    brief: float = 4.0
    token: str = field(default_factory=lambda: secrets.token_hex(3))
    _case: int = 0

    def begin(self) -> None:
        """New names for a new case."""
        self._case += 1

    def name(self, short: str) -> str:
        """The name an account or a payment of this case has in this run."""
        return f"{short}.{self.token}{self._case}" if "/" not in short else self._suffixed(short)

    def _suffixed(self, short: str) -> str:
        head, _, tail = short.partition("/")
        return f"{self.name(head)}/{tail}"

    def load(self, rows: tuple[Row, ...], *, opening_paise: dict[str, int] | None = None, step: str = "1") -> None:
        """Open the accounts of the rows and append the rows, in order, each a second after the one before."""
        opening = opening_paise or {}
        names = dict.fromkeys(row.account for row in rows)
        accounts = [
            {"account": self.name(short), "opening_paise": opening.get(short, 0), "mobile": MOBILE}
            for short in names
            if step == "1"
        ]
        postings: list[dict[str, Any]] = []
        for at, row in enumerate(rows):
            postings += self._postings(row, seconds=len(rows) - at)
        self.harness.load(id=f"{self.token}-{self._case}-{step}", accounts=accounts, postings=postings)

    def _postings(self, row: Row, *, seconds: int) -> list[dict[str, Any]]:
        posted = dt.datetime.now(dt.UTC) - dt.timedelta(days=row.days_ago, seconds=seconds)
        transfer = row.channel not in ("ATM", "POS")
        other = PAYER_BANK if row.side == "C" or row.reverses else NEXT_BANK
        common = {"posted_at": posted.isoformat(), "tx_ref": self.name(row.reference), "channel": row.channel}
        own = {
            **common,
            "bank": self.bank,
            "account": self.name(row.account),
            "side": row.side,
            "amount_paise": row.amount_paise,
            "counterparty_bank": other if transfer else None,
            "counterparty_account": self.name("other") if transfer else None,
            "reverses_tx_ref": self.name(row.reverses) if row.reverses else None,
            "detail": row.detail,
        }
        if row.side == "D":
            return [own]
        # A transfer is two rows of one reference; the payer's tells the amount of the whole payment.
        payer = {
            **common,
            "bank": PAYER_BANK,
            "account": self.name("other"),
            "side": "D",
            "amount_paise": row.whole_paise or row.amount_paise,
            "counterparty_bank": self.bank,
            "counterparty_account": self.name(row.account),
        }
        return [payer, own]

    def payment(self, reference: str, amount_paise: int, *, channel: str = "UPI", days_ago: int = 0) -> PaymentId:
        """The identity of a payment that came to the tested bank."""
        day = (dt.datetime.now(IST) - dt.timedelta(days=days_ago, seconds=1)).date()
        return PaymentId(channel, self.name(reference), day, amount_paise, PAYER_BANK, self.bank)

    def hold_order(self, payment: PaymentId, ranges: tuple[tuple[int, int], ...] = (), **changes: Any) -> HoldOrder:
        """A hold order for the ranges (the whole payment without them), with everything that makes it one."""
        asked = ranges_of(ranges or ((0, payment.amount_paise),))
        now = self.platform.now()
        told: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "revision": 1,
            "payment": payment,
            "ranges": asked,
            "amount_paise": total_paise(asked),
            "floor_paise": 0,
            "provisional": True,
            "payee_hint": None,
            "basis": BASIS,
            "issued_by": OFFICER,
            "issued_at": now,
            "execute_before": now + _HOUR,
            "expires_at": now + 24 * _HOUR,
        }
        return HoldOrder(**{**told, **changes})

    def locate(self, payment: PaymentId, *, mobile: str = MOBILE) -> LocatePayment:
        """The question to the payer's bank."""
        now = self.platform.now()
        return LocatePayment(str(uuid.uuid4()), payment, None, mobile, BASIS, OFFICER, now, now + _HOUR)

    def answer_to(self, order_id: str, *kinds: type[Any], count: int = 1) -> Any:
        """Wait for the `count`-th answer of these kinds. Raises Failed, saying what came instead."""

        def found() -> Message | None:
            fitting = [each for each in self.platform.answers_to(order_id) if isinstance(each, kinds)]
            return fitting[count - 1] if len(fitting) >= count else None

        answer = self.platform.wait_for(found, seconds=self.patience)
        if answer is None:
            came = [type(each).__name__ for each in self.platform.answers_to(order_id)] or "nothing"
            wanted = " or ".join(kind.__name__ for kind in kinds)
            broken = [why for _, why in self.platform.breaches[-3:]]
            raise Failed(f"no {wanted} came in {self.patience:g} s; came: {came}; refused at the door: {broken}")
        return answer

    def held(self, order: HoldOrder) -> HoldAnswer:
        """Post a hold order and wait for its answer."""
        self.platform.post(order)
        answer: HoldAnswer = self.answer_to(order.id, HoldAnswer)
        return answer

    def after_polls(self, count: int = 3) -> None:
        """Wait until the node has asked for its mailbox `count` more times: by then it would have acted."""
        before = self.platform.takes
        if not self.platform.wait_for(lambda: self.platform.takes >= before + count, seconds=self.patience):
            raise Failed("the node has stopped asking for its mailbox")

    def standing(self, account: str = "A") -> Standing:
        """What the core says of the account."""
        return self.harness.standing(account=self.name(account))

    def expect_lien(self, paise: int, account: str = "A") -> None:
        """Raises Failed unless the account's liens come to `paise` within the kit's patience."""
        until = time.monotonic() + self.patience
        while (found := self.standing(account).lien_paise) != paise:
            if time.monotonic() > until:
                raise Failed(f"liens of {found} paise, expected {paise}")
            time.sleep(0.05)


def check(holds: bool, why: str) -> None:
    """Raises Failed with `why` unless it holds."""
    if not holds:
        raise Failed(why)


def sum_of(lines: tuple[Line, ...], kind: str) -> int:
    """Paise of the lines of one kind."""
    return sum(line.amount_paise for line in lines if line.kind == kind)
