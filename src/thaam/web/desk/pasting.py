"""A bank's message pasted into the console: its fields for the form, or why it is no loss. Nothing is sent by it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.http import HttpRequest, JsonResponse

from thaam.language import rupees
from thaam.language.dates import in_ist
from thaam.parties.banks import bank_name
from thaam.reading.message import Reading, read_message
from thaam.web.shared.audience import for_desk
from thaam.web.shared.banks import bank_named
from thaam.web.shared.context import lang_of

SIGNS_MAX = 2000
FIELDS = 6
"""Amount, time, bank, account, reference, receiver: what the console has a field for."""


@for_desk
def read_sms(request: HttpRequest) -> JsonResponse:
    """POST `message`: {"values": {field: text}, "found", "of", "why_not"}."""
    lang = lang_of(request)
    reading = read_message(request.POST.get("message", "").replace("\x00", "")[:SIGNS_MAX])
    if not reading.is_transaction or reading.direction == "credit":
        credit = {"hi": "यह SMS पैसा आने का है।", "en": "This SMS says money came in."}[lang]
        why_not = reading.refusal.reason.in_(lang) if reading.refusal else credit
        return JsonResponse({"values": {}, "found": 0, "of": FIELDS, "why_not": why_not})
    values = _values(reading, lang, datetime.now(tz=UTC))
    found = len(values.keys() & {"amount", "choice", "bank", "last4", "reference", "to"})
    return JsonResponse({"values": values, "found": found, "of": FIELDS, "why_not": ""})


def _values(reading: Reading, lang: str, now: datetime) -> dict[str, str]:
    values = {}
    if reading.amount_paise:
        values["amount"] = rupees.full(reading.amount_paise).lstrip("₹")
    if reading.bank:
        known = bank_named(reading.bank)
        values["bank"] = known.name(lang) if known else bank_name(reading.bank, "en")
    if reading.reference:
        values["reference"] = reading.reference
    if reading.account_last4 and len(reading.account_last4) == 4:
        values["last4"] = reading.account_last4
    if reading.counterparty and "@" in reading.counterparty:
        values["to"] = reading.counterparty.lower()
    return values | _when(reading.time, now)


def _when(iso: str | None, now: datetime) -> dict[str, str]:
    """The day as the console's choice, and the clock where the message has one."""
    if not iso:
        return {}
    on, clock = date.fromisoformat(iso[:10]), iso[11:16]
    today = in_ist(now).date()
    near = {today: "today", today - timedelta(days=1): "yesterday"}
    if on > today:
        return {}
    return {"choice": near.get(on, "date"), "clock": clock} | ({} if on in near else {"on": on.isoformat()})
