"""The demo's directory goes in by the same sheets as any other, without a fault, and names posts to the public."""

import pytest

from cast import NOON
from thaam.parties.models import Bank, Import, Nodal
from thaam.project.filling_directory import fill_directory

pytestmark = pytest.mark.django_db


def test_the_demos_directory_has_no_faulty_row_and_every_address_is_a_posts():
    for n, code in enumerate(("DEMO1", "DEMO2", "SAHYOG")):
        Bank.objects.create(code=code, name_hi="डेमो", name_en="Demo", ifsc_prefix=f"DMO{'ABC'[n]}")
    for _ in range(2):
        fill_directory(banks=["DEMO1", "DEMO2", "SAHYOG"], at=NOON)
    assert [each.file_name for each in Import.objects.all() if each.faults] == []
    addresses = set(Nodal.objects.values_list("email", flat=True))
    assert "primary@sahyog.example" in addresses
    assert all(address.split("@")[0].split(".")[0] in (*Nodal.Duty.values, "nodal") for address in addresses)
    assert Nodal.objects.count() == len(set(Nodal.objects.values_list("bank", "branch", "duty", "from_on")))
