"""On a Hindi page the law is named in Hindi where it has a Hindi name; the reference stays as it is."""

import re
import tomllib
from datetime import date
from importlib.resources import files

import pytest

from thaam.rulebook.law_names import named_in_hindi
from thaam.rulebook.rules import rule

DEVANAGARI = re.compile("[\u0900-\u097f]")


def rows(name, kind):
    return tomllib.loads((files("thaam.rulebook") / name).read_text())[kind]


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("BNSS 2023, section 173(3): preliminary inquiry", "भारतीय नागरिक सुरक्षा संहिता 2023, धारा 173(3)"),
        ("Code of Criminal Procedure 1973, section 102", "दंड प्रक्रिया संहिता 1973, धारा 102"),
        ("Legal Services Authorities Act 1987, sections 20 and 21", "विधिक सेवा प्राधिकरण अधिनियम 1987, धाराएँ 20 और 21"),
        ("Intermediary Rules 2021, rule 3(1)(d)", "सूचना प्रौद्योगिकी (मध्यवर्ती) नियम 2021, नियम 3(1)(d)"),
        ("RBI circular of 6 July 2017; RBI again", "भारतीय रिज़र्व बैंक"),
        ("Kerala High Court, Dr Sajeer v RBI", "केरल उच्च न्यायालय"),
        ("long enough for a slow SMS", ""),
    ],
)
def test_a_law_is_named_with_its_section_and_a_policy_names_none(source, named):
    assert named_in_hindi(source) == named


def test_every_source_that_is_law_has_words_in_hindi():
    laws = [row for row in rows("rules.toml", "rule") if row["trust"] == "law"] + rows("laws.toml", "law")
    bare = [
        row["source"]
        for row in laws
        if not row.get("source_hi") and not DEVANAGARI.search(named_in_hindi(row["source"]))
    ]
    assert bare == []


def test_the_sentence_that_explains_a_rule_keeps_the_reference_beside_the_hindi_name():
    said = rule("preliminary_inquiry", jurisdiction="IN", on=date(2026, 11, 26)).explain("hi")
    assert "आधार: भारतीय नागरिक सुरक्षा संहिता 2023, धारा 173(3) (BNSS 2023, section 173(3)" in said
