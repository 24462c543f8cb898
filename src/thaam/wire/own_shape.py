"""The one shape of RFC 9421 signature that we write ourselves, built and read without a structured-field parser.

Nine of ten messages have it, and a parser of everything the RFC allows costs more than all else a request costs. Here
nothing is refused: what does not have the shape, or does not hold, is None and left to the library (signing.py), which
alone says what is wrong with it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from thaam.wire.keys import KeyOf, SigningKey

# Addresses and values that stand in a signature base exactly as they were sent.
_URL = re.compile(r"https?://[a-z0-9.-]+(?::[0-9]{1,5})?/[!\"$-~]*")
_METHOD = re.compile(r"[A-Z]{1,16}")
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_KEY_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_INPUT = re.compile(
    r'thaam=(\(("[a-z@-]+"(?:;req)?(?: "[a-z@-]+"(?:;req)?){0,7})\)'
    r';created=([1-9][0-9]{0,11});keyid="([A-Za-z0-9._:-]{1,64})";alg="ed25519"(?:;nonce="([A-Za-z0-9_-]{16,64})")?)'
)
_SIGNATURE = re.compile(r"thaam=:([A-Za-z0-9+/]{85}[AQgw]==):")
_DEFAULT_PORTS = {"http:": ":80", "https:": ":443"}

# What a covered component says; None when it is not there once, or not plainly.
ValueOf = Callable[[str], "str | None"]


@dataclass(frozen=True, slots=True)
class Held:
    """A signature that holds: each covered component with its value, and the signed parameters."""

    covered: dict[str, str]
    created: int
    key_id: str
    nonce: str | None


def plain_target(method: str, url: str) -> bool:
    """Whether method and address stand in a signature base as they are."""
    if _METHOD.fullmatch(method) is None or _URL.fullmatch(url) is None:
        return False
    scheme, _, rest = url.partition("//")
    return not rest.partition("/")[0].endswith(_DEFAULT_PORTS[scheme])


def plain_value(value: str) -> bool:
    """Whether a header's value stands in a signature base as it is."""
    return _VALUE.fullmatch(value) is not None


def digest_of(body: bytes) -> str:
    """The `content-digest` field of a body (RFC 9530, SHA-256)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def sign(covered: dict[str, str], key: SigningKey, created: int, nonce: str | None) -> dict[str, str] | None:
    """The two header fields over these components in this order; None for a key id that needs quoting."""
    if _KEY_ID.fullmatch(key.key_id) is None or created < 1:
        return None
    inner = f'({" ".join(covered)});created={created};keyid="{key.key_id}";alg="ed25519"'
    if nonce is not None:
        inner += f';nonce="{nonce}"'
    signature = base64.b64encode(key.sign(_base(covered, inner))).decode()
    return {"signature-input": f"thaam={inner}", "signature": f"thaam=:{signature}:"}


def signed(
    message: Any, covered: list[str], body: bytes | None, key: SigningKey, created: int, nonce: str | None
) -> dict[str, str] | None:
    """The headers to add to this message; None unless every value stands in the signature base as it is."""
    values = values_of(message)
    if values is None or (body is not None and message.headers.has("content-digest")):
        return None
    found: dict[str, str] = {}
    for name in covered:
        quoted = name if name.startswith('"') else f'"{name}"'
        value = values(quoted)
        if value is None:
            return None
        found[quoted] = value
    added = {}
    if body is not None:
        added["content-digest"] = found['"content-digest"'] = digest_of(body)
    made = sign(found, key, created, nonce)
    if made is None:
        return None
    return added | made


def values_of(message: Any) -> ValueOf | None:
    """What our own shape of signature covers, by name; None when the target cannot stand in it as it is."""
    answers = hasattr(message, "status_code")
    request = message.request if answers else message
    if request is None or not plain_target(request.method, request.url):
        return None
    derived = {"@method": request.method, "@target-uri": request.url}

    def value_of(name: str) -> str | None:
        bare, _, of_request = name.replace('"', "").partition(";")
        if of_request and not answers:
            return None
        if bare.startswith("@"):
            if answers and not of_request:
                return str(message.status_code) if bare == "@status" else None
            return derived.get(bare)
        values: list[str] = (request if of_request else message).headers.get(bare)
        return values[0] if len(values) == 1 and plain_value(values[0]) else None

    return value_of


def held(given: str, signature: str, value_of: ValueOf, key_of: KeyOf) -> Held | None:
    """What is signed, if the two fields have our shape and the signature holds over what `value_of` says."""
    shape, made = _INPUT.fullmatch(given), _SIGNATURE.fullmatch(signature)
    if shape is None or made is None:
        return None
    inner, names, created, key_id, nonce = shape.groups()
    covered: dict[str, str] = {}
    for name in names.split(" "):
        value = value_of(name)
        if value is None or name in covered:
            return None
        covered[name] = value
    key = key_of(key_id)
    if not isinstance(key, Ed25519PublicKey):
        return None
    try:
        key.verify(base64.b64decode(made[1]), _base(covered, inner))
    except InvalidSignature:
        return None
    return Held(covered, int(created), key_id, nonce)


def _base(covered: dict[str, str], inner: str) -> bytes:
    lines = [f"{name}: {value}\n" for name, value in covered.items()]
    return f'{"".join(lines)}"@signature-params": {inner}'.encode()
