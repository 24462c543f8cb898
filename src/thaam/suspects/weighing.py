"""How much a report of an identifier weighs, by who says it: dated and sourced rows of the rulebook, 1 to 100.

Asked as of a day that does not change when a fact is done again (a complaint's, a sighting's own).
"""

from __future__ import annotations

import datetime as dt
import enum

from thaam.rulebook.rules import rule


class Word(enum.StrEnum):
    """Whose word; the value is the rule's name."""

    BANK_LOOKED = "confidence_bank_looked"  # a bank's signed report after somebody there looked
    BANK_SCORED = "confidence_bank_scored"  # its program scored, no person looked
    BANK_TYPED = "confidence_bank_typed"  # a clerk's report through the page
    CITIZEN = "confidence_citizen"
    TRACED_FIRST = "confidence_traced_first"  # the account disputed money came into first
    TRACED_ONWARD = "confidence_traced_onward"
    VICTIM_TOLD = "confidence_victim_told"
    RISK_MEDIUM = "confidence_risk_medium"
    RISK_HIGH = "confidence_risk_high"
    RISK_VERY_HIGH = "confidence_risk_very_high"
    REVOKED = "confidence_revoked"
    COUNTS = "confidence_counts"  # from here on a sighting counts towards watching


def weight_of(word: Word, *, at: dt.datetime, jurisdiction: str = "IN") -> int:
    """The weight of that word on that day."""
    return rule(word.value, jurisdiction=jurisdiction, on=at).value
