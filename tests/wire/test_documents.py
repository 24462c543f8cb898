"""What docs/wire shows is what the code does: examples, OpenAPI, problems, and who learns what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from thaam.cli import docs
from thaam.wire import codec, openapi, problems, receivers
from thaam.wire.fields import fields_of
from thaam.wire.messages import KINDS, ORDERS
from wire_cast import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda each: type(each).__name__)
def test_the_golden_file_of_a_message_is_read_and_written_to_the_same_message(message: Any) -> None:
    golden = (ROOT / "docs" / "wire" / "examples" / f"{type(message).__name__}.json").read_bytes()
    assert codec.decode(golden) == message
    assert codec.canonical(codec.parse(golden)) == codec.encode(message)


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("openapi.json", lambda: openapi.to_bytes().decode()),
        ("problems.md", docs.problems_page),
        ("receivers.md", docs.receivers_page),
    ],
)
def test_generated_documents_of_the_wire_are_fresh(path: str, made: Any) -> None:
    assert (ROOT / "docs" / "wire" / path).read_text(encoding="utf-8") == made()


def test_every_field_of_every_message_has_a_receiver_and_a_reason() -> None:
    table = receivers.table()
    assert {row[0] for row in table} == set(KINDS)
    assert all(why for *_, why in table)
    used = {(row[0], row[2].rpartition(".")[2].removesuffix("[]")) for row in table}
    for name in receivers.WHY:
        kind, _, field = name.rpartition(".")
        assert any(field == each and kind in ("", message) for message, each in used), f"{name} is no field any more"


@pytest.mark.req("S0.8")
def test_no_order_names_the_victim_tells_the_story_or_shows_other_claims() -> None:
    telling = {"name", "victim", "story", "hop", "trail", "claim_ids", "complaint", "parent", "root"}
    for kind in ORDERS:
        for path, _, field in receivers.leaves_of(KINDS[kind]):
            assert field not in telling, f"{kind}.{path}"
    personal = {"payer_mobile", "payer_account_last4", "to_account"}
    for kind in ORDERS - {"LocatePayment", "RestoreOrder"}:
        assert not personal & {field for _, _, field in receivers.leaves_of(KINDS[kind])}


def test_the_description_speaks_of_every_message_every_field_and_every_problem() -> None:
    described = openapi.document()
    schemas = described["components"]["schemas"]
    for kind, cls in KINDS.items():
        assert set(schemas[kind]["properties"]) == {"kind", "version", *(field.name for field in fields_of(cls))}
        assert schemas[kind]["additionalProperties"] is False
    assert schemas["Problem"]["properties"]["code"]["enum"] == list(problems.PROBLEMS)
    references = set(_references(described))
    for reference in references:
        found: Any = described
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    statuses = {str(each.status) for each in problems.PROBLEMS.values()}
    assert {name.removeprefix("Problem") for name in described["components"]["responses"]} == statuses


def test_the_examples_fit_the_described_schemas() -> None:
    described = openapi.document()
    for message in EXAMPLES:
        kind = type(message).__name__
        schema = {**described, "$ref": f"#/components/schemas/{kind}"}
        jsonschema_rs.Draft202012Validator(schema).validate(json.loads(codec.encode(message)))


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for inner in value.values() for each in _references(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in _references(inner)]
    return []
