"""Add to the directory: banks, offices, officers. Each verb is safe to repeat; what is there is brought up to date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.language.text import Text
from thaam.parties.models import Bank, Handle, Office, Officer


@transaction.atomic
def add_bank(
    *,
    code: str,
    name: Text,
    kind: str = Bank.Type.BANK,
    ifsc_prefix: str = "",
    handles: Iterable[str] = (),
    in_network: bool = True,
) -> Bank:
    """A partner with a mailbox, and the UPI handles it answers for."""
    bank, _ = Bank.objects.update_or_create(
        code=code,
        defaults={
            "name_hi": name.hi,
            "name_en": name.en,
            "kind": kind,
            "ifsc_prefix": ifsc_prefix,
            "in_network": in_network,
        },
    )
    for handle in handles:
        Handle.objects.update_or_create(handle=handle.lower(), defaults={"bank": bank})
    return bank


def add_office(*, code: str, name: Text, district: str = "", state: str = "") -> Office:
    """A unit where officers sit."""
    office, _ = Office.objects.update_or_create(
        code=code, defaults={"name_hi": name.hi, "name_en": name.en, "district": district, "state": state}
    )
    return office


@transaction.atomic
def add_officer(
    *,
    username: str,
    name: Text,
    role: str,
    by: str,
    at: datetime.datetime,
    office: Office | None = None,
    bank: Bank | None = None,
    password: str | None = None,
) -> Officer:
    """Somebody who signs in, with their role and whose rows they see. A new one is the fact "officer:added".

    `password` is hashed; None leaves it as it is (a new officer then cannot sign in).
    """
    officer = Officer.objects.filter(username=username).first()
    new = officer is None
    officer = officer or Officer(username=username)
    officer.name_hi, officer.name_en, officer.role = name.hi, name.en, role
    officer.office, officer.bank = office, bank
    if password is not None:
        officer.set_password(password)
    elif new:
        officer.set_unusable_password()
    officer.save()
    if new:
        record(Kind.OFFICER_ADDED, about=f"officer:{officer.pk}", by=by, at=at, username=username, role=role)
    return officer
