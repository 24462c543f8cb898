"""A directory sheet's way in: looked at first, written in portions, gone on with after any interruption.

Looking (`look_at`) writes nothing but the import's own row. `go_on` writes one portion and how far it came in one
transaction, so a browser that closes or a process that dies loses nothing and doubles nothing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from thaam.journal.ids import id_from
from thaam.language.text import Text
from thaam.parties import bodies, importing
from thaam.parties.models import Import

PORTION = 2_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of directory sheet: its columns, what checks a row and what writes checked rows."""

    kind: str
    text: Text
    columns: tuple[str, ...]
    more: tuple[str, ...]
    check: Callable[[Any], importing.Checked[Any]]
    take: Callable[..., int]
    row: Callable[..., Any]


def _nodal_row(**cells: Any) -> importing.NodalRow:
    for day in ("from_on", "until_on"):
        cells[day] = dt.date.fromisoformat(cells[day]) if cells[day] else None
    return importing.NodalRow(**cells)


def _partner_row(**cells: Any) -> bodies.PartnerRow:
    return bodies.PartnerRow(**cells | {"handles": tuple(cells["handles"])})


SHEETS: dict[str, Sheet] = {
    sheet.kind: sheet
    for sheet in (
        Sheet(
            "partners",
            Text("बैंक, वॉलेट, टेलीकॉम", "Banks, wallets, telecom"),
            bodies.PARTNER_COLUMNS,
            bodies.PARTNER_MORE,
            bodies.check_partners,
            bodies.take_partners,
            _partner_row,
        ),
        Sheet(
            "branches",
            Text("बैंक शाखाएँ", "Bank branches"),
            importing.BRANCH_COLUMNS,
            importing.BRANCH_MORE,
            importing.check_branches,
            importing.take_branches,
            importing.BranchRow,
        ),
        Sheet(
            "nodals",
            Text("नोडल अधिकारी", "Nodal officers"),
            importing.NODAL_COLUMNS,
            (),
            importing.check_nodals,
            importing.take_nodals,
            _nodal_row,
        ),
        Sheet(
            "offices",
            Text("थाने, सेल, व्यापार मंडल", "Stations, cells, trade bodies"),
            bodies.OFFICE_COLUMNS,
            (),
            bodies.check_offices,
            bodies.take_offices,
            bodies.OfficeRow,
        ),
    )
}


class NotChecked(LookupError):
    """No such import: look at the sheet first."""


@transaction.atomic
def look_at(
    *, kind: str, rows: Sequence[dict[str, str]], digest: str, file_name: str, by: str, at: dt.datetime
) -> Import:
    """Check a sheet's rows and keep what they would do. The same content again is the same import, as far as it came.

    An import that nobody has begun is checked anew: the directory may have changed meanwhile. Locks its row.
    """
    sheet = SHEETS[kind]
    import_id = uuid.UUID(id_from("directory import", kind, digest))
    known = Import.objects.select_for_update(of=("self",)).filter(id=import_id).first()
    if known is not None and known.begun_at is not None and (known.done_at is None or known.taken < len(known.rows)):
        return known
    checked = sheet.check(rows)
    slips: dict[int, list[dict[str, str]]] = {}
    for fault in checked.faults:
        slips.setdefault(fault.row, []).append({"column": fault.column, "hi": fault.text.hi, "en": fault.text.en})
    cells = {int(row["#"]): row for row in rows}
    told: dict[str, Any] = {
        "kind": kind,
        "file_name": file_name[:200],
        "digest": digest,
        "rows": [_plain(asdict(row)) for row in checked.good],
        "faults": [{"row": n, "cells": list(cells[n].items()), "slips": each} for n, each in sorted(slips.items())],
        "taken": 0,
        "changed": 0,
        "by": by,
        "checked_at": at,
        "begun_at": None,
        "done_at": None,
    }
    made, _ = Import.objects.update_or_create(id=import_id, defaults=told)
    return made


@transaction.atomic
def go_on(*, import_id: uuid.UUID | str, by: str, at: dt.datetime, at_most: int = PORTION) -> Import:
    """Write the next `at_most` good rows; done when none is left. Locks the import. Raises NotChecked."""
    found = Import.objects.select_for_update(of=("self",)).filter(id=import_id).first()
    if found is None:
        raise NotChecked(str(import_id))
    sheet = SHEETS[found.kind]
    portion = found.rows[found.taken : found.taken + at_most]
    found.begun_at = found.begun_at or at
    if portion:
        found.changed += sheet.take([sheet.row(**cells) for cells in portion], by=by, at=at)
        found.taken += len(portion)
    if found.taken >= len(found.rows) and found.done_at is None:
        found.done_at = at
    found.save(update_fields=["begun_at", "changed", "taken", "done_at"])
    return found


def _plain(cells: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in cells.items()}
