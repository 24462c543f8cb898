"""How a due time came about, in sentences a person can check: the rule and its source, the start, days left out."""

from __future__ import annotations

from datetime import datetime

from thaam.clocks.running import explain_rule
from thaam.rulebook.rules import rule


def why_due(name: str, *, place: str, start: datetime, due: datetime, lang: str) -> list[str]:
    """The lines behind a due time that the rule `name` gave; none when no rule gave it."""
    if not name:
        return []
    return explain_rule(rule(name, jurisdiction=place, on=start), jurisdiction=place, start=start, due=due, lang=lang)
