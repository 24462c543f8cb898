"""The directory's pages: look, write in portions, bad rows back, the roster as files, who may enter, and no leak."""

import io
import re
import sys
import time
import zipfile
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import bank, running_as
from thaam.parties.imports import PORTION
from thaam.parties.models import Branch, Import, Leave, Nodal, Office, Officer

pytestmark = pytest.mark.django_db
HERE = "/en/directory"


def signed_in(role, bank_code=None):
    with running_as("thaam_loops"):
        office, _ = Office.objects.get_or_create(code="HELPLINE", defaults={"name_hi": "डेस्क", "name_en": "Desk"})
        who = Officer.objects.create(
            username=f"{role}-{bank_code}",
            role=role,
            office=None if bank_code else office,
            bank=bank(bank_code) if bank_code else None,
        )
    client = Client()
    client.force_login(who)
    return client


def sheet_of(count, bad=()):
    lines = ["ifsc,bank,name,district,pincode"]
    lines += [f"{'BAD' if n in bad else f'DEMO0{n:06d}'},DEMO1,Branch {n},Durg,491001" for n in range(count)]
    return SimpleUploadedFile("branches.csv", "\n".join(lines).encode())


def test_a_sheet_is_looked_at_written_in_portions_and_bad_rows_come_back():
    bank("DEMO1")
    keeper = signed_in("administrator")
    there = keeper.post(f"{HERE}/sheet/branches", {"file": sheet_of(PORTION + 12, bad={3, 7})}).url
    html = keeper.get(there).content.decode()
    assert f"data-good><b>{PORTION + 10}</b>" in html
    assert "data-bad>2<" in html
    assert "A5" in html, "the cell is named as the spreadsheet names it"
    assert Branch.objects.count() == 0
    keeper.post(there)
    assert Branch.objects.count() == PORTION
    assert "Go on (10 left)" in keeper.get(there).content.decode()
    assert "branches.csv" in keeper.get(f"{HERE}/").content.decode(), "an unfinished import is on the first page"
    keeper.post(there)
    assert Branch.objects.count() == PORTION + 10
    back = keeper.get(f"{there}/put-right.csv").content.decode("utf-8-sig")
    assert back.count("\n") == 3
    assert "An IFSC has 11 characters" in back


