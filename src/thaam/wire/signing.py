"""HTTP Message Signatures (RFC 9421, Ed25519) on every request and response between the platform and a bank.

A request signs method, target, body digest, time, key id, and a nonce when it may change something. A response signs
its status and digest and, bound to them, the request it answers: it cannot be passed off as the answer to another.
Structured-field parsing and signature bases come from `http-message-signatures`, those of the shape we write ourselves
from own_shape.py (five times as fast, the same bytes); the rules of ours are here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from http_message_signatures import (  # type: ignore[attr-defined, unused-ignore]
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.digests import ContentDigest
from http_message_signatures.exceptions import HTTPMessageSignaturesException, InvalidSignature

from thaam.wire import own_shape, problems
from thaam.wire.keys import KeyOf, PublicKey, SigningKey
from thaam.wire.problems import Problem

WINDOW_SECONDS = 300
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OFFSET_HEADER = "thaam-clock-offset"
LABEL = "thaam"

_PATH = "/:@!$&'()*+,;=-._~"
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_TARGETS = ({"@method", "@target-uri"}, {"@method", "@authority", "@path", "@query"})
_RESPONSE = {'"@status"', '"content-digest"'}

Headers = Mapping[str, str] | Iterable[tuple[str, str]]


class BadSignature(Exception):
    """The signature is missing, malformed, stale or false. `now` is our time when the refusal is `stale`."""

    def __init__(self, problem: Problem, detail: str = "", now: dt.datetime | None = None) -> None:
        super().__init__(f"{problem.code}: {detail or problem.title.en}")
        self.problem = problem
        self.detail = detail or problem.title.en
        self.now = now


@dataclass(frozen=True, slots=True)
class Verified:
    """Who signed, and when by their clock. `skew` is our time minus theirs; `offset` what they say they corrected."""

    keyid: str
    created: dt.datetime
    nonce: str | None
    skew: dt.timedelta
    offset: int = 0


def sign_request(
    *,
    method: str,
    url: str,
    headers: Headers = (),
    body: bytes = b"",
    key: SigningKey,
    created: dt.datetime,
    nonce: str | None = None,
    offset_seconds: int = 0,
) -> dict[str, str]:
    """The headers to add to this request. `url` is absolute, as the receiver knows itself.

    `nonce` is required for any method that may change something. `offset_seconds` is the correction this
    client has learnt from a `stale` refusal and already applied to `created`.
    """
    if method not in SAFE_METHODS and (nonce is None or _NONCE.fullmatch(nonce) is None):
        raise ValueError("a request that may change something needs a nonce of 16 to 64 base64url characters")
    message = _Message(method=method, url=url, headers=_Fields(headers))
    covered = ["@method", "@target-uri"]
    added = {}
    if offset_seconds:
        message.headers[OFFSET_HEADER] = added[OFFSET_HEADER] = str(offset_seconds)
        covered.append(OFFSET_HEADER)
    digested = body if body or method not in SAFE_METHODS else None
    return added | _signed(message, covered, digested, key, created, nonce)


def verify_request(
    *,
    method: str,
    url: str,
    headers: Headers,
    body: bytes,
    key_of: KeyOf,
    now: dt.datetime,
) -> Verified:
    """Who signed this request. Raises BadSignature with the problem to answer; `stale` only for a signature that holds.

    Checks coverage, key, signature, digest of the body, and that `created` is within 300 s of `now` on either side.
    Whether the nonce is new is for the caller to check, in the transaction of the effect.
    """
    message = _Message(method=method, url=url, headers=_Fields(headers))
    covered, parameters = _verify(message, key_of)
    names = {name.strip('"') for name in covered}
    if not any(target <= names for target in _TARGETS):
        raise BadSignature(problems.NOT_COVERED, "the method and the target are not covered")
    _check_digest(message, covered, body, needed=bool(body) or method not in SAFE_METHODS)
    nonce = parameters.get("nonce")
    if nonce is not None and _NONCE.fullmatch(nonce) is None:
        raise BadSignature(problems.BAD_SIGNATURE, "a nonce has 16 to 64 base64url characters")
    if nonce is None and method not in SAFE_METHODS:
        raise BadSignature(problems.NOT_COVERED, "a request that may change something carries a nonce")
    offset = _offset(message, names)
    created = _check_time(parameters, now)
    return Verified(parameters["keyid"], created, nonce, now - created, offset)


def sign_response(
    *,
    status: int,
    headers: Headers = (),
    body: bytes = b"",
    method: str,
    url: str,
    request_headers: Headers,
    key: SigningKey,
    created: dt.datetime,
) -> dict[str, str]:
    """The headers to add to a response; binds it to the request's method, target and signature (when it had one)."""
    request = _Message(method=method, url=url, headers=_Fields(request_headers))
    message = _Response(status_code=status, headers=_Fields(headers), request=request)
    covered = ["@status", '"@method";req', '"@target-uri";req']
    # A refused request may carry anything in its header; what no signature base can hold is not bound.
    if all(value.isascii() and value.isprintable() for value in request.headers.get("signature") or [""]):
        covered += ['"signature";req'] if request.headers.has("signature") else []
    return _signed(message, covered, body, key, created, None)


