"""Check and take the rows of two directory sheets: partners (banks, wallets, telecom operators) and offices
(stations, cells, desks, trade bodies)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.districts import TwoPlaces, find_district
from thaam.parties.importing import Checked, Fault
from thaam.parties.models import Bank, Handle, Office

PARTNER_COLUMNS = ("code", "name_hi", "name_en", "kind", "ifsc_prefix", "iin", "handles")
PARTNER_MORE = ("in_network",)
OFFICE_COLUMNS = ("code", "name_hi", "name_en", "kind", "district", "state", "phone", "email")
_CODE = re.compile(r"[A-Z0-9]{2,16}")
_OFFICE_CODE = re.compile(r"[A-Za-z0-9_-]{2,40}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_NO = ("no", "0", "नहीं", "false")


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """A partner as read."""

    code: str
    name_hi: str
    name_en: str
    kind: str
    ifsc_prefix: str
    iin: str
    handles: tuple[str, ...]
    in_network: bool


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office as read; its district by the directory's English name."""

    code: str
    name_hi: str
    name_en: str
    kind: str
    district: str
    state: str
    phone: str
    email: str


def check_partners(rows: Iterable[dict[str, str]]) -> Checked[PartnerRow]:
    """What these partner rows would do. Reads the directory, writes nothing."""
    checked: Checked[PartnerRow] = Checked()
    handles = dict(Handle.objects.values_list("handle", "bank_id"))
    seen: set[str] = set()
    for row in rows:
        n, faults = int(row["#"]), []
        code, prefix, iin = row["code"].upper(), row["ifsc_prefix"].upper(), row["iin"]
        if not _CODE.fullmatch(code):
            faults.append(Fault(n, "code", _BAD_CODE))
        elif code in seen:
            faults.append(Fault(n, "code", _TWICE))
        if not row["name_en"]:
            faults.append(Fault(n, "name_en", _EMPTY))
        kind = row["kind"].lower() or Bank.Type.BANK
        if kind not in Bank.Type.values:
            faults.append(Fault(n, "kind", _BAD_KIND))
        if prefix and not re.fullmatch(r"[A-Z]{4}", prefix):
            faults.append(Fault(n, "ifsc_prefix", _BAD_PREFIX))
        if iin and not re.fullmatch(r"\d{6}", iin):
            faults.append(Fault(n, "iin", _BAD_IIN))
        mine = tuple(word.lstrip("@").lower() for word in re.split(r"[\s,;|]+", row["handles"]) if word)
        if any(handles.get(handle, code) != code for handle in mine):
            faults.append(Fault(n, "handles", _OTHERS_HANDLE))
        if faults:
            checked.faults += faults
            continue
        seen.add(code)
        joined = row.get("in_network", "").strip().lower() not in _NO
        checked.good.append(
            PartnerRow(code, row["name_hi"] or row["name_en"], row["name_en"], kind, prefix, iin, mine, joined)
        )
    return checked


