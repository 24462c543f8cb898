"""Signed requests and responses: one changed component, header, minute or key and they are refused, by name."""

from __future__ import annotations

import base64
import datetime as dt
import re

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from thaam.wire import codec, problems, signing
from thaam.wire.problems import Problem
from wire_cast import AT, DEMO1, DEMO2, HOLD_ANSWER, PLATFORM

URL = "https://platform.example/api/v1/answers?x=1"
BODY = codec.encode(HOLD_ANSWER)
NONCE = "nonce-nonce-nonce-1"
KEYS = {DEMO1.key_id: DEMO1.public, DEMO2.key_id: DEMO2.public}
SECOND = dt.timedelta(seconds=1)


def signed(**changes: object) -> dict[str, str]:
    asked: dict[str, object] = {"method": "POST", "url": URL, "body": BODY, "key": DEMO1, "created": AT, "nonce": NONCE}
    return signing.sign_request(**{**asked, **changes})  # type: ignore[arg-type]


def verify(headers: object, **changes: object) -> signing.Verified:
    asked: dict[str, object] = {"method": "POST", "url": URL, "body": BODY, "key_of": KEYS.get, "now": AT}
    return signing.verify_request(headers=headers, **{**asked, **changes})  # type: ignore[arg-type]


def refused(headers: object, **changes: object) -> Problem:
    with pytest.raises(signing.BadSignature) as why:
        verify(headers, **changes)
    return why.value.problem


def test_a_signed_request_says_who_when_and_which() -> None:
    found = verify(signed())
    assert (found.keyid, found.created, found.nonce, found.skew) == (DEMO1.key_id, AT, NONCE, 0 * SECOND)


def test_header_names_may_change_case_and_headers_may_be_added_on_the_way() -> None:
    headers = [(name.upper(), value) for name, value in signed().items()]
    assert verify([("Via", "1.1 proxy"), *headers, ("X-Forwarded-For", "10.0.0.1")]).keyid == DEMO1.key_id


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"method": "PUT"}, problems.BAD_SIGNATURE),
        ({"url": URL + "2"}, problems.BAD_SIGNATURE),
        ({"url": URL.replace("https", "http")}, problems.BAD_SIGNATURE),
        ({"url": URL.replace("platform", "other")}, problems.BAD_SIGNATURE),
        ({"url": "https://platform.example/api/v1/answers"}, problems.BAD_SIGNATURE),
        ({"body": BODY + b" "}, problems.DIGEST_DIFFERS),
        ({"body": b""}, problems.DIGEST_DIFFERS),
        ({"key_of": {}.get}, problems.UNKNOWN_KEY),
        ({"key_of": {DEMO1.key_id: DEMO2.public}.get}, problems.BAD_SIGNATURE),
        ({"key_of": {DEMO1.key_id: ec.generate_private_key(ec.SECP256R1()).public_key()}.get}, problems.BAD_SIGNATURE),
        ({"key_of": {DEMO1.key_id: b"a shared secret"}.get}, problems.BAD_SIGNATURE),
        ({"now": AT + 301 * SECOND}, problems.STALE),
        ({"now": AT - 301 * SECOND}, problems.STALE),
    ],
)
def test_what_differs_from_what_was_signed_is_refused(change: dict[str, object], problem: Problem) -> None:
    assert refused(signed(), **change) == problem


@pytest.mark.parametrize("away", [-300, 300])
def test_the_edge_of_the_window_is_inside(away: int) -> None:
    assert verify(signed(), now=AT + away * SECOND).skew == away * SECOND


def test_only_a_true_signature_is_called_stale_and_told_our_time() -> None:
    late = AT + 400 * SECOND
    with pytest.raises(signing.BadSignature) as why:
        verify(signed(), now=late)
    assert why.value.now == late
    with pytest.raises(signing.BadSignature) as why:
        verify(signed(), now=late, body=b"other")
    assert why.value.now is None


