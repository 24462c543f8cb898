"""Read a block copied from a core-banking screen: lines of an account after the disputed credit become answer lines.

Nothing is believed that the page does not show: the clerk sees what was read, corrects it, and sends it like anything
typed. A line that is not understood is shown as such, never dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from thaam.language.numbers import latin_digits
from thaam.web.bank.ledger import LINES_MAX, Typed
from thaam.web.bank.sheet import iso_date

_DATE = re.compile(r"\b(\d{4}-\d{2}-\d{2}|\d{1,2}[-./](?:\d{1,2}|[A-Za-z]{3})[-./]\d{2,4})\b")
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
_SUM = re.compile(
    r"(?<![\w./-])(?:₹|rs\.?|inr)?\s*(\d{1,3}(?:,\d{2,3})+(?:\.\d{1,2})?|\d+\.\d{2})(?![\w/-])\s*(cr|dr)?", re.I
)
_UTR = re.compile(r"(?<!\d)\d{12}(?!\d)|\b[A-Z]{4}[A-Z0-9]\d{11,17}\b")
_ACCOUNT = re.compile(r"(?:a/?c|account|खाता)\D{0,12}(\d[\d ]{8,20}\d)", re.I)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
# the first word found decides
_WORDS = (
    ("hold", ("LIEN", "HOLD", "रोक")),
    ("atm", ("ATM", "NFS", "CASH WDL ATM")),
    ("aeps", ("AEPS",)),
    ("pos", ("POS", "ECOM", "PURCHASE", "SWIPE")),
    ("cheque", ("CHQ", "CHEQUE", "CLG")),
    ("fee", ("CHARGE", "CHRG", "GST", "FEE")),
    ("loan", ("EMI", "LOAN", "CARD BILL")),
    ("branch", ("CASH WDL", "CASH PAID", "BY CASH", "SELF")),
    ("transfer", ("UPI", "IMPS", "NEFT", "RTGS", "TRF", "TRANSFER")),
)
_RAILS = ("UPI", "IMPS", "NEFT", "RTGS")


@dataclass(slots=True)
class Read:
    """What a pasted block gave: rows for the form, the account it names, lines that were not understood."""

    rows: list[Typed] = field(default_factory=list)
    account: str = ""
    balance: str = ""
    unread: list[str] = field(default_factory=list)


def lines_in(block: str, *, account: str, asked_paise: int) -> Read:
    """The answer lines a pasted block holds, in its order, with what is left to explain after each."""
    read = Read()
    left = asked_paise
    for raw in latin_digits(block).splitlines()[:400]:
        line = " ".join(raw.split())
        if not line:
            continue
        if found := _ACCOUNT.search(line):
            read.account = read.account or found[1].replace(" ", "")
        row = _row(line)
        if row is None:
            if re.search(r"\d", line) and not _is_head(line):
                read.unread.append(line[:120])
            continue
        if row.what == "credit":  # the disputed credit itself, or other money in
            read.balance = row.whole or read.balance
            continue
        read.balance = row.particulars_balance or read.balance
        typed = row.typed
        left -= typed.paise or 0
        typed.left_paise = left
        read.rows.append(typed)
        if len(read.rows) >= LINES_MAX:
            break
    return read


@dataclass(slots=True)
class _Line:
    typed: Typed
    what: str
    whole: str = ""
    particulars_balance: str = ""


def _row(line: str) -> _Line | None:
    sums = [(found[1], (found[2] or "").lower()) for found in _SUM.finditer(line)]
    if not sums:
        return None
    upper = line.upper()
    # of two sums at the end of a line the last is the running balance
    amount, side = sums[-2] if len(sums) >= 2 else sums[0]
    balance = sums[-1][0] if len(sums) >= 2 else ""
    if side == "cr" or re.search(r"\bCR\b", upper.replace(balance + " CR", "")):
        return _Line(Typed(), "credit", whole=balance)
    what = next((name for name, words in _WORDS if any(word in upper for word in words)), "")
    typed = Typed(what=what, amount=amount)
    paise = amount.replace(",", "")
    rupees, _, rest = paise.partition(".")
    typed.paise = int(rupees) * 100 + int((rest or "0").ljust(2, "0"))
    typed.whole_paise = typed.paise
    plain = _SUM.sub(" ", line)
    if what == "transfer":
        found = _UTR.search(plain)
        typed.reference = found[0] if found else ""
        typed.rail = next((rail for rail in _RAILS if rail in upper), "")
        typed.bank = plain  # whichever bank the narration names: the page looks it up in the directory
        typed.on = _day(line)
    elif what == "hold":
        found = re.search(r"(?:LIEN|HOLD)(?: NO\.?| MARKED)?[:\s]+([A-Z0-9/-]*\d[A-Z0-9/-]*)", upper)
        typed.lien = found[1] if found else ""
    else:
        clock = _CLOCK.search(line)
        words = " ".join(_DATE.sub(" ", _CLOCK.sub(" ", plain)).split())
        typed.particulars = f"{words} {_day(line)} {clock[0] if clock else ''}".strip()[:200]
    return _Line(typed, what, particulars_balance=balance)


def _day(line: str) -> str:
    found = _DATE.search(line)
    if not found:
        return ""
    text = found[1]
    if match := re.fullmatch(r"(\d{1,2})[-./]([A-Za-z]{3})[-./](\d{2,4})", text):
        month = match[2].lower()
        if month not in _MONTHS:
            return ""
        text = f"{match[1]}-{_MONTHS.index(month) + 1:02d}-{match[3]}"
    day, sep, year = text.rpartition("-" if "-" in text else "/" if "/" in text else ".")
    if len(year) == 2 and not re.match(r"\d{4}", text):
        text = f"{day}{sep}20{year}"
    return iso_date(text)


def _is_head(line: str) -> bool:
    return bool(_ACCOUNT.search(line) or re.search(r"balance|opening|closing|page|statement|शेष", line, re.I))
