"""What a typed text can look like, and what we say of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from thaam.language.text import Text


class Kind(StrEnum):
    """What it looks like. The first five can be a payment's reference on the wire."""

    RRN = "rrn"
    NEFT_UTR = "neft_utr"
    RTGS_UTR = "rtgs_utr"
    UPI_ID = "upi_transaction_id"
    ARN = "card_arn"
    MISCOUNT = "miscount"
    NOT_A_REFERENCE = "not_a_reference"
    PHONEPE_ID = "phonepe_id"
    GOOGLE_ID = "google_id"
    ORDER = "order_number"
    AUTH_CODE = "card_auth_code"
    CARD = "card_number"
    VPA = "vpa"
    IFSC = "ifsc"
    PHONE = "phone"
    ACCOUNT = "account"
    PAN = "pan"
    EMAIL = "email"
    LINK = "link"
    EMPTY = "empty"
    UNKNOWN = "unknown"


REFERENCES = frozenset({Kind.RRN, Kind.NEFT_UTR, Kind.RTGS_UTR, Kind.UPI_ID, Kind.ARN})


@dataclass(frozen=True, slots=True)
class Recognised:
    """`value` is what should be kept (spaces gone, upper case where the shape has it, leading zeros as typed).

    `sound`: the shape is right for a reference, address or code. `rail` is what the shape implies. `bank` is the
    code read from it (NEFT/RTGS: the sender's bank; IFSC; UPI handle: the bank behind it). `suggestion` is a
    corrected value to offer, never to apply silently. `message` is None only for an empty field.
    """

    kind: Kind
    value: str
    sound: bool
    message: Text | None
    rail: str | None = None
    bank: str | None = None
    app: str | None = None
    suggestion: str | None = None


def not_reference(hi: str, en: str) -> Text:
    """The sentence for something that is known, but names no payment."""
    return Text(f"यह {hi} लगता है, लेन-देन नंबर नहीं।", f"This looks like {en}, not a transaction number.")


def in_fours(digits: str) -> str:
    """530693093182 -> 5306 9309 3182, for reading back."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))
