"""One table of a review as plain values: the page, the CSV, the XLSX and the pack are all written from the same one.

A column that can be summed is summed here and checked against its total: a sheet that does not add up is not built.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from thaam.language import rupees
from thaam.language.numbers import grouped
from thaam.language.text import Text
from thaam.oversight.tables import DoesNotAddUp

What = Literal["text", "count", "paise", "percent", "minutes"]
Cell = Text | str | int | float | None
SUMMED = ("count", "paise")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, and what stands in it. `apart` columns are no parts of a whole and are not summed."""

    key: str
    text: Text
    what: What = "count"
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `keys` name the rows (for the list behind each), None in a cell is "not reported"."""

    name: str
    title: Text
    measure: Text
    snapshot: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...] = ()
    axis: str = ""
    total: tuple[Cell, ...] | None = None

    def __post_init__(self) -> None:
        if self.total is None:
            return
        for place, column in enumerate(self.columns):
            if column.what in SUMMED and not column.apart:
                whole = sum(number_in(row[place]) for row in self.rows)
                if whole != self.total[place]:
                    raise DoesNotAddUp(f"{self.name} {column.key}", number_in(self.total[place]) - whole)

    def total_of(self, key: str) -> Any:
        """The cell of the total row under a column."""
        assert self.total is not None
        return self.total[[column.key for column in self.columns].index(key)]


def number_in(cell: Cell) -> int:
    """The whole number of a cell; 0 where nothing was reported or words stand."""
    return int(cell) if isinstance(cell, int | float) else 0


def shown(cell: Cell, what: What, lang: str) -> str:
    """A cell as people read it; "—" is not reported, never zero."""
    if cell is None:
        return rupees.UNKNOWN
    if isinstance(cell, Text):
        return cell.in_(lang)
    if what == "paise":
        return rupees.full(int(cell)).lstrip("₹")
    if what == "percent":
        return f"{float(cell):.0f} %"
    if what == "minutes":
        return f"{float(cell):.1f}" if float(cell) < 10 else f"{float(cell):.0f}"
    return grouped(int(cell)) if what == "count" else str(cell)


def csv_of(sheet: Sheet, lang: str) -> bytes:
    """The table for any program: rupees with two decimals, an empty cell where nothing was reported, the snapshot last.

    The total is not a row here: who adds the rows gets it.
    """
    written = io.StringIO()
    out = csv.writer(written)
    out.writerow([column.text.in_(lang) for column in sheet.columns] + ["snapshot"])
    for row in sheet.rows:
        out.writerow(
            [_plain(cell, column, lang) for cell, column in zip(row, sheet.columns, strict=True)] + [sheet.snapshot]
        )
    return written.getvalue().encode("utf-8-sig")


def xlsx_of(sheet: Sheet, lang: str) -> bytes:
    """A workbook: the title and snapshot on top, then the total as sums over the rows, then the rows, head frozen."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet.name[:31]
    page.append([_said(sheet.title, lang)])
    page.append([_said(sheet.measure, lang)])
    page.append([f"{'Snapshot' if lang == 'en' else 'स्नैपशॉट'} {sheet.snapshot}"])
    page.append([column.text.in_(lang) for column in sheet.columns])
    first = 6 if sheet.total is not None else 5
    last = first + len(sheet.rows) - 1
    if sheet.total is not None:
        page.append(
            [
                f"=SUM({get_column_letter(place)}{first}:{get_column_letter(place)}{last})"
                if column.what in SUMMED and not column.apart and sheet.rows
                else _number(cell, column, lang)
                for place, (cell, column) in enumerate(zip(sheet.total, sheet.columns, strict=True), 1)
            ]
        )
    for row in sheet.rows:
        page.append([_number(cell, column, lang) for cell, column in zip(row, sheet.columns, strict=True)])
    for line in (1, 4, *((5,) if sheet.total is not None else ())):
        for cell in page[line]:
            cell.font = Font(bold=True)
    for place, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = 30 if column.what == "text" else 17
        if column.what == "paise":
            for cell in page[letter][4:]:
                cell.number_format = "[>=10000000]##\\,##\\,##\\,##0.00;[>=100000]##\\,##\\,##0.00;##,##0.00"
    page.freeze_panes = f"B{first}"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _said(text: Text, lang: str) -> str:
    words = text.in_(lang)
    # a cell that begins with one of these would be read as a formula
    return f"'{words}" if words[:1] in "=+-@" else words


def _plain(cell: Cell, column: Column, lang: str) -> str:
    if cell is None:
        return ""
    if column.what == "paise":
        return f"{int(cell) // 100}.{int(cell) % 100:02d}"  # type: ignore[arg-type]
    if column.what in ("percent", "minutes"):
        return f"{float(cell):.2f}"  # type: ignore[arg-type]
    return _said(cell, lang) if isinstance(cell, Text) else str(cell)


def _number(cell: Cell, column: Column, lang: str) -> Any:
    if cell is None:
        return rupees.UNKNOWN
    if column.what == "paise":
        return Decimal(int(cell)) / 100  # type: ignore[arg-type]
    if column.what in ("percent", "minutes"):
        return round(float(cell), 2)  # type: ignore[arg-type]
    return _said(cell, lang) if isinstance(cell, Text) else cell
