"""The detached JWS: exact bytes, one algorithm, one header shape."""

from __future__ import annotations

import base64
import json

import pytest
from joserfc import jws as joserfc_jws
from joserfc.jwk import OKPKey

from thaam.wire import codec, jws, keys, problems
from wire_cast import DEMO1, DEMO2, HOLD

BODY = codec.encode(HOLD)
KEY_OF = {DEMO1.key_id: DEMO1.public, DEMO2.key_id: DEMO2.public}.get


def encoded(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def made(header: object, *, body: bytes = BODY) -> str:
    """A true Ed25519 signature under whatever header."""
    protected = encoded(header)
    return f"{protected}..{encoded(DEMO1.sign(protected.encode() + b'.' + body))}"


GOOD = {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": DEMO1.key_id}


def test_a_signature_holds_over_exactly_these_bytes() -> None:
    assert jws.verify_detached(BODY, jws.sign_detached(BODY, DEMO1), KEY_OF) == DEMO1.key_id
    assert jws.verify_detached(BODY, made(GOOD), KEY_OF) == DEMO1.key_id


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_another_library_reads_ours_and_we_read_its() -> None:
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": keys.public_text(DEMO1.public)})
    header, _, signature = jws.sign_detached(BODY, DEMO1).split(".")
    registry = joserfc_jws.JWSRegistry(algorithms=["EdDSA"])
    found = joserfc_jws.deserialize_compact(f"{header}..{signature}".encode(), key, registry=registry, payload=BODY)
    assert found.protected["kid"] == DEMO1.key_id


@pytest.mark.parametrize("body", [BODY + b"\n", BODY[1:], b"", BODY.replace(b"true", b"false")])
def test_other_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(jws.BadEvidence):
        jws.verify_detached(body, jws.sign_detached(BODY, DEMO1), KEY_OF)


@pytest.mark.parametrize(
    "header",
    [
        {**GOOD, "alg": "none"}, {**GOOD, "alg": "HS256"}, {**GOOD, "alg": "ES256"}, {**GOOD, "alg": "eddsa"},
        {**GOOD, "b64": True}, {**GOOD, "crit": []}, {**GOOD, "crit": ["b64", "exp"]}, {**GOOD, "crit": "b64"},
        {**GOOD, "typ": "JWT"}, {**GOOD, "jwk": {}}, {**GOOD, "jku": "https://evil.example"}, {**GOOD, "kid": 7},
        {**GOOD, "kid": ""}, {key: GOOD[key] for key in ("alg", "b64", "crit")},
        {key: GOOD[key] for key in ("alg", "kid")}, [], 1, "text", None, b"", b"{", b"\xff",
        b'{"alg":"none","alg":"EdDSA","b64":false,"crit":["b64"],"kid":"demo1-1"}',
    ],
)  # fmt: skip
def test_a_true_signature_under_another_header_is_refused(header: object) -> None:
    with pytest.raises(jws.BadEvidence) as why:
        jws.verify_detached(BODY, made(header), KEY_OF)
    assert why.value.problem == problems.NOT_EVIDENCE


def test_key_ids_are_looked_up_and_never_confused() -> None:
    with pytest.raises(jws.BadEvidence) as why:
        jws.verify_detached(BODY, made({**GOOD, "kid": "nobody"}), KEY_OF)
    assert why.value.problem == problems.UNKNOWN_KEY
    with pytest.raises(jws.BadEvidence) as why:
        jws.verify_detached(BODY, made({**GOOD, "kid": DEMO2.key_id}), KEY_OF)
    assert why.value.problem == problems.NOT_EVIDENCE


SIGNED = jws.sign_detached(BODY, DEMO1)
HEAD, _, TAIL = SIGNED.split(".")


@pytest.mark.parametrize(
    "text",
    [
        None, "", ".", "..", "...", SIGNED + ".", f"{HEAD}.{encoded(BODY)}.{TAIL}", f"{HEAD}..", f"..{TAIL}",
        f"{HEAD}=..{TAIL}", f"{HEAD}..{TAIL}==", f"{HEAD}..{TAIL[:-1]}", f"{HEAD}..{TAIL}A", f" {SIGNED}",
        SIGNED + "\n", f"{HEAD}..{TAIL.replace('A', '+')}+", f"{HEAD}..é", "a" * 100_000, f"{HEAD}..{'A' * 86}",
        # the same 64 bytes written with other trailing bits
        f"{HEAD}..{TAIL[:-1]}{chr(ord(TAIL[-1]) + 1)}",
    ],
)  # fmt: skip
def test_anything_not_exactly_a_detached_jws_is_refused(text: str | None) -> None:
    with pytest.raises(jws.BadEvidence):
        jws.verify_detached(BODY, text, KEY_OF)
