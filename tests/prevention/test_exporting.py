"""Rings for other systems: read by their own libraries, checked against their schemas, and no victim in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cast import NOON
from one_ring import LOSSES, ring
from thaam.prevention.exporting import misp, stix
from thaam.prevention.goaml import goaml


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


def test_no_complaint_number_and_no_victim_leaves():
    for told in (
        json.dumps(stix(ring(), at=NOON)),
        json.dumps(misp(ring(), at=NOON)),
        goaml(ring(), at=NOON, by="r").decode(),
    ):
        assert not any(number in told for number in LOSSES)
