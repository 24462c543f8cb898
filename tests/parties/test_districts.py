"""One place has one code, however it is written (S4.7: Kawardha and Kabirdham are one district)."""

import pytest

from thaam.parties.districts import TwoPlaces, as_read, districts, find_district, states

SEED_4 = """Balod Balodabazar Bastar Bemetara Bijapur Bilaspur Dantewada Raipur Surajpur Dhamtari Durg Jashpur Kabirdham
Kanker Koriya Mahasamund Raigarh Rajnandgaon""".split()


@pytest.mark.req("S4.7")
@pytest.mark.parametrize("name", SEED_4)
def test_every_district_of_the_printed_table_is_found_in_its_state(name):
    assert find_district(name, state_code=22).state_code == 22


@pytest.mark.req("S4.3", "S4.7")
@pytest.mark.parametrize("name", ["Kawardha", "kabirdham", "कवर्धा", "कबीरधाम", " KAWARDHA ", "382"])
def test_kawardha_and_kabirdham_are_one_district(name):
    assert find_district(name).code == 382


@pytest.mark.parametrize("spelled", ["राजनांदगांव", "राजनाँदगाँव", "Raj nandgaon", "rajnandgaon"])
def test_nukta_nasal_signs_spaces_and_case_do_not_matter(spelled):
    assert find_district(spelled).code == 388


def test_a_name_in_several_states_asks_which():
    with pytest.raises(TwoPlaces) as asked:
        find_district("Bilaspur")
    assert {d.state_code for d in asked.value.found} == {2, 22}
    assert find_district("Bilaspur", state_code=22).code == 375


def test_channels_are_not_districts():
    assert find_district("Cyber helpline number") is None
    assert find_district("Citizen") is None
    assert find_district("") is None


def test_every_district_belongs_to_a_state_and_every_state_has_both_names():
    assert len(districts()) == 763
    assert {d.state_code for d in districts().values()} == set(states())
    assert all(s.name_hi and s.name_en for s in states().values())


def test_a_typed_district_is_read_in_the_readers_language_or_as_it_was_typed():
    assert [as_read("durg", lang) for lang in ("hi", "en")] == ["दुर्ग", "Durg"]
    assert as_read("कवर्धा", "en") == as_read("Kabirdham", "en") != ""
    assert as_read("Bilaspur", "hi") == "बिलासपुर"
    assert as_read("Atlantis", "hi") == "Atlantis"
    assert all(each.name("hi") for each in districts().values())
