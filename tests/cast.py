"""The people and banks of the tests, made through the verbs, and how to run as another database role."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from typing import Any

from django.db import connection

from thaam.parties.keys import KeyKnown, enrol_key
from thaam.parties.models import Bank, Officer
from thaam.wire.keys import SigningKey, from_seed
from thaam.wire.messages import HoldAnswer, HoldOrder
from thaam.wire.parts import Basis, IssuedBy, Line, PaymentId, Range

NOON = datetime.datetime(2026, 11, 25, 6, 30, tzinfo=datetime.UTC)


@contextlib.contextmanager
def running_as(role: str) -> Iterator[None]:
    """Run as `thaam_app` or `thaam_loops` until the block ends, then as before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET ROLE {role}")
    yield
    # an aborted transaction undoes its own SET ROLE
    if not connection.needs_rollback and connection.connection and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {before}")


def bank(code: str = "DEMO1") -> Bank:
    """A partner in the directory."""
    made, _ = Bank.objects.get_or_create(
        code=code, defaults={"name_hi": f"डेमो बैंक {code}", "name_en": f"Demo Bank {code}"}
    )
    return made


def signs_for(code: str = "DEMO1", *, at: datetime.datetime | None = None) -> SigningKey:
    """The bank's own key, enrolled as two officers would; the same one in every run."""
    bank(code)
    key = from_seed(code.encode().ljust(32, b"."))
    read_by, _ = Officer.objects.get_or_create(username="devi", defaults={"role": "supervisor"})
    confirmed_by, _ = Officer.objects.get_or_create(username="kabir", defaults={"role": "supervisor"})
    with contextlib.suppress(KeyKnown):
        enrol_key(
            partner=code, public_key=key.public, read_by=read_by, confirmed_by=confirmed_by, at=at or NOON,
        )  # fmt: skip
    return key


def payment(amount_paise: int = 100_000_00, *, reference: str = "UTR000000001", **parts: Any) -> PaymentId:
    """A payment from Asha's bank to Balu's."""
    return PaymentId(
        **{
            "rail": "UPI",
            "reference": reference,
            "date": NOON.date(),
            "amount_paise": amount_paise,
            "payer_bank": "DEMO1",
            "payee_bank": "DEMO2",
            **parts,
        }
    )


BASIS = Basis(jurisdiction="IN", section="106", authority="Thana Demo", reference="26116000001")
DEVI = IssuedBy(office="HELPDESK", officer="devi")


def hold_order(number: int = 1, **changes: Any) -> HoldOrder:
    """A hold order for the whole of `payment()`; the same number makes the same id."""
    paid = changes.pop("payment", payment())
    return HoldOrder(
        **{
            "id": an_id(number),
            "revision": 1,
            "payment": paid,
            "ranges": (Range(0, paid.amount_paise),),
            "amount_paise": paid.amount_paise,
            "floor_paise": 100_00,
            "provisional": False,
            "payee_hint": None,
            "basis": BASIS,
            "issued_by": DEVI,
            "issued_at": NOON,
            "execute_before": NOON + datetime.timedelta(hours=1),
            "expires_at": NOON + datetime.timedelta(days=90),
            **changes,
        }
    )


def hold_answer(order: HoldOrder, number: int = 1001, **changes: Any) -> HoldAnswer:
    """An answer to `order` that holds all of it."""
    return HoldAnswer(
        **{
            "id": an_id(number),
            "order_id": order.id,
            "answered_at": NOON + datetime.timedelta(seconds=2),
            "revision": 1,
            "replaces": None,
            "account": "BALU0001",
            "position": 10,
            "lines": (Line(kind="held", lo=0, hi=order.payment.amount_paise, lien_reference="LIEN1"),),
            "exactness": "exact",
            "rule_applied": "lifo",
            "ranges_kind": "exact",
            **changes,
        }
    )


def an_id(number: int) -> str:
    """A well-formed UUIDv7 that is the same in every run."""
    return f"019ab000-0000-7000-8000-{number:012x}"
