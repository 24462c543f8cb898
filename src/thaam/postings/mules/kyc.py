"""What an accounts file adds: weaknesses of KYC that mule accounts are born of, clusters at one branch (S1.4, S2.4);
and what postings that say their place add: odd geography.

Nothing here is weighed by the model; each adds a fixed, stated amount of log-odds on top.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from thaam.postings.mules import behaviours as seen
from thaam.postings.mules.ledger import Ledger
from thaam.postings.mules.signs import rarity

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ODDS = {
    "after_mobile_change": 2.0,
    "shared_details": 2.0,
    "name_mismatch": 1.0,
    "gold_loan": 0.7,
    "branch": 0.7,
    "places": 1.5,
}
CODES = ("after_mobile_change", "shared_details", "name_mismatch", "gold_loan", "places")
HOT = 0.02
_NO = frozenset({"no", "n", "0", "false", "pending", "unverified", "नहीं", "बाकी"})


def found(code: str, ledger: Ledger) -> tuple[Floats, Floats]:
    """Strength 0..1 and a number for the sentence, of every account."""
    if code == "after_mobile_change":
        shown = seen.after_mobile_change(ledger)
        return shown.strength, shown.detail
    if code == "shared_details":
        shown = seen.shared_details(ledger)
        return shown.strength, shown.detail
    strength = np.zeros(ledger.size)
    if code == "places":
        shown = seen.far_places(ledger)
        strength[ledger.own] = shown.strength[ledger.own] * np.minimum(rarity(shown.measure[ledger.own]) / 2, 1)
        return strength, shown.detail
    if code == "name_mismatch":
        kyc_names = ledger.facts.get("kyc_name", {})
        for number, name in ledger.facts.get("name", {}).items():
            if number in kyc_names and differ(name, kyc_names[number]):
                strength[number] = 1.0
    elif code == "gold_loan":
        for number, verified in ledger.facts.get("gold_loan_verified", {}).items():
            strength[number] = float(verified.casefold() in _NO)
    return strength, strength


def differ(one: str, other: str) -> bool:
    """Two names of one script with no word in common, initials and order aside; names of two scripts are not judged."""
    words, others = _words(one), _words(other)
    if not words or not others or _script(one) != _script(other):
        return False
    return not any(a == b or a.startswith(b) or b.startswith(a) for a in words for b in others)


def branches(ledger: Ledger, odds: Floats) -> tuple[Floats, Floats]:
    """Accounts of a branch that has far more high-scoring accounts than the bank: strength, and how many others."""
    strength, others = np.zeros(ledger.size), np.zeros(ledger.size)
    places = ledger.facts.get("branch", {})
    if not places or not len(odds):
        return strength, others
    own = np.flatnonzero(ledger.own)
    hot = np.zeros(ledger.size, dtype=np.bool_)
    hot[own] = odds >= np.quantile(odds, 1 - HOT)
    together: dict[str, list[int]] = {}
    for number, place in places.items():
        together.setdefault(place, []).append(number)
    for numbers in together.values():
        many, expected = int(hot[numbers].sum()), max(HOT * len(numbers), 0.5)
        if many >= 3 and many > 4 * expected:
            strength[numbers] = min(1.0, (many / expected - 4) / 8 + 0.3)
            others[numbers] = many - hot[numbers]
    return strength * hot, others


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", name).casefold())


def _script(name: str) -> str:
    letters = [letter for letter in name if letter.isalpha()]
    return unicodedata.name(letters[0], " ").split()[0] if letters else ""