def verify_response(
    *,
    status: int,
    headers: Headers,
    body: bytes,
    method: str,
    url: str,
    request_headers: Headers,
    key_of: KeyOf,
    now: dt.datetime | None = None,
) -> Verified:
    """Who signed this response to exactly this request. Raises BadSignature.

    With `now` the age is checked as for requests; a client whose own clock may be wrong leaves it out, since the
    response is bound to its own fresh request.
    """
    request = _Message(method=method, url=url, headers=_Fields(request_headers))
    message = _Response(status_code=status, headers=_Fields(headers), request=request)
    covered, parameters = _verify(message, key_of)
    needed = _RESPONSE | {'"@method";req', '"@target-uri";req'}
    if request.headers.has("signature"):
        needed = needed | {'"signature";req'}
    if not needed <= set(covered):
        raise BadSignature(problems.NOT_COVERED, "the response does not cover its status, digest and request")
    _check_digest(message, covered, body, needed=True)
    created = _moment(parameters["created"])
    if now is not None:
        _check_time(parameters, now)
    return Verified(parameters["keyid"], created, parameters.get("nonce"), (now or created) - created)


def url_from(*, scheme: str, host: str, path: str, raw_query: str) -> str:
    """The absolute URL a server takes a request to be for, from its decoded path and its query as sent.

    Whatever was sent, the result is a URL that can stand in a signature base; for addresses that need no escapes, as
    all of ours, it is exactly what the sender wrote.
    """
    escaped = quote(path.encode("utf-8", "surrogateescape"), safe=_PATH)
    query = quote(raw_query.encode("utf-8", "surrogateescape"), safe=_PATH + "?%")
    query = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", query)
    return f"{scheme}://{host}{escaped}{'?' + query if query else ''}"


def content_digest(body: bytes) -> str:
    """The `content-digest` field of a body (RFC 9530, SHA-256)."""
    return own_shape.digest_of(body)


class _Fields:
    """Header fields in their order, as the library wants to see them; names keep their case, repeats are kept."""

    def __init__(self, headers: Headers) -> None:
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        self._pairs = [(str(name), str(value)) for name, value in pairs]

    def items(self) -> list[tuple[str, str]]:
        return list(self._pairs)

    def __iter__(self) -> Any:
        return iter([name for name, _ in self._pairs])

    def __contains__(self, name: object) -> bool:
        return any(each == name for each, _ in self._pairs)

    def __setitem__(self, name: str, value: str) -> None:
        self._pairs.append((name, value))

    def __delitem__(self, name: str) -> None:
        self._pairs = [pair for pair in self._pairs if pair[0] != name]

    def has(self, name: str) -> bool:
        return any(each.lower() == name for each, _ in self._pairs)

    def get(self, name: str) -> list[str]:
        return [value for each, value in self._pairs if each.lower() == name]


@dataclass(slots=True)
class _Message:
    method: str
    url: str
    headers: _Fields


@dataclass(slots=True)
class _Response:
    status_code: int
    headers: _Fields
    request: _Message


class _Keys(HTTPSignatureKeyResolver):
    """One signing key, or a look-up of public ones."""

    def __init__(self, key: SigningKey | None = None, key_of: KeyOf | None = None) -> None:
        self._key = key
        self._key_of = key_of

    def resolve_private_key(self, key_id: str) -> Any:
        assert self._key is not None
        return self._key.private

    def resolve_public_key(self, key_id: str) -> PublicKey:
        found = self._key_of(key_id) if self._key_of is not None else None
        if found is None:
            raise _UnknownKey(key_id)
        return found


class _UnknownKey(InvalidSignature):
    """Told apart from a false signature; the library lets InvalidSignature through unwrapped."""


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its own clock: time is judged after the signature, against the caller's `now`."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        if "created" not in sig_input.params:
            raise InvalidSignature('the signature has no "created"')


