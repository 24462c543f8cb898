"""The other side of a payment: a UPI id, a person, a shop, as the message names it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VPA = r"[A-Za-z0-9][A-Za-z0-9.\-_]{1,60}@[A-Za-z][A-Za-z0-9]{1,30}(?![A-Za-z0-9])(?!\.(?:com|in|co|org|net)\b)"
_NAME = r"(?P<name>[A-Z0-9*][\w&.'*@ \-/()]{1,48}?)"
_STOP = (
    r"(?i:(?=\s*(?:[;,\n]|\.\s|\.$|$|\s-\s|\(|/|\bon\b|\bat\b|\bref(?:no)?\b|\bupi\b|\bvia\b|\bthru\b|\bthrough\b|\bfrom\b|\bto\b|\bavl|\bbal\b|"
    r"\bnot\s+you|\bif\b|\bcredited\b|\bis\b|\bhas\b|\bdt\b|\bdated\b|\butr\b|\brrn\b|\busing\b|\bwith\b|\bfor\b|\btotal\b|\binfo\b|\bimps\b|\bneft\b|\brtgs\b|\bvalue\b|\bavbl|\bavail|\bby\b|\bwas\b|\bsuccessful|\bcall\b|\d{1,2}[-/]\d)))"
)
_NOT_NAMES = re.compile(
    r"(?i)^(?:your|ur|you|a/?c|ac|acct|account|card|bank|upi|imps|neft|rtgs|rs|inr|the|date|vpa|mobile|pos|transfer|trf|linked|by|xx+\d*|beneficiary$|\d+$|[x*]+\d+|avl|bal|block|report|know|view|dispute|cash|self$|cheque|chq|salary|mob\s+bk)(?![a-z])"
)
_DEBIT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i)\b(?:to|trf to|paid to|sent to|@)\s*(?:vpa\s*)?(?P<name>{_VPA})",
        rf"[;,&]\s*{_NAME}\s+(?:is\s+)?(?i:credited)",
        rf"(?i:credited\s+to)\s+{_NAME}{_STOP}",
        rf"(?i:\b(?:trf\s+to|transferred\s+to|paid\s+to|sent\s+to|to))\s+(?:(?i:mr|mrs|ms|m/s)\.?\s+)?{_NAME}{_STOP}",
        rf"(?i:\b(?:at|towards))\s+{_NAME}{_STOP}",
        rf"(?i:UPI)/(?:[A-Za-z0-9]{{1,4}}/)?\d{{9,14}}/{_NAME}(?=[/\n.,]|\s-|$)",
        rf"(?i)(?:info|det)[\s:.\-]+{_NAME}{_STOP}",
        rf"(?i:\bfor)\s+(?:(?i:upi\s+to)\s+)?{_NAME}{_STOP}",
        rf"(?P<name>{_VPA})",
    )
)
_CREDIT = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i)\b(?:from|by|linked\s+to)\s*(?:vpa\s*)?(?P<name>{_VPA})",
        rf"(?i:\b(?:transfer\s+from|received\s+from|sent\s+by|sender|from|by))\s+(?:(?i:mr|mrs|ms|m/s)\.?\s+)?{_NAME}{_STOP}",
        rf"(?i:linked\s+to\s+mobile)\s+[\dXx*]+\s*-\s*{_NAME}(?=\s*\()",
        rf"(?i:UPI)/(?:[A-Za-z0-9]{{1,4}}/)?\d{{9,14}}/{_NAME}(?=[/\n.,]|\s-|$)",
        rf"(?i)(?:info|det|towards|for)[\s:.\-]+{_NAME}{_STOP}",
        rf"(?P<name>{_VPA})",
    )
)


@dataclass(frozen=True, slots=True)
class Whom:
    """The other side's name or UPI id at [start, end) of the text."""

    name: str
    start: int
    end: int


def whom_in(text: str, way: str) -> Whom | None:
    """The first naming that is not the reader's own account, a rail, a sum or a date."""
    for pattern in _DEBIT if way == "debit" else _CREDIT:
        for match in pattern.finditer(text):
            name = match["name"].strip(" .-*/(")
            if len(name) < 2 or _NOT_NAMES.match(name) or re.search(r"(?i)\b(?:a/?c|acct|account)\b", name):
                continue
            start = match.start("name") + match["name"].index(name)
            return Whom(name, start, start + len(name))
    return None
