"""Which bank an address points to."""

from __future__ import annotations

from thaam.parties.models import Bank, Handle


def bank_of_vpa(vpa: str) -> Bank | None:
    """The bank that answers for a UPI address (`name@handle`), or None when the handle is not in the directory."""
    _, at_sign, handle = vpa.strip().lower().rpartition("@")
    if not at_sign:
        return None
    found = Handle.objects.select_related("bank").filter(handle=handle).first()
    return found.bank if found else None


def bank_of_ifsc(ifsc: str) -> Bank | None:
    """The bank whose branch codes begin like this one (first four letters), or None."""
    prefix = ifsc.strip().upper()[:4]
    return Bank.objects.filter(ifsc_prefix=prefix).first() if len(prefix) == 4 else None


def find_bank(code: str) -> Bank | None:
    """The partner of this code, or None."""
    return Bank.objects.filter(code=code).first()
