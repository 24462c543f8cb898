"""Rings for other systems: read by their own libraries, checked against their schemas, and no victim in them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from cast import NOON
from thaam.prevention.exporting import check_goaml, goaml, misp, stix
from thaam.prevention.network import Node, Ring, grouped

LOSSES = {"26110000001": 40_000_00, "26110000002": 60_000_00}
DAYS = dict.fromkeys(LOSSES, dt.date(2026, 11, 20))


def ring() -> Ring:
    kinds = {
        "phone": "9876500001", "account": "DEMO2/12345678", "vpa": "balu@demo2", "url": "bad-site.example/pay",
        "email": "balu@mail.example", "imei": "490154203237518", "person": "muhamad rapik", "app": "com.bad.app",
        "social": "telegram:balu_1", "card": "411111*1111", "header": "VMFAKE",
    }  # fmt: skip
    nodes = {f"{kind} {name}": Node(f"{kind} {name}", kind, name, frozenset(LOSSES)) for kind, name in kinds.items()}
    return grouped(nodes, LOSSES, DAYS)[0]


@pytest.mark.req("S3.11")
def test_the_stix_bundle_is_read_by_the_stix_library():
    stix2 = pytest.importorskip("stix2")
    told = stix(ring(), at=NOON)
    bundle = stix2.parse(json.dumps(told), allow_custom=False, version="2.1")
    kinds = [each["type"] for each in bundle["objects"]]
    assert kinds.count("relationship") == len(ring().edges) == 55
    assert {"identity", "grouping", "email-addr", "url", "software", "user-account"} <= set(kinds)
    ids = {each["id"] for each in told["objects"]}
    assert all(
        each["source_ref"] in ids and each["target_ref"] in ids for each in told["objects"] if "source_ref" in each
    )
    assert told == stix(ring(), at=NOON)


def test_the_misp_event_keeps_the_schema_that_pymisp_carries():
    pymisp = pytest.importorskip("pymisp")
    jsonschema = pytest.importorskip("jsonschema")
    told = misp(ring(), at=NOON)
    schema = json.loads((Path(pymisp.__file__).parent / "data" / "schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema)
    event = pymisp.MISPEvent()
    event.from_dict(**told["Event"])
    types = json.loads((Path(pymisp.__file__).parent / "data" / "describeTypes.json").read_text(encoding="utf-8"))
    mapping = types["result"]["category_type_mappings"]
    assert all(each.type in mapping[each.category] for each in event.attributes)
    assert not any(each.to_ids for each in event.attributes)


def test_the_goaml_report_has_every_required_element_in_order():
    body = goaml(ring(), at=NOON, by="ravi")
    assert check_goaml(body) == []
    assert b"DEMO2" in body
    assert check_goaml(body.replace(b"<reason>", b"<why>", 1).replace(b"</reason>", b"</why>", 1)) != []
    moved = body.replace(b"<report_code>SAR</report_code>", b"")
    assert "report_code is missing" in check_goaml(moved)


def test_no_complaint_number_and_no_victim_leaves():
    for told in (
        json.dumps(stix(ring(), at=NOON)),
        json.dumps(misp(ring(), at=NOON)),
        goaml(ring(), at=NOON, by="r").decode(),
    ):
        assert not any(number in told for number in LOSSES)
