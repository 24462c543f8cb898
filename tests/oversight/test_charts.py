"""Charts: well-formed, the same for the same rows, true to their parts, and honest about what is missing."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.oversight.charts.money import Outcome, outcome_bar
from thaam.oversight.charts.places import Interval, Tile, interval_chart, tile_map
from thaam.oversight.charts.time import golden_curve, heat_grid, run_chart, spark
from thaam.oversight.places import districts_of, population

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg):
    return ElementTree.fromstring(svg)


@given(parts=st.tuples(*[st.integers(0, 10**15)] * 4))
def test_a_bar_draws_every_part_that_is_not_zero_and_no_other(parts):
    outcome = Outcome(*parts)
    tree = drawn(outcome_bar(outcome, scale_paise=outcome.whole or 1, title="x"))
    solid = [r for r in tree.iter(f"{SVG}rect") if r.get("fill") == "#173F73"]
    dashed = [r for r in tree.iter(f"{SVG}rect") if r.get("stroke-dasharray")]
    assert bool(solid) == bool(outcome.held)
    assert bool(dashed) == bool(outcome.gone)


def test_bars_on_one_scale_are_as_long_as_their_sums():
    long = drawn(outcome_bar(Outcome(0, 0, 1000, 0), scale_paise=1000, title="x"))
    short = drawn(outcome_bar(Outcome(0, 0, 250, 0), scale_paise=1000, title="x"))
    widths = [float(next(iter(t.iter(f"{SVG}rect"))).get("width")) for t in (long, short)]
    assert widths[0] > 3.9 * widths[1]


def test_not_reported_is_a_gap_or_a_dash_and_never_a_zero():
    assert "—" in spark([None, None], title="x")
    gap = drawn(spark([1, None, 3, 4], title="x"))
    assert len(list(gap.iter(f"{SVG}line"))) == 1
    tile = tile_map([Tile("सुकमा", 0, 0, None, 0)], bounds=(12, 18, 25, 32), title="x")
    assert "—" in tile
    assert "stroke-dasharray" in tile
    assert "—" in golden_curve([("0–15", None, 0)], title="x")


def test_few_complaints_are_marked_and_not_bold():
    few = tile_map([Tile("a", 0, 0, 35, 7)], bounds=(12, 18, 25, 32), title="x")
    many = tile_map([Tile("a", 0, 0, 35, 70)], bounds=(12, 18, 25, 32), title="x")
    assert "circle" in few
    assert "circle" not in many
    assert 'font-weight="600"' in many


@pytest.mark.parametrize(
    "svg",
    [
        run_chart(["जन", "फ़र", "मार्च"], [1, None, 5], title="<b>&"),
        heat_grid([[n * h for h in range(24)] for n in range(7)], days=list("abcdefg"), title="x"),
        interval_chart([Interval("महानदी", 5, 20, 412, "API")], limit_minutes=60, title="x"),
    ],
)
def test_every_chart_is_well_formed_and_named(svg):
    tree = drawn(svg)
    assert tree.get("role") == "img"
    assert tree.find(f"{SVG}title").text


def test_the_busiest_hour_is_darkest():
    counts = [[0] * 24 for _ in range(7)]
    counts[2][20] = 99
    fills = re.findall(r'fill="(#[0-9A-F]{6})"', heat_grid(counts, days=list("abcdefg"), title="x"))
    assert fills.count("#0E2A50") == 1


# Codes of today's districts by their district of 2011 (Census of India 2011, tables A-1 and PCA of Chhattisgarh).
OF_2011 = {
    "Surguja": ((389, 648, 649), 2_359_886), "Koriya": ((384, 760), 658_917), "Durg": ((378, 646, 650), 3_343_872),
    "Rajnandgaon": ((388, 759, 761), 1_537_133), "Bilaspur": ((375, 647, 734), 2_663_629),
    "Janjgir-Champa": ((379, 762), 1_619_707), "Raipur and Raigarh": ((387, 644, 645, 386, 763), 5_557_856),
    "Bastar": ((374, 643), 1_413_199), "Dantewada": ((376, 642), 533_638),
}  # fmt: skip


def test_people_of_the_parts_of_a_district_sum_to_the_census():
    people = population()
    for name, (codes, whole) in OF_2011.items():
        assert sum(people[code] for code in codes) == whole, name
    assert sum(people.values()) == 25_545_198
    assert set(people) == set(districts_of(22))
