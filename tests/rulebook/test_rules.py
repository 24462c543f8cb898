"""Rules are found for a place and a day, and say where they come from."""

import datetime as dt
import itertools

import pytest

from thaam.parties.districts import place_of_district
from thaam.rulebook import rules
from thaam.rulebook.places import jurisdiction_of

ON = dt.date(2026, 11, 25)


@pytest.mark.req("S1.7")
def test_a_state_without_its_own_row_lives_under_the_rule_of_india():
    found = rules.rule("hold_expiry", jurisdiction="IN-CG", on=ON)
    assert (found.value, found.unit, found.jurisdiction) == (90, "days", "IN")


def test_a_row_of_the_state_wins_over_the_row_of_india():
    found = rules.rule("hold_expiry", jurisdiction="IN-KL", on=ON)
    assert (found.value, found.unit, found.jurisdiction) == (56, "days", "IN-KL")


def test_a_rule_does_not_hold_before_its_first_day():
    with pytest.raises(rules.NoSuchRule):
        rules.rule("hold_expiry", jurisdiction="IN-CG", on=dt.date(2026, 1, 1))


def test_a_moment_counts_as_its_day_in_india():
    late_evening_utc = dt.datetime(2026, 1, 1, 18, 30, tzinfo=dt.UTC)  # 2 January, 00:00 in India
    assert rules.rule("hold_expiry", jurisdiction="IN", on=late_evening_utc).value == 90
    with pytest.raises(rules.NoSuchRule):
        rules.rule("hold_expiry", jurisdiction="IN", on=late_evening_utc - dt.timedelta(seconds=1))


def test_the_code_of_1973_gives_way_to_the_sanhita_on_its_day():
    assert rules.law("hold", jurisdiction="IN-CG", on=dt.date(2024, 6, 30)).section == "CrPC 102"
    assert rules.law("hold", jurisdiction="IN-CG", on=dt.date(2024, 7, 1)).section == "BNSS 106"


def test_a_rule_explains_itself_in_both_languages_with_its_source():
    found = rules.rule("restore_without_fir", jurisdiction="IN-CG", on=ON)
    assert (
        "₹50,000" in found.explain("hi")
        and "भारत" in found.explain("hi")
        and "2 जनवरी 2026 से लागू" in found.explain("hi")
    )
    assert "press" not in found.explain("hi"), "the source is said in Hindi too"
    assert "SOP of 2 January 2026" in found.explain("en") and "India" in found.explain("en")


def test_every_rule_in_force_can_explain_itself():
    found = rules.rules_in_force(jurisdiction="IN-CG", on=ON)
    assert len(found) > 20
    for row in found:
        assert row.source and row.title.hi != row.title.en
        assert row.explain("hi") and row.explain("en")


def test_no_two_rows_of_one_name_and_place_overlap():
    for rows in rules._rows().values():
        ordered = sorted(rows, key=lambda row: row.from_on)
        for earlier, later in itertools.pairwise(ordered):
            assert earlier.to_on is not None and earlier.to_on <= later.from_on


def test_an_unknown_place_is_named():
    with pytest.raises(rules.NoSuchJurisdiction, match="XX"):
        rules.rule("hold_expiry", jurisdiction="XX", on=ON)


def test_a_drill_expires_in_seconds_and_nobody_else_can_ask_for_it():
    assert rules.rule("hold_expiry", jurisdiction="DRILL-SHORT", on=ON).unit == "seconds"
    assert rules.rule("hold_expiry", jurisdiction="DRILL", on=ON).unit == "days"
    assert rules.rule("hold_floor", jurisdiction="DRILL-SHORT", on=ON).value == 0
    assert jurisdiction_of("Drill", drill=True) == "DRILL"
    assert jurisdiction_of("Drill short", drill=True) == "DRILL-SHORT"
    assert jurisdiction_of("Drill") == "IN"


@pytest.mark.parametrize(
    ("district", "place"),
    [("Ernakulam", "IN-KL"), ("Kanpur Nagar", "IN-UP"), ("Jaipur", "IN-RJ"), ("Durg", "IN-CG"), ("Nowhere", "IN")],
)
def test_the_rules_of_the_districts_state_apply(district, place):
    assert place_of_district(district) == place
    ends, warned = (
        rules.rule(name, jurisdiction=place, on=ON).value for name in ("hold_expiry", "hold_expiry_warning")
    )
    assert ends - warned == 15, "the warning comes before the end everywhere"


@pytest.mark.parametrize("district", ["Raigarh", "रायगढ़", "Janjgir-Champa", "raipur "])
def test_a_district_of_chhattisgarh_is_known(district):
    assert jurisdiction_of(district) == "IN-CG"
