"""The directory as rows again: the sheets it came in by, the roster of a district, cards for a telephone's contacts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Q

from thaam.parties.districts import districts
from thaam.parties.models import Bank, Branch, Nodal, Office

ROSTER_COLUMNS = ("bank", "branch", "ifsc", "station", "duty", "name", "designation", "mobile", "email")
DUTY_ORDER = {"primary": 0, "deputy": 1, "night": 2, "zonal": 3, "state": 4}


def directory_rows(kind: str, *, on: dt.date) -> list[dict[str, str]]:
    """Everything of one kind of sheet (imports.SHEETS) as its columns; it can be read in again unchanged."""
    return _ROWS[kind](on)


def _partners(on: dt.date) -> list[dict[str, str]]:
    return [
        {
            "code": bank.code,
            "name_hi": bank.name_hi,
            "name_en": bank.name_en,
            "kind": bank.kind,
            "ifsc_prefix": bank.ifsc_prefix,
            "iin": bank.iin,
            "handles": " ".join(sorted(each.handle for each in bank.handles.all())),
            "in_network": "yes" if bank.in_network else "no",
        }
        for bank in Bank.objects.prefetch_related("handles").order_by("code")
    ]


def _branches(on: dt.date) -> list[dict[str, str]]:
    return [
        {
            "ifsc": each.ifsc,
            "bank": each.bank_id,
            "name": each.name,
            "district": str(each.district_code or ""),
            "pincode": each.pincode,
            "station": each.station.code if each.station else "",
            "open": "yes" if each.open else "no",
        }
        for each in Branch.objects.select_related("station").order_by("ifsc")
    ]


def _nodals(on: dt.date) -> list[dict[str, str]]:
    return [
        {
            "bank": each.bank_id,
            "ifsc": each.branch_id or "",
            "duty": each.duty,
            "name": each.name,
            "designation": each.designation,
            "mobile": each.mobile,
            "email": each.email,
            "from_on": each.from_on.isoformat(),
            "until_on": each.until_on.isoformat() if each.until_on else "",
        }
        for each in in_post(on).order_by("bank", "branch", "duty", "from_on")
    ]


def _offices(on: dt.date) -> list[dict[str, str]]:
    names = ("code", "name_hi", "name_en", "kind", "district", "state", "phone", "email")
    return [{name: str(getattr(each, name)) for name in names} for each in Office.objects.order_by("code")]


_ROWS = {"partners": _partners, "branches": _branches, "nodals": _nodals, "offices": _offices}


def in_post(on: dt.date):  # type: ignore[no-untyped-def]
    """Nodal officers whose appointment covers that day."""
    return Nodal.objects.filter(from_on__lte=on).filter(Q(until_on=None) | Q(until_on__gte=on))


def roster_of(*, district_code: int | None, on: dt.date, lang: str = "en") -> list[dict[str, str]]:
    """The people of a joint group: every nodal officer of the district's branches and of their banks (S0.7, S1.24).

    Without a district the whole directory. One row a person and duty, banks in order, own branches first.
    """
    people = in_post(on).select_related("bank", "branch", "branch__station")
    if district_code is not None:
        here = Branch.objects.filter(district_code=district_code, open=True)
        people = people.filter(Q(branch__in=here) | Q(branch=None, bank__in=here.values("bank")))
    rows = [
        {
            "bank": each.bank.name(lang),
            "branch": each.branch.name if each.branch else "",
            "ifsc": each.branch_id or "",
            "station": each.branch.station.code if each.branch and each.branch.station else "",
            "duty": each.duty,
            "name": each.name,
            "designation": each.designation,
            "mobile": each.mobile,
            "email": each.email,
        }
        for each in people
    ]
    return sorted(rows, key=lambda row: (row["bank"], row["ifsc"] == "", row["ifsc"], DUTY_ORDER[row["duty"]]))


def roster_matrix(
    *, district_code: int | None, on: dt.date, lang: str = "en"
) -> tuple[list[str], list[dict[str, str]]]:
    """Bank x station: the columns (station codes) and a row a bank; a cell names who answers there, or is empty.

    A bank without an officer in a station's area shows the one for the whole bank, marked with *.
    """
    people = sorted(
        in_post(on).select_related("bank", "branch__station"), key=lambda each: (DUTY_ORDER[each.duty], each.pk)
    )
    stations = Office.objects.filter(kind=Office.Type.STATION).order_by("code")
    if district_code is not None:
        stations = stations.filter(district=districts()[district_code].name_en)
    columns = [each.code for each in stations]
    own: dict[tuple[str, str], Nodal] = {}
    whole: dict[str, Nodal] = {}
    banks: dict[str, str] = {}
    present: dict[str, bool] = defaultdict(bool)
    for each in people:
        banks[each.bank_id] = each.bank.name(lang)
        if each.branch is None:
            whole.setdefault(each.bank_id, each)
            present[each.bank_id] |= district_code is None
            continue
        present[each.bank_id] |= district_code in (None, each.branch.district_code)
        if each.branch.station:
            own.setdefault((each.bank_id, each.branch.station.code), each)
    rows = []
    for code, name in sorted(banks.items(), key=lambda pair: pair[1]):
        if not present[code]:
            continue
        row = {"bank": name}
        for station in columns:
            person = own.get((code, station))
            other = whole.get(code)
            row[station] = (
                f"{person.name} {person.mobile}" if person else f"* {other.name} {other.mobile}" if other else ""
            )
        rows.append(row)
    return columns, rows


def contact_cards(rows: list[dict[str, str]]) -> bytes:
    """The roster as vCard 3.0, for adding everybody to a telephone's contacts and from there to the group."""

    def safe(value: str) -> str:
        plain = "".join(sign if sign.isprintable() else " " for sign in value)
        return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")

    cards = []
    for row in rows:
        lines = [
            "BEGIN:VCARD",
            "VERSION:3.0",
            f"FN:{safe(row['bank'])} {safe(row['name'])}",
            f"N:{safe(row['name'])};;;;",
            f"ORG:{safe(row['bank'])};{safe(row['branch'])}",
            f"TITLE:{safe(row['designation'] or row['duty'])}",
            f"TEL;TYPE=CELL:+91{row['mobile']}",
        ]
        if row["email"]:
            lines.append(f"EMAIL:{safe(row['email'])}")
        cards.append("\r\n".join([*lines, "END:VCARD"]))
    return ("\r\n".join(cards) + "\r\n").encode() if cards else b""
