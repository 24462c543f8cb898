"""Which jurisdiction a complaint falls under, from the district a person names."""

from __future__ import annotations

_CHHATTISGARH = tuple(
    """balod baloda bemetara bastar balrampur bijapur bilaspur dantewada dhamtari durg gariaband gaurela janjgir
    jashpur kabirdham kanker khairagarh kondagaon korba koriya mahasamund manendragarh mohla mungeli narayanpur
    raigarh raipur rajnandgaon sakti sarangarh sukma surajpur surguja
    रायपुर रायगढ़ बिलासपुर दुर्ग कोरबा राजनांदगांव बस्तर सरगुजा जांजगीर धमतरी महासमुंद सारंगढ़ सक्ती""".split()
)


def jurisdiction_of(district: str, *, drill: bool = False) -> str:
    """IN-CG for a district of Chhattisgarh, DRILL for "Drill" where the deployment is a drill, else IN."""
    word = district.strip().lower()
    if drill and word == "drill":
        return "DRILL"
    return "IN-CG" if word.startswith(_CHHATTISGARH) else "IN"
