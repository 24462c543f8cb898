"""The directory: sheets with bad rows, one officer a branch, and a ladder that is never empty (S0.6, S0.7, S1.27)."""

import csv
import datetime as dt
import io

import openpyxl
import pytest

from thaam.files.sheets import UnreadableSheet, read_sheet
from thaam.parties.coverage import ending_soon, ladder_of, reached, uncovered_branches
from thaam.parties.importing import (
    BRANCH_COLUMNS,
    NODAL_COLUMNS,
    check_branches,
    check_nodals,
    take_branches,
    take_nodals,
)
from thaam.parties.models import Bank, Branch, Leave, Nodal

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 1, 6, 30, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 6, 1, 18, 30, tzinfo=dt.UTC)


@pytest.fixture
def sahyog():
    return Bank.objects.create(
        code="SAHY", name_hi="सहयोग सहकारी", name_en="Sahyog Co-op", kind=Bank.Type.COOPERATIVE, ifsc_prefix="SAHY"
    )


def sheet(columns, rows):
    out = io.StringIO()
    csv.writer(out).writerows([columns, *rows])
    return out.getvalue().encode()


def branch_rows(count, bad_every=0):
    for n in range(count):
        ifsc = f"SAHY0{n:06d}"
        bad = bad_every and n % bad_every == 0
        yield ["SAHY1" if bad else ifsc, "SAHY", f"शाखा {n}", "Kawardha", "491001"]


@pytest.mark.req("S0.6", "S1.27")
def test_ten_thousand_branches_with_bad_rows_are_taken_once_and_the_faults_named(sahyog):
    content = sheet(BRANCH_COLUMNS, branch_rows(10_000, bad_every=33))
    checked = check_branches(read_sheet(content, file_name="b.csv", columns=BRANCH_COLUMNS))
    assert len(checked.faults) == 304
    assert checked.faults[0].row == 2
    assert checked.faults[0].column == "ifsc"
    assert Branch.objects.count() == 0, "checking writes nothing"
    assert take_branches(checked.good, by="officer:1", at=AT) == 9_696
    assert take_branches(checked.good, by="officer:1", at=AT) == 0, "the same file again changes nothing"
    assert Branch.objects.filter(district_code=382).count() == 9_696


@pytest.mark.parametrize(
    ("cell", "value"),
    [("ifsc", "SBIN1234"), ("bank", "NOSUCH"), ("district", "Atlantis"), ("district", "Bilaspur"), ("pincode", "49")],
)
def test_a_bad_cell_is_named_and_its_row_left_out(sahyog, cell, value):
    row = dict(zip(BRANCH_COLUMNS, ["SAHY0000001", "SAHY", "शाखा", "Durg", "491001"], strict=True)) | {cell: value}
    checked = check_branches(read_sheet(sheet(row, [row.values()]), file_name="b.csv", columns=BRANCH_COLUMNS))
    assert [(f.row, f.column) for f in checked.faults] == [(2, cell)]
    assert checked.faults[0].text.hi
    assert checked.good == []


def test_an_xlsx_gives_the_same_rows_as_its_csv(sahyog):
    book = openpyxl.Workbook()
    book.active.append(NODAL_COLUMNS)
    book.active.append(["SAHY", "", "primary", "ए. राव", "प्रबंधक", 9826041234, "a@sahyog.example", "2026-06-01", ""])
    out = io.BytesIO()
    book.save(out)
    rows = read_sheet(out.getvalue(), file_name="n.xlsx", columns=NODAL_COLUMNS)
    checked = check_nodals(rows)
    assert checked.faults == []
    assert checked.good[0].mobile == "9826041234"
    take_nodals(checked.good, by="officer:1", at=AT)
    take_nodals(checked.good, by="officer:1", at=AT)
    assert Nodal.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "a.csv"), (b"x,y\n1,2\n", "a.csv"), (b"\xff\xfe\x00bad", "a.csv"), (b"not a workbook", "a.xlsx")],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content, name):
    with pytest.raises(UnreadableSheet) as said:
        read_sheet(content, file_name=name, columns=BRANCH_COLUMNS)
    assert said.value.text.hi
    assert said.value.text.en


def nodal(bank, duty, branch=None, **changes):
    wanted = {"name": duty, "mobile": "9826041234", "from_on": dt.date(2026, 1, 1)} | changes
    return Nodal.objects.create(bank=bank, branch=branch, duty=duty, **wanted)


@pytest.mark.req("S0.6", "S0.7")
def test_silence_climbs_from_the_branch_to_the_state(sahyog):
    branch = Branch.objects.create(ifsc="SAHY0000001", bank=sahyog, name="सुपेला")
    first, deputy = nodal(sahyog, "primary", branch), nodal(sahyog, "deputy", branch)
    zonal, state = nodal(sahyog, "zonal"), nodal(sahyog, "state")
    rungs = ladder_of(bank=sahyog, branch=branch, at=AT)
    assert [(r.nodal, r.from_percent) for r in rungs] == [(first, 0), (deputy, 50), (zonal, 80), (state, 100)]
    assert reached(rungs, elapsed_percent=79) == [first, deputy]
    Leave.objects.create(nodal=first, from_on=dt.date(2026, 5, 30), until_on=dt.date(2026, 6, 3))
    assert ladder_of(bank=sahyog, branch=branch, at=AT)[0].nodal == deputy
    assert ladder_of(bank=sahyog, branch=branch, at=AT)[0].from_percent == 0


def test_at_night_the_night_officer_stands_first(sahyog):
    nodal(sahyog, "primary")
    night = nodal(sahyog, "night")
    assert ladder_of(bank=sahyog, branch=None, at=NIGHT)[0].nodal == night
    assert ladder_of(bank=sahyog, branch=None, at=AT)[0].nodal.duty == "primary"


def test_an_appointment_that_ends_without_a_successor_is_on_the_reminder(sahyog):
    old = nodal(sahyog, "primary", until_on=dt.date(2026, 6, 10))
    assert ending_soon(on=dt.date(2026, 6, 1), days=15) == [old]
    nodal(sahyog, "primary", from_on=dt.date(2026, 6, 11))
    assert ending_soon(on=dt.date(2026, 6, 1), days=15) == []


def test_branches_without_an_officer_are_listed(sahyog):
    covered = Branch.objects.create(ifsc="SAHY0000001", bank=sahyog, name="क")
    bare = Branch.objects.create(ifsc="SAHY0000002", bank=sahyog, name="ख")
    nodal(sahyog, "primary", covered)
    assert uncovered_branches(bank=sahyog, on=dt.date(2026, 6, 1)) == [bare]
