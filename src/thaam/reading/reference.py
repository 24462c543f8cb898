"""The transfer's own number in a message: UPI/IMPS RRN, NEFT/RTGS UTR, a bank's or an app's transaction id."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbered:
    """A reference at [start, end) of the text."""

    reference: str
    start: int
    end: int


_JOIN = r"[\s.:#\-=()*]*(?:(?:no|nos|number|num|id|nbr|is|was)\b[\s.:#\-=()]*|(?:no|id)(?=\d)[\s.:#]*)*"
_TOKEN = r"(?P<token>(?=[A-Za-z]*\d)[A-Za-z0-9]{6,35})(?![A-Za-z0-9@])"
_PATH_TOKEN = r"(?P<token>(?i:[A-Z]{4}[A-Z0-9])?\d{9,22}|[A-Z]{3,6}[A-Z0-9]{8,20}|[a-z]{3,6}\d{8,20})(?![A-Za-z0-9@])"

_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        # named as the network's number
        rf"(?i)\b(?:rrn|utr|upi\s*ref(?:erence)?|imps\s*ref(?:erence)?|neft\s*ref(?:erence)?|rtgs\s*ref(?:erence)?|upi\s*rrn|imps\s*rrn){_JOIN}{_TOKEN}",
        # UPI/P2M/123456789012/NAME, UPI:1234..., NEFT-SBIN..., thru UPI/1234
        rf"(?i:\b(?:upi|imps|neft|rtgs|mmt|p2a|p2m|p2p|inft|aeps))(?:[/:\-*\s#]+(?i:p2a|p2m|p2p|cr|dr|ipos|upi|imps|id|pay|txn|in|out|mob|inb|credit|debit|fund|acc|ac|com|txn\s+no|(?-i:[A-Z]{{4}})(?=[/:])))*[/:\-*\s#]+{_PATH_TOKEN}",
        # named as a reference
        rf"(?i)\b(?:ref(?:erence)?|refno|urn|संदर्भ|रेफ|रेफरेंस|यूटीआर){_JOIN}{_TOKEN}",
        rf"(?i)(?:संदर्भ|रेफरेंस|रेफ|यूटीआर|आरआरएन)(?:\s|संख्या|सं|नंबर|नं|क्रमांक|[.:#\-])*{_TOKEN}",
        # named as a transaction's id
        rf"(?i)\b(?:txn|trxn|tran|trans|transaction|order|payment|wallet\s*txn)\s*(?:id|no|ref|number|num|#){_JOIN}{_TOKEN}",
        r"(?i)\b(?:transaction|txn|trxn|seq|auth(?:orisation|orization)?|approval|stan)\s*(?:code|number|no|id|#)[\s.:#\-]*(?P<token>\d{4,12})(?![\dXx*])",
        r"(?i)\b(?:chq|cheque|check|chequeno)\.?\s*(?:no|number|num)?[\s.:#\-]*(?P<token>\d{5,7})\b",
    )
)
_ALONE = re.compile(
    r"(?:(?<![\w.,*@+-])(?P<rrn>\d{12})|(?<![\w.,*@+])(?P<utr>[A-Z]{4}[A-Z0-9]\d{11}|[A-Z]{4}[A-Z0-9]\d{17}))(?![\w,@*])"
)
_NOT_REFERENCE = re.compile(r"(?i)[x*]+\d+|[A-Z]{4}0[A-Z0-9]{6}|\d{1,2}[a-z]{3}\d{2,4}")
"""Masked accounts, IFSC codes and dates."""
_BEFORE_OTHER = re.compile(
    r"(?i)(?:a/?c|acct?|account|ac|card|mobile|mob|phone|call|sms|umn|umrn|aadhaar|no|loan)[\s.:#]*(?:no\.?|number)?[\s.:]*$"
)


def reference_in(text: str) -> Numbered | None:
    """The best named reference, else a number that stands alone and has the shape of one. None otherwise."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            token = match["token"]
            if _is_reference(token):
                return Numbered(token, *match.span("token"))
    for match in _ALONE.finditer(text):
        if not _BEFORE_OTHER.search(text[max(0, match.start() - 24) : match.start()]):
            return Numbered(match.group(), *match.span())
    return None


def _is_reference(token: str) -> bool:
    digits = sum(character.isdigit() for character in token)
    return digits >= 4 and not _NOT_REFERENCE.fullmatch(token)
