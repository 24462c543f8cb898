"""The table of 2021, judged: it does not add up, mixes channels with districts, and says two things of one place."""

import pytest

from thaam.oversight.typed import Typed, judge

CHHATTISGARH = 22
PRINTED = {
    "Balod": 40_000, "Balodabazar": 1_95_000, "Bastar": 1_05_000, "Bemetara": 1_39_000, "Bijapur": 12_000,
    "Bilaspur": 45_000, "Dantewada": 36_000, "Cyber helpline number": 1_55_000, "Raipur": 5_82_000,
    "Surajpur": 45_000, "Dhamtari": 1_00_000, "Durg": 1_53_000, "Jashpur": 1_50_000, "Kabirdham": 2_08_000,
    "Kanker": 66_000, "Koriya": 35_000, "Mahasamund": 55_236, "Raigarh": 42_000, "Rajnandgaon": 3_47_000,
    "Citizen": 2_39_000,
}  # fmt: skip
IN_THE_TEXT = {"Raipur": 5_82_000, "Rajnandgaon": 3_48_000, "Kawardha": 2_08_000, "helpline": 4_50_000}


def lines(table, where="table"):
    return [Typed(name, rupees * 100, where) for name, rupees in table.items()]


@pytest.mark.req("S4.3", "S4.7")
def test_the_printed_table_cannot_be_published_and_says_by_how_much():
    judged = judge(
        [*lines(PRINTED), *lines(IN_THE_TEXT, "text")], stated_total_paise=26_04_000_00, state_code=CHHATTISGARH
    )
    assert judged.sum_paise == 27_49_236_00
    assert not judged.may_be_published
    said = " ".join(fault.en for fault in judged.faults)
    assert "₹1,45,236 more" in said
    assert "Channels stand among the districts: Cyber helpline number, Citizen" in said
    assert "Rajnandgaon: two figures, ₹3,47,000 / ₹3,48,000" in said
    assert "helpline: two figures, ₹1,55,000 / ₹4,50,000" in said
    assert "Kabirdham" not in said, "Kawardha in the text is the same district with the same figure"
    assert sum(judged.by_district.values()) == 23_55_236_00
    assert len(judged.by_district) == 18


def test_the_same_district_by_two_names_is_one_row_and_named():
    judged = judge(lines({"Kawardha": 1, "Kabirdham": 2, "Durg": 3}), stated_total_paise=600, state_code=CHHATTISGARH)
    assert judged.by_district == {382: 300, 378: 300}
    assert "twice" in judged.faults[0].en


def test_a_table_that_adds_up_may_be_published():
    judged = judge(lines({"Durg": 3, "Raipur": 4}), stated_total_paise=700, state_code=CHHATTISGARH)
    assert judged.may_be_published


def test_not_reported_is_not_zero():
    judged = judge([Typed("Durg", 300), Typed("Sukma", None)], stated_total_paise=300, state_code=CHHATTISGARH)
    assert 642 not in judged.by_district
    assert judged.may_be_published
