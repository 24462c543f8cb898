"""Look up the number that law or policy sets, for a place and a day, with where it comes from.

Numbers set by policy or law live in rules.toml and nowhere else. A row of a state wins over the
row of its parent; a row is in force on its days `[from, to)`.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from thaam.language import rupees
from thaam.language.dates import IST, day_words
from thaam.language.text import Text

from .law_names import named_in_hindi

Unit = Literal["seconds", "minutes", "hours", "days", "working_days", "banking_days", "paise", "percent", "count"]

_UNITS: dict[str, Text] = {
    "seconds": Text(hi="{n} सेकंड", en="{n} seconds"),
    "minutes": Text(hi="{n} मिनट", en="{n} minutes"),
    "hours": Text(hi="{n} घंटे", en="{n} hours"),
    "days": Text(hi="{n} दिन", en="{n} days"),
    "working_days": Text(hi="{n} कार्य-दिवस", en="{n} working days"),
    "banking_days": Text(hi="बैंक के {n} कामकाजी दिन", en="{n} banking days"),
    "paise": Text(hi="{n}", en="{n}"),
    "percent": Text(hi="{n} प्रतिशत", en="{n} per cent"),
    "count": Text(hi="{n}", en="{n}"),
}
_DAYS: dict[str, Text] = {
    "days": Text(hi="दिन कैलेंडर के हैं: छुट्टियाँ भी गिनी जाती हैं", en="Calendar days: holidays count too"),
    "working_days": Text(hi="सिर्फ़ काम के दिन गिने जाते हैं", en="Only working days count"),
    "banking_days": Text(hi="सिर्फ़ बैंक खुलने के दिन गिने जाते हैं", en="Only days on which banks are open count"),
}
_EXPLAINED = Text(
    hi="{title}: {amount} ({place}, {since} से लागू)। आधार: {source}।",
    en="{title}: {amount} ({place}, in force since {since}). Source: {source}.",
)


class NoSuchRule(LookupError):
    """No row of this name is in force for the jurisdiction or its parents on that day."""


class NoSuchJurisdiction(LookupError):
    """The place is not in jurisdictions.toml."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row in force: its value, where it holds, since when and on what authority."""

    name: str
    jurisdiction: str
    value: int
    unit: Unit
    from_on: dt.date
    to_on: dt.date | None
    source: str
    trust: Literal["law", "policy"]
    title: Text
    source_hi: str = ""

    def amount_in(self, lang: str) -> str:
        """The value with its unit, as a person reads it ("90 दिन", "₹100")."""
        return _UNITS[self.unit].in_(lang, n=rupees.full(self.value) if self.unit == "paise" else self.value)

    def source_in(self, lang: str) -> str:
        """On what authority, in Hindi words where there are any: the rule's own, else the names of law and court."""
        if lang != "hi":
            return self.source
        named = named_in_hindi(self.source)
        return self.source_hi or (f"{named} ({self.source})" if named else self.source)

    def kind_of_days(self) -> Text | None:
        """Which days it counts, where it counts days."""
        return _DAYS.get(self.unit)

    def explain(self, lang: str) -> str:
        """The rule in one sentence: what, how much, where, since when, on what authority."""
        place = place_of(self.jurisdiction).in_(lang)
        return _EXPLAINED.in_(
            lang,
            title=self.title.in_(lang),
            amount=self.amount_in(lang),
            place=place,
            since=day_words(self.from_on, lang),
            source=self.source_in(lang),
        )


@dataclass(frozen=True, slots=True)
class Law:
    """The section and authority an order of one kind stands on."""

    about: str
    jurisdiction: str
    section: str
    authority: str
    source: str
    by_default: bool = False
    source_hi: str = ""


def rule(name: str, *, jurisdiction: str, on: dt.date | dt.datetime) -> Rule:
    """The row in force on that day; the nearest jurisdiction wins (IN-CG before IN).

    A datetime counts as its day in India. Raises NoSuchRule, NoSuchJurisdiction.
    """
    day = day_in_india(on)
    rows = _rows()
    for place in lineage(jurisdiction):
        for row in rows.get((name, place), ()):
            if row.from_on <= day and (row.to_on is None or day < row.to_on):
                return row
    raise NoSuchRule(f"{name} in {jurisdiction} on {day}")


def law(about: str, *, jurisdiction: str, on: dt.date | dt.datetime) -> Law:
    """The section an order about `hold | locate | release | restore` stands on. Raises NoSuchRule."""
    day = day_in_india(on)
    for place in lineage(jurisdiction):
        for row in _toml("laws.toml")["law"]:
            if (
                row["about"] == about
                and row["jurisdiction"] == place
                and row["from"] <= day < row.get("to", dt.date.max)
            ):
                return Law(
                    about=about,
                    jurisdiction=place,
                    section=row["section"],
                    authority=row["authority"],
                    source=row["source"],
                    by_default=row.get("by_default", False),
                    source_hi=row.get("source_hi", ""),
                )
    raise NoSuchRule(f"law about {about} in {jurisdiction} on {day}")


def rules_in_force(*, jurisdiction: str, on: dt.date) -> list[Rule]:
    """Every rule a person in this place lives under on that day, by name; for the public page of rules."""
    names = sorted({name for name, _ in _rows()})
    found = []
    for name in names:
        try:
            found.append(rule(name, jurisdiction=jurisdiction, on=on))
        except NoSuchRule:
            continue
    return found


def lineage(jurisdiction: str) -> list[str]:
    """The jurisdiction and its parents, nearest first. Raises NoSuchJurisdiction."""
    places = _toml("jurisdictions.toml")
    chain: list[str] = []
    here: str | None = jurisdiction
    while here is not None:
        if here not in places:
            raise NoSuchJurisdiction(here)
        chain.append(here)
        here = places[here].get("parent")
    return chain


def places() -> tuple[str, ...]:
    """Every jurisdiction of the rulebook, the country first."""
    return tuple(_toml("jurisdictions.toml"))


def place_of(jurisdiction: str) -> Text:
    """The name of the place in both languages. Raises NoSuchJurisdiction."""
    places = _toml("jurisdictions.toml")
    if jurisdiction not in places:
        raise NoSuchJurisdiction(jurisdiction)
    return Text(hi=places[jurisdiction]["hi"], en=places[jurisdiction]["en"])


def day_in_india(moment: dt.date | dt.datetime) -> dt.date:
    """The calendar day in India of a moment; a date is that day already."""
    if isinstance(moment, dt.datetime):
        return moment.astimezone(IST).date()
    return moment


@cache
def _rows() -> dict[tuple[str, str], list[Rule]]:
    rows: dict[tuple[str, str], list[Rule]] = {}
    for raw in _toml("rules.toml")["rule"]:
        row = Rule(
            name=raw["name"],
            jurisdiction=raw["jurisdiction"],
            value=raw["value"],
            unit=raw["unit"],
            from_on=raw["from"],
            to_on=raw.get("to"),
            source=raw["source"],
            trust=raw["trust"],
            title=Text(hi=raw["hi"], en=raw["en"]),
            source_hi=raw.get("source_hi", ""),
        )
        rows.setdefault((row.name, row.jurisdiction), []).append(row)
    return rows


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
