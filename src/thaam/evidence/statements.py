"""Read an account statement (XLSX, CSV, PDF with text) into postings; believe it only when its own balances agree.

Banks name columns as they like; one table of headings maps them. A statement whose running balance does not follow
from its amounts, or whose sums differ from what it states, is refused with the row where it breaks.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from thaam.evidence.pdfs import pdf_rows
from thaam.files.sheets import UnreadableSheet, csv_rows, xlsx_rows
from thaam.language.dates import IST
from thaam.language.text import Text
from thaam.postings.posting import Posting

_HEADINGS = {
    "date": ("txn date", "transaction date", "date", "value date", "post date", "posting date", "दिनांक", "तारीख"),
    "time": ("time", "txn time", "समय"),
    "words": ("narration", "description", "particulars", "remarks", "transaction remarks", "details", "विवरण"),
    "reference": ("ref no", "reference", "chq/ref no", "utr", "ref no./cheque no.", "transaction id", "rrn", "संदर्भ"),
    "debit": ("debit", "withdrawal", "withdrawal amt", "dr", "debit amount", "withdrawals", "नामे"),
    "credit": ("credit", "deposit", "deposit amt", "cr", "credit amount", "deposits", "जमा"),
    "balance": ("balance", "closing balance", "running balance", "शेष"),
}
_CHANNELS = (
    ("UPI", "UPI"),
    ("IMPS", "IMPS"),
    ("NEFT", "NEFT"),
    ("RTGS", "RTGS"),
    ("ATM", "ATM"),
    ("AEPS", "AEPS"),
    ("POS", "POS"),
    ("CHQ", "CHEQUE"),
    ("CHEQUE", "CHEQUE"),
    ("CASH", "CASH"),
    ("CHARGE", "FEE"),
    ("GST", "FEE"),
)


class DoesNotAddUp(Exception):
    """The statement contradicts itself; `row` is where."""

    text = Text(
        hi="पंक्ति {row} पर शेष नहीं मिलता: {expected} होना चाहिए, {stated} लिखा है। बैंक से सही विवरण मँगाइए।",
        en="Row {row} does not add up: it should be {expected}, it says {stated}. Ask the bank for a right statement.",
    )

    def __init__(self, row: int, expected_paise: int, stated_paise: int) -> None:
        super().__init__(row)
        self.row, self.expected_paise, self.stated_paise = row, expected_paise, stated_paise


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's postings in the order of the statement, with the balance before the first."""

    opening_paise: int
    postings: tuple[Posting, ...]


def read_statement(content: bytes, *, file_name: str, bank: str, account: str) -> Statement:
    """The postings of a statement file, checked line by line. Amounts are paise, times IST made aware.

    Raises files.sheets.UnreadableSheet (no readable table), DoesNotAddUp.
    """
    rows = _rows_of(content)
    head, columns = _find_head(rows)
    postings: list[Posting] = []
    opening = balance = None
    for n, row in enumerate(rows[head + 1 :], start=head + 2):
        cells = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        debit, credit = paise_of(cells.get("debit", "")), paise_of(cells.get("credit", ""))
        stated = paise_of(cells.get("balance", ""), signed=True)
        if not debit and not credit:
            continue  # opening and closing lines, page totals
        change = (credit or 0) - (debit or 0)
        if stated is None:
            raise UnreadableSheet(Text(hi=f"पंक्ति {n} में शेष नहीं है।", en=f"Row {n} has no balance."))
        if balance is None:
            opening = stated - change
        elif balance + change != stated:
            raise DoesNotAddUp(n, balance + change, stated)
        balance = stated
        postings.append(_posting(cells, n=len(postings) + 1, change=change, balance=stated, bank=bank, account=account))
    if opening is None:
        raise UnreadableSheet(Text(hi="विवरण में कोई लेन-देन नहीं मिला।", en="The statement has no transactions."))
    return Statement(opening, tuple(postings))


def _rows_of(content: bytes) -> list[list[str]]:
    """The table by what the bytes are: a workbook, a PDF, else text with separators."""
    if content.startswith(b"%PDF-"):
        return pdf_rows(content)
    return xlsx_rows(content) if content.startswith(b"PK") else csv_rows(content)


def paise_of(text: str, *, signed: bool = False) -> int | None:
    """`1,23,456.70 Cr` as paise; None when empty or no amount. Dr means below zero."""
    found = re.fullmatch(r"\s*(?:₹|rs\.?|inr)?\s*(-?)([\d,]+)(?:\.(\d{1,2}))?\s*(cr|dr)?\.?\s*", text, re.IGNORECASE)
    if not found:
        return None
    paise = int(found[2].replace(",", "")) * 100 + int((found[3] or "0").ljust(2, "0"))
    below = bool(found[1]) or (found[4] or "").lower() == "dr"
    return -paise if signed and below else paise


def _find_head(rows: list[list[str]]) -> tuple[int, dict[str, int]]:
    """The first row that names a date, a balance and an amount column."""
    for n, row in enumerate(rows[:60]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(row):
            word = re.sub(r"[()₹*:]|\binr\b", "", cell.lower()).strip().rstrip(".")
            for name, headings in _HEADINGS.items():
                if name not in columns and word in headings:
                    columns[name] = at
        if {"date", "balance"} <= set(columns) and {"debit", "credit"} & set(columns):
            return n, columns
    raise UnreadableSheet(
        Text(
            hi="तारीख़, नामे/जमा और शेष वाले कॉलम नहीं मिले।",
            en="No columns for date, debit or credit, and balance were found.",
        )
    )


def _posting(cells: dict[str, str], *, n: int, change: int, balance: int, bank: str, account: str) -> Posting:
    words = f"{cells.get('words', '')} {cells.get('reference', '')}".upper()
    reference = cells.get("reference", "") or _reference_in(words) or f"ROW{n}"
    return Posting(
        position=n,
        account=account,
        seq=n,
        tx_ref=re.sub(r"[^!-~]", "", reference)[:64] or f"ROW{n}",
        side="D" if change < 0 else "C",
        amount_paise=abs(change),
        channel=next((channel for word, channel in _CHANNELS if word in words), "INTERNAL"),
        posted_at=_moment(cells["date"], cells.get("time", "")),
        bank=bank,
        balance_after_paise=balance,
        detail=cells.get("words") or None,
    )


def _reference_in(words: str) -> str | None:
    found = re.search(r"(?<!\d)\d{12}(?!\d)|\b[A-Z]{4}[A-Z0-9]\d{11,17}\b", words)
    return found.group() if found else None


def _moment(day: str, clock: str) -> dt.datetime:
    for shape in ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%b-%Y", "%d %b %Y", "%d-%m-%y", "%d/%m/%y"):
        for text, more in ((f"{day} {clock}".strip(), " %H:%M:%S"), (f"{day} {clock}".strip(), " %H:%M"), (day, "")):
            try:
                return dt.datetime.strptime(text, shape + more).replace(tzinfo=IST)
            except ValueError:
                continue
    raise UnreadableSheet(Text(hi=f"तारीख़ समझ नहीं आई: {day}", en=f"This date is not understood: {day}"))
