"""Every sum of money named in a message, and what it is: the payment itself, a balance, a limit, a due, an extra."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from thaam.reading.words import DONE


class Kind(StrEnum):
    """What a sum in a message is."""

    PAYMENT = "payment"
    BALANCE = "balance"
    LIMIT = "limit"
    DUE = "due"
    EXTRA = "extra"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Mention:
    """A sum at [start, end) of the normalised text; `paise` is an int (of the foreign unit's hundredths if FOREIGN)."""

    paise: int
    start: int
    end: int
    kind: Kind
    marked: bool


LARGEST_PAISE = 10**15
"""Rs 1,000 crore crore: anything longer is a reference with a currency sign before it."""

_NUMBER = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d{1,2}(?!\d)"
_UNIT = r"(?:lakhs?|lacs?|lac|crores?|thousand|लाख|करोड़|हजार|हज़ार)"
_UNITS = {"l": 100_000, "c": 10_000_000, "t": 1_000, "ल": 100_000, "क": 10_000_000, "ह": 1_000}
_RUPEE = r"(?:(?<![A-Za-z])(?:rs|inr|rupees?|re)(?![a-z])|(?-i:(?<=[a-z])Rs)|(?-i:(?<=[a-z])INR)|₹|रु(?:पये|पए|पया|पयों)?|रू(?:पये|पए|पया)?)"
_MARKED = re.compile(
    rf"(?i)(?:{_RUPEE}\s*[:.=\-]*\s*)+(?P<number>{_NUMBER})(?P<units>(?:\s*{_UNIT}(?:\s*\d+(?=\s*{_UNIT}))?)*)"
)
_AFTER = re.compile(
    rf"(?i)(?<![\w.,/:@-])(?P<number>{_NUMBER})(?P<units>(?:\s*{_UNIT}(?:\s*\d+(?=\s*{_UNIT}))?)*)"
    r"\s*(?:/-|(?:inr|rs|rupees)(?![a-z])(?!\s*[.:]?\s*\d)|₹(?!\s*\d)|रु(?!.{0,3}को)|रू)"
)
_BARE = re.compile(
    r"(?i)(?:debited|credited|debit|credit|withdrawn|deducted|deposited|transferred|spent|paid|sent|received|amount|amt"
    r"|\b[cd]r(?=\s[\d,]+\.\d\d\b))"
    rf"\s*(?:by|with|for|of|is|[:\-])?\s*(?:amount|amt)?\s*(?:of|[:.])?\s*(?P<number>{_NUMBER})(?P<units>)(?![\dxX*/:@-]|\s*(?:digits?|days?|hrs?|nd|th|st)\b)"
)
_FOREIGN = re.compile(
    rf"(?<![A-Za-z])(?P<code>USD|EUR|GBP|AED|SGD|AUD|CAD|JPY|CHF|THB|MYR|SAR|QAR|OMR|KWD|NPR|LKR|BDT|HKD|CNY|NZD|US\$|\$|€|£)\s*\.?\s*(?P<number>{_NUMBER})"
)

_BALANCE = re.compile(
    r"(?i)(?:(?:\b|(?<=avl)|(?<=avail)|(?<=aval)|(?<=avbl)|(?<=clr)|(?<=cur)|(?<=tot)|(?<=a/c)|(?<=ac))bal(?:ance|s|nce|anc)?(?![a-z])"
    r"|\b(?:avl|aval|avlbl|avbl|avb|avail|available|clear|clr|ledger)\.?\s*(?:amt|amount|funds?)\b|शेष|बैलेंस|बैलेन्स|बकाया राशि|उपलब्ध राशि)"
)
_NOT_BALANCE = re.compile(r"(?i)(?:maint|chg|charge|penal|non|transfer|min(?:imum)?\s+bal)")
_LIMIT = re.compile(r"(?i)(?:\blimit|\blmt\b|credit\s+line|सीमा|लिमिट)")
_DUE = re.compile(
    r"(?i)(?:\bdue\b|outstanding|\bo/s\b|\bmin(?:imum)?\.?\s*(?:amt|amount|payable)|total\s+(?:amt|amount)\s+payable|बकाया)"
)
_EXTRA = re.compile(
    r"(?i)(?:cash\s?back|rewards?|points?|\bfee\b|\bchgs?\b|charges?|\bgst\b|\btax\b|discount|saved|savings of|worth of|win\b|surcharge|offer|insurance of|cover of|interest of)\s*(?:of|is|:|@|to|up to|upto|on|over)?\s*$"
)
_BOUND = re.compile(
    r"(?i)\b(?:up\s?to|above|below|over|exceeding|minimum|maximum|max|more\s+than|less\s+than|beyond)\s*(?:of|is|:)?\s*$"
)
_AFTER_BALANCE = re.compile(
    r"(?i)^\s*(?:is\s+|as\s+)?(?:the\s+|your\s+|ur\s+)?(?:current\s+|total\s+|updated\s+)?(?:avl|aval|avail\w*|avbl|clear|clr|ledger|account|a/c)?\.?\s*(?:bal(?:ance)?\b|limit|lmt)(?!\s*(?:is\s*)?[:.\-]*\s*(?:rs|inr|₹|रु|\d))"
)
_CLAUSE = re.compile(r"[;\n]|[.,]\s+(?=[A-Z])|\band\b")


def mentions_in(text: str) -> list[Mention]:
    """All sums in reading order. Bare numbers count only after a verb of payment and only where no sum with
    a currency is the payment, because dates and accounts follow verbs too."""
    found = _raw(text)
    mentions: list[Mention] = []
    previous_end = 0
    for start, end, sum_paise, foreign in found:
        kind = Kind.FOREIGN if foreign else _kind(text, previous_end, start, end)
        mentions.append(Mention(sum_paise, start, end, kind, True))
        previous_end = end
    if not any(mention.kind in (Kind.PAYMENT, Kind.FOREIGN) for mention in mentions):
        mentions += [
            Mention(paise, *match.span("number"), _kind(text, 0, match.start("number"), match.end("number")), False)
            for match in _BARE.finditer(text)
            if (paise := _paise(match["number"], "")) is not None
            and not _looks_like_account(text, match)
            and not any(m.start <= match.start("number") < m.end for m in mentions)
        ]
        mentions.sort(key=lambda mention: mention.start)
    return mentions


def payment_among(text: str, mentions: list[Mention]) -> Mention | None:
    """The sum that moved: the first plain sum near a verb that says it is done, else the first plain sum."""
    plain = [mention for mention in mentions if mention.kind is Kind.PAYMENT and mention.paise > 0]
    if not plain:
        plain = [mention for mention in mentions if mention.kind is Kind.EXTRA and mention.paise > 0]
    if len(plain) > 1:
        verbs = [match.span() for match in DONE.finditer(text)]
        for mention in plain:
            if any(start - mention.end <= 45 and mention.start - end <= 45 for start, end in verbs):
                return mention
    return plain[0] if plain else None


def _raw(text: str) -> list[tuple[int, int, int, bool]]:
    found: list[tuple[int, int, int, bool]] = []
    taken = bytearray(len(text))
    for pattern, foreign in ((_MARKED, False), (_FOREIGN, True), (_AFTER, False)):
        for match in pattern.finditer(text):
            start, end = match.start("number"), match.end("units") if not foreign else match.end("number")
            if any(taken[start:end]):
                continue
            paise = _paise(match["number"], "" if foreign else match["units"])
            if paise is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append((start, end, paise, foreign))
    return sorted(found)


def _kind(text: str, previous_end: int, start: int, end: int) -> Kind:
    before = text[max(previous_end, start - 60) : start]
    for pattern, kind in ((_BALANCE, Kind.BALANCE), (_LIMIT, Kind.LIMIT), (_DUE, Kind.DUE)):
        named = list(pattern.finditer(before))
        if not named:
            continue
        last = named[-1]
        between = before[last.end() :]
        if DONE.search(between) or _CLAUSE.search(between[:-1]) or len(between) > 40:
            continue
        if kind is Kind.BALANCE and _NOT_BALANCE.search(before[max(0, last.start() - 9) :]):
            continue
        return kind
    if _AFTER_BALANCE.match(text[end : end + 50]):
        return Kind.BALANCE
    if _BOUND.search(_without_currency(before)):
        return Kind.LIMIT
    return Kind.EXTRA if _EXTRA.search(_without_currency(before)) else Kind.PAYMENT


def _without_currency(before: str) -> str:
    return re.sub(rf"(?i)(?:{_RUPEE}\s*[:.=\-]*\s*)+$", "", before)


def _looks_like_account(text: str, match: re.Match[str]) -> bool:
    number = match["number"]
    return "." not in number and "," not in number and len(number) >= 9


def _paise(number: str, units: str) -> int | None:
    whole, _, fraction = number.replace(",", "").partition(".")
    if len(whole) > 13:
        return None
    value = int(whole or 0) * 100 + int((fraction + "00")[:2])
    parts = re.findall(rf"(?i)(\d*)\s*({_UNIT})", units)
    if parts:
        total = value * _UNITS[parts[0][1][0].lower()]
        for digits, unit in parts[1:]:
            total += int(digits or 0) * 100 * _UNITS[unit[0].lower()]
        value = total
    return value if value < LARGEST_PAISE else None
