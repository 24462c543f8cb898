"""Check the rows of a branch or officer sheet cell by cell, and take the good ones once.

Two steps: `check_*` touches nothing; `take_*` writes what was checked. A file sent again, or a broken upload sent
anew, changes nothing that is already there: rows are keyed by IFSC and duty. Partners and offices: bodies.py.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.districts import TwoPlaces, find_district
from thaam.parties.models import Bank, Branch, Nodal, Office

_IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
_MOBILE = re.compile(r"[6-9]\d{9}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
Row = TypeVar("Row")

BRANCH_COLUMNS = ("ifsc", "bank", "name", "district", "pincode")
BRANCH_MORE = ("station", "open")
NODAL_COLUMNS = ("bank", "ifsc", "duty", "name", "designation", "mobile", "email", "from_on", "until_on")


@dataclass(frozen=True, slots=True)
class Fault:
    """One cell that cannot be taken: sheet row (as the spreadsheet numbers it), column, what to do."""

    row: int
    column: str
    text: Text


@dataclass(slots=True)
class Checked(Generic[Row]):
    """What a sheet would do: rows to take, and faults. A row with a fault is not taken."""

    good: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BranchRow:
    """A branch as read."""

    ifsc: str
    bank: str
    name: str
    district_code: int | None
    pincode: str
    station: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True)
class NodalRow:
    """A nodal officer as read; no IFSC means for the whole bank."""

    bank: str
    ifsc: str
    duty: str
    name: str
    designation: str
    mobile: str
    email: str
    from_on: dt.date
    until_on: dt.date | None


def check_branches(rows: Iterable[dict[str, str]], *, state_code: int | None = None) -> Checked[BranchRow]:
    """What these branch rows would do. Reads the directory, writes nothing."""
    checked: Checked[BranchRow] = Checked()
    banks = dict(Bank.objects.exclude(ifsc_prefix="").values_list("ifsc_prefix", "code"))
    codes = set(Bank.objects.values_list("code", flat=True))
    stations = set(Office.objects.values_list("code", flat=True))
    seen: set[str] = set()
    for row in rows:
        faults: list[Fault] = []
        n = int(row["#"])
        ifsc = row["ifsc"].upper()
        if not _IFSC.fullmatch(ifsc):
            faults.append(Fault(n, "ifsc", _BAD_IFSC))
        elif ifsc in seen:
            faults.append(Fault(n, "ifsc", _TWICE))
        bank = row["bank"].upper() or banks.get(ifsc[:4], "")
        if bank not in codes:
            faults.append(Fault(n, "bank", _NO_BANK))
        if not row["name"]:
            faults.append(Fault(n, "name", _EMPTY))
        district, trouble = _district(row["district"], state_code)
        if trouble:
            faults.append(Fault(n, "district", trouble))
        pincode = row["pincode"].translate(_DIGITS)
        if pincode and not re.fullmatch(r"[1-9]\d{5}", pincode):
            faults.append(Fault(n, "pincode", _BAD_PIN))
        station = row.get("station", "")
        if station and station not in stations:
            faults.append(Fault(n, "station", _NO_STATION))
        if faults:
            checked.faults += faults
            continue
        seen.add(ifsc)
        shut = row.get("open", "").strip().lower() in ("no", "0", "नहीं", "closed", "बंद")
        checked.good.append(BranchRow(ifsc, bank, row["name"], district, pincode, station, not shut))
    return checked


@transaction.atomic
def take_branches(rows: Sequence[BranchRow], *, by: str, at: dt.datetime) -> int:
    """Write checked branches; a known IFSC is updated. Returns how many rows changed something."""
    stations = dict(Office.objects.values_list("code", "id"))
    wanted = [
        Branch(
            ifsc=row.ifsc,
            bank_id=row.bank,
            name=row.name,
            district_code=row.district_code,
            pincode=row.pincode,
            station_id=stations.get(row.station),
            open=row.open,
        )
        for row in rows
    ]
    known = {each.ifsc: _told(each) for each in Branch.objects.filter(ifsc__in=[row.ifsc for row in rows])}
    changed = [each for each in wanted if known.get(each.ifsc) != _told(each)]
    Branch.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["ifsc"],
        update_fields=["bank", "name", "district_code", "pincode", "station", "open"],
        batch_size=2000,
    )
    if changed:
        record(Kind.DIRECTORY_IMPORTED, about="directory:branches", by=by, at=at, rows=len(changed))
    return len(changed)


def _told(branch: Branch) -> tuple[object, ...]:
    return (branch.bank_id, branch.name, branch.district_code, branch.pincode, branch.station_id, branch.open)


def check_nodals(rows: Iterable[dict[str, str]]) -> Checked[NodalRow]:
    """What these nodal-officer rows would do. Reads the directory, writes nothing."""
    checked: Checked[NodalRow] = Checked()
    codes = set(Bank.objects.values_list("code", flat=True))
    branches = dict(Branch.objects.values_list("ifsc", "bank_id"))
    for row in rows:
        n, faults = int(row["#"]), []
        bank, ifsc = row["bank"].upper(), row["ifsc"].upper()
        if bank not in codes:
            faults.append(Fault(n, "bank", _NO_BANK))
        if ifsc and branches.get(ifsc) != bank:
            faults.append(Fault(n, "ifsc", _NO_BRANCH))
        duty = row["duty"].lower()
        if duty not in Nodal.Duty.values:
            faults.append(Fault(n, "duty", _BAD_DUTY))
        mobile = re.sub(r"[\s-]|^\+?91(?=\d{10}$)", "", row["mobile"].translate(_DIGITS))
        if not _MOBILE.fullmatch(mobile):
            faults.append(Fault(n, "mobile", _BAD_MOBILE))
        if row["email"] and not _EMAIL.fullmatch(row["email"]):
            faults.append(Fault(n, "email", _BAD_EMAIL))
        if not row["name"]:
            faults.append(Fault(n, "name", _EMPTY))
        from_on, until_on = _day(row["from_on"]), _day(row["until_on"]) if row["until_on"] else None
        if from_on is None:
            faults.append(Fault(n, "from_on", _BAD_DAY))
        elif row["until_on"] and (until_on is None or until_on < from_on):
            faults.append(Fault(n, "until_on", _BAD_DAY))
        if faults or from_on is None:
            checked.faults += faults
            continue
        checked.good.append(
            NodalRow(bank, ifsc, duty, row["name"], row["designation"], mobile, row["email"], from_on, until_on)
        )
    return checked


@transaction.atomic
def take_nodals(rows: Sequence[NodalRow], *, by: str, at: dt.datetime) -> int:
    """Write checked officers; one row a (bank, branch, duty, first day), written again it is updated.

    Returns how many rows changed something.
    """
    wanted = {
        (row.bank, row.ifsc or None, row.duty, row.from_on): Nodal(
            bank_id=row.bank,
            branch_id=row.ifsc or None,
            duty=row.duty,
            name=row.name,
            designation=row.designation,
            mobile=row.mobile,
            email=row.email,
            from_on=row.from_on,
            until_on=row.until_on,
        )
        for row in rows
    }
    there = Nodal.objects.filter(bank__in={row.bank for row in rows}, from_on__in={row.from_on for row in rows})
    known = {(n.bank_id, n.branch_id, n.duty, n.from_on): n for n in there if n.state_code is None}
    fields = ["name", "designation", "mobile", "email", "until_on"]
    added = [nodal for key, nodal in wanted.items() if key not in known]
    changed = []
    for key, nodal in wanted.items():
        old = known.get(key)
        if old is not None and any(getattr(old, field) != getattr(nodal, field) for field in fields):
            nodal.pk = old.pk
            changed.append(nodal)
    Nodal.objects.bulk_create(added, batch_size=2000)
    Nodal.objects.bulk_update(changed, fields, batch_size=500)
    if added or changed:
        record(Kind.DIRECTORY_IMPORTED, about="directory:nodals", by=by, at=at, rows=len(added) + len(changed))
    return len(added) + len(changed)


_BAD_IFSC = Text(
    hi="IFSC 11 अक्षर का होता है, पाँचवाँ 0: जैसे SBIN0001234", en="An IFSC has 11 characters, the fifth is 0: SBIN0001234"
)
_TWICE = Text(hi="यह IFSC इसी फ़ाइल में ऊपर आ चुका है", en="This IFSC stands above in the same file")
_NO_BANK = Text(hi="यह बैंक सूची में नहीं है; पहले बैंक जोड़ें", en="This bank is not in the directory; add it first")
_NO_BRANCH = Text(hi="यह शाखा इस बैंक की सूची में नहीं है", en="This branch is not on file for this bank")
_NO_STATION = Text(hi="यह थाना सूची में नहीं है; थाने का कोड लिखें", en="This station is not on file; write its code")
_EMPTY = Text(hi="यह खाना खाली है", en="This cell is empty")
_NO_DISTRICT = Text(hi="यह ज़िला नहीं मिला; LGD कोड लिख सकते हैं", en="District not found; its LGD code will do")
_TWO_DISTRICTS = Text(hi="इस नाम के ज़िले कई राज्यों में हैं; LGD कोड लिखें", en="Several states have it; write the LGD code")
_BAD_PIN = Text(hi="पिन कोड 6 अंक का होता है", en="A PIN code has 6 digits")
_BAD_MOBILE = Text(hi="मोबाइल 10 अंक का, 6 से 9 से शुरू", en="A mobile has 10 digits and begins with 6 to 9")
_BAD_EMAIL = Text(hi="ई-मेल ठीक नहीं लगता", en="This does not look like an e-mail")
_BAD_DUTY = Text(hi="primary, deputy, night, zonal या state लिखें", en="Write primary, deputy, night, zonal or state")
_BAD_DAY = Text(hi="तारीख़ 2026-06-01 या 01.06.2026 जैसी लिखें", en="Write the date as 2026-06-01 or 01.06.2026")


def _district(name: str, state_code: int | None) -> tuple[int | None, Text | None]:
    if not name:
        return None, None
    try:
        found = find_district(name, state_code=state_code)
    except TwoPlaces:
        return None, _TWO_DISTRICTS
    return (found.code, None) if found else (None, _NO_DISTRICT)


def _day(text: str) -> dt.date | None:
    for shape in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            return dt.datetime.strptime(text.translate(_DIGITS)[:10], shape).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None
