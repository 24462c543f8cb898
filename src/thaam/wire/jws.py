"""Detached JWS over the exact bytes of a message: the signature that stays with it as evidence.

RFC 7515 with the payload left out and RFC 7797 (`b64: false`), Ed25519 (RFC 8037), carried in `x-jws-signature`.
One algorithm and one header shape are accepted; anything else is refused before a key is looked at.
"""

from __future__ import annotations

import base64
import binascii
import re

from cryptography.exceptions import InvalidSignature

from thaam.wire import codec, problems
from thaam.wire.keys import KeyOf, SigningKey
from thaam.wire.problems import Problem

HEADER = "x-jws-signature"
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")


class BadEvidence(Exception):
    """The detached JWS is missing, malformed, of an unknown key, or does not hold. Carries the problem."""

    def __init__(self, detail: str, problem: Problem = problems.NOT_EVIDENCE) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail


def sign_detached(body: bytes, key: SigningKey) -> str:
    """`header..signature` over `body` exactly as given."""
    header = codec.canonical({"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": key.key_id})
    protected = _encoded(header)
    return f"{protected}..{_encoded(key.sign(protected.encode() + b'.' + body))}"


def verify_detached(body: bytes, jws: str | None, key_of: KeyOf) -> str:
    """The key id whose signature holds over exactly these bytes. Raises BadEvidence."""
    if not jws:
        raise BadEvidence("there is no detached JWS")
    if len(jws) > 2_048:
        raise BadEvidence("longer than any detached JWS of ours")
    parts = jws.split(".")
    if len(parts) != 3 or parts[1]:
        raise BadEvidence("not of the form header..signature")
    key_id = _key_id_of(_decoded(parts[0]))
    key = key_of(key_id)
    if key is None:
        raise BadEvidence("the key is not known or not valid at this time", problems.UNKNOWN_KEY)
    signature = _decoded(parts[2])
    if len(signature) != 64:
        raise BadEvidence("an Ed25519 signature has 64 bytes")
    try:
        key.verify(signature, parts[0].encode() + b"." + body)
    except InvalidSignature as why:
        raise BadEvidence("the signature does not hold over these bytes") from why
    return key_id


def signed_by(jws: str) -> str:
    """The key id a detached JWS names; only for one that was verified before. Raises BadEvidence."""
    return _key_id_of(_decoded(jws.partition(".")[0]))


def _key_id_of(raw: bytes) -> str:
    try:
        header = codec.parse(raw, limit=1_024)
    except codec.BadMessage as why:
        raise BadEvidence(f"the header is not strict JSON: {why.problem.code}") from why
    if type(header) is not dict or header.keys() != {"alg", "b64", "crit", "kid"}:
        raise BadEvidence("the header has exactly alg, b64, crit, kid")
    if header["alg"] != "EdDSA" or header["b64"] is not False or header["crit"] != ["b64"]:
        raise BadEvidence('the header says "alg":"EdDSA","b64":false,"crit":["b64"]')
    key_id = header["kid"]
    if type(key_id) is not str or not 0 < len(key_id) <= 64:
        raise BadEvidence("kid is the id of a key")
    return key_id


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    if _BASE64URL.fullmatch(text) is None:
        raise BadEvidence("not base64url")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as why:
        raise BadEvidence("not base64url") from why
    if _encoded(raw) != text:
        raise BadEvidence("not canonical base64url")
    return raw
