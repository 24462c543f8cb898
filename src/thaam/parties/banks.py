"""Which bank an address points to, and what a bank is called."""

from __future__ import annotations

from thaam.parties.models import Bank, Handle, Sublet
from thaam.reading.bank_names import listed_name

_SUBLET_LETTERS = (11, 9, 8, 7, 4)


def bank_of_vpa(vpa: str) -> Bank | None:
    """The bank that answers for a UPI address (`name@handle`), or None when the handle is not in the directory."""
    _, at_sign, handle = vpa.strip().lower().rpartition("@")
    if not at_sign:
        return None
    found = Handle.objects.select_related("bank").filter(handle=handle).first()
    return found.bank if found else None


def bank_of_ifsc(ifsc: str) -> Bank | None:
    """The bank of this branch code, or None; a smaller bank whose codes are sub-let by a sponsor comes first."""
    code = ifsc.strip().upper()
    if len(code) < 4:
        return None
    beginnings = [code[:letters] for letters in _SUBLET_LETTERS if len(code) >= letters]
    sublets = list(Sublet.objects.select_related("bank").filter(begins__in=beginnings))
    if sublets:
        return max(sublets, key=lambda each: len(each.begins)).bank
    return Bank.objects.filter(ifsc_prefix=code[:4]).first()


def bank_of_card(number: str) -> Bank | None:
    """The bank that issued a card, by its first six digits, or None."""
    digits = "".join(sign for sign in number if sign.isdigit())[:6]
    return Bank.objects.filter(iin=digits).first() if len(digits) == 6 else None


def find_bank(code: str) -> Bank | None:
    """The partner of this code, or None."""
    return Bank.objects.filter(code=code).first()


def bank_name(code: str, lang: str) -> str:
    """A bank's name by its code: the directory's, else the IFSC list's, else the code itself."""
    bank = Bank.objects.filter(code=code).first() if code else None
    return bank.name(lang) if bank else listed_name(code, lang)
