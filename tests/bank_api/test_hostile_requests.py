"""Whatever is sent to the banks' door, the answer is a signed refusal with a code, never an error of ours."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cast import NOON, bank, hold_answer, hold_order, running_as, signs_for
from thaam.mailbox.models import Answer
from thaam.mailbox.posting import post
from thaam.parties.keys import introduce_platform_key, platform_key
from thaam.wire import codec, jws, problems, signing
from thaam.wire.keys import SigningKey
from wire.hostile import false_signatures, wrong_json

pytestmark = pytest.mark.django_db

PATHS = (
    "/api/v1/%E0%A4%A5", "/api/v1/a b", "/api/v1/%00", "/api/v1/%zz", "/api/v1/..%2f", "/api/v1/%ED%A0%80",
    "/api/v1/" + "x" * 5_000, "/api/v1/mailbox?after=%FF", "/api/v1/mailbox?after=थाम",
    "/api/v1/mailbox?after=1&after=2", "/api/v1/mailbox?after=-1", "/api/v1/mailbox?after=१",
    "/api/v1/mailbox?limit=0", "/api/v1/mailbox?limit=99999999999", '/api/v1/mailbox?x=[]{}|^`"<>',
    "/api/v1/mailbox?" + "a=1&" * 1_500,
)  # fmt: skip
SIGNATURES = (
    ("", ""), ("x=:AA==:", 'x=("@method" "@target-uri");created=1;keyid="x"'), ("x=:AA==:\x01é", "é"),
    ("sig=:" + "A" * 9_000 + ":", "sig=(" + '"@method" ' * 900 + ")"), (",,,", ";;;"), ("x", "x=()"),
)  # fmt: skip


@pytest.fixture
def key() -> SigningKey:
    with running_as("thaam_loops"):
        introduce_platform_key(at=NOON - datetime.timedelta(days=4000))
        bank("DEMO1")
        return signs_for("DEMO1", at=NOON - datetime.timedelta(days=4000))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "PUT"])
@pytest.mark.usefixtures("key")
def test_any_address_and_any_signature_field_is_refused_with_a_code(method: str, path: str) -> None:
    for signature, signature_input in SIGNATURES:
        headers = {"signature": signature, "signature-input": signature_input} if signature else {}
        response = Client().generic(method, path, b"", "", headers=headers)
        assert 400 <= response.status_code < 500, (path, response.content)
        assert response["signature"]
        if method != "HEAD":
            assert json.loads(response.content)["code"] in problems.PROBLEMS


@pytest.mark.parametrize("host", ["", "a b", "[::1", "x" * 300, "ex_ample", "थाम", "h:99999999", "a@b", "a,b"])
@pytest.mark.usefixtures("key")
def test_any_host_is_refused_with_a_code(host: str) -> None:
    assert 400 <= Client().get("/api/v1/mailbox", headers={"host": host}).status_code < 500


def send(key: SigningKey, body: bytes, number: int, *, evidence: str | None = None) -> Any:
    """A truly signed request with any body."""
    url = "http://testserver/api/v1/answers"
    now = datetime.datetime.now(datetime.UTC)
    signed = signing.sign_request(
        method="POST", url=url, body=body, key=key, created=now, nonce=f"hostile-nonce-{number:06}"
    )
    headers = {**signed, jws.HEADER: jws.sign_detached(body, key) if evidence is None else evidence}
    return Client().generic("POST", "/api/v1/answers", body, "application/json", headers=headers)


MALFORMED = (
    b"", b"{", b"}", b"[", b'{"a"', b'{"a":}', b"{a:1}", b'{"a":1,}', b"[1,]", b"[,1]", b'{"a":1}}', b"nul", b"NaN",
    b"[NaN]", b"[Infinity]", b"[-Infinity]", b"[1.5]", b"[1e5]", b"[-0]", b"[01]", b"[+1]", b"[0x1]", b"[1.]",
    b"[.1]", b"[1e]", b"[1eE2]", b"[--1]", b"[1 2]", b"['a']", b'["\\x00"]', b'["\\u00"]', b'["\\uD800"]', b'["\t"]',
    b'["a', b'["\\"]', b"[1]x", b"\xff", b"\xef\xbb\xbf{}", b'{"a":"\xed\xa0\x80"}', b"\xc3(", b'{"a":1,"a":1}',
    b"[" * 10_000, b'{"a":' * 10_000, b"[[]" * 500, b"9" * 10_000, b"[" + b"9" * 5_000 + b"]", b"\x00", b"// a\n{}",
    b"/* a */{}", b"{}\x00", b"<xml/>", "{}".encode("utf-16"), b"true", b"[]", b"{}", b'"a"', b"null",
    b'{"kind":"HoldAnswer"}', b'{"kind":null,"version":null}', b'{"kind":"HoldOrder","version":1}',
    b'{"kind":["HoldAnswer"],"version":1}',
)  # fmt: skip


@pytest.mark.req("S1.7")
def test_every_malformed_body_is_refused_with_a_code_though_truly_signed(key: SigningKey) -> None:
    for number, body in enumerate(MALFORMED):
        response = send(key, body, number)
        assert 400 <= response.status_code < 500, (body[:60], response.content)
        assert json.loads(response.content)["code"] in problems.PROBLEMS
    with running_as("thaam_loops"):
        assert not Answer.objects.exists()


def test_every_kind_of_evidence_but_the_true_one_is_refused(key: SigningKey) -> None:
    with running_as("thaam_loops"):
        order = hold_order()
        post(partner="DEMO1", message=order, at=NOON, by="officer:1")
    body = codec.encode(hold_answer(order))
    others = jws.sign_detached(body, platform_key())
    for number, evidence in enumerate(("", ".", "..", "a..b", "é", others, "e30..AAAA", "x" * 9_000)):
        response = send(key, body, number, evidence=evidence)
        assert (response.status_code, json.loads(response.content)["status"]) == (401, 401), evidence[:40]
    assert send(key, body, 99).status_code == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_value_in_any_field_of_an_answer_is_answered_without_an_error_of_ours(
    key: SigningKey, data: st.DataObject
) -> None:
    body = json.loads(codec.encode(hold_answer(hold_order())))
    body[data.draw(st.sampled_from(sorted(body)))] = data.draw(JSON)
    response = send(key, json.dumps(body).encode(), data.draw(st.integers(1_000, 999_999)))
    assert response.status_code < 500, response.content


@pytest.mark.req("S1.7")
def test_every_vector_of_wrong_json_is_refused_at_the_door_though_truly_signed(key: SigningKey) -> None:
    for number, (name, body) in enumerate(wrong_json()):
        response = send(key, body, 10_000 + number)
        assert 400 <= response.status_code < 500, (name, response.content)
        assert json.loads(response.content)["code"] in problems.PROBLEMS
    with running_as("thaam_loops"):
        assert not Answer.objects.exists()


def test_no_false_signature_passes_the_door(key: SigningKey) -> None:
    with running_as("thaam_loops"):
        order = hold_order()
        post(partner="DEMO1", message=order, at=NOON, by="officer:1")
    body = codec.encode(hold_answer(order))
    seed = key.private.private_bytes_raw()
    header = jws.sign_detached(body, key).partition("..")[0]
    for number, (name, signature) in enumerate(false_signatures(seed, header.encode() + b"." + body)):
        false = base64.urlsafe_b64encode(signature).rstrip(b"=").decode()
        response = send(key, body, 20_000 + number, evidence=f"{header}..{false}")
        assert (response.status_code, json.loads(response.content)["code"]) == (401, "not_evidence"), name
    with running_as("thaam_loops"):
        assert not Answer.objects.exists()


QUESTIONS = (
    "/api/v1/mailbox",
    "/api/v1/keys",
    "/api/v1/holds",
    "/api/v1/hints",
    "/api/v1/checkpoints",
    "/api/v1/openapi.json",
    "/api/v1/none",
)


@pytest.mark.parametrize("path", QUESTIONS)
def test_a_question_with_a_body_is_refused_or_answered_without_reading_it(key: SigningKey, path: str) -> None:
    for _, body in list(wrong_json())[:120]:
        now = datetime.datetime.now(datetime.UTC)
        signed = signing.sign_request(method="GET", url=f"http://testserver{path}", body=body, key=key, created=now)
        for headers in (signed, {}):
            response = Client().generic("GET", path, body, "application/json", headers=headers)
            assert response.status_code < 500, (body[:40], response.content)
