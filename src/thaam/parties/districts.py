"""States and districts by Local Government Directory code; every spelling of one place leads to one code.

Data: Local Government Directory, March 2022, under the Government Open Data License - India (lgd/LICENSE). Hindi
names and aliases (Kawardha is Kabirdham, Bhilai lies in Durg) are ours and grow with use.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from thaam.rulebook.places import jurisdiction_of

# Nukta, chandrabindu and anusvara are written or left out as people please; so are hyphens and spaces.
_LOOSE = {ord("\u093c"): None, ord("\u0901"): "\u0902", ord("-"): None, ord("."): None}


@dataclass(frozen=True, slots=True)
class District:
    """One district: LGD code, its state's code, its one display name a language."""

    code: int
    state_code: int
    name_en: str
    name_hi: str

    def name(self, lang: str) -> str:
        """Its name in the reader's language; English where no Hindi name is on file."""
        return self.name_en if lang == "en" else self.name_hi or self.name_en


@dataclass(frozen=True, slots=True)
class State:
    """One state or union territory."""

    code: int
    name_en: str
    name_hi: str

    def name(self, lang: str) -> str:
        """Its name in the reader's language; in English where no Hindi name is on file."""
        return self.name_en if lang == "en" else self.name_hi or self.name_en


class TwoPlaces(LookupError):
    """The name belongs to districts of several states: say which state."""

    def __init__(self, found: list[District]) -> None:
        super().__init__([d.code for d in found])
        self.found = found


@cache
def states() -> dict[int, State]:
    """All states and union territories by code."""
    return {int(r["code"]): State(int(r["code"]), r["name_en"], r["name_hi"]) for r in _rows("states.csv")}


@cache
def districts() -> dict[int, District]:
    """All 763 districts by code."""
    hindi = {int(r["code"]): r["name_hi"] for r in _rows("names.csv")}
    return {
        int(r["code"]): District(int(r["code"]), int(r["state_code"]), r["name_en"], hindi.get(int(r["code"]), ""))
        for r in _rows("districts.csv")
    }


def place_of_district(name: str, *, drill: bool = False) -> str:
    """Whose rules apply there: those of the state the district lies in; of a name found in two states, the Union's."""
    try:
        found = find_district(name)
    except TwoPlaces:
        found = None
    return jurisdiction_of(name, state_code=found.state_code if found else None, drill=drill)


def find_district(name: str, *, state_code: int | None = None) -> District | None:
    """The district a person means by `name` (any spelling on file, or an LGD code), or None.

    Raises TwoPlaces when the name exists in several states and no state is given.
    """
    text = name.strip()
    if text.isdecimal() and int(text) in districts():
        return districts()[int(text)]
    found = [d for d in _by_name().get(_fold(text), []) if state_code in (None, d.state_code)]
    if len(found) > 1:
        raise TwoPlaces(found)
    return found[0] if found else None


def as_read(typed: str, lang: str) -> str:
    """A district somebody typed, in the reader's language; as typed where the directory does not know it."""
    found = _by_name().get(_fold(typed), []) if typed else []
    return found[0].name(lang) if found and (lang == "en" or found[0].name_hi) else typed


@cache
def _by_name() -> dict[str, list[District]]:
    names: dict[str, list[District]] = {}

    def add(name: str, district: District) -> None:
        known = names.setdefault(_fold(name), [])
        if name and district not in known:
            known.append(district)

    for district in districts().values():
        add(district.name_en, district)
        if district.name_hi:
            add(district.name_hi, district)
    for row in _rows("names.csv"):
        for alias in row["aliases"].split("|"):
            add(alias, districts()[int(row["code"])])
    return names


def _fold(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFD", name).translate(_LOOSE)).casefold()


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath("lgd", name).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))
