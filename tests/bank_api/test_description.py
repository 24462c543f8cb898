"""The description of the API, taken at its word: whatever it allows is answered as it says, signed or not."""

from __future__ import annotations

import datetime
import itertools
import json
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings

from cast import NOON, bank, running_as, signs_for
from thaam.journal.sequencing import Sequencer
from thaam.parties.keys import introduce_platform_key, platform_key
from thaam.wire import codec, jws, openapi, signing
from thaam.wire.keys import SigningKey

pytestmark = pytest.mark.django_db

DESCRIPTION = openapi.document()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
_numbers = itertools.count()


@pytest.fixture
def key() -> SigningKey:
    with running_as("thaam_loops"):
        introduce_platform_key(at=NOON - datetime.timedelta(days=4000))
        bank("DEMO1")
        found = signs_for("DEMO1", at=NOON - datetime.timedelta(days=4000))
        Sequencer(platform_key()).number(at=NOON)
        return found


def ask(case: Any, key: SigningKey | None) -> Any:
    """Send a generated request, truly signed with `key`, or as generated."""
    sent = case.as_transport_kwargs()
    target = case.formatted_path
    if case.query:
        from urllib.parse import urlencode

        target += "?" + urlencode(case.query, doseq=True)
    body = b"" if case.method == "GET" else codec.canonical(case.body) if _canonical(case.body) else b"{}"
    headers = {name: value for name, value in (sent.get("headers") or {}).items() if name.lower() in SIGNED}
    if key is not None:
        now = datetime.datetime.now(datetime.UTC)
        url = f"http://testserver{target}"
        nonce = None if case.method == "GET" else f"described-nonce-{next(_numbers):06}"
        headers = signing.sign_request(method=case.method, url=url, body=body, key=key, created=now, nonce=nonce)
        headers[jws.HEADER] = jws.sign_detached(body, key)
    return Client().generic(case.method, target, body, "application/json", headers=headers)


SIGNED = {"signature", "signature-input", "content-digest", jws.HEADER}


def _canonical(value: Any) -> bool:
    try:
        codec.canonical(value)
    except (TypeError, ValueError):
        return False
    return True


def check_described(operation: Any, response: Any) -> None:
    """Status, media type and body are among those the description gives for the operation."""
    described = DESCRIPTION["paths"][operation.path][operation.method]["responses"]
    assert str(response.status_code) in described, (operation.label, response.status_code, response.content)
    found = described[str(response.status_code)]
    if "$ref" in found:
        found = DESCRIPTION["components"]["responses"][found["$ref"].rpartition("/")[2]]
    media = response["content-type"].partition(";")[0]
    schema = {**DESCRIPTION, **found["content"][media]["schema"]}
    jsonschema_rs.Draft202012Validator(schema).validate(json.loads(response.content))
    assert response["signature"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "as generated"])
def test_whatever_the_description_allows_is_answered_as_it_says(
    key: SigningKey, operation: Any, is_signed: bool
) -> None:
    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def answered(case: Any) -> None:
        check_described(operation, ask(case, key if is_signed else None))

    answered()


@pytest.mark.parametrize("path", sorted(DESCRIPTION["paths"]))
@pytest.mark.usefixtures("key")
def test_every_other_method_is_refused_and_told_which_are_allowed(path: str) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - {
        each.upper() for each in DESCRIPTION["paths"][path]
    }:
        response = Client().generic(method, path)
        assert (response.status_code, json.loads(response.content)["code"]) == (405, "method_not_allowed")
        assert response["allow"]


def test_the_description_is_served_as_it_is_written(key: SigningKey) -> None:
    assert json.loads(Client().get("/api/v1/openapi.json").content) == json.loads(openapi.to_bytes())
