"""Which jurisdiction a complaint falls under, from the district a person names."""

from __future__ import annotations

from .rules import _toml

_CHHATTISGARH = tuple(
    """balod baloda bemetara bastar balrampur bijapur bilaspur dantewada dhamtari durg gariaband gaurela janjgir
    jashpur kabirdham kanker khairagarh kondagaon korba koriya mahasamund manendragarh mohla mungeli narayanpur
    raigarh raipur rajnandgaon sakti sarangarh sukma surajpur surguja
    रायपुर रायगढ़ बिलासपुर दुर्ग कोरबा राजनांदगांव बस्तर सरगुजा जांजगीर धमतरी महासमुंद सारंगढ़ सक्ती""".split()
)


def jurisdiction_of(district: str, *, state_code: int | None = None, drill: bool = False) -> str:
    """The jurisdiction of the state (LGD code) the district lies in, IN where the state has no rules of its own.

    Where the deployment is a drill also DRILL and DRILL-SHORT: their districts are "Drill" and "Drill short", and only
    the second has clocks of seconds, so that the other holds of a drill stay for the comparison at its end.
    """
    word = district.strip().lower()
    if drill and word in ("drill", "drill short"):
        return "DRILL" if word == "drill" else "DRILL-SHORT"
    for name, row in _toml("jurisdictions.toml").items():
        if state_code is not None and row.get("lgd") == state_code:
            return str(name)
    return "IN-CG" if state_code is None and word.startswith(_CHHATTISGARH) else "IN"