def _signed(
    message: Any, covered: list[str], body: bytes | None, key: SigningKey, created: dt.datetime, nonce: str | None
) -> dict[str, str]:
    before = message.headers.items()
    if (quick := own_shape.signed(message, covered, body, key, int(created.timestamp()), nonce)) is not None:
        return quick
    if body is not None:
        # The caller's digest, if any, is kept only when it is the body's: the library checks it.
        signer_options: dict[str, Any] = {"body": body, "use_existing_digest": message.headers.has("content-digest")}
    else:
        signer_options = {}
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(key=key))
    signer.sign(
        message,
        key_id=key.key_id,
        created=created,
        nonce=nonce,
        label=LABEL,
        covered_component_ids=tuple(covered),
        **signer_options,
    )
    return {name.lower(): value for name, value in message.headers.items() if (name, value) not in before}


def _verify_quickly(message: Any, key_of: KeyOf) -> tuple[dict[str, str], dict[str, Any]] | None:
    given, signatures = message.headers.get("signature-input"), message.headers.get("signature")
    values = own_shape.values_of(message)
    if values is None or len(given) != 1 or len(signatures) != 1:
        return None
    found = own_shape.held(given[0], signatures[0], values, key_of)
    if found is None:
        return None
    parameters: dict[str, Any] = {"created": found.created, "keyid": found.key_id, "alg": "ed25519"}
    return found.covered, parameters | ({"nonce": found.nonce} if found.nonce is not None else {})


def _verify(message: Any, key_of: KeyOf) -> tuple[dict[str, str], dict[str, Any]]:
    if not message.headers.has("signature") or not message.headers.has("signature-input"):
        raise BadSignature(problems.NOT_SIGNED)
    if (quick := _verify_quickly(message, key_of)) is not None:
        return quick
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(key_of=key_of))
    verify: Callable[..., Any] = verifier.verify
    try:
        results = verify(message, max_age=None)
    except _UnknownKey as why:
        raise BadSignature(problems.UNKNOWN_KEY) from why
    except HTTPMessageSignaturesException as why:
        raise BadSignature(problems.BAD_SIGNATURE, _plain(why)) from why
    except (ValueError, TypeError, KeyError, UnicodeError, RecursionError) as why:
        raise BadSignature(problems.BAD_SIGNATURE, "the signature fields cannot be read") from why
    if len(results) != 1:
        raise BadSignature(problems.BAD_SIGNATURE, "exactly one signature is needed")
    return results[0].covered_components, results[0].parameters


def _plain(why: Exception) -> str:
    text = str(why).encode("ascii", "replace").decode()
    return re.sub(r"[^ -~]", "?", text)[:200] or "the signature does not hold"


def _check_digest(message: Any, covered: dict[str, str], body: bytes, *, needed: bool) -> None:
    whole = '"content-digest"' in covered
    if needed and not whole:
        raise BadSignature(problems.NOT_COVERED, "the content-digest is not covered")
    if message.headers.has("content-digest") and not whole:
        raise BadSignature(problems.NOT_COVERED, "a content-digest is sent and not covered")
    if whole and covered['"content-digest"'] != own_shape.digest_of(body):
        try:
            ContentDigest.verify(covered['"content-digest"'], body)
        except InvalidSignature as why:
            raise BadSignature(problems.DIGEST_DIFFERS, _plain(why)) from why


def _offset(message: _Message, names: set[str]) -> int:
    given = message.headers.get(OFFSET_HEADER)
    if not given:
        return 0
    if OFFSET_HEADER not in names or len(given) != 1 or re.fullmatch(r"-?[0-9]{1,9}", given[0], re.ASCII) is None:
        raise BadSignature(problems.NOT_COVERED, f"{OFFSET_HEADER} is whole seconds and covered by the signature")
    return int(given[0])


def _check_time(parameters: Mapping[str, Any], now: dt.datetime) -> dt.datetime:
    created = _moment(parameters["created"])
    if abs((now - created).total_seconds()) > WINDOW_SECONDS:
        raise BadSignature(problems.STALE, f"signed more than {WINDOW_SECONDS} s away from our time", now)
    if "expires" in parameters and _moment(parameters["expires"]) <= now:
        raise BadSignature(problems.STALE, "the signature has expired", now)
    return created


def _moment(seconds: int) -> dt.datetime:
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError) as why:
        raise BadSignature(problems.BAD_SIGNATURE, "no such time") from why
