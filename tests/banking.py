"""Banks played by hand in tests: read the mailbox, answer with the messages of the wire, let the chase take them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from cast import NOON, bank
from thaam.chase import loop
from thaam.complaints.confirming import confirm, send_code
from thaam.complaints.filing import file_complaint
from thaam.complaints.models import Complaint
from thaam.complaints.telling import DebitTold
from thaam.holds.answering import AnswerRefused
from thaam.journal.ids import new_id
from thaam.mailbox import keeping, taking
from thaam.mailbox.models import Order
from thaam.wire import codec, messages
from thaam.wire.parts import Line, PaymentId, Range
from thaam.work.models import Job

LAKH = 1_00_000_00


def Rs(rupees: int) -> int:
    """Rupees in paise."""
    return rupees * 100


def debit(amount_paise: int = LAKH, *, reference: str = "UTR000000001", **told: Any) -> DebitTold:
    """Asha's disputed debit from DEMO1 to DEMO2."""
    words = {
        "paid_at": NOON - dt.timedelta(minutes=10),
        "rail": "UPI",
        "payer_bank": "DEMO1",
        "payer_last4": "1234",
        "payee_bank": "DEMO2",
    }
    return DebitTold(amount_paise=amount_paise, reference=reference, **{**words, **told})


def files(*debits: DebitTold, at: dt.datetime = NOON, confirmed: bool = True, **words: Any) -> Complaint:
    """Asha (or whoever `name`, `mobile` say) files and confirms; the first round of orders goes out."""
    for code in ("DEMO1", "DEMO2", "DEMO3", "DEMO4"):
        bank(code)
    told = {"lang": "hi", "channel": "web", "mobile": "9876543210", "name": "Asha", "district": "Raipur", "story": ""}
    complaint = file_complaint(
        complaint_id=new_id(), debits=list(debits) or [debit()], by="citizen", at=at, **{**told, **words}
    )
    if confirmed:
        send_code(complaint_id=complaint.pk, code_id=new_id(), code="123456", at=at)
        complaint = confirm(complaint_id=complaint.pk, code="123456", at=at)
        run_timers(at)
    return complaint


def run_timers(at: dt.datetime) -> None:
    """Do what is due by `at` of the chase's timers, as the work loop does."""
    for job in Job.objects.filter(state="due", run_at__lte=at, kind__in=loop.timers).order_by("run_at", "id"):
        with transaction.atomic():
            loop.timers[job.kind](job.payload, at)
            Job.objects.filter(pk=job.pk).update(state="done")


def orders(bank_code: str, kind: str = "HoldOrder") -> list[Any]:
    """Orders of this kind in a bank's mailbox, oldest first, as messages."""
    rows = Order.objects.filter(partner_id=bank_code, kind=kind).order_by("posted_at", "id")
    return [codec.decode(bytes(row.body)) for row in rows]


def order(bank_code: str, kind: str = "HoldOrder") -> Any:
    """The latest order of this kind in a bank's mailbox."""
    return orders(bank_code, kind)[-1]


def says(bank_code: str, message: Any, *, at: dt.datetime = NOON) -> str:
    """The bank sends a message; the chase takes it. Returns the problem when it was refused, else ""."""
    keeping.keep(partner=bank_code, message=message, raw=codec.encode(message), jws="test", at=at)
    problem = ""
    with transaction.atomic():
        for answer in taking.take_answers(100):
            try:
                with transaction.atomic():
                    loop.takes[answer.kind](answer, at)
            except AnswerRefused as refused:
                problem = refused.problem
            taking.settle(answer, at, refused=problem)
    return problem


def hold_answer(order_: Any, *lines: Line, at: dt.datetime = NOON, account: str = "ACC-BALU", **changes: Any) -> Any:
    """A HoldAnswer with these lines; without lines everything asked is held."""
    lines = lines or tuple(Line("held", lo, hi, lien_reference="L1") for lo, hi in order_.ranges)
    words = {
        "id": new_id(),
        "order_id": order_.id,
        "answered_at": at,
        "revision": 1,
        "replaces": None,
        "account": account,
        "position": 7,
        "lines": lines,
        "exactness": "exact",
        "rule_applied": "lifo",
        "ranges_kind": "exact",
    }
    return messages.HoldAnswer(**{**words, **changes})


def located(order_: Any, *, at: dt.datetime = NOON, **changes: Any) -> Any:
    """The payer's bank finds the debit on the reporter's own account."""
    words = {"found": True, "payment": order_.payment, "account": "ACC-ASHA", "mobile_matches": True}
    return messages.Located(id=new_id(), order_id=order_.id, answered_at=at, **{**words, **changes})


def onward(lo: int, hi: int, payment: PaymentId, child_lo: int = 0) -> Line:
    """Paise that went on in another payment."""
    return Line("onward", lo, hi, payment=payment, child_lo=child_lo)


def paid(amount_paise: int, *, reference: str, payer: str = "DEMO2", payee: str | None = "DEMO3") -> PaymentId:
    """A further payment on the trail."""
    return PaymentId("IMPS", reference, NOON.date(), amount_paise, payer, payee)


def release_done(hold_order_id: str, *ranges: tuple[int, int], order_id: str, reason: str, at: dt.datetime) -> Any:
    """The bank let these paise go."""
    return messages.ReleaseDone(
        id=new_id(),
        order_id=order_id,
        answered_at=at,
        hold_order_id=hold_order_id,
        ranges=tuple(Range(lo, hi) for lo, hi in ranges),
        amount_paise=sum(hi - lo for lo, hi in ranges),
        reason=reason,
    )


def states(complaint: Complaint, at: dt.datetime = NOON) -> dict[str, int]:
    """Paise of the complaint in each state that has any, at a moment."""
    from thaam.complaints.progress import progress_of

    return {state.value: paise for state, paise in progress_of(complaint, at).totals.items() if paise}
