"""Divisions of a state, whose officer asks, and people per district: what turns a sum into a comparison.

Divisions and populations are data of a deployment (divisions.toml, population.csv); a state without any shows none.
"""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from thaam.language.text import Text
from thaam.parties.districts import TwoPlaces, districts, find_district, states
from thaam.parties.models import Office


@dataclass(frozen=True, slots=True)
class Scope:
    """What an office reviews: a whole state (`codes` None), a division, or one district."""

    name: Text
    state_code: int | None
    codes: tuple[int, ...] | None = None
    division: str = ""

    @property
    def whole(self) -> bool:
        """The whole of what a snapshot counts."""
        return self.codes is None


@cache
def _divisions() -> dict[int, dict[str, tuple[Text, tuple[int, ...]]]]:
    rows = tomllib.loads(files(__package__).joinpath("divisions.toml").read_text(encoding="utf-8"))["division"]
    found: dict[int, dict[str, tuple[Text, tuple[int, ...]]]] = {}
    for row in rows:
        found.setdefault(row["state"], {})[row["code"]] = (Text(hi=row["hi"], en=row["en"]), tuple(row["districts"]))
    return found


def divisions_of(state_code: int | None) -> dict[str, list[int]]:
    """Districts of each division of a state; empty when none are on file."""
    return {code: list(found) for code, (_, found) in _divisions().get(state_code or 0, {}).items()}


@cache
def population() -> dict[int, int]:
    """People by district code, where known (population.csv says the source)."""
    text = files(__package__).joinpath("population.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {int(row["code"]): int(row["people"]) for row in csv.DictReader(io.StringIO("\n".join(lines)))}


def per_lakh(paise: int, people: int | None) -> int | None:
    """Paise per lakh of people, rounded down; None where the population is not known."""
    return paise * 100_000 // people if people else None


def scope_of(office: Office | None) -> Scope:
    """What the office reviews: its district, else the division it is named after, else its state."""
    state_code = state_code_of(office.state if office else "")
    place = office.district.strip() if office else ""
    if place:
        for code, (name, codes) in _divisions().get(state_code or 0, {}).items():
            if place.casefold() in (f"{code} division", f"{name.en} division".casefold()):
                return Scope(Text(hi=f"{name.hi} संभाग", en=f"{name.en} division"), state_code, codes, code)
        try:
            found = find_district(place, state_code=state_code)
        except TwoPlaces:
            found = None
        if found:
            return Scope(Text(hi=found.name("hi"), en=found.name("en")), state_code, (found.code,))
    if state_code:
        state = states()[state_code]
        return Scope(Text(hi=state.name("hi"), en=state.name("en")), state_code)
    return Scope(Text(hi="सब राज्य", en="All states"), None)


def state_code_of(name: str) -> int | None:
    """The LGD code of a state by its English or Hindi name."""
    return next((c for c, s in states().items() if name and name.casefold() in (s.name_en.casefold(), s.name_hi)), None)


def districts_of(state_code: int | None) -> list[int]:
    """Codes of a state's districts."""
    return [code for code, district in districts().items() if district.state_code == state_code]
