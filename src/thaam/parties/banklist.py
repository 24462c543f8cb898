"""The national list of banks (open IFSC data): 1,346 banks and more codes, with kind, issuer number and sub-let codes.

`partner_rows` gives them as rows of a directory sheet, so that they come in by the same door as anybody's list.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from django.db import transaction

from thaam.parties.models import Bank, Sublet
from thaam.reading.banks import bank_table

_KIND = {
    "PSB": Bank.Type.BANK,
    "Private": Bank.Type.BANK,
    "SCB": Bank.Type.COOPERATIVE,
    "S-UCB": Bank.Type.COOPERATIVE,
    "O-UCB": Bank.Type.COOPERATIVE,
    "DCCB": Bank.Type.COOPERATIVE,
    "LAB": Bank.Type.BANK,
    "RRB": Bank.Type.RURAL,
    "SFB": Bank.Type.SMALL_FINANCE,
    "PB": Bank.Type.PAYMENTS,
    "Foreign": Bank.Type.FOREIGN,
}


def partner_rows() -> list[dict[str, str]]:
    """Every bank of the list whose kind is known, as rows of a partners sheet ("#" is its place in the list)."""
    known = [row for row in bank_table().values() if row.kind]
    return [
        {
            "#": str(n),
            "code": row.code,
            "name_hi": row.name,  # proper names: the list has no Hindi, a desk may add it
            "name_en": row.name,
            "kind": _KIND.get(row.kind, Bank.Type.BANK),
            "ifsc_prefix": row.code if len(row.code) == 4 else "",
            "iin": row.iin,
            "handles": "",
            "in_network": "no",
        }
        for n, row in enumerate(known, start=2)
    ]


@cache
def sublet_rows() -> tuple[tuple[str, str], ...]:
    """(beginning of an IFSC, code of the bank it really belongs to)."""
    text = files(__package__).joinpath("rbi", "sublets.csv").read_text(encoding="utf-8")
    return tuple((row["begins"], row["bank"]) for row in csv.DictReader(text.splitlines()))


@transaction.atomic
def load_sublets() -> int:
    """Write the sub-let codes of banks that are in the directory; safe to repeat. Returns how many there are."""
    codes = set(Bank.objects.values_list("code", flat=True))
    rows = [Sublet(begins=begins, bank_id=bank) for begins, bank in sublet_rows() if bank in codes]
    Sublet.objects.bulk_create(rows, update_conflicts=True, unique_fields=["begins"], update_fields=["bank"])
    return len(rows)
