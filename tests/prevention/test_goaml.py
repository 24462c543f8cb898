"""The suspicious activity report: its own check, and the real schemas of units where a folder has them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cast import NOON
from one_ring import DAYS, LOSSES, ring
from thaam.prevention.goaml import Filing, check, filing_from, goaml
from thaam.prevention.network import Node, grouped

SCHEMAS = os.environ.get("THAAM_GOAML_SCHEMAS", "")


@pytest.mark.req("S3.11")
def test_the_report_has_every_required_element_in_order():
    body = goaml(ring(), at=NOON, by="Ravi Sahu")
    assert check(body) == []
    assert b"<account>12345678</account>" in body
    assert b"<first_name>Ravi</first_name>" in body


@pytest.mark.parametrize(
    ("found", "becomes", "told"),
    [
        (b"<report_code>SAR</report_code>", b"", "report_code is missing"),
        (b"<currency_code>INR</currency_code>", b"", "currency_code is missing"),
        (b"<rentity_id>1</rentity_id>", b"<rentity_id>0</rentity_id>", "rentity_id is a number from 1"),
        (b"<action>Shared", b"<why>x</why><action>Shared", "why is unknown"),
        (b"<significance>2<", b"<significance>11<", "significance is 0 to 10"),
        (b"DEMO2", b"", "institution_name is empty"),
        (b"INR</currency_code_local>", b"</currency_code_local>", "currency_code_local is empty"),
    ],
)
def test_a_report_with_a_fault_is_named_by_it(found, becomes, told):
    body = goaml(ring(), at=NOON, by="r")
    assert found in body
    assert told in check(body.replace(found, becomes, 1))


def test_two_elements_that_changed_places_are_seen():
    body = goaml(ring(), at=NOON, by="r").decode()
    moved = re.sub(r"(<significance>.*?</significance>)(\s*)(<reason>.*?</reason>)", r"\3\2\1", body, count=1)
    assert moved != body
    assert check(moved.encode()) == ["the elements of report_party are out of order"]


def test_names_in_any_script_fit_the_narrowest_schema():
    """A schema of 2.0 takes printable ASCII and names in letters only."""
    nodes = {
        "account x": Node("account x", "account", "DEMO2/12345678", frozenset(LOSSES)),
        "person y": Node("person y", "person", "मोहम्मद", frozenset(LOSSES)),
    }
    made = grouped(nodes, LOSSES, DAYS)[0]
    for by in ("साहू", "r2", ""):
        body = goaml(made, at=NOON, by=by).decode()
        assert body.isascii()
        assert re.search(r"<first_name>[A-Za-z]{2,}</first_name>", body)
    assert "U+092E" in body


def test_the_units_codes_are_settings():
    filing = filing_from("entity=412 report=STR indicator=FRDIG")
    body = goaml(ring(), at=NOON, by="r", filing=filing)
    assert filing == Filing(412, "STR", "FRDIG")
    assert b"<rentity_id>412</rentity_id>" in body
    assert b"<indicator>FRDIG</indicator>" in body
    with pytest.raises(ValueError, match="code"):
        filing_from("code=1")


@pytest.mark.skipif(not SCHEMAS, reason="THAAM_GOAML_SCHEMAS names no folder: a unit's schema is not ours to ship")
def test_the_schemas_of_the_units_accept_it():
    """Every .xsd in the folder; report code and indicator are taken from the schema's own lists, as a setting would."""
    etree = pytest.importorskip("lxml.etree")
    files = sorted(Path(SCHEMAS).glob("*.xsd"))
    assert files
    for file in files:
        told = etree.parse(str(file))
        schema = etree.XMLSchema(told)
        codes = [each.get("value") for each in _enumerated(told, "report_type")]
        filing = Filing(
            7, "SAR" if "SAR" in codes else "STR", _enumerated(told, "report_indicator_type")[0].get("value")
        )
        body = goaml(ring(), at=NOON, by="Ravi Sahu", filing=filing)
        assert schema.validate(etree.fromstring(body)), (file.name, schema.error_log)
        assert not schema.validate(etree.fromstring(body.replace(b"<account>12345678</account>", b"")))


def _enumerated(schema, name):
    space = "{http://www.w3.org/2001/XMLSchema}"
    return list(schema.find(f"{space}simpleType[@name='{name}']").iter(f"{space}enumeration"))
