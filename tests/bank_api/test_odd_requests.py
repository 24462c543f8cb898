"""Requests of an odd shape, truly signed: sent in chunks, asked twice, with a query that names too much."""

from __future__ import annotations

import datetime
import io
import itertools
import json
from typing import Any

import pytest
from django.test import Client

from cast import NOON, bank, hold_answer, hold_order, running_as, signs_for
from thaam.mailbox.models import Answer
from thaam.mailbox.posting import post
from thaam.parties.keys import introduce_platform_key
from thaam.suspects.models import LookUp
from thaam.suspects.naming import IdentifierKind
from thaam.wire import codec, jws, openapi, signing
from thaam.wire.codec import MAX_BODY_BYTES
from thaam.wire.keys import SigningKey

pytestmark = pytest.mark.django_db
_nonces = (f"odd-request-{number:08}" for number in itertools.count())
ANSWERS, SCREEN = "/api/v1/answers", "/api/v1/suspects/screen"
ASKED = {"purpose": "payment", "identifiers": [{"kind": "phone", "value": "9876500001"}]}


@pytest.fixture
def key() -> SigningKey:
    with running_as("thaam_loops"):
        introduce_platform_key(at=NOON - datetime.timedelta(days=4000))
        bank("DEMO1")
        return signs_for("DEMO1", at=NOON - datetime.timedelta(days=4000))


def signed(key: SigningKey, method: str, target: str, body: bytes = b"", nonce: str | None = None) -> dict[str, str]:
    nonce = None if method == "GET" else nonce or next(_nonces)
    now = datetime.datetime.now(datetime.UTC)
    url = f"http://testserver{target}"
    headers = signing.sign_request(method=method, url=url, body=body, key=key, created=now, nonce=nonce)
    return {**headers, jws.HEADER: jws.sign_detached(body, key)}


def told(response: Any) -> tuple[int, str]:
    return response.status_code, json.loads(response.content).get("code", "")


# -- queries

TOO_MUCH = ("&" * 1_001, "a=1&" * 1_500, "x=1", "%00=1", "%ED%A0%80=1", "=")


@pytest.mark.parametrize("query", TOO_MUCH, ids=lambda query: query[:8])
@pytest.mark.parametrize("path", ["mailbox", "holds", "suspects", "hints"])
def test_a_query_of_other_or_too_many_names_is_refused(key: SigningKey, path: str, query: str) -> None:
    target = f"/api/v1/{path}?{query}"
    assert told(Client().get(target, headers=signed(key, "GET", target))) == (400, "bad_query")


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/mailbox?after=0&after=1", "/api/v1/mailbox?limit=1&limit=1", "/api/v1/suspects?from=0&from=0",
        f"/api/v1/mailbox?after={2**53}",
        f"/api/v1/holds?key={'0' * 64}&first={'0' * 64}&last={'f' * 64}&last={'f' * 64}",
    ],
)  # fmt: skip
def test_a_parameter_that_comes_twice_or_is_beyond_what_json_keeps_is_refused(key: SigningKey, target: str) -> None:
    assert told(Client().get(target, headers=signed(key, "GET", target))) == (400, "bad_query")


# -- a body without a length: in chunks, or over HTTP/2


class _Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        raise OSError("the other side is gone")


def in_chunks(key: SigningKey, body: bytes, stream: io.BytesIO | None = None) -> Any:
    """As our server hands a chunked request on: no CONTENT_LENGTH, a stream that ends by itself."""
    parts = {"wsgi.input": stream or io.BytesIO(body), "wsgi.input_terminated": True}
    headers = {**signed(key, "POST", ANSWERS, body), "content-type": "application/json"}
    return Client().generic("POST", ANSWERS, headers=headers, **parts)


def test_an_answer_sent_in_chunks_is_kept_like_any_other(key: SigningKey) -> None:
    with running_as("thaam_loops"):
        order = hold_order()
        post(partner="DEMO1", message=order, at=NOON, by="officer:1")
    assert told(in_chunks(key, codec.encode(hold_answer(order)))) == (200, "")
    with running_as("thaam_loops"):
        assert Answer.objects.count() == 1


def test_chunks_without_end_are_too_large_and_those_that_break_off_are_refused(key: SigningKey) -> None:
    assert told(in_chunks(key, b" " * MAX_BODY_BYTES)) == (400, "malformed_json")
    assert told(in_chunks(key, b" " * (MAX_BODY_BYTES + 1))) == (413, "too_large")
    assert told(in_chunks(key, b"{}", _Broken())) == (400, "malformed_json")


# -- screening


def screen(key: SigningKey, asked: Any, *, nonce: str | None = None, kind: str = "application/json") -> Any:
    body = json.dumps(asked).encode()
    return Client().generic("POST", SCREEN, body, kind, headers=signed(key, "POST", SCREEN, body, nonce))


def test_a_question_asked_twice_under_one_nonce_is_told_so_and_counted_once(key: SigningKey) -> None:
    assert told(screen(key, ASKED, nonce="one-nonce-for-two")) == (200, "")
    other = {**ASKED, "purpose": "review"}
    # never `same_id_other_content`, on which a node stops
    assert told(screen(key, ASKED, nonce="one-nonce-for-two")) == (409, "nonce_used")
    assert told(screen(key, other, nonce="one-nonce-for-two")) == (409, "nonce_used")
    with running_as("thaam_loops"):
        assert LookUp.objects.count() == 1


@pytest.mark.parametrize(
    "asked",
    [
        {**ASKED, "more": 1}, {**ASKED, "identifiers": [{**ASKED["identifiers"][0], "more": 1}]},  # type: ignore[dict-item]
        {**ASKED, "identifiers": []}, {**ASKED, "identifiers": [{"kind": "phone", "value": "9" * 301}]},
        {**ASKED, "identifiers": {}}, {**ASKED, "identifiers": [["kind", "value"]]}, [], "purpose",
    ],
)  # fmt: skip
def test_a_question_with_anything_but_what_is_described_is_refused(key: SigningKey, asked: Any) -> None:
    assert told(screen(key, asked)) == (422, "wrong_type")


def test_a_question_is_json(key: SigningKey) -> None:
    assert told(screen(key, ASKED, kind="text/plain")) == (415, "media_type")


def test_every_kind_the_registry_knows_is_described() -> None:
    assert tuple(IdentifierKind) == openapi.IDENTIFIERS
