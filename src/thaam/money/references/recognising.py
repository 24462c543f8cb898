"""What did the person type? One table, first row that matches decides; nothing here refuses.

Sources: UX 2.4 (shapes and words), national conventions on RRN, UTR, IFSC, VPA, mobile, account numbers.
The old year-and-day prefix of RRNs is deliberately not checked: real messages break it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from thaam.language.numbers import latin_digits
from thaam.language.text import Text
from thaam.money.references.vpa import vpa_of


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


def recognise(typed: str, *, known_accounts: frozenset[str] = frozenset()) -> Recognised:
    """Say what `typed` looks like. `known_accounts`: numbers already given in this complaint, so that an account
    typed into the reference field is told apart from a reference."""
    plain = re.sub(r"[\s\u200b-\u200f\ufeff]", "", latin_digits(typed or ""))[:300]
    if not plain:
        return Recognised(Kind.EMPTY, "", False, None)
    bare = re.sub(r"[-/.]", "", plain) if re.fullmatch(r"[\d\-/.]+", plain) else plain
    if bare in known_accounts or bare.lstrip("0") in {account.lstrip("0") for account in known_accounts}:
        return Recognised(Kind.ACCOUNT, bare, False, _not_reference("खाता नंबर", "an account number"))
    for row in _TABLE:
        match = row.shape.fullmatch(bare)
        if match:
            found = row.read(bare)
            if found is not None:
                return found
    return _slip(bare) or Recognised(Kind.UNKNOWN, plain, False, _UNKNOWN)


@dataclass(frozen=True, slots=True)
class _Row:
    shape: re.Pattern[str]
    read: Callable[[str], Recognised | None]


_UNKNOWN = Text(
    "यह बैंक का लेन-देन नंबर नहीं लगता। बैंक के SMS में UTR या Ref देखें।",
    "This does not look like a bank transaction number. Look for UTR or Ref in the bank's SMS.",
)


def _not_reference(hi: str, en: str) -> Text:
    return Text(f"यह {hi} लगता है, लेन-देन नंबर नहीं।", f"This looks like {en}, not a transaction number.")


def in_fours(digits: str) -> str:
    """530693093182 -> 5306 9309 3182, for reading back."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def _twelve(value: str) -> Recognised:
    if len(set(value)) == 1 or value in ("123456789012", "012345678901", "987654321098"):
        return Recognised(
            Kind.NOT_A_REFERENCE, value, False, Text("यह असली नंबर नहीं लगता।", "This does not look like a real number.")
        )
    if re.fullmatch(r"91[6-9]\d{9}", value):
        return Recognised(
            Kind.RRN,
            value,
            True,
            Text(
                "12 अंक · UPI/IMPS। पर यह 91 वाला मोबाइल नंबर भी हो सकता है, एक बार देख लें।",
                "12 digits · UPI/IMPS. But it could be a mobile number with 91; please check.",
            ),
            rail="UPI",
        )
    return Recognised(Kind.RRN, value, True, Text("12 अंक · UPI/IMPS", "12 digits · UPI/IMPS"), rail="UPI")


def _miscount(value: str) -> Recognised:
    if re.fullmatch(r"[6-9]\d{9}", value) or re.fullmatch(r"0[6-9]\d{9}", value):
        return Recognised(Kind.PHONE, value[-10:], False, _not_reference("मोबाइल नंबर", "a mobile number"))
    return Recognised(
        Kind.MISCOUNT,
        value,
        False,
        Text(
            f"12 अंक चाहिए, आपने {len(value)} लिखे: {in_fours(value)}",
            f"It needs 12 digits; you entered {len(value)}: {in_fours(value)}",
        ),
        rail="UPI",
    )


def _neft(value: str) -> Recognised:
    value = value.upper()
    bank = value[:4]
    if len(value) == 22 and value[4] == "R":
        return Recognised(
            Kind.RTGS_UTR,
            value,
            True,
            Text(f"RTGS · भेजने वाला बैंक {bank}", f"RTGS · sender's bank {bank}"),
            rail="RTGS",
            bank=bank,
        )
    if len(value) in (16, 22):
        return Recognised(
            Kind.NEFT_UTR,
            value,
            True,
            Text(f"NEFT · भेजने वाला बैंक {bank}", f"NEFT · sender's bank {bank}"),
            rail="NEFT",
            bank=bank,
        )
    return Recognised(
        Kind.NEFT_UTR,
        value,
        False,
        Text(
            f"NEFT का UTR 16 और RTGS का 22 अक्षर का होता है। आपने {len(value)} लिखे।",
            f"A NEFT UTR has 16 characters, an RTGS one 22. You entered {len(value)}.",
        ),
        rail="NEFT",
        bank=bank,
    )


