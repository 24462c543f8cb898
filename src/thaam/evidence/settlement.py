"""The referee between two banks that disagree: read a bank's daily settlement file, and let it decide (S1.12).

A payment is real when the file of the bank that denies it has it. It never was when the file of the bank that claims to
have sent it, of that very day, lacks it. Anything else stays open for an officer: one bank's file is its own word.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from thaam.chase.deciding import decide_existed, decide_never_was, decide_returned, disputed_payments
from thaam.chase.models import Payment
from thaam.evidence.models import Settled, SettlementReport
from thaam.evidence.statements import paise_of
from thaam.files.sheets import UnreadableSheet, read_sheet
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Bank
from thaam.wire.words import RAILS

COLUMNS = ("rail", "reference", "amount", "payer_bank", "payee_bank", "status")
_STATES = {"settled": False, "success": False, "returned": True, "reversed": True}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,23}")


class WrongRow(Exception):
    """A row cannot be read; nothing of the file is kept, because a half-read file would prove absences."""

    def __init__(self, row: int, column: str) -> None:
        super().__init__(f"row {row}: {column}")
        self.text = Text(
            hi=f"पंक्ति {row} का कॉलम {column} पढ़ा नहीं जा सका। फ़ाइल ठीक करके पूरी भेजें।",
            en=f"Column {column} of row {row} cannot be read. Correct the file and send all of it.",
        )


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a settlement file."""

    report: SettlementReport
    fresh: bool
    decided: tuple[tuple[Payment, str], ...]


@transaction.atomic
def read_settlement(*, bank: str, on: dt.date, content: bytes, file_name: str, by: str, at: dt.datetime) -> Read:
    """Keep a bank's settlement file (CSV or XLSX, COLUMNS, amounts in rupees) and decide what it can decide.

    `on` is the Indian day it settles. The same file again changes nothing. Raises files.sheets.UnreadableSheet,
    WrongRow, Bank.DoesNotExist.
    """
    rows = read_sheet(content, file_name=file_name, columns=COLUMNS)
    of = Bank.objects.get(code=bank)
    sha256 = hashlib.sha256(content).hexdigest()
    settled = [_row(row, bank) for row in rows]
    report, fresh = SettlementReport.objects.get_or_create(
        bank=of, on=on, sha256=sha256,
        defaults={"id": id_from("settlement", bank, on, sha256), "row_count": len(rows), "read_at": at, "by": by},
    )  # fmt: skip
    if fresh:
        Settled.objects.bulk_create([Settled(report=report, **each) for each in settled], batch_size=2_000)
        record(
            Kind.SETTLEMENT_READ,
            about=f"partner:{bank}",
            by=by,
            at=at,
            on=on.isoformat(),
            sha256=sha256,
            rows=len(rows),
        )
    decided = [
        (payment, verdict)
        for payment in disputed_payments()
        if payment.on == on and bank in (payment.payer_bank, payment.payee_bank)
        if (verdict := decide(payment=payment, by=by, at=at))
    ]
    return Read(report, fresh, tuple(decided))


def decide(*, payment: Payment, by: str, at: dt.datetime) -> str:
    """`existed`, `returned`, `never was`, or "" when the files here do not say. Records the fact "payment:decided"."""
    claims, denies = payment.payer_bank, payment.payee_bank or ""
    mine, theirs = _in_files(payment, claims), _in_files(payment, denies)
    returned = [row for row in (*(mine or ()), *(theirs or ())) if row.returned]
    if returned:
        verdict, wrong = "returned", ""
        decide_returned(payment_id=payment.pk, at=at)
    elif theirs:
        verdict, wrong = "existed", denies
        decide_existed(payment_id=payment.pk, at=at)
    elif mine == []:
        verdict, wrong = "never was", claims
        decide_never_was(payment_id=payment.pk, at=at)
    else:
        return ""
    record(
        Kind.PAYMENT_DECIDED, about=f"payment:{payment.pk}", by=by, at=at, verdict=verdict, wrong_bank=wrong,
        payer_bank=claims, payee_bank=denies, reference=payment.reference,
    )  # fmt: skip
    return verdict


def _in_files(payment: Payment, bank: str) -> Sequence[Settled] | None:
    """Rows of this payment in the bank's files of its day; None when there is no such file, [] when it lacks it."""
    reports = SettlementReport.objects.filter(bank=bank, on=payment.on)
    if not reports.exists():
        return None
    return list(
        Settled.objects.filter(
            report__in=reports, reference=payment.reference, amount_paise=payment.amount_paise, rail=payment.rail,
            payer_bank=payment.payer_bank,
        )
    )  # fmt: skip


def _row(row: dict[str, str], bank: str) -> dict[str, Any]:
    n = int(row["#"])
    rail, amount = row["rail"].upper(), paise_of(row["amount"], signed=True)
    status = row["status"].lower()
    for column, holds in (
        ("rail", rail in RAILS),
        ("reference", re.fullmatch(r"[!-~]{1,64}", row["reference"])),
        ("amount", amount is not None and amount > 0),
        ("payer_bank", _CODE.fullmatch(row["payer_bank"])),
        ("payee_bank", _CODE.fullmatch(row["payee_bank"]) and bank in (row["payer_bank"], row["payee_bank"])),
        ("status", status in _STATES),
    ):
        if not holds:
            raise WrongRow(n, column)
    return {
        "rail": rail, "reference": row["reference"], "amount_paise": amount, "payer_bank": row["payer_bank"],
        "payee_bank": row["payee_bank"], "returned": _STATES[status],
    }  # fmt: skip


__all__ = ["COLUMNS", "Read", "UnreadableSheet", "WrongRow", "decide", "read_settlement"]
