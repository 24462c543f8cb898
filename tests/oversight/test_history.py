"""A year of a state: what is carried over adds up, holds in verify; every page, file and paper says the same sums."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pypdf
import pytest
from django.db.models import Sum

from cast import NOON, bank, running_as
from thaam.holds.verifying import findings
from thaam.journal.ids import new_id
from thaam.language import rupees
from thaam.language.text import Text
from thaam.oversight import press, tables
from thaam.oversight.figures import SHEETS, sheet_of
from thaam.oversight.models import STATES, Counted, Snapshot, Summed
from thaam.oversight.places import Scope, districts_of, population
from thaam.oversight.sheets import csv_of, xlsx_of
from thaam.oversight.taking import take_snapshot
from thaam.parties.districts import districts
from thaam.parties.models import Office, Officer
from thaam.project.history import carry_over
from thaam.world.history import complaints

STATE = Scope(Text("छत्तीसगढ़", "Chhattisgarh"), 22)
FIRST = dt.date(2025, 11, 1)


def past(a_month: int = 60, first: dt.date = FIRST):
    """A past of every district of Chhattisgarh."""
    for code in ("DEMO1", "DEMO2", "DEMO3"):
        bank(code)
    weights = {districts()[code].name_en: population()[code] for code in districts_of(22)}
    return complaints(
        first=first, end=NOON, a_month=a_month, weights=weights, banks=["DEMO1", "DEMO2", "DEMO3"], seed=5
    )


def take(from_on: dt.date, to_on: dt.date) -> Snapshot:
    return take_snapshot(snapshot_id=new_id(), from_on=from_on, to_on=to_on, state_code=22, by="officer:1", at=NOON)


def _unsettled(snapshot: Snapshot) -> int:
    return Counted.objects.filter(snapshot=snapshot, withdrawn=False, district_code=None).count()


@pytest.fixture
def year(db):
    """A year over 33 districts and its one snapshot."""
    assert carry_over(past(), name="t", now=NOON) > 400
    return take(FIRST, dt.date(2026, 11, 1))


@pytest.mark.django_db
@pytest.mark.req("S4.7")
def test_a_past_is_carried_over_once_and_its_books_hold():
    n = carry_over(past(20), name="t", now=NOON)
    assert n > 100
    assert carry_over(past(20), name="t", now=NOON) == 0
    assert list(findings()) == []


@pytest.mark.django_db
@pytest.mark.req("S4.2", "S4.3", "S4.7")
def test_every_partition_of_a_year_sums_to_the_whole_in_every_figure(year):
    counted = Counted.objects.filter(snapshot=year, withdrawn=False)
    whole = {state: sum(counted.values_list(f"{state}_paise", flat=True)) for state in STATES}
    for table in tables.all_tables(year):
        for state in STATES:
            assert sum(getattr(row, state) for row in table.rows.values()) == whole[state], (table.axis, state)
        assert sum(row.complaints for row in table.rows.values()) == counted.count()
    assert len([code for code in tables.district_table(year).rows if code]) == 33
    figures = [
        field.name for field in Summed._meta.fields if field.name.endswith("_paise") or field.name == "complaints"
    ]
    sums = {
        row.pop("axis"): row
        for row in Summed.objects.filter(snapshot=year).values("axis").annotate(**{f"all_{n}": Sum(n) for n in figures})
    }
    apart = {"withdrawn", "division"}  # counted apart; groups of districts, all 33 of which are in one
    assert set(sums) >= {
        "all",
        "district",
        "channel",
        "bank",
        "modus",
        "delay",
        "hour",
        "district_channel",
        "step",
        "week_modus",
    }
    for axis, row in sums.items():
        assert axis in apart or row == sums["all"], axis
    assert sums["division"]["all_complaints"] == sums["all"]["all_complaints"] - _unsettled(year)


@pytest.mark.django_db
@pytest.mark.req("S4.7")
def test_page_csv_xlsx_pack_open_data_and_press_note_carry_the_same_totals_to_the_paisa(year, client):
    total = tables.district_table(year).total
    wanted = {"reported": total.reported, "restored": total.restored, "gone": total.gone, "asked": total.asked}
    for name in SHEETS:
        sheet = sheet_of(name, year, STATE)
        keys = [column.key for column in sheet.columns]
        if "reported" not in keys or name == "months":
            continue
        assert {key: sheet.total_of(key) for key in wanted} == wanted, name
        rows = list(csv.DictReader(io.StringIO(csv_of(sheet, "en").decode("utf-8-sig"))))
        assert sum(Decimal(row["Reported ₹"] or 0) for row in rows) * 100 == total.reported
        assert {row["snapshot"] for row in rows} == {year.name}
        page = openpyxl.load_workbook(io.BytesIO(xlsx_of(sheet, "en"))).active
        place = keys.index("reported") + 1
        column = [page.cell(row, place).value for row in range(6, page.max_row + 1)]
        assert round(sum(Decimal(str(cell)) for cell in column if cell != "—") * 100) == total.reported
        assert (
            page.cell(5, place).value
            == f"=SUM({page.cell(5, place).column_letter}6:{page.cell(5, place).column_letter}{page.max_row})"
        )
        assert year.name in page.cell(3, 1).value
    office = Office.objects.create(code="REVIEW", name_hi="राज्य समीक्षा", name_en="State review", state="Chhattisgarh")
    officer = Officer.objects.create_user("rupa", password="x", role="reviewer", office=office)
    client.force_login(officer)
    with running_as("thaam_app"):
        words = re.sub(r"<[^>]+>", " ", client.get(f"/en/review/?snapshot={year.name}").content.decode())
        paper = client.get(f"/en/review/pack/{year.name}").content
    for paise in wanted.values():
        assert rupees.full(paise) in words
    read = pypdf.PdfReader(io.BytesIO(paper))
    assert len(read.pages) == 6
    printed = "".join(page.extract_text() for page in read.pages)
    for paise in wanted.values():
        assert rupees.full(paise).lstrip("₹") in printed
    assert year.name in printed
    note = press.write_note(
        note_id=new_id(), snapshot=year, place=Text("छत्तीसगढ़", "Chhattisgarh"), district_code=None,
        prose=Text("", ""), by="officer:1", at=NOON,
    )  # fmt: skip
    assert {key: note.facts[key] for key in ("reported", "restored")} == {
        k: wanted[k] for k in ("reported", "restored")
    }
    opened = press.publish_open_data(snapshot=year, by="officer:1", at=NOON).tables
    for axis in opened.values():
        assert axis["total"]["reported"] == total.reported
        assert sum(row["reported"] for row in axis["rows"]) == total.reported
        assert all(row["complaints"] == 0 or row["complaints"] >= 5 for row in axis["rows"])


@pytest.mark.django_db
def test_a_page_of_a_year_asks_few_queries(year, client, django_assert_max_num_queries):
    office = Office.objects.create(code="REVIEW", name_hi="x", name_en="x", state="Chhattisgarh")
    client.force_login(Officer.objects.create_user("rupa", password="x", role="reviewer", office=office))
    with running_as("thaam_app"):
        for path, most in (
            ("", 60),
            ("districts", 20),
            ("banks", 20),
            ("modus", 20),
            ("helpline", 25),
            ("pending", 20),
        ):
            with django_assert_max_num_queries(most):
                assert client.get(f"/hi/review/{path}").status_code == 200


@pytest.mark.django_db
def test_every_number_of_every_axis_opens_as_many_complaints_with_the_same_sum(year, client):
    office = Office.objects.create(code="REVIEW", name_hi="x", name_en="x", state="Chhattisgarh")
    client.force_login(Officer.objects.create_user("rupa", password="x", role="reviewer", office=office))
    for name in ("districts", "channels", "victims-banks", "modus", "delays", "steps"):
        sheet = sheet_of(name, year, STATE)
        for key, row in zip(sheet.keys, sheet.rows, strict=True):
            if row[1] is None:
                continue
            with running_as("thaam_app"):
                answer = client.get(f"/en/review/snapshots/{year.name}/complaints", {sheet.axis: key})
            found, figures = answer.context["complaints"], answer.context["f"]
            assert figures.complaints == row[1]
            assert figures.reported == row[2]
            if figures.complaints <= 100:
                assert sum(one.reported_paise for one in found) == row[2], (name, key)