def _phonepe(value: str) -> Recognised:
    return Recognised(
        Kind.PHONEPE_ID,
        value.upper(),
        False,
        Text(
            "यह PhonePe का अपना नंबर है। उसी पन्ने पर UTR लिखा है, 12 अंक का।",
            "This is PhonePe's own number. The UTR is on the same page; it has 12 digits.",
        ),
        rail="UPI",
        app="PhonePe",
    )


def _google(value: str) -> Recognised | None:
    if not (re.search(r"[a-z]", value) and re.search(r"[A-Z]", value)):
        return None
    return Recognised(
        Kind.GOOGLE_ID,
        value,
        False,
        Text(
            "यह Google Pay का अपना नंबर है। इसके ऊपर UPI transaction ID देखिए, 12 अंक का।",
            "This is Google Pay's own number. Above it is the UPI transaction ID; it has 12 digits.",
        ),
        rail="UPI",
        app="Google Pay",
    )


def _order(value: str) -> Recognised:
    return Recognised(
        Kind.ORDER,
        value,
        False,
        Text(
            "यह दुकान या वॉलेट का ऑर्डर नंबर लगता है। बैंक का UTR 12 अंक का होता है।",
            "This looks like a shop's or wallet's order number. The bank's UTR has 12 digits.",
        ),
    )


def _arn(value: str) -> Recognised:
    return Recognised(
        Kind.ARN,
        value,
        True,
        Text(
            "कार्ड का ARN। कार्ड के अंतिम 4 अंक और दुकान का नाम भी लिखें।",
            "A card's ARN. Please add the card's last 4 digits and the shop's name.",
        ),
        rail="CARD",
    )


def _auth(value: str) -> Recognised:
    return Recognised(
        Kind.AUTH_CODE,
        value,
        False,
        Text(
            "6 अंक: कार्ड का auth code हो सकता है। कार्ड के अंतिम 4 अंक और दुकान का नाम भी लिखें। OTP कभी न लिखें।",
            "6 digits: it may be a card's auth code. Add its last 4 digits and the shop's name. Never write an OTP.",
        ),
        rail="CARD",
    )


def _card_or_order(value: str) -> Recognised:
    if len(value) in (15, 16) and value[0] in "3456" and luhn(value):
        return Recognised(
            Kind.CARD,
            value[-4:],
            False,
            Text(
                "यह पूरा कार्ड नंबर लगता है। हम केवल अंतिम 4 अंक रखेंगे।",
                "This looks like a full card number. We keep only its last 4 digits.",
            ),
            rail="CARD",
            suggestion=value[-4:],
        )
    if len(value) <= 18:
        return Recognised(
            Kind.ORDER,
            value,
            False,
            Text(
                f"{len(value)} अंक: यह खाता या ऑर्डर नंबर लगता है। बैंक का UTR 12 अंक का होता है।",
                f"{len(value)} digits: this looks like an account or order number. The bank's UTR has 12 digits.",
            ),
        )
    return _order(value)


def _vpa(value: str) -> Recognised | None:
    vpa = vpa_of(value)
    if vpa is None:
        return None
    if vpa.app is None:
        return Recognised(
            Kind.VPA,
            str(vpa),
            True,
            Text(
                f"UPI आईडी। @{vpa.handle} हमारी सूची में नहीं है, फिर भी चलेगा।",
                f"A UPI id. @{vpa.handle} is not in our list; it is accepted all the same.",
            ),
            rail="UPI",
        )
    return Recognised(
        Kind.VPA,
        str(vpa),
        True,
        Text(f"UPI आईडी · {vpa.app}", f"UPI id · {vpa.app}"),
        rail="UPI",
        bank=vpa.bank,
        app=vpa.app,
    )


def _ifsc(value: str) -> Recognised:
    value = value.upper()
    return Recognised(
        Kind.IFSC, value, True, Text(f"IFSC · बैंक {value[:4]}", f"IFSC · bank {value[:4]}"), bank=value[:4]
    )


def _ifsc_slip(value: str) -> Recognised:
    right = (value[:4] + "0" + value[5:]).upper()
    return Recognised(
        Kind.IFSC,
        value.upper(),
        False,
        Text(
            f"IFSC में पाँचवाँ अक्षर शून्य होता है। {right} तो नहीं?",
            f"The fifth character of an IFSC is a zero. Is it {right}?",
        ),
        bank=value[:4].upper(),
        suggestion=right,
    )


def _phone(value: str) -> Recognised:
    return Recognised(
        Kind.PHONE, re.sub(r"\D", "", value)[-10:], False, _not_reference("मोबाइल नंबर", "a mobile number")
    )


def _pan(value: str) -> Recognised:
    return Recognised(Kind.PAN, value.upper(), False, _not_reference("PAN", "a PAN"))


def _email(value: str) -> Recognised:
    return Recognised(Kind.EMAIL, value.lower(), False, _not_reference("ई-मेल पता", "an e-mail address"))


def _link(value: str) -> Recognised:
    return Recognised(Kind.LINK, value, False, _not_reference("लिंक", "a link"))


def _upi_id(value: str) -> Recognised | None:
    if sum(letter.isdigit() for letter in value) < 6:
        return None
    return Recognised(
        Kind.UPI_ID,
        value.upper(),
        True,
        Text(
            "UPI का लंबा transaction id। 12 अंक का UTR मिले तो वह भी लिखें।",
            "A long UPI transaction id. If you can find the 12-digit UTR, add that too.",
        ),
        rail="UPI",
    )


_SLIPS = str.maketrans(
    {"O": "0", "o": "0", "I": "1", "l": "1", "i": "1", "|": "1", "S": "5", "s": "5", "B": "8", "Z": "2", "z": "2"}
)


def _slip(value: str) -> Recognised | None:
    """Letters that look like digits inside what is otherwise a 12-digit number, or inside the tail of a UTR."""
    digits = sum(letter.isdigit() for letter in value)
    right = value.translate(_SLIPS)
    if digits >= 8 and right != value and re.fullmatch(r"\d{12}", right):
        return Recognised(
            Kind.RRN,
            value,
            False,
            Text(
                f"अंकों के बीच अक्षर है (O की जगह 0, I की जगह 1)। {in_fours(right)} तो नहीं?",
                f"There is a letter among the digits (O for 0, I for 1). Is it {in_fours(right)}?",
            ),
            rail="UPI",
            suggestion=right,
        )
    tail = value[:5] + value[5:].translate(_SLIPS)
    if tail != value and re.fullmatch(r"[A-Za-z]{4}[A-Za-z0-9](?:\d{11}|\d{17})", tail):
        found = _neft(tail)
        return Recognised(
            found.kind,
            value,
            False,
            Text(
                f"अंकों के बीच अक्षर है। {tail.upper()} तो नहीं?",
                f"There is a letter among the digits. Is it {tail.upper()}?",
            ),
            rail=found.rail,
            bank=found.bank,
            suggestion=tail.upper(),
        )
    return None


def luhn(digits: str) -> bool:
    """The check digit of cards and IMEIs."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _row(shape: str, read: Callable[[str], Recognised | None]) -> _Row:
    return _Row(re.compile(shape), read)


_TABLE: tuple[_Row, ...] = (
    _row(r"(?:https?://|www\.|upi://).+", _link),
    _row(r"\+91-?[6-9]\d{9}", _phone),
    _row(r"\d{12}", _twelve),
    _row(r"\d{6}", _auth),
    _row(r"\d{10,11}|\d{13}", _miscount),
    _row(r"\d{23}", _arn),
    _row(r"\d{14,22}", _card_or_order),
    _row(r"[^@]+@[^@]+\.[A-Za-z]{2,10}", _email),
    _row(r"[^@]+@[A-Za-z0-9]+", _vpa),
    _row(r"[A-Za-z]{4}0[A-Za-z0-9]{6}", _ifsc),
    _row(r"[A-Za-z]{4}[Oo][A-Za-z0-9]{6}", _ifsc_slip),
    _row(r"[A-Za-z]{5}\d{4}[A-Za-z]", _pan),
    _row(r"[Tt]\d{18,24}", _phonepe),
    _row(r"(?i:OD\d{8,}|ORDER\w*|ORD[-_]?\w*\d{4,}|\d{3}-\d{7}-\d{7}|PAY[_-]\w+|PTM\w+)", _order),
    _row(r"[A-Za-z]{4}[A-Za-z0-9]\d{9,17}", _neft),
    _row(r"[A-Za-z0-9_\-]{14,19}", _google),
    _row(r"[A-Za-z]{2,4}[A-Za-z0-9]{28,33}", _upi_id),
)