@transaction.atomic
def take_partners(rows: Sequence[PartnerRow], *, by: str, at: dt.datetime) -> int:
    """Write checked partners, keyed by code; returns how many rows changed something.

    A partner that is in the network stays so: a list of names takes nobody's mailbox away.
    """
    known = {bank.code: bank for bank in Bank.objects.filter(code__in=[row.code for row in rows])}
    wanted = [
        Bank(
            code=row.code,
            name_hi=row.name_hi[:120],
            name_en=row.name_en[:120],
            kind=row.kind,
            ifsc_prefix=row.ifsc_prefix,
            iin=row.iin,
            in_network=row.in_network or (row.code in known and known[row.code].in_network),
        )
        for row in rows
    ]
    fields = ["name_hi", "name_en", "kind", "ifsc_prefix", "iin", "in_network"]
    changed = [
        bank
        for bank in wanted
        if bank.code not in known or any(getattr(known[bank.code], f) != getattr(bank, f) for f in fields)
    ]
    Bank.objects.bulk_create(changed, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    Handle.objects.bulk_create(
        [Handle(handle=handle, bank_id=row.code) for row in rows for handle in row.handles], ignore_conflicts=True
    )
    if changed:
        record(Kind.DIRECTORY_IMPORTED, about="directory:partners", by=by, at=at, rows=len(changed))
    return len(changed)


def check_offices(rows: Iterable[dict[str, str]]) -> Checked[OfficeRow]:
    """What these office rows would do. Reads the directory, writes nothing."""
    checked: Checked[OfficeRow] = Checked()
    seen: set[str] = set()
    for row in rows:
        n, faults = int(row["#"]), []
        if not _OFFICE_CODE.fullmatch(row["code"]):
            faults.append(Fault(n, "code", _BAD_OFFICE))
        elif row["code"] in seen:
            faults.append(Fault(n, "code", _TWICE))
        if not row["name_en"]:
            faults.append(Fault(n, "name_en", _EMPTY))
        kind = row["kind"].lower() or Office.Type.STATION
        if kind not in Office.Type.values:
            faults.append(Fault(n, "kind", _BAD_OFFICE_KIND))
        district, trouble = row["district"], None
        if district:
            try:
                found = find_district(district)
                district, trouble = (found.name_en, None) if found else (district, _NO_DISTRICT)
            except TwoPlaces:
                trouble = _TWO_DISTRICTS
        if trouble:
            faults.append(Fault(n, "district", trouble))
        phone = re.sub(r"[\s-]", "", row["phone"])
        if phone and not re.fullmatch(r"\+?\d{3,15}", phone):
            faults.append(Fault(n, "phone", _BAD_PHONE))
        if row["email"] and not _EMAIL.fullmatch(row["email"]):
            faults.append(Fault(n, "email", _BAD_EMAIL))
        if faults:
            checked.faults += faults
            continue
        seen.add(row["code"])
        checked.good.append(
            OfficeRow(
                row["code"], row["name_hi"] or row["name_en"], row["name_en"], kind, district, row["state"], phone,
                row["email"],
            )
        )  # fmt: skip
    return checked


@transaction.atomic
def take_offices(rows: Sequence[OfficeRow], *, by: str, at: dt.datetime) -> int:
    """Write checked offices, keyed by code; returns how many rows changed something."""
    fields = ["name_hi", "name_en", "kind", "district", "state", "phone", "email"]
    known = {office.code: office for office in Office.objects.filter(code__in=[row.code for row in rows])}
    changed = [
        Office(code=row.code, **{field: getattr(row, field) for field in fields})
        for row in rows
        if row.code not in known or any(getattr(known[row.code], f) != getattr(row, f) for f in fields)
    ]
    Office.objects.bulk_create(changed, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    if changed:
        record(Kind.DIRECTORY_IMPORTED, about="directory:offices", by=by, at=at, rows=len(changed))
    return len(changed)


_BAD_CODE = Text(hi="कोड 2 से 16 बड़े अक्षर या अंक का हो", en="A code is 2 to 16 capital letters or digits")
_BAD_OFFICE = Text(hi="कोड 2 से 40 अंग्रेज़ी अक्षर, अंक या - का हो", en="A code is 2 to 40 letters, digits or -")
_TWICE = Text(hi="यह कोड इसी फ़ाइल में ऊपर आ चुका है", en="This code stands above in the same file")
_EMPTY = Text(hi="यह खाना खाली है", en="This cell is empty")
_BAD_KIND = Text(
    hi="bank, cooperative, rural, small_finance, payments, foreign, wallet, aggregator या telecom लिखें",
    en="Write bank, cooperative, rural, small_finance, payments, foreign, wallet, aggregator or telecom",
)
_BAD_OFFICE_KIND = Text(
    hi="desk, station, cell, review या association लिखें", en="Write desk, station, cell, review or association"
)
_BAD_PREFIX = Text(hi="IFSC के पहले चार अक्षर लिखें, जैसे SBIN", en="The first four letters of its IFSC, as SBIN")
_BAD_IIN = Text(hi="IIN 6 अंक का होता है", en="An IIN has 6 digits")
_OTHERS_HANDLE = Text(hi="यह UPI हैंडल दूसरे बैंक का है", en="This UPI handle belongs to another bank")
_NO_DISTRICT = Text(hi="यह ज़िला नहीं मिला; LGD कोड लिख सकते हैं", en="District not found; its LGD code will do")
_TWO_DISTRICTS = Text(hi="इस नाम के ज़िले कई राज्यों में हैं; LGD कोड लिखें", en="Several states have it; write the LGD code")
_BAD_PHONE = Text(hi="फ़ोन नंबर सिर्फ़ अंकों में लिखें", en="Write the telephone number in digits")
_BAD_EMAIL = Text(hi="ई-मेल ठीक नहीं लगता", en="This does not look like an e-mail")
