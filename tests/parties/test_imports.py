"""Directory sheets: ten thousand branches with bad rows, interrupted, gone on with, sent again; out and in again."""

import datetime as dt

import pytest

from thaam.parties import banklist
from thaam.parties.banks import bank_of_card, bank_of_ifsc
from thaam.parties.bodies import OFFICE_COLUMNS, PARTNER_COLUMNS
from thaam.parties.districts import districts
from thaam.parties.exporting import contact_cards, directory_rows, roster_matrix, roster_of
from thaam.parties.importing import BRANCH_COLUMNS
from thaam.parties.imports import NotChecked, go_on, look_at
from thaam.parties.models import Bank, Branch, Import, Nodal, Office, Sublet

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 1, 6, 30, tzinfo=dt.UTC)
ON = AT.date()


@pytest.fixture
def sahyog():
    return Bank.objects.create(code="SAHY", name_hi="सहयोग", name_en="Sahyog Co-op", ifsc_prefix="SAHY")


def told(columns, *rows):
    return [{"#": str(n)} | dict(zip(columns, row, strict=True)) for n, row in enumerate(rows, start=2)]


def branches(count):
    """Every 33rd row is bad: about 3 %."""
    return told(
        BRANCH_COLUMNS,
        *(["BAD" if n % 33 == 0 else f"SAHY0{n:06d}", "SAHY", f"शाखा {n}", "Kawardha", ""] for n in range(count)),
    )


def look(kind, rows, digest="d1", at=AT):
    return look_at(kind=kind, rows=rows, digest=digest, file_name="sheet.csv", by="officer:1", at=at)


@pytest.mark.req("S0.6")
def test_ten_thousand_branches_interrupted_are_written_once_and_go_on_where_they_stopped(sahyog):
    found = look("branches", branches(10_000))
    assert (len(found.rows), len(found.faults)) == (9_696, 304)
    assert Branch.objects.count() == 0, "looking writes nothing"
    assert found.faults[0]["row"] == 2
    assert found.faults[0]["slips"][0]["column"] == "ifsc"
    go_on(import_id=found.pk, by="officer:1", at=AT, at_most=4_000)
    assert Branch.objects.count() == 4_000
    again = look("branches", branches(10_000))
    assert (str(again.pk), again.taken) == (str(found.pk), 4_000), "the same file is the same import, as far as it came"
    for _ in range(3):
        found = go_on(import_id=again.pk, by="officer:1", at=AT, at_most=4_000)
    assert found.done_at == AT
    assert (found.changed, Branch.objects.count()) == (9_696, 9_696)
    look("branches", branches(10_000))
    assert go_on(import_id=found.pk, by="officer:1", at=AT, at_most=20_000).changed == 0, (
        "sent again it changes nothing"
    )


def test_nothing_is_written_that_nobody_looked_at():
    with pytest.raises(NotChecked):
        go_on(import_id="00000000-0000-4000-8000-000000000000", by="officer:1", at=AT)


def test_what_goes_out_comes_in_again_unchanged(sahyog):
    Office.objects.create(code="PS-DURG", name_hi="थाना दुर्ग", name_en="PS Durg", kind="station", district="Durg")
    Branch.objects.create(
        ifsc="SAHY0000001", bank=sahyog, name="=cmd|' /C calc'!A0", district_code=382, station=Office.objects.get()
    )
    Nodal.objects.create(
        bank=sahyog,
        branch_id="SAHY0000001",
        duty="primary",
        name="ए. राव",
        mobile="9826041234",
        from_on=dt.date(2026, 1, 1),
    )
    for kind in ("partners", "offices", "branches", "nodals"):
        rows = [{"#": str(n)} | row for n, row in enumerate(directory_rows(kind, on=ON), start=2)]
        found = look(kind, rows, digest=kind)
        assert found.faults == []
        assert go_on(import_id=found.pk, by="officer:1", at=AT).changed == 0, kind