def hostile(count):
    """A workbook of `count` branches of which 3 % are bad, each in another way, and one line is cut short."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["ifsc", "bank", "name", "district", "pincode", "note"])
    slips = (
        (0, "SBI123"),  # no IFSC
        (1, "NOBANK"),
        (2, ""),  # no name
        (3, "Atlantis"),
        (3, "Bilaspur"),  # two states have one
        (4, "12"),
        (0, "DEMO0000001"),  # twice
        (0, "=1+1"),
        (4, "०९१००१"),  # a PIN code begins with no 0, in any script
        (3, "'Durg; DROP TABLE parties_branch"),
    )
    for n in range(count):
        cells = [f"DEMO0{n:06d}", "DEMO1", f"शाखा {n}", "Durg", "४९१००१" if n % 2 else 491001, "=2+3"]
        if n % 100 in (3, 36, 69):
            place, bad = slips[(n // 100 * 3 + n % 100 // 33) % len(slips)]
            cells[place] = bad
        page.append(cells if n != 2 else cells[:3])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.long
@pytest.mark.req("S0.6")
def test_ten_thousand_branches_with_three_percent_bad_rows_go_through_the_page():
    bank("DEMO1")
    keeper = signed_in("administrator")
    content = hostile(10_000)
    began = time.monotonic()
    there = keeper.post(f"{HERE}/sheet/branches", {"file": SimpleUploadedFile("b.xlsx", content)}).url
    looked = time.monotonic() - began
    html = keeper.get(there).content.decode()
    assert "data-good><b>9700</b>" in html
    assert "data-bad>300<" in html
    began, presses = time.monotonic(), 0
    while not Import.objects.get().done_at:
        keeper.post(there)
        presses += 1
    sys.stderr.write(f"\n10,000 branches: looked at in {looked:.1f} s, written in {time.monotonic() - began:.1f} s\n")
    assert presses == 5
    assert Branch.objects.count() == 9_700
    assert Branch.objects.get(ifsc="DEMO0000005").pincode == "491001"
    lines = keeper.get(f"{there}/put-right.csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 301
    assert all(not cell.startswith(("=", "+", "@")) for line in lines for cell in line.split(","))
    assert keeper.post(f"{HERE}/sheet/branches", {"file": SimpleUploadedFile("b.xlsx", content)}).url == there
    while not Import.objects.get().done_at:
        keeper.post(there)
    assert Branch.objects.count() == 9_700, "the same file again adds nothing"


def test_a_line_that_ends_early_is_a_line_with_empty_cells():
    bank("DEMO1")
    keeper = signed_in("administrator")
    short = SimpleUploadedFile("b.csv", b"ifsc,bank,name,district,pincode\nDEMO0000001,DEMO1,Durg\nDEMO0000002,DEMO1\n")
    html = keeper.get(keeper.post(f"{HERE}/sheet/branches", {"file": short}).url).content.decode()
    assert "data-good><b>1</b>" in html
    assert "This cell is empty" in html


def test_an_unreadable_sheet_is_refused_with_a_sentence():
    keeper = signed_in("administrator")
    answer = keeper.post(f"{HERE}/sheet/nodals", {"file": SimpleUploadedFile("a.xlsx", b"nothing")})
    assert answer.status_code == 422
    assert "does not open" in answer.content.decode()
    assert not Import.objects.exists()


def test_the_national_list_is_looked_at_like_any_sheet():
    keeper = signed_in("administrator")
    page = keeper.get(keeper.post(f"{HERE}/national-list").url).content.decode()
    good = int(re.search(r"data-good><b>(\d+)", page)[1])
    assert good >= 1_346


@pytest.mark.parametrize(
    ("role", "status"), [("operator", 403), ("bank_clerk", 403), ("supervisor", 200), ("administrator", 200)]
)
def test_only_its_keepers_enter_the_directory(role, status):
    client = signed_in(role, "DEMO1" if role == "bank_clerk" else None)
    for path in (
        "/",
        "/coverage",
        "/roster",
        "/roster.csv",
        "/sheet/partners",
        "/sheet/branches/export.csv",
        "/bank/DEMO1",
    ):
        with running_as("thaam_loops"):
            bank("DEMO1")
        assert client.get(HERE + path).status_code == status, path


def test_an_export_cannot_run_as_a_formula():
    with running_as("thaam_loops"):
        Branch.objects.create(ifsc="DEMO0000001", bank=bank("DEMO1"), name="=HYPERLINK(1)")
    keeper = signed_in("administrator")
    assert "'=HYPERLINK(1)" in keeper.get(f"{HERE}/sheet/branches/export.csv").content.decode()
    content = keeper.get(f"{HERE}/sheet/branches/export.xlsx").content
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["C2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert zipfile.is_zipfile(io.BytesIO(content))


def test_a_bank_notes_leave_of_its_own_officer_and_of_nobody_elses():
    with running_as("thaam_loops"):
        mine = Nodal.objects.create(
            bank=bank("DEMO1"), duty="primary", name="A", mobile="9826041234", from_on=date(2026, 1, 1)
        )
        theirs = Nodal.objects.create(
            bank=bank("DEMO2"), duty="primary", name="B", mobile="9826041235", from_on=date(2026, 1, 1)
        )
    clerk = signed_in("bank_clerk", "DEMO1")
    days = {"from_on": "2026-12-01", "until_on": "2026-12-03"}
    assert clerk.post(f"/en/bank/coverage/leave/{theirs.pk}", days).status_code == 404
    assert clerk.post(f"/en/bank/coverage/leave/{mine.pk}", days).status_code == 302
    assert Leave.objects.get().nodal == mine
    page = clerk.get("/en/bank/coverage").content.decode()
    assert "9826041234" in page
    assert "9826041235" not in page


def test_the_public_page_names_the_post_and_no_private_number(client):
    with running_as("thaam_loops"):
        Nodal.objects.create(
            bank=bank("DEMO1"),
            duty="primary",
            name="Secret Name",
            mobile="9826041234",
            from_on=date(2026, 1, 1),
            email="nodal@bank.example",
        )
    page = client.get("/en/contact-officers?q=demo").content.decode()
    assert "Nodal officer" in page
    assert "nodal@bank.example" in page
    assert "9826041234" not in page
    assert "Secret Name" not in page


def test_the_page_of_rules_names_the_law_in_hindi_and_keeps_the_reference(client):
    page = client.get("/hi/directory/rules").content.decode()
    assert "भारतीय नागरिक सुरक्षा संहिता 2023, धारा 173(3)" in page
    assert "BNSS 2023, section 173(3): preliminary inquiry within 14 days" in page
    english = client.get("/en/directory/rules").content.decode()
    assert "भारतीय नागरिक सुरक्षा संहिता" not in english
    assert english.count("BNSS 2023, section 173(3): preliminary inquiry within 14 days") == 1