REPLACEMENTS = [
    # every component left out
    (r' "@target-uri"', "", None),
    (r'"@method" ', "", None),
    (r' "content-digest"', "", None),
    # twice, in another order, unknown, in capitals, as a token, with a parameter
    (r'"@method" ', '"@method" "@method" ', problems.BAD_SIGNATURE),
    (r'"@method" "@target-uri"', '"@target-uri" "@method"', problems.BAD_SIGNATURE),
    (r'"@method" ', '"@method" "@unknown" ', problems.BAD_SIGNATURE),
    (r'"@method" ', '"@Method" ', problems.BAD_SIGNATURE),
    (r'"@method" ', "method ", problems.BAD_SIGNATURE),
    (r'"@method" ', '"@method";req ', problems.BAD_SIGNATURE),
    (r'"@method" ', '"@method" "x-absent" ', problems.BAD_SIGNATURE),
    (r'"@method" ', '"@method" "@status" ', problems.BAD_SIGNATURE),
    (r'"content-digest"', '"content-digest";bs', problems.BAD_SIGNATURE),
    # the parameters
    (r"created=\d+", "created=1", problems.BAD_SIGNATURE),
    (r"created=\d+", "created=99999999999999", problems.BAD_SIGNATURE),
    (r"created=\d+", "created=-1", problems.BAD_SIGNATURE),
    (r"created=(\d+)", r'created="\1"', problems.BAD_SIGNATURE),
    (r"created=(\d+)", r"created=\1.5", problems.BAD_SIGNATURE),
    (r"created=\d+;", "", problems.BAD_SIGNATURE),
    (r'keyid="demo1-1"', 'keyid="demo2-1"', problems.BAD_SIGNATURE),
    (r'keyid="demo1-1"', 'keyid="nobody"', problems.UNKNOWN_KEY),
    (r'keyid="demo1-1"', "keyid=demo1", problems.BAD_SIGNATURE),
    (r';keyid="demo1-1"', "", problems.BAD_SIGNATURE),
    (r'alg="ed25519"', 'alg="hmac-sha256"', problems.BAD_SIGNATURE),
    (r'alg="ed25519"', 'alg="rsa-pss-sha512"', problems.BAD_SIGNATURE),
    (r'alg="ed25519"', 'alg="none"', problems.BAD_SIGNATURE),
    (r'alg="ed25519"', 'alg=""', problems.BAD_SIGNATURE),
    (r'alg="ed25519"', "alg", problems.BAD_SIGNATURE),
    (r";alg=.ed25519.", "", problems.BAD_SIGNATURE),
    (r'nonce="[^"]*"', 'nonce="another-nonce-another"', problems.BAD_SIGNATURE),
    (r';nonce="[^"]*"', "", problems.BAD_SIGNATURE),
    (r"$", ";tag=1", problems.BAD_SIGNATURE),
    (r"$", ";unheard=1", problems.BAD_SIGNATURE),
    (r"$", ";expires=1", problems.BAD_SIGNATURE),
    # the shape
    (r"^thaam=", "", problems.BAD_SIGNATURE),
    (r"^thaam=", "other=", problems.BAD_SIGNATURE),
    (r"^.*$", "", problems.BAD_SIGNATURE),
    (r"^.*$", "thaam", problems.BAD_SIGNATURE),
    (r"^.*$", "thaam=()", problems.BAD_SIGNATURE),
    (r"^.*$", "(((((((((", problems.BAD_SIGNATURE),
    (r"^.*$", "थाम=()", problems.BAD_SIGNATURE),
    (r"^.*$", "thaam=(" + '"@method" ' * 5_000 + ")", problems.BAD_SIGNATURE),
    (r"^(.*)$", r"\1, \1", problems.BAD_SIGNATURE),
    (r"^thaam=(.*)$", r"thaam=\1, second=\1", problems.BAD_SIGNATURE),
]


@pytest.mark.parametrize(("pattern", "replacement", "problem"), REPLACEMENTS)
def test_a_changed_signature_input_is_refused(pattern: str, replacement: str, problem: Problem | None) -> None:
    headers = signed()
    headers["signature-input"] = re.sub(pattern, replacement, headers["signature-input"], count=1)
    found = refused(headers)
    assert found == (problem or problems.BAD_SIGNATURE)
    assert found.status == 401


@pytest.mark.parametrize(
    "value",
    [
        "", "thaam=::", "thaam=:AAAA:", "thaam=1", 'thaam="text"', "thaam=:!!!!:", "thaam=:" + "A" * 88 + ":",
        "other=:AAAA:", "thaam", "thaam=()", ",", "thaam=:" + "A" * 100_000 + ":",
    ],
)  # fmt: skip
def test_a_changed_signature_is_refused(value: str) -> None:
    assert refused({**signed(), "signature": value}) == problems.BAD_SIGNATURE


@pytest.mark.parametrize("name", ["signature", "signature-input"])
def test_a_request_without_a_signature_is_told_so(name: str) -> None:
    headers = signed()
    del headers[name]
    assert refused(headers) == problems.NOT_SIGNED


@pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest"])
def test_a_header_given_twice_is_refused(name: str) -> None:
    headers = [*signed().items(), (name, signed()[name])]
    assert refused(headers) == problems.BAD_SIGNATURE


@pytest.mark.parametrize(
    "digest",
    [
        "sha-256=:AAAA:", "md5=:AAAA:", "", "sha-256", "sha-512=:" + "A" * 88 + ":", "id-sha-256=:AAAA:",
    ],
)  # fmt: skip
def test_a_digest_of_another_kind_or_value_is_refused_even_when_signed(digest: str) -> None:
    headers = by_hand(["@method", "@target-uri", "content-digest"], digest=digest)
    assert refused(headers) == problems.DIGEST_DIFFERS


