"""What people type where a payment's number belongs: addresses, branches, cards, phones, names of other things."""

from __future__ import annotations

import re

from thaam.language.text import Text
from thaam.money.references.kinds import Kind, Recognised, not_reference
from thaam.money.references.payments import order
from thaam.money.references.vpa import vpa_of


def card_or_order(value: str) -> Recognised:
    """Fourteen digits and more: a card by its check digit, else an account or order number."""
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
    return order(value)


def vpa(value: str) -> Recognised | None:
    """A UPI address, if the part behind the sign is a handle."""
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


def ifsc(value: str) -> Recognised:
    """A branch's code."""
    value = value.upper()
    return Recognised(
        Kind.IFSC, value, True, Text(f"IFSC · बैंक {value[:4]}", f"IFSC · bank {value[:4]}"), bank=value[:4]
    )


def ifsc_slip(value: str) -> Recognised:
    """A branch's code with the letter O for the zero."""
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


def phone(value: str) -> Recognised:
    """A mobile number with +91."""
    return Recognised(Kind.PHONE, re.sub(r"\D", "", value)[-10:], False, not_reference("मोबाइल नंबर", "a mobile number"))


def pan(value: str) -> Recognised:
    """A tax number."""
    return Recognised(Kind.PAN, value.upper(), False, not_reference("PAN", "a PAN"))


def email(value: str) -> Recognised:
    """An e-mail address."""
    return Recognised(Kind.EMAIL, value.lower(), False, not_reference("ई-मेल पता", "an e-mail address"))


def link(value: str) -> Recognised:
    """A link."""
    return Recognised(Kind.LINK, value, False, not_reference("लिंक", "a link"))


def luhn(digits: str) -> bool:
    """The check digit of cards and IMEIs."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
