"""Rows of text as XLSX or CSV in which no cell can ever run as a formula, and nothing is cut or guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

RISKY = ("=", "+", "-", "@", "\t", "\r")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def put_text(cell: Any, value: str) -> None:
    """Write into an openpyxl cell as text, whatever it begins with."""
    cell.value = "".join(sign for sign in value if sign.isprintable() or sign in "\t\n") or None
    cell.number_format = "@"
    if cell.value is not None:
        cell.data_type = "s"  # openpyxl would make "=..." a formula
        cell.quotePrefix = cell.value.startswith(RISKY)


def plain(value: str) -> str:
    """A CSV cell: what a spreadsheet would run gets a leading apostrophe."""
    return "'" + value if value.lstrip(" ").startswith(RISKY) else value


def unquoted(value: str) -> str:
    """The reverse of `plain`."""
    return value[1:] if value.startswith("'") and value[1:].lstrip(" ").startswith(RISKY) else value


def csv_table(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel reads Hindi."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([plain(row.get(column, "")) for column in columns] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def xlsx_table(pages: Sequence[tuple[str, Sequence[str], Sequence[dict[str, str]]]]) -> bytes:
    """A workbook of one sheet a page (title, columns, rows); the first row is the columns and stays in view."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for title, columns, rows in pages:
        page = book.create_sheet(title[:31])
        for place, column in enumerate(columns, start=1):
            put_text(page.cell(1, place), column)
            page.cell(1, place).font = Font(bold=True)
            longest = max([len(column), *(len(row.get(column, "")) for row in rows[:200])])
            page.column_dimensions[get_column_letter(place)].width = min(60, longest + 3)
        for number, row in enumerate(rows, start=2):
            for place, column in enumerate(columns, start=1):
                put_text(page.cell(number, place), row.get(column, ""))
        page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
