"""A bank's queue as a spreadsheet and back: columns, drop-downs, locked keys, and cells that can never run as formulas.

Pure: bytes in, rows of text out, and the other way round. A request is its facts on every line plus blank answer
lines; the key of a row is the request's id, so sorting or deleting rows harms nothing.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from thaam.files.sheets import UnreadableSheet, csv_rows
from thaam.files.tables import RISKY, plain, put_text
from thaam.language.numbers import latin_digits
from thaam.language.text import Text
from thaam.web.bank.kinds import CANNOT, FOUND_WORDS, WHATS
from thaam.wire.words import RAILS

BYTES_MAX = 10_000_000
UNPACKED_MAX = 80_000_000
ROWS_MAX = 5_000
COLUMNS_MAX = 40
SIGNS_MAX = 500
DIGITS_EXCEL_KEEPS = 15
FORMULA = "formula"
ROUNDED = "rounded"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the sheet; `key` columns are ours and locked, the others the clerk fills."""

    name: str
    text: Text
    width: int
    key: bool = False

    @property
    def head(self) -> str:
        """The heading in both languages, as it stands in the first row."""
        return f"{self.text.hi} / {self.text.en}"


COLUMNS = (
    Column("request", Text("अनुरोध आईडी", "Request id"), 38, key=True),
    Column("line", Text("पंक्ति", "Line"), 8, key=True),
    Column("complaint", Text("शिकायत", "Complaint"), 16, key=True),
    Column("utr_in", Text("आए पैसे का UTR", "UTR of the credit"), 22, key=True),
    Column("rail_in", Text("आने का माध्यम", "Rail of the credit"), 12, key=True),
    Column("date_in", Text("आने की तारीख", "Date of the credit"), 13, key=True),
    Column("from_bank", Text("किस बैंक से", "From bank"), 12, key=True),
    Column("hint", Text("बताया गया खाता", "Account as told"), 22, key=True),
    Column("asked", Text("हिसाब देना है ₹", "Account for ₹"), 16, key=True),
    Column("due", Text("जवाब कब तक", "Answer due"), 18, key=True),
    Column("account", Text("जिस खाते में आया", "Account credited"), 22),
    Column("what", Text("क्या हुआ", "What happened"), 34),
    Column("amount", Text("रकम ₹", "Amount ₹"), 14),
    Column("lien", Text("लियन नंबर", "Lien number"), 16),
    Column("bank", Text("किस बैंक को", "To bank"), 24),
    Column("rail", Text("माध्यम", "Rail"), 10),
    Column("reference", Text("आगे का UTR", "UTR onward"), 22),
    Column("on", Text("तारीख", "Date"), 13),
    Column("whole", Text("पूरा लेन-देन ₹", "Whole transfer ₹"), 16),
    Column("particulars", Text("ब्योरा", "Particulars"), 40),
    Column("put_right", Text("क्या ठीक करें", "What to put right"), 60, key=True),
)
BY_NAME = {column.name: column for column in COLUMNS}
ANSWERED = tuple(column.name for column in COLUMNS if not column.key)
LINES_EACH = 4


@dataclass(slots=True)
class Row:
    """One row as it came: its number in the file, text by column name, other columns by heading, faults by column."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def filled(self) -> bool:
        """The clerk wrote an answer here (the account alone, which we filled in, is none)."""
        return any(self.cells.get(name) for name in ANSWERED if name != "account") or bool(self.faults)


@dataclass(slots=True)
class Sheet:
    """What was uploaded: where each column stands (its letter), and the rows that are not empty."""

    kind: str
    letters: dict[str, str]
    rows: list[Row]


def choices(banks: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What the drop-downs offer by column: kinds of line (with what it is on the wire), banks (code, name), rails."""
    lines = [f"{what.code} {what.text.hi} / {what.text.en}" for what in WHATS.values()]
    cannot = [f"{code} {text.hi} / {text.en}" for _, code, text in CANNOT]
    found = [f"{code} {text.hi} / {text.en}" for code, text in FOUND_WORDS]
    return {"what": lines + cannot + found, "bank": [f"{code} {name}" for code, name in banks], "rail": list(RAILS)}