def by_hand(names: list[str], *, nonce: str | None = NONCE, digest: str | None = None) -> dict[str, str]:
    """A true signature made without our code or the library's: RFC 9421 section 2.5 followed by hand."""
    digest = signing.content_digest(BODY) if digest is None else digest
    values = {
        "@method": "POST", "@target-uri": URL, "@authority": "platform.example", "@path": "/api/v1/answers",
        "@query": "?x=1", "content-digest": digest,
    }  # fmt: skip
    covered = " ".join(f'"{name}"' for name in names)
    parameters = f'({covered});created={int(AT.timestamp())};keyid="{DEMO1.key_id}"'
    if nonce is not None:
        parameters += f';nonce="{nonce}"'
    base = "".join(f'"{name}": {values[name]}\n' for name in names) + f'"@signature-params": {parameters}'
    signature = base64.b64encode(DEMO1.sign(base.encode())).decode()
    return {"content-digest": digest, "signature-input": f"sig={parameters}", "signature": f"sig=:{signature}:"}


@pytest.mark.parametrize(
    "names",
    [
        (), ("@method",), ("@method", "@target-uri"), ("@target-uri", "content-digest"), ("@method", "content-digest"),
        ("@method", "@path", "content-digest"), ("@method", "@authority", "@path", "content-digest"),
        ("@method", "@authority", "@query", "content-digest"),
    ],
)  # fmt: skip
def test_a_true_signature_over_too_little_is_refused(names: tuple[str, ...]) -> None:
    assert refused(by_hand(list(names))) == problems.NOT_COVERED


def test_authority_path_and_query_are_as_good_as_the_whole_target() -> None:
    assert verify(by_hand(["@method", "@authority", "@path", "@query", "content-digest"])).nonce == NONCE


@pytest.mark.parametrize("nonce", ["short", "x" * 65, "spaces in a nonce are", "ünïcødé-nonce-nonce-nonce"])
def test_a_nonce_of_another_shape_is_refused_on_both_sides(nonce: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        signed(nonce=nonce)
    if nonce.isascii():
        assert refused(by_hand(["@method", "@target-uri", "content-digest"], nonce=nonce)) == problems.BAD_SIGNATURE


def test_what_may_change_something_needs_a_nonce_and_a_digest_and_a_question_needs_neither() -> None:
    with pytest.raises(ValueError, match="nonce"):
        signed(nonce=None)
    assert refused(by_hand(["@method", "@target-uri", "content-digest"], nonce=None)) == problems.NOT_COVERED
    headers = signing.sign_request(method="GET", url=URL, key=DEMO1, created=AT)
    assert "content-digest" not in headers
    assert verify(headers, method="GET", body=b"").nonce is None
    assert refused(headers, method="GET", body=b"smuggled") == problems.NOT_COVERED


def test_an_expired_signature_is_stale_and_a_clock_offset_is_believed_only_when_signed() -> None:
    assert verify(signed(offset_seconds=-90)).offset == -90
    assert refused({**signed(), signing.OFFSET_HEADER: "5"}) == problems.NOT_COVERED
    assert refused({**signed(offset_seconds=7), signing.OFFSET_HEADER: "8"}) == problems.BAD_SIGNATURE


def test_an_exact_copy_still_verifies_and_carries_the_nonce_by_which_it_is_known() -> None:
    headers = signed()
    assert verify(headers) == verify(dict(headers))


class TestResponses:
    """A response is bound to its own request."""

    def answered(self, **changes: object) -> dict[str, str]:
        asked: dict[str, object] = {
            "status": 200, "body": b"{}", "method": "POST", "url": URL, "request_headers": self.request,
            "key": PLATFORM, "created": AT,
        }  # fmt: skip
        return signing.sign_response(**{**asked, **changes})  # type: ignore[arg-type]

    def verify(self, headers: object, **changes: object) -> signing.Verified:
        asked: dict[str, object] = {
            "status": 200, "body": b"{}", "method": "POST", "url": URL, "request_headers": self.request,
            "key_of": {PLATFORM.key_id: PLATFORM.public}.get, "now": AT,
        }  # fmt: skip
        return signing.verify_response(headers=headers, **{**asked, **changes})  # type: ignore[arg-type]

    request = signed()

    def test_a_signed_response_holds(self) -> None:
        assert self.verify(self.answered()).keyid == PLATFORM.key_id

    @pytest.mark.parametrize(
        "change",
        [
            {"status": 201}, {"body": b"[]"}, {"method": "PUT"}, {"url": URL + "1"},
            {"request_headers": signed(nonce="another-nonce-another")}, {"request_headers": signed(key=DEMO2)},
            {"key_of": KEYS.get}, {"key_of": {PLATFORM.key_id: DEMO1.public}.get}, {"now": AT + 301 * SECOND},
        ],
    )  # fmt: skip
    def test_a_response_to_anything_else_is_refused(self, change: dict[str, object]) -> None:
        with pytest.raises(signing.BadSignature):
            self.verify(self.answered(), **change)

    def test_a_request_turned_into_a_response_is_refused(self) -> None:
        with pytest.raises(signing.BadSignature):
            self.verify(self.request, key_of=KEYS.get, body=BODY)

    def test_a_response_that_is_not_bound_to_the_signature_of_its_request_is_refused(self) -> None:
        unbound = self.answered(request_headers={})
        assert self.verify(unbound, request_headers={}).keyid == PLATFORM.key_id
        with pytest.raises(signing.BadSignature) as why:
            self.verify(unbound)
        assert why.value.problem == problems.NOT_COVERED
