"""The bank's message as the person pasted it, turned into a debit to be checked, or a reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.reading.message import read_message
from thaam.web.citizen.draft import DebitDraft
from thaam.web.shared.banks import bank_named, bank_told_in
from thaam.web.shared.references import look_at_reference

SMS_SIGNS_MAX = 2000
# Which row of the confirm page a stretch of the message belongs to.
_ROW_OF = {"amount_paise": 1, "time": 2, "reference": 3, "account_last4": 4, "bank": 4, "counterparty": 5}
_CREDIT = Text(
    "यह SMS पैसा आने का है, जाने का नहीं। पैसा कटने वाला SMS चिपकाएँ।",
    "This SMS says money came in, not that it went out. Paste the one about the debit.",
)
_NOT_READ = Text(
    "इस SMS से रकम नहीं पढ़ी जा सकी। नीचे “खुद भरें” चुनें, SMS साथ रहेगा।",
    "We could not read the amount from this SMS. Choose “fill it in” below; the SMS stays with it.",
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read; `why_not` is set when the message cannot be a loss."""

    reading: Any = None
    why_not: Text | None = None


def read_pasted(message: str, *, now: datetime) -> Pasted:
    """Read one pasted message. A credit, an OTP, a collect request or an imitation is refused with the reason."""
    reading = read_message(message)
    if not reading.is_transaction:
        return Pasted(why_not=reading.refusal.reason if reading.refusal else _NOT_READ)
    if reading.direction == "credit":
        return Pasted(why_not=_CREDIT)
    if not reading.amount_paise:
        return Pasted(why_not=_NOT_READ)
    return Pasted(reading=reading)


def fill_from(debit: DebitDraft, message: str, pasted: Pasted) -> None:
    """Put the reading into the debit; what the message does not say stays as it was."""
    reading = pasted.reading
    debit.sms = message
    debit.amount_paise = reading.amount_paise
    debit.payer_last4 = reading.account_last4 or debit.payer_last4
    look = look_at_reference(reading.reference or "")
    debit.reference, debit.weak = look.reference, not look.sound
    debit.rail = reading.rail or look.rail
    bank = bank_named(reading.bank or "") or bank_told_in(message)
    if bank or reading.bank:
        debit.payer_bank, debit.payer_bank_name = (bank.code, bank.name_en) if bank else (reading.bank, "")
    other = (reading.counterparty or "").strip()
    if "@" in other:
        debit.payee_vpa = other.lower()
    elif other:
        debit.payee_name = other[:120]
    _take_time(debit, reading.time)
    debit.spans = [[start, end, _ROW_OF[name]] for name, (start, end) in reading.spans.items() if name in _ROW_OF]


def _take_time(debit: DebitDraft, iso: str | None) -> None:
    """A full time is exact; a bare date keeps noon of that day until the person says roughly when."""
    debit.paid_at, debit.exact, debit.choice = "", False, ""
    if not iso:
        return
    if "T" in iso:
        debit.paid_at, debit.exact = datetime.fromisoformat(iso).isoformat(), True
    else:
        noon = datetime.combine(datetime.fromisoformat(iso).date(), time(12, 0), IST)
        debit.paid_at = noon.isoformat()


def not_later_than(debit: DebitDraft, now: datetime) -> None:
    """A day without a time must not lie ahead: noon of today, said at eleven, becomes now."""
    paid = debit.paid
    if paid and paid > now and paid - now < timedelta(hours=13):
        debit.paid_at = now.isoformat()
