"""Words that would mislead a reader looking for verbs, numbers and accounts are blanked, never removed,
so that every position stays what it was."""

from __future__ import annotations

import re

# A customer's "not you?" tail names other numbers and other verbs; it runs to the end of its sentence.
_ADVICE = re.compile(
    r"""(?ix)
    (?: \bif\s+(?:it\s+was\s+|this\s+(?:is|was)\s+|u\s+have\s+|you\s+have\s+|txn\s+|transaction\s+)?(?:not|n't|isn't|wasn't)\b
      | \bif\s+(?:u|you)\s+(?:did\s+not|didn't|have\s+not|haven't)
      | \bnot\s*(?:you|u|done|by\s+you|initiated\s+by|authori[sz]ed\s+by)\b
      | \b(?:trxn|txn|transaction)\.?\s+not\s+(?:done|made|initiated)\b
      | \b(?:didn't|did\s+not)\s+(?:do|make|authori[sz]e|initiate)
      | \b(?:never|do\s+not|don'?t|pls\s+do\s+not|please\s+do\s+not)\s+(?:ever\s+)?(?:share|disclose|respond|click)
      | \bin\s+case\s+of\b
      | \b(?:call|dial|contact)\s*:?\s*(?:us\s+)?(?:at|on|@)?\s*[+(]?\d{3}
      | \bfor\s+(?:any\s+)?(?:dispute|quer(?:y|ies)|assistance|help)\b
      | \b(?:to\s+)?report\s+(?:dispute|fraud|at|on|unauthori[sz]ed)
      | \bsms\s+(?:block|blk|blkcc|fraud|freeze|stop|to)\b
      | \b(?:fwd|forward)\s+this\b
      | \bto\s+(?:block|dispute|raise\s+a)\b
      | यदि\s+(?:यह\s+)?(?:आपने|आप)\s+ | (?:यदि|अगर)\s+आप(?:के)?\s
    )
    .*?
    (?= [.!]\s+(?=[A-Z*]) | (?<!\?)\n | \s-\s?[A-Z] | \Z )""",
    re.S,
)

# Names of products, not of what happened.
_PRODUCTS = re.compile(
    r"""(?ix)
      \b(?:credit|debit|cr|dr|prepaid|forex)\s*/?\s*(?:credit|debit|dr|cr)?\s*\.?\s*cards?\b
    | \bcredit\s*(?:limit|score|line|facility|report|bureau)\b
    | \b(?:credit|debit)\s+(?:alert|advice|intimation|notification)s?\b(?=[^.]{0,120}\b(?:debited|credited|spent|withdrawn|received|sent)\b)
    | \b(?:fixed|recurring|term|security)\s+deposits?\b
    | \bcheque\s+deposits?\s+in\s+a/?c\s+are\s+subject\s+to\s+clearing
    | \bsubject\s+to\s+(?:clearing|reali[sz]ation)
    | \breceived\s+(?:your|ur|a)\s+request
    | \bcredits?\s+(?:and|or|/)\s+debits?\b
    """
)


_INNER_DOT = re.compile(
    r"(?i)(?<=\d)\.(?=\d)|(?<=\brs)\.|(?<=\bno)\.|(?<=\binr)\.|(?<=\bmr)\.|(?<=\bms)\.|(?<=\bavl)\.|(?<=\bdt)\."
)


def without_advice(text: str) -> str:
    """The text with the bank's advice to its customer blanked."""
    return _ADVICE.sub(_blank, text)


def without_products(text: str) -> str:
    """The text with product names that contain a verb ("credit card") blanked."""
    return _PRODUCTS.sub(_blank, text)


def without_inner_dots(text: str) -> str:
    """The text whose full stops end sentences only: those of "Rs.", "No." and 1.50 become a middle dot."""
    return _INNER_DOT.sub("·", text)


def blank(text: str, start: int, end: int) -> str:
    """The text with one span blanked."""
    return text[:start] + " " * (end - start) + text[end:]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
