"""What a bank must say of money that left the banks, by kind: the facts needed, and what is asked for as proof."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from thaam.rulebook.rules import day_in_india

NOT_RECORDED = "not recorded"
_FOUND = {
    "machine": re.compile(r"\b(?=\w*\d)[A-Za-z0-9]{4,}\b|\b[A-Za-z]+-\d+\b"),
    "time": re.compile(r"\b([01]?\d|2[0-3])[:.][0-5]\d\b"),
    "cheque": re.compile(r"(?<!\d)\d{6}(?!\d)"),
    "name": re.compile(r"[^\W\d_]{3,}"),
}


@dataclass(frozen=True, slots=True)
class Terminal:
    """One kind of end: what its particulars must name and how a claim of it is proved."""

    kind: str
    needs: tuple[str, ...]
    proof: tuple[str, ...]
    source: str


def terminal(kind: str, *, on: dt.date | dt.datetime) -> Terminal | None:
    """The row in force on that day; None for kinds our own book explains (a breached lien, a closed account)."""
    day = day_in_india(on)
    for row in _rows():
        if row["kind"] == kind and row["from"] <= day < row.get("to", dt.date.max):
            return Terminal(kind, tuple(row["needs"]), tuple(row["proof"]), row["source"])
    return None


def lacks(kind: str, particulars: str, *, on: dt.date | dt.datetime) -> tuple[str, ...]:
    """The facts these particulars do not name; all of them when the bank has no record."""
    row = terminal(kind, on=on)
    if row is None:
        return ()
    if particulars.strip().lower() == NOT_RECORDED:
        return row.needs
    return tuple(need for need in row.needs if not _FOUND[need].search(particulars))


@cache
def _rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(
        (files("thaam.rulebook") / "terminals.toml").read_text(encoding="utf-8")
    )["terminal"]
    return found
