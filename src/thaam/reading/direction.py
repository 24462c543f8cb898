"""Did money leave the reader's own account or come in? Decisive turns of phrase first, then the first verb
that is done: banks name their own customer's side first ("debited ...; NAME credited")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from thaam.reading.words import HINDI_IN, HINDI_OUT, IN, MODAL, NEGATED, OUT, WEAK_IN, WEAK_OUT


@dataclass(frozen=True, slots=True)
class Direction:
    """`way` is "debit" or "credit"; [start, end) are the words it was read from; `strong` = a verb that says it is done."""

    way: str
    start: int
    end: int
    strong: bool


_OWN = r"(?:your|ur|you|u|my)\b"

# In order; the first that matches decides.
_DECISIVE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (way, re.compile("(?is)" + pattern))
    for way, pattern in (
        ("credit", r"\b(?:has|have|is|was|been)\s+(?:been\s+)?(?:successfully\s+)?(?:reversed|refunded)\b"),
        ("credit", r"\b(?:reversal|refund)\s+(?:of|for|amount)\b[^.]{0,80}\b(?:credited|processed|completed|received|successful)"),
        ("credit", r"\bpayment\b[^.]{0,80}\b(?:received|credited|posted)\b[^.]{0,60}\b(?:card|loan)\b"),
        ("credit", r"\b(?:received|credited)\b[^.]{0,30}\bpayment\b[^.]{0,60}\b(?:card|loan)\b"),
        ("credit", r"\bthank\s*(?:you|s)\s+for\s+(?:the\s+|your\s+)?payment\b"),
        ("credit", r"\breceived\s+(?:a\s+)?(?:payment|credit)?\b[^.]{0,60}\bin\s+(?:your|ur|a/?c)"),
        ("credit", r"\b(?:sent|paid|transferred|trf|remitted|gave)\s+(?:you|u)\b"),
        ("credit", rf"\b(?:sent|paid|transferred|trf|remitted|added|moved)\s+(?:back\s+)?(?:to|into|in)\s+{_OWN}(?!\s*(?:beneficiary|payee|contact|loan|friend))"),
        ("credit", r"\b(?:sent|transferred|paid)\s+(?:rs|inr|₹)[^.]{0,20}\s+(?:to|into)\s+(?:you|your|ur)\b(?!\s*(?:beneficiary|payee))"),
        ("credit", r"\b(?:paid|moved|put)\s+into\b"),
        ("credit", r"\binterest\b[^.]{0,40}\b(?:paid|credited)\b"),
        ("debit", r"\bcredited\s+to\s+(?:the\s+|your\s+)?(?:beneficiary|benef|payee|recipient|receiver|merchant)"),
        ("debit", r"(?<!dear )\bbeneficiary\b[^.]{0,60}\b(?:has\s+been\s+|is\s+)?credited\b"),
        ("debit", r"\b(?:dr|debited)\b\.?\s*(?:from|for|by|with)?[^;]{0,80}?(?:and|&|;)\s*(?:is\s+)?(?:cr|credited)\b"),
        ("debit", r"\b(?:neft|rtgs|imps|upi|fund\s+transfer|transfer|payment|txn|transaction)\s+(?:payment\s+|transfer\s+|txn\s+)?(?:of|for)\b[^.;]{0,40}\bfrom\s+(?:your|ur|a/?c|acct|account)\b[^.;]{0,70}\b(?:processed|successful|completed|done|executed)"),
        ("debit", r"\bauto-?\s?(?:debit|pay(?:ment)?)\s+(?:of|for)\b[^.;]{0,110}\b(?:successful|completed|processed|done)"),
        ("debit", r"\bthank(?:s|\s+you)\s+for\s+(?:paying|spending|using|shopping|purchasing|withdrawing)\b"),
        ("debit", r"\b(?:charge|purchase|spend|transaction|txn)\s+(?:of|for)\b[^.;]{0,40}\b(?:was|is|has\s+been)\s+(?:approved|made|done|processed)\s+(?:on|at|using|with|via|from)\b"),
        ("debit", r"\b(?:loaded|added|moved)\s+from\s+(?!wallet)[^.;]{0,40}\bto\s+(?:your\s+|ur\s+)?(?:upi\s*lite|wallet)"),
        ("debit", r"(?:UPI|IMPS|NEFT)[/\-]DR[/\-]"),
        ("credit", r"(?:UPI|IMPS|NEFT)[/\-]CR[/\-]"),
    )
)  # fmt: skip

_SHORT = re.compile(
    r"(?i)(?<![A-Za-z])(dr|cr)\b\.?(?=\s*(?:[-.:/]|from|to|by|with|for|in\b|inr|rs|₹|a/?c|ac\b|\d|on\b|amt|amount|$))"
)
_VERBS = re.compile(
    rf"(?i)\b(?:(?P<out>{OUT})|(?P<in>{IN})|(?P<weakout>{WEAK_OUT})|(?P<weakin>{WEAK_IN}))\b|(?P<hout>{HINDI_OUT})|(?P<hin>{HINDI_IN})"
)
_TO_OTHER = re.compile(
    r"(?i)^\s*(?:to|in|into)\s+(?!your|ur|a/?c|ac\b|acct|account|the\s+a/?c)(?:vpa|[\w.\-]+@[a-z]|[A-Z][a-z]+)"
)
_FROM_OWN = re.compile(r"(?i)\bfrom\s+(?:your|ur|a/?c|ac\b|acct|account|[A-Z]+\s+(?:bank\s+)?(?:a/?c|ac\b|card))")


def direction_of(text: str) -> Direction | None:
    """The way of the money in a text whose advice, products and balances are already blanked; None when no
    verb says so. Verbs under "will be", "if", "not" do not count."""
    for way, pattern in _DECISIVE:
        match = pattern.search(text)
        if match and not _unreal(text, match.start()) and not _unreal(text, _last_word(text, match)):
            return Direction(way, match.start(), match.end(), True)
    strong = [found for found in _strong(text) if found]
    if strong:
        return min(strong, key=lambda direction: direction.start)
    for match in _VERBS.finditer(text):
        if (match["weakout"] or match["weakin"]) and not _unreal(text, match.start()):
            return Direction("debit" if match["weakout"] else "credit", match.start(), match.end(), False)
    return None


def is_done(text: str) -> bool:
    """True when some verb of payment says it has happened."""
    found = direction_of(text)
    return found is not None and found.strong


def _strong(text: str) -> list[Direction | None]:
    found: list[Direction | None] = []
    for match in _VERBS.finditer(text):
        if match["out"] or match["hout"]:
            way = "debit"
        elif match["in"] or match["hin"]:
            way = "credit"
        else:
            continue
        if _unreal(text, match.start()):
            continue
        if way == "credit" and _TO_OTHER.match(text[match.end() :]) and _FROM_OWN.search(text):
            way = "debit"
        found.append(Direction(way, match.start(), match.end(), True))
    for match in _SHORT.finditer(text):
        found.append(Direction("debit" if match[1].lower() == "dr" else "credit", match.start(), match.end(), True))
    return found


def _last_word(text: str, match: re.Match[str]) -> int:
    return match.start() + len(match.group().rstrip()) - len(match.group().rstrip().split()[-1])


def _unreal(text: str, start: int) -> bool:
    before = text[max(0, start - 48) : start]
    sentence = re.split(r"[.;!?]\s|\n\n", before)[-1]
    return bool(MODAL.search(sentence) or NEGATED.search(sentence))
