"""What did the person type? One table, first row that matches decides; nothing here refuses.

Sources: UX 2.4 (shapes and words), national conventions on RRN, UTR, IFSC, VPA, mobile, account numbers.
The old year-and-day prefix of RRNs is deliberately not checked: real messages break it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from thaam.language.numbers import latin_digits
from thaam.language.text import Text
from thaam.money.references import others, payments
from thaam.money.references.kinds import REFERENCES, Kind, Recognised, not_reference
from thaam.money.references.others import luhn

__all__ = ["REFERENCES", "Kind", "Recognised", "luhn", "recognise"]


def recognise(typed: str, *, known_accounts: frozenset[str] = frozenset()) -> Recognised:
    """Say what `typed` looks like. `known_accounts`: numbers already given in this complaint, so that an account
    typed into the reference field is told apart from a reference."""
    plain = re.sub(r"[\s\u200b-\u200f\ufeff]", "", latin_digits(typed or ""))[:300]
    if not plain:
        return Recognised(Kind.EMPTY, "", False, None)
    bare = re.sub(r"[-/.]", "", plain) if re.fullmatch(r"[\d\-/.]+", plain) else plain
    if bare in known_accounts or bare.lstrip("0") in {account.lstrip("0") for account in known_accounts}:
        return Recognised(Kind.ACCOUNT, bare, False, not_reference("खाता नंबर", "an account number"))
    for row in _TABLE:
        match = row.shape.fullmatch(bare)
        if match:
            found = row.read(bare)
            if found is not None:
                return found
    return payments.slip(bare) or Recognised(Kind.UNKNOWN, plain, False, _UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Row:
    shape: re.Pattern[str]
    read: Callable[[str], Recognised | None]


_UNKNOWN = Text(
    "यह बैंक का लेन-देन नंबर नहीं लगता। बैंक के SMS में UTR या Ref देखें।",
    "This does not look like a bank transaction number. Look for UTR or Ref in the bank's SMS.",
)


def _row(shape: str, read: Callable[[str], Recognised | None]) -> _Row:
    return _Row(re.compile(shape), read)


_TABLE: tuple[_Row, ...] = (
    _row(r"(?:https?://|www\.|upi://).+", others.link),
    _row(r"\+91-?[6-9]\d{9}", others.phone),
    _row(r"\d{12}", payments.twelve),
    _row(r"\d{6}", payments.auth),
    _row(r"\d{10,11}|\d{13}", payments.miscount),
    _row(r"\d{23}", payments.arn),
    _row(r"\d{14,22}", others.card_or_order),
    _row(r"[^@]+@[^@]+\.[A-Za-z]{2,10}", others.email),
    _row(r"[^@]+@[A-Za-z0-9]+", others.vpa),
    _row(r"[A-Za-z]{4}0[A-Za-z0-9]{6}", others.ifsc),
    _row(r"[A-Za-z]{4}[Oo][A-Za-z0-9]{6}", others.ifsc_slip),
    _row(r"[A-Za-z]{5}\d{4}[A-Za-z]", others.pan),
    _row(r"[Tt]\d{18,24}", payments.phonepe),
    _row(r"(?i:OD\d{8,}|ORDER\w*|ORD[-_]?\w*\d{4,}|\d{3}-\d{7}-\d{7}|PAY[_-]\w+|PTM\w+)", payments.order),
    _row(r"[A-Za-z]{4}[A-Za-z0-9]\d{9,17}", payments.neft),
    _row(r"[A-Za-z0-9_\-]{14,19}", payments.google),
    _row(r"[A-Za-z]{2,4}[A-Za-z0-9]{28,33}", payments.upi_id),
)
