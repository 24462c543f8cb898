"""One action of a bank as the national layouts tell it, and how its dirty cells are read: amounts, dates, accounts."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

FIELDS = (
    "acknowledgement", "account", "reference", "layer", "to_bank", "to_account", "to_ifsc", "reference_out", "at",
    "amount", "disputed", "bank", "done_on", "remarks", "note", "atm_id", "place", "approval_code", "merchant_name",
    "mid", "tid", "cheque_no", "pisnodal", "ptrans", "paccountno", "pifsc_code", "status",
)  # fmt: skip
_LABEL = re.compile(r"^\s*(?:ATM ID|Place of ATM|Place|Location|Amount|RRN|UTR)\s*:\s*-?\s*", re.IGNORECASE)
_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of row of the profile."""

    kind: str
    sheet: str
    names: tuple[str, ...]
    txn_type_id: int | None
    txn_type: str
    line: str
    word: str
    columns: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class NationalRow:
    """One row: cells by our field name as text, cells we have no name for by their heading, and what cannot be read."""

    kind: str
    cells: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    place: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def amount_paise(self) -> int | None:
        """The transaction's own amount."""
        return paise_in(self.cells.get("amount", ""))

    @property
    def disputed_paise(self) -> int | None:
        """The share in question: its own column where it has one, else the amount. Mixed money makes them differ."""
        stated = paise_in(self.cells.get("disputed", ""))
        return stated if stated is not None else self.amount_paise

    @property
    def on(self) -> dt.date | None:
        """The day of the action's payment or withdrawal."""
        return day_in(self.cells.get("at", ""))


@cache
def actions() -> dict[str, Action]:
    """The kinds of rows of the profile, by kind."""
    found = {}
    for raw in _profile()["action"]:
        found[raw["kind"]] = Action(
            kind=raw["kind"],
            sheet=raw["sheet"],
            names=tuple(_fold(name) for name in (raw["sheet"], *raw.get("others", ()))),
            txn_type_id=raw.get("txn_type_id"),
            txn_type=raw.get("txn_type", raw["sheet"]),
            line=raw["line"],
            word=raw.get("word", ""),
            columns=tuple(_profile()["common"].items()) + tuple(raw["columns"].items()),
        )
    return found


def action_of_sheet(title: str) -> Action | None:
    """The kind of row a sheet of this name holds; names are cut at 31 signs and spelt as people please."""
    plain = _fold(title)
    for action in actions().values():
        if plain in action.names or (len(plain) >= 12 and any(name.startswith(plain) for name in action.names)):
            return action
    return None


def action_of_type(type_id: Any) -> Action | None:
    """The kind of row of a `txn_type_id`."""
    return next((each for each in actions().values() if str(each.txn_type_id) == str(type_id)), None)


def field_of_heading(heading: str, action: Action) -> str | None:
    """Our name of a column; cut headings ("Withdrawal Date & Ti") are known by their beginning."""
    plain = _fold(heading)
    if not plain:
        return None
    exact = {_fold(head): name for name, head in action.columns}
    if plain in exact:
        return exact[plain]
    for name, heads in _profile()["same"].items():
        if plain in (_fold(head) for head in heads):
            return str(name)
    if len(plain) >= 12:
        return next((name for head, name in exact.items() if head.startswith(plain)), None)
    return None


def status_of(code: str) -> dict[str, str]:
    """What a status code of the JSON shape means; an unknown one says so."""
    known: dict[str, str] = _profile()["status"].get(code, {"words": f"status {code}"})
    return known


def clean(cell: str) -> str:
    """A cell without its label ("ATM ID :-12345"), blanks around it and a byte order mark."""
    return _LABEL.sub("", " ".join(cell.replace("\ufeff", "").split()))


def paise_in(cell: str) -> int | None:
    """`Rs. 1,23,456.70/-` as paise; None when empty or no amount. Never a float."""
    plain = clean(cell).translate(_DIGITS)
    found = re.fullmatch(r"(?:₹|rs\.?|inr)?\s*([\d,]+)(?:\.(\d{1,2})0*)?\s*(?:/-|inr|rs\.?)?", plain, re.IGNORECASE)
    if not found or not found[1].strip(","):
        return None
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))


def day_in(cell: str) -> dt.date | None:
    """The day of `01/06/2026 19:09:PM`, `2026-06-01 14:05`, `01-Jun-2026`; None when there is none."""
    plain = clean(cell).translate(_DIGITS)
    for pattern, shape in (
        (r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"),
        (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
        (r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
        (r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
        (r"\d{1,2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
    ):
        if found := re.search(pattern, plain):
            try:
                return dt.datetime.strptime(found.group(), shape).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                return None
    return None


def same_account(one: str, other: str) -> bool:
    """Whether two numbers are one account: the same account appears zero-padded and not."""
    return one.strip().lstrip("0").upper() == other.strip().lstrip("0").upper() != ""


def _fold(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split()).rstrip(".").casefold()


@cache
def _profile() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("profile.toml").read_text(encoding="utf-8"))