def write_xlsx(rows: Sequence[dict[str, str]], *, lists: dict[str, list[str]], others: Sequence[str] = ()) -> bytes:
    """The workbook. `rows`: text by column name, or by heading for `others`; "marked" names columns to colour red."""
    book = Workbook()
    page = book.active
    page.title = "Answers"
    columns = _columns_of(rows)
    for place, head in enumerate([*(column.head for column in columns), *others], start=1):
        cell = page.cell(1, place)
        put_text(cell, head)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[get_column_letter(place)].width = (
            columns[place - 1].width if place <= len(columns) else 20
        )
    locked = PatternFill("solid", fgColor="EEEEEE")
    wrong = PatternFill("solid", fgColor="F6C9C0")
    for number, row in enumerate(rows, start=2):
        marked = row.get("marked", "").split()
        for place, column in enumerate(columns, start=1):
            cell = page.cell(number, place)
            put_text(cell, row.get(column.name, ""))
            cell.protection = Protection(locked=column.key)
            if column.key or column.name in marked:
                cell.fill = wrong if column.name in marked else locked
        for place, head in enumerate(others, start=len(columns) + 1):
            put_text(page.cell(number, place), row.get(head, ""))
            page.cell(number, place).protection = Protection(locked=False)
    page.freeze_panes = "C2"
    # in a file of rows to put right a line may have to be added, so nothing is locked there
    page.protection.sheet = len(columns) < len(COLUMNS)
    page.protection.formatColumns = False
    _offer(book, page, columns, lists, last=len(rows) + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _columns_of(rows: Sequence[dict[str, str]]) -> list[Column]:
    """The column of what to put right is there only when something is to be put right."""
    faults = any(row.get("put_right") for row in rows)
    return [column for column in COLUMNS if faults or column.name != "put_right"]


def _offer(book: Any, page: Any, columns: list[Column], lists: dict[str, list[str]], *, last: int) -> None:
    """Drop-downs: the words on a sheet of their own, so that they may be long and many."""
    words = book.create_sheet("Lists")
    words.protection.sheet = True
    for place, (name, offered) in enumerate(lists.items(), start=1):
        letter = get_column_letter(place)
        words.column_dimensions[letter].width = 40
        for number, word in enumerate([BY_NAME[name].head, *offered], start=1):
            put_text(words.cell(number, place), word)
        there = get_column_letter(next(n for n, column in enumerate(columns, start=1) if column.name == name))
        if offered and last > 1:
            rule = DataValidation("list", formula1=f"Lists!${letter}$2:${letter}${len(offered) + 1}", allow_blank=True)
            rule.showErrorMessage = False  # the preview judges; a pasted code must not block the clerk
            rule.add(f"{there}2:{there}{last}")
            page.add_data_validation(rule)


def write_csv(rows: Sequence[dict[str, str]], *, others: Sequence[str] = ()) -> bytes:
    """The same rows as UTF-8 CSV; a value that a spreadsheet would run gets a leading apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    columns = _columns_of(rows)
    writer.writerow([*(column.head for column in columns), *(plain(head) for head in others)])
    for row in rows:
        writer.writerow([plain(row.get(name, "")) for name in [*(column.name for column in columns), *others]])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def read(content: bytes) -> Sheet:
    """The first sheet of an XLSX or CSV file, told apart by content. Raises files.sheets.UnreadableSheet."""
    if len(content) > BYTES_MAX:
        raise UnreadableSheet(Text("फ़ाइल 10 MB से बड़ी है। कम पंक्तियाँ भेजें।", "The file is over 10 MB. Send fewer rows."))
    is_book = content.startswith(b"PK")
    grid = _book(content) if is_book else [(row, {}) for row in csv_rows(content)]
    if not grid or not any(grid[0][0]):
        raise UnreadableSheet(Text("फ़ाइल की पहली पंक्ति खाली है।", "The first row of the file is empty."))
    if len(grid) > ROWS_MAX + 1:
        raise UnreadableSheet(Text("एक बार में 5,000 पंक्तियाँ तक भेजें।", "Send at most 5,000 rows at a time."))
    heads = [_name_of(head) for head in grid[0][0]][:COLUMNS_MAX]
    for name, column in BY_NAME.items():
        if heads.count(name) > 1 or (name in ("request", "what", "amount") and name not in heads):
            text = column.text
            raise UnreadableSheet(
                Text(f"पहली पंक्ति में “{text.hi}” कॉलम एक बार चाहिए।", f"The first row needs the column “{text.en}” once.")
            )
    letters = {head: get_column_letter(place) for place, head in enumerate(heads, start=1)}
    rows = [_row(number, heads, cells, faults) for number, (cells, faults) in enumerate(grid[1:], start=2)]
    return Sheet("xlsx" if is_book else "csv", letters, [row for row in rows if row.filled or any(row.cells.values())])


def _name_of(head: str) -> str:
    """The column this heading names, in either language or both; else the heading itself."""
    said = {part.strip().casefold() for part in re.split(r"[/\n]", head)}
    for column in COLUMNS:
        if said & {column.text.hi.casefold(), column.text.en.casefold()}:
            return column.name
    return head.strip()[:80]


def _row(number: int, heads: list[str], cells: Sequence[str], faults: dict[int, str]) -> Row:
    row = Row(number)
    for place, (head, raw) in enumerate(zip(heads, cells, strict=False)):
        value = raw.strip(" \n")
        if value.startswith("'") and value[1:].lstrip(" ").startswith(RISKY):
            value = value[1:]  # the apostrophe of write_csv, or of a clerk who knows it
        elif head in ANSWERED and value.startswith(RISKY):
            row.faults[head] = FORMULA
        ours = head in BY_NAME  # what stands in a column of the bank's own is carried back as text, not judged
        if place in faults and ours:
            row.faults[head] = faults[place]
        if len(value) > SIGNS_MAX and ours:
            row.faults[head], value = "long", value[:SIGNS_MAX]
        if head in BY_NAME:
            row.cells[head] = value.strip()
        elif head:
            row.others[head] = value
    return row


def _book(content: bytes) -> list[tuple[list[str], dict[int, str]]]:
    """Rows of the first sheet as text, each with the places of formulas and of numbers Excel has rounded."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_MAX:
                raise UnreadableSheet(Text("फ़ाइल खुलने पर बहुत बड़ी है।", "The file is far too large when unpacked."))
        page = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
        page.reset_dimensions()  # the stated size may lie
        rows = page.iter_rows(max_row=ROWS_MAX + 2, max_col=COLUMNS_MAX)
        grid = [_texts(cells) for cells in rows]
    except UnreadableSheet:
        raise
    except Exception:  # a broken workbook fails in as many ways as there are parts in it
        raise UnreadableSheet(
            Text("यह Excel फ़ाइल नहीं खुली। .xlsx में सहेजकर भेजें।", "This Excel file does not open. Save it as .xlsx.")
        ) from None
    while grid and not any(grid[-1][0]):
        grid.pop()
    return grid


def _texts(cells: Iterable[Any]) -> tuple[list[str], dict[int, str]]:
    texts: list[str] = []
    faults: dict[int, str] = {}
    for place, cell in enumerate(cells):
        value = cell.value
        if cell.data_type in ("f", "e"):
            faults[place] = FORMULA
        elif isinstance(value, int | float) and abs(value) >= 10**DIGITS_EXCEL_KEEPS:
            faults[place] = ROUNDED
        texts.append(_text(value))
    return texts, faults


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def iso_date(typed: str) -> str:
    """A date as 2026-06-01 from that or 01.06.2026, 01/06/2026, 01-06-2026; else as typed."""
    plain = latin_digits(typed).strip()
    if found := re.fullmatch(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})", plain):
        try:
            return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
        except ValueError:
            return plain
    return plain
