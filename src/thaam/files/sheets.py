"""Read the first sheet of a CSV or XLSX file as rows of text; what cannot be read says what to do."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from thaam.language.text import Text

ROWS_MAX = 200_000


class UnreadableSheet(Exception):
    """The file as a whole cannot be read; `text` says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def read_sheet(content: bytes, *, file_name: str, columns: Sequence[str]) -> list[dict[str, str]]:
    """Rows of the first sheet as text by column, plus "#" = the row's number in the file. Raises UnreadableSheet."""
    rows = xlsx_rows(content) if file_name.lower().endswith((".xlsx", ".xlsm")) else csv_rows(content)
    if not rows:
        raise UnreadableSheet(Text(hi="फ़ाइल खाली है।", en="The file is empty."))
    head = [str(cell).strip().lower() for cell in rows[0]]
    missing = [column for column in columns if column not in head]
    if missing:
        names = ", ".join(missing)
        raise UnreadableSheet(
            Text(hi=f"पहली पंक्ति में ये कॉलम नहीं मिले: {names}", en=f"The first row lacks these columns: {names}")
        )
    if len(rows) > ROWS_MAX:
        raise UnreadableSheet(Text(hi="एक बार में 2 लाख पंक्तियाँ तक भेजें।", en="Send at most 200,000 rows at a time."))
    return [
        {"#": str(n)} | {name: (row[place].strip() if place < len(row) else "") for place, name in enumerate(head)}
        for n, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def csv_rows(content: bytes) -> list[list[str]]:
    """The cells of a UTF-8 CSV file. Raises UnreadableSheet."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableSheet(
            Text(hi="फ़ाइल को UTF-8 CSV या XLSX में सहेजकर भेजें।", en="Save the file as UTF-8 CSV or XLSX and send it again.")
        ) from None
    try:
        return list(csv.reader(io.StringIO(text.replace("\0", ""), newline="")))
    except csv.Error:
        raise UnreadableSheet(Text(hi="CSV फ़ाइल टूटी हुई है।", en="The CSV file is broken.")) from None


def xlsx_rows(content: bytes) -> list[list[str]]:
    """The cells of the first sheet of a workbook, as text. Raises UnreadableSheet."""
    import python_calamine

    try:
        sheet = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_cell(value) for value in row] for row in sheet.to_python()]
    except python_calamine.CalamineError:
        raise UnreadableSheet(
            Text(hi="यह Excel फ़ाइल नहीं खुली। .xlsx में सहेजकर भेजें।", en="This Excel file does not open. Save it as .xlsx.")
        ) from None


def _cell(value: object) -> str:
    # A spreadsheet keeps 9826041234 as 9826041234.0
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
