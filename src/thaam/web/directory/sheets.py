"""Directory sheets: upload, look (nothing is written), write in portions, and everything back as a file."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from thaam.files.sheets import UnreadableSheet, read_sheet
from thaam.files.tables import TYPES, csv_table, unquoted, xlsx_table
from thaam.language.dates import in_ist
from thaam.language.text import Text
from thaam.parties import banklist
from thaam.parties.exporting import directory_rows
from thaam.parties.imports import SHEETS, Sheet, go_on, look_at
from thaam.parties.models import Import
from thaam.web.shared.audience import for_directory, officer_of
from thaam.web.shared.context import lang_of

BYTES_MAX = 20_000_000
SHOWN_MAX = 200


def _sheet_of(kind: str) -> Sheet:
    if kind not in SHEETS:
        raise Http404
    return SHEETS[kind]


def _by(request: HttpRequest) -> str:
    return f"officer:{officer_of(request).pk}"


@for_directory
def sheet(request: HttpRequest, kind: str) -> HttpResponse:
    """One kind of sheet: its columns, an empty one and the present state to download, a file to look at."""
    chosen = _sheet_of(kind)
    refused: Text | None = None
    if request.method == "POST":
        try:
            content, name = _uploaded(request)
            rows = [
                {column: unquoted(cell) for column, cell in row.items()}
                for row in read_sheet(content, file_name=name, columns=chosen.columns)
            ]
            digest = hashlib.sha256(content).hexdigest()
            found = look_at(
                kind=kind, rows=rows, digest=digest, file_name=name, by=_by(request), at=datetime.now(tz=UTC)
            )
            return redirect("directory:import", import_id=found.pk)
        except UnreadableSheet as why:
            refused = why.text
    context = {"tab": kind, "sheet": chosen, "refused": refused}
    return render(request, "directory/sheet.html", context, status=422 if refused else 200)


def _uploaded(request: HttpRequest) -> tuple[bytes, str]:
    file = request.FILES.get("file")
    if file is None:
        raise UnreadableSheet(Text("पहले फ़ाइल चुनें।", "Choose the file first."))
    content = file.read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        raise UnreadableSheet(Text("फ़ाइल 20 MB से बड़ी है। दो भाग में भेजें।", "The file is over 20 MB. Send it in two parts."))
    return content, file.name or "sheet.csv"


@for_directory
def national(request: HttpRequest) -> HttpResponse:
    """Look at the shipped national list of banks like any other sheet."""
    if request.method != "POST":
        return redirect("directory:sheet", kind="partners")
    rows = banklist.partner_rows()
    digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    found = look_at(
        kind="partners", rows=rows, digest=digest, file_name="national-list.csv", by=_by(request),
        at=datetime.now(tz=UTC),
    )  # fmt: skip
    return redirect("directory:import", import_id=found.pk)


@for_directory
def one(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One import: what it would do, each bad cell, how far it is; a portion is written at each press."""
    found = Import.objects.filter(pk=import_id).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        found = go_on(import_id=import_id, by=_by(request), at=datetime.now(tz=UTC))
        if found.done_at and found.kind == "partners":
            banklist.load_sublets()
        if found.done_at:
            said = Text(f"{found.changed} पंक्तियों से सूची बदली।", f"{found.changed} rows changed the directory.")
            messages.success(request, said.in_(lang_of(request)))
        return redirect("directory:import", import_id=import_id)
    slips = [(each["row"], slip) for each in found.faults for slip in each["slips"]]
    total = len(found.rows)
    context = {
        "tab": found.kind,
        "found": found,
        "sheet": SHEETS[found.kind],
        "total": total,
        "left": total - found.taken,
        "bad": len(found.faults),
        "slips": [
            (row, slip["column"], _letter(found, slip["column"]), Text(slip["hi"], slip["en"]))
            for row, slip in slips[:SHOWN_MAX]
        ],
        "slips_left": max(len(slips) - SHOWN_MAX, 0),
        "share": round(100 * found.taken / total) if total else 100,
    }
    return render(request, "directory/import.html", context)


def _letter(found: Import, column: str) -> str:
    """The spreadsheet's letter of a column, where the sheet has its columns in our order."""
    columns = [name for name, _ in found.faults[0]["cells"] if name != "#"]
    return chr(ord("A") + columns.index(column)) if column in columns and columns.index(column) < 26 else ""


@for_directory
def put_right(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Only the bad rows, as they came, each with what to put right."""
    found = Import.objects.filter(pk=import_id).first()
    if found is None:
        raise Http404
    columns: list[str] = []
    rows: list[dict[str, str]] = []
    for each in found.faults:
        cells: dict[str, Any] = {name: cell for name, cell in each["cells"] if name != "#"}
        columns = columns or list(cells)
        told = " ".join(f"{slip['column']}: {slip['hi']} / {slip['en']}" for slip in each["slips"])
        rows.append(cells | {"put_right": told})
    return _file(csv_table([*columns, "put_right"], rows), "csv", f"{found.kind}-put-right")


@for_directory
def export(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """All rows of one kind; `?empty` gives the columns alone."""
    chosen = _sheet_of(kind)
    if ending not in TYPES:
        raise Http404
    on = in_ist(datetime.now(tz=UTC)).date()
    rows = [] if "empty" in request.GET else directory_rows(kind, on=on)
    columns = [*chosen.columns, *chosen.more]
    content = csv_table(columns, rows) if ending == "csv" else xlsx_table([(kind, columns, rows)])
    return _file(content, ending, f"directory-{kind}")


def _file(content: bytes, ending: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer
