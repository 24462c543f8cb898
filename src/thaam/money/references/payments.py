"""Numbers of payments: what names one on the wire, and what an app or a shop gives that does not."""

from __future__ import annotations

import re

from thaam.language.text import Text
from thaam.money.references.kinds import Kind, Recognised, in_fours, not_reference


def twelve(value: str) -> Recognised:
    """Twelve digits: an RRN, unless all are the same or it is a mobile number with 91."""
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


def miscount(value: str) -> Recognised:
    """Ten, eleven or thirteen digits: a mobile number, or an RRN with a digit too few or too many."""
    if re.fullmatch(r"[6-9]\d{9}", value) or re.fullmatch(r"0[6-9]\d{9}", value):
        return Recognised(Kind.PHONE, value[-10:], False, not_reference("मोबाइल नंबर", "a mobile number"))
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


def neft(value: str) -> Recognised:
    """A bank, and digits: a UTR of NEFT or RTGS, or one of another length."""
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


def phonepe(value: str) -> Recognised:
    """PhonePe's own number."""
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


def google(value: str) -> Recognised | None:
    """Google Pay's own number: it mixes small and capital letters."""
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


def order(value: str) -> Recognised:
    """A shop's or wallet's number."""
    return Recognised(
        Kind.ORDER,
        value,
        False,
        Text(
            "यह दुकान या वॉलेट का ऑर्डर नंबर लगता है। बैंक का UTR 12 अंक का होता है।",
            "This looks like a shop's or wallet's order number. The bank's UTR has 12 digits.",
        ),
    )


def arn(value: str) -> Recognised:
    """Twenty-three digits: the acquirer reference of a card."""
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


def auth(value: str) -> Recognised:
    """Six digits: the code a card payment was allowed under."""
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


def upi_id(value: str) -> Recognised | None:
    """The long id that UPI itself gives."""
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


def slip(value: str) -> Recognised | None:
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
        found = neft(tail)
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
