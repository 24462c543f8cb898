"""The reader's own account or card: the digits the bank shows of it, at most the last four."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """Trailing digits of an account or card at [start, end) of the text; `card` when the message calls it a card."""

    last4: str
    start: int
    end: int
    card: bool
    score: float


_KEY = r"(?P<key>(?<![A-Za-z])(?:a\s?/\s?c(?:c(?:oun)?t)?|ac|a\.c|acct|acc|accnt|account|savings?|sb|current|wallet|loan|ppbl|acctno)(?![a-wyz])|cards?(?![a-wyz])|\bcc\b|kh?at[ae]|खाते|खाता|खाता|अकाउंट|कार्ड)"
_FILLER = r"(?:[\s.:,#()\[\]]|\b(?:no|nos|number|num|nbr|ending|ends|ended|with|in|as|id|is|bearing|having|a/?c|acct|account|linked)\b|\bno(?=[\dXx*])|संख्या|सं|नंबर|नं|में|के अंतिम|अंतिम|ending-?|-(?=\s*[\dXx*]))*"
_MASK = r"[Xx*#]"
_TOKEN = rf"(?P<token>(?:\d{{1,6}}[-\s]?){{0,2}}{_MASK}(?:[-\s]?{_MASK}){{0,24}}[-\s]?\d{{2,18}}{_MASK}*|[Nn]{{2,}}\d{{3,}}|[.…]{{2,}}\s?\d{{3,}}|\d{{3,18}}(?![\d,./:@]*[\d@]))"
_KEYED = re.compile(rf"(?i){_KEY}{_FILLER}(?<![\d,.])(?<!rs)(?<!rs\.)(?<!inr){_TOKEN}")
_ENDING = re.compile(
    r"(?i)\b(?:ending|ends|ended)\s*(?:with|in|no\.?|number|:|-)?\s*(?:in\s+)?(?P<token>[Xx*.]*\s?\d{3,6})"
)
_MASKED = re.compile(
    rf"(?<![A-Za-z0-9@*])(?P<token>(?:\d{{1,6}})?(?:{_MASK}(?:[-\s]?{_MASK}){{0,24}}|[Nn]{{2,12}})[-\s]?\d{{3,18}}{_MASK}*)(?![\d@])"
)
_AFTER_BANK = re.compile(r"(?i)\bbank\s*-\s*(?P<token>\d{4})(?![\d,/-])")
_PHONE_BEFORE = re.compile(
    r"(?i)(?:mobile|mob|phone|ph|cell|number|call|sms|tollfree|mob\s*no|mobile\s*no)\.?\s*(?:no\.?|number)?[\s:.]*$"
)
_OWN_BEFORE = re.compile(r"(?i)\b(?:your|ur|my|आपके|आपका)\b[\w\s/&.'-]{0,40}$|आपके[^.]{0,30}$|आपका[^.]{0,30}$")
_OTHER_BEFORE = re.compile(
    r"(?i)(?:beneficiary|benef|payee|sender|remitter|recipient|linked\s+to|credited\s+to|cr\.?\s+to|and|&|;|toward|towards|transfer(?:red)?\s+to(?:\s+[\w.]+){0,3}\s*,|trf\s+to|paid\s+to|sent\s+to|to\s+(?:the\s+)?)(?:\s*(?:a/?c|ac|acct|account|bank|no\.?|[A-Z]{3,6}))*\s*$"
)
_PAYEES_BEFORE = re.compile(
    r"(?i)\b(?:beneficiary|benef|payee|recipient)(?:'s)?(?:\s+(?:a/?c|acct|account|bank|no\.?))*\s*$"
    r"|\b(?:sent|paid|transferred|trf|remitted|credited)\b[^.;]{0,40}\bto\s+(?:the\s+)?(?!your|ur|my)(?:(?:a/?c|acct|account|bank|no\.?)\s*)*$"
)
"""An account that is plainly the other side's is not shown as one's own, even where it is the only one."""
_FROM_BEFORE = re.compile(
    r"(?i)\b(?:from|by|sender|frm|remitter)(?:\s+(?:a/?c|ac|acct|account|bank|mr|mrs|[A-Z]{3,9}))*\s*$"
)
_INTO_BEFORE = re.compile(r"(?i)\b(?:to|in|into|your|ur)(?:\s+[\w.&]+){0,4}\s*$")


def shown_in(text: str, way: str | None) -> list[Shown]:
    """Candidates, the reader's own first. `way` is the direction: in a debit "from A/C" is one's own and
    "to A/C" the other's; in a credit the reverse."""
    found: dict[int, Shown] = {}
    for pattern, base in ((_KEYED, 3.0), (_ENDING, 2.5), (_MASKED, 1.0), (_AFTER_BANK, 0.5)):
        for match in pattern.finditer(text):
            start, end = match.span("token")
            if any(shown.start < end and start < shown.end for shown in found.values()):
                continue
            digits = re.findall(r"\d+", match["token"])
            if not digits:
                continue
            key = (match["key"] if pattern is _KEYED else "").lower()
            at = match.start("key") if pattern is _KEYED else match.start()
            before = text[max(0, at - 60) : at]
            if pattern is _MASKED and _PHONE_BEFORE.search(before):
                continue
            score = base + _ownership(before, text[end : end + 24], way) - start / 1000
            if key == "loan" and way == "debit":
                score -= 2
            card = "card" in key or key in ("cc", "कार्ड") or bool(re.search(r"(?i)card\s*$", before))
            if card and way == "debit":
                score -= 0.5  # "using card ... from a/c ...": the account is the one the money left
            if not (way == "debit" and _PAYEES_BEFORE.search(before)):
                found[start] = Shown(digits[-1][-4:], start, end, card, score)
    return sorted(found.values(), key=lambda shown: -shown.score)


def _ownership(before: str, after: str, way: str | None) -> float:
    score = 0.0
    if _OWN_BEFORE.search(before):
        score += 2
    if way == "debit":
        if _OTHER_BEFORE.search(before):
            score -= 4
        if re.search(r"(?i)\b(?:from|of|using|on|via|thru|through|in|with)(?:\s+[\w.&]+){0,4}\s*$", before):
            score += 1
        if re.match(r"(?i)\s*(?:is\s+|has\s+been\s+)?credited", after):
            score -= 2
    elif way == "credit":
        if _FROM_BEFORE.search(before) or re.search(r"(?i)linked\s+to\s*$", before):
            score -= 4
        if _INTO_BEFORE.search(before):
            score += 1
        if re.match(r"(?i)\s*(?:is\s+|has\s+been\s+)?debited", after):
            score -= 2
    return score