def test_a_partner_sheet_names_wallets_and_telecom_operators_and_their_handles():
    rows = told(
        PARTNER_COLUMNS,
        ["DEMOTEL", "डेमो टेलीकॉम", "Demo Telecom", "telecom", "", "", ""],
        ["DEMOPAY", "", "Demo Pay", "wallet", "", "607123", "@demopay, dpay"],
        ["x", "", "", "ship", "AB1", "12", ""],
    )
    found = look("partners", rows)
    assert {slip["column"] for slip in found.faults[0]["slips"]} == {"code", "name_en", "kind", "ifsc_prefix", "iin"}
    go_on(import_id=found.pk, by="officer:1", at=AT)
    assert Bank.objects.get(code="DEMOTEL").kind == "telecom"
    assert bank_of_card("6071 2300 0000 0000").code == "DEMOPAY"
    assert set(Bank.objects.get(code="DEMOPAY").handles.values_list("handle", flat=True)) == {"demopay", "dpay"}


def test_an_office_sheet_takes_trade_bodies_and_knows_a_district_by_its_other_names():
    rows = told(
        OFFICE_COLUMNS,
        ["VYAPAR", "व्यापार मंडल", "Trade body", "association", "Kawardha", "Chhattisgarh", "07741 232100", ""],
        ["PS1", "थाना", "Station", "station", "Atlantis", "", "12", "not an e-mail"],
    )
    found = look("offices", rows)
    assert {slip["column"] for slip in found.faults[0]["slips"]} == {"district", "phone", "email"}
    go_on(import_id=found.pk, by="officer:1", at=AT)
    assert Office.objects.get(code="VYAPAR").district == districts()[382].name_en


@pytest.mark.req("S1.6")
def test_the_national_list_has_every_bank_and_a_sub_let_code_leads_to_the_smaller_bank():
    found = look("partners", banklist.partner_rows(), digest="national")
    assert found.faults == []
    while found.done_at is None:
        found = go_on(import_id=found.pk, by="officer:1", at=AT)
    assert Bank.objects.count() >= 1_346
    kinds = set(Bank.objects.values_list("kind", flat=True))
    assert {"bank", "cooperative", "rural", "small_finance", "payments", "foreign"} <= kinds
    assert banklist.load_sublets() == Sublet.objects.count() > 1_000
    begins, code = next((b, c) for b, c in banklist.sublet_rows() if len(b) == 11 and b[:4] != c)
    assert bank_of_ifsc(begins).code == code
    assert bank_of_ifsc("SBIN0001234").code == "SBIN"


@pytest.mark.req("S0.7", "S1.24")
def test_the_roster_is_bank_by_station_and_goes_into_a_telephone(sahyog):
    place = districts()[382].name_en
    station = Office.objects.create(code="PS-KWD", name_hi="थाना", name_en="PS", kind="station", district=place)
    branch = Branch.objects.create(ifsc="SAHY0000001", bank=sahyog, name="सुपेला", district_code=382, station=station)
    Nodal.objects.create(bank=sahyog, branch=branch, duty="primary", name="राव; ए", mobile="9826041234", from_on=ON)
    Nodal.objects.create(bank=sahyog, branch=None, duty="state", name="सेन", mobile="9826041235", from_on=ON)
    other = Bank.objects.create(code="OTHR", name_hi="दूसरा", name_en="Other")
    Nodal.objects.create(bank=other, branch=None, duty="primary", name="दूर", mobile="9826041236", from_on=ON)
    people = roster_of(district_code=382, on=ON)
    assert [row["name"] for row in people] == ["राव; ए", "सेन"], "another district's bank is not in this group"
    stations, matrix = roster_matrix(district_code=382, on=ON)
    assert stations == ["PS-KWD"]
    assert matrix == [{"bank": "Sahyog Co-op", "PS-KWD": "राव; ए 9826041234"}]
    cards = contact_cards(people).decode()
    assert cards.count("BEGIN:VCARD") == 2
    assert "N:राव\\; ए;;;;" in cards
    assert "TEL;TYPE=CELL:+919826041234" in cards


def test_an_import_can_be_found_again():
    found = look("offices", told(OFFICE_COLUMNS, ["PS2", "", "Station", "station", "", "", "", ""]))
    assert Import.objects.get(done_at=None).pk == found.pk
