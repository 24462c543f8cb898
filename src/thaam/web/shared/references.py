"""What a typed transaction number looks like, in a sentence; never a hard stop.

The table of recognisers is in the reading package; this module only puts its verdict into the page's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from thaam.language.numbers import latin_digits
from thaam.language.text import Text


@dataclass(frozen=True, slots=True)
class Look:
    """A reference as it will be kept, the rail it belongs to, whether it is plausible, and what to say about it."""

    reference: str
    rail: str
    sound: bool
    text: Text | None


def look_at_reference(typed: str) -> Look:
    """Recognise a UTR, an RRN, an app's own number, a slip of one digit."""
    plain = re.sub(r"[\s\-]", "", latin_digits(typed or ""))[:40]
    if not plain:
        return Look("", "", sound=False, text=None)
    if re.fullmatch(r"\d{12}", plain) and len(set(plain)) > 1 and plain != "123456789012":
        return Look(plain, "UPI", sound=True, text=Text("12 अंक · UPI/IMPS", "12 digits · UPI/IMPS"))
    if plain.isdigit() and 10 <= len(plain) <= 13:
        return Look(
            plain,
            "UPI",
            sound=False,
            text=Text(
                f"UPI का नंबर 12 अंक का होता है। आपने {len(plain)} लिखे।",
                f"A UPI number has 12 digits. You entered {len(plain)}.",
            ),
        )
    if re.fullmatch(r"[Tt]\d{18,24}", plain):
        return Look(
            plain,
            "UPI",
            sound=False,
            text=Text(
                "यह PhonePe का अपना नंबर है। उसी पन्ने पर UTR लिखा है, 12 अंक का।",
                "This is PhonePe's own number. The UTR is on the same page; it has 12 digits.",
            ),
        )
    if re.fullmatch(r"[A-Za-z]{4}[A-Za-z0-9]\d{9,17}", plain):
        upper = plain.upper()
        return Look(
            upper,
            "RTGS" if upper[4] == "R" and len(upper) == 22 else "NEFT",
            sound=True,
            text=Text("NEFT/RTGS", "NEFT/RTGS"),
        )
    return Look(
        plain,
        "",
        sound=False,
        text=Text(
            "यह बैंक का लेन-देन नंबर नहीं लगता। बैंक के SMS में UTR या Ref देखें।",
            "This does not look like a bank transaction number. Look for UTR or Ref in the bank's SMS.",
        ),
    )
