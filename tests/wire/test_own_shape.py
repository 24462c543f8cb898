"""The shape of signature we write ourselves: the same bytes as the library's, and nothing accepted that it refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thaam.wire import own_shape, signing
from wire_cast import AT, DEMO1, PLATFORM

KEYS = {DEMO1.key_id: DEMO1.public, PLATFORM.key_id: PLATFORM.public}
NONCE = "nonce-nonce-nonce-1"
URLS = st.sampled_from(
    [
        "https://platform.example/api/v1/answers", "http://127.0.0.1:8000/api/v1/mailbox?after=1&limit=2",
        "https://platform.example/", "https://platform.example", "https://platform.example:443/a",
        "http://platform.example:80/a", "https://PLATFORM.example/a", "https://user@platform.example/a",
        "https://platform.example/a#part", "https://platform.example/%E0%A4%A5?q=%20", "https://[::1]/a",
        "https://platform.example/a?", "https://platform.example/a b",
    ]
)  # fmt: skip
METHODS = st.sampled_from(["GET", "POST", "PUT", "OPTIONS", "DELETE"])
TIMES = st.integers(1, 7_000_000_000).map(lambda seconds: dt.datetime.fromtimestamp(seconds, dt.UTC))


def by_the_library(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(own_shape, "signed", lambda *told: None)
    patch.setattr(signing, "_verify_quickly", lambda *told: None)


def outcome(work: object) -> object:
    try:
        return work()  # type: ignore[operator]
    except Exception as why:
        return type(why).__name__


@given(METHODS, URLS, st.binary(max_size=60), TIMES, st.sampled_from([0, 90, -4]))
def test_a_request_is_signed_with_the_librarys_bytes(
    method: str, url: str, body: bytes, created: dt.datetime, offset: int
) -> None:
    def sign() -> object:
        return signing.sign_request(
            method=method, url=url, body=body, key=DEMO1, created=created, nonce=NONCE, offset_seconds=offset
        )

    quick = outcome(sign)
    with pytest.MonkeyPatch.context() as patch:
        by_the_library(patch)
        assert outcome(sign) == quick


@given(METHODS, URLS, st.binary(max_size=60), st.integers(200, 599), st.text(max_size=20))
def test_a_response_is_signed_with_the_librarys_bytes(
    method: str, url: str, body: bytes, status: int, signature: str
) -> None:
    def sign() -> object:
        return signing.sign_response(
            status=status, body=body, method=method, url=url, request_headers={"signature": signature}, key=PLATFORM,
            created=AT,
        )  # fmt: skip

    quick = outcome(sign)
    with pytest.MonkeyPatch.context() as patch:
        by_the_library(patch)
        assert outcome(sign) == quick


@given(st.data())
def test_what_is_held_quickly_the_library_holds_too(data: st.DataObject) -> None:
    """A signed request, then one character of one header or of the address put in, taken out or changed."""
    url = "https://platform.example/api/v1/answers?x=1"
    headers = signing.sign_request(method="POST", url=url, body=b"{}", key=DEMO1, created=AT, nonce=NONCE)
    name = data.draw(st.sampled_from([*headers, "url"]))
    text = url if name == "url" else headers[name]
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", " ", '"', ";", ",", "A", "a", "0", "=", "\t", "é", ";req", "/", "+"]))
    changed = text[:at] + put + text[at + data.draw(st.integers(0, 1)) :]
    url, headers = (changed, headers) if name == "url" else (url, {**headers, name: changed})

    def verify() -> object:
        return signing.verify_request(method="POST", url=url, headers=headers, body=b"{}", key_of=KEYS.get, now=AT)

    quick = outcome(verify)
    with pytest.MonkeyPatch.context() as patch:
        by_the_library(patch)
        assert outcome(verify) == quick


def test_our_own_messages_take_the_quick_way() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(signing, "HTTPMessageSigner", None)
        patch.setattr(signing, "_Verifier", None)
        url = "https://platform.example/api/v1/answers"
        headers = signing.sign_request(
            method="POST", url=url, body=b"{}", key=DEMO1, created=AT, nonce=NONCE, offset_seconds=7
        )
        verified = signing.verify_request(method="POST", url=url, headers=headers, body=b"{}", key_of=KEYS.get, now=AT)
        assert (verified.keyid, verified.nonce, verified.offset) == (DEMO1.key_id, NONCE, 7)
        about = {"status": 200, "body": b"[]", "method": "POST", "url": url, "request_headers": headers}
        answer = signing.sign_response(key=PLATFORM, created=AT, **about)  # type: ignore[arg-type]
        assert signing.verify_response(headers=answer, key_of=KEYS.get, **about).keyid == PLATFORM.key_id  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ['"@status"', '"@method";req', '"@path"', '"@signature-params"', '"x-absent"'])
def test_a_component_that_is_not_the_requests_is_left_to_the_library(name: str) -> None:
    inner = f'({name});created=1;keyid="demo1-1";alg="ed25519"'
    message = signing._Message(method="GET", url="https://platform.example/a", headers=signing._Fields({}))
    values = own_shape.values_of(message)
    assert values is not None and values(name) is None
    assert own_shape.held(f"thaam={inner}", f"thaam=:{'A' * 86}==:", values, KEYS.get) is None
