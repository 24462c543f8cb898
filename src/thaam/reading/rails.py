"""Which way the money travelled, by the words of the message; the first row that matches decides."""

from __future__ import annotations

import re

_ROWS: tuple[tuple[str, str], ...] = (
    ("AEPS", r"\baeps\b|aadhaar\s+(?:enabled|based|pay)|micro\s*atm|आधार आधारित"),
    ("RTGS", r"\brtgs\b"),
    ("NEFT", r"\bneft\b"),
    ("IMPS", r"\bimps\b|\bmmt/"),
    ("UPI", r"\bupi\b|\bvpa\b|[\w.\-]+@[a-z]{2,}\b(?!\.)|यूपीआई|\bp2[amp]\b|\bupi[-_/:]|\bmtfr\b"),
    (
        "NACH",
        r"\bnach\b|\becs\b|\bach\b|\bach\*|\bumrn\b|e-?mandate|autopay|auto-?debit|standing\s+instruction|\binfoach",
    ),
    ("ATM", r"\batm\b|cash\s*(?:withdrawal|wdl)|\bnfs\b|एटीएम"),
    ("CHEQUE", r"\bcheque\b|\bchq\b|\bclg\b|\bcts\b|चेक"),
    ("POS", r"\bpos\b|\becom\b|e-com"),
    ("CARD", r"\bcard\b|drcard|bobcard|\bamex\b|कार्ड"),
    ("CASH", r"\bcash\b|\bby\s+cash\b|नकद"),
    ("WALLET", r"\bwallet\b|pay\s+balance|paytm\s+balance"),
)
_TABLE = tuple((rail, re.compile("(?i)" + pattern)) for rail, pattern in _ROWS)


def rail_of(text: str) -> tuple[str, int, int] | None:
    """Rail and the words it was read from; None when the message does not say. A rail known by the shape of
    the reference alone is added by the caller."""
    for rail, pattern in _TABLE:
        match = pattern.search(text)
        if match:
            return rail, match.start(), match.end()
    return None
