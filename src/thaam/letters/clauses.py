"""Which sentences a letter carries in a place and on a day: the table clauses.toml, nearest jurisdiction last."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from thaam.rulebook.rules import day_in_india, lineage


def clauses_of(letter: str, *, jurisdiction: str, on: dt.date | dt.datetime, lang: str, **values: str) -> list[str]:
    """The sentences in force, in the letter's language, their places filled. Raises rulebook.NoSuchJurisdiction."""
    day = day_in_india(on)
    return [
        row[lang].format(**values)
        for place in reversed(lineage(jurisdiction))
        for row in _rows()
        if row["letter"] == letter and row["jurisdiction"] == place and row["from"] <= day < row.get("to", dt.date.max)
    ]


@cache
def _rows() -> list[dict[str, Any]]:
    text = files(__package__).joinpath("clauses.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["clause"])
