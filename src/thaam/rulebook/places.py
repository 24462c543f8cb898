"""Which jurisdiction a complaint falls under, from the district a person names."""

from __future__ import annotations

_CHHATTISGARH = tuple(
    """balod baloda bemetara bastar balrampur bijapur bilaspur dantewada dhamtari durg gariaband gaurela janjgir
    jashpur kabirdham kanker khairagarh kondagaon korba koriya mahasamund manendragarh mohla mungeli narayanpur
    raigarh raipur rajnandgaon sakti sarangarh sukma surajpur surguja
    रायपुर रायगढ़ बिलासपुर दुर्ग कोरबा राजनांदगांव बस्तर सरगुजा जांजगीर धमतरी महासमुंद सारंगढ़ सक्ती""".split()
)


def jurisdiction_of(district: str, *, drill: bool = False) -> str:
    """IN-CG for a district of Chhattisgarh, else IN; where the deployment is a drill also DRILL and DRILL-SHORT.

    Their districts are "Drill" and "Drill short": only the second has clocks of seconds, so that the other holds of
    a drill stay for the comparison at its end.
    """
    word = district.strip().lower()
    if drill and word in ("drill", "drill short"):
        return "DRILL" if word == "drill" else "DRILL-SHORT"
    return "IN-CG" if word.startswith(_CHHATTISGARH) else "IN"
