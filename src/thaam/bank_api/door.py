"""The door itself: who signed, at whose desk the request sits, and a signed answer to whatever came."""

from __future__ import annotations

import datetime
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, TooManyFieldsSent
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from thaam.bank_api.problems import Refusal, document_of
from thaam.journal.ids import new_id
from thaam.mailbox import rates
from thaam.parties import keys
from thaam.parties.desks import sit_at
from thaam.wire import problems, signing
from thaam.wire.codec import MAX_BODY_BYTES, canonical
from thaam.wire.keys import KeyOf, PublicKey

log = logging.getLogger(__name__)

# When we cannot say how long we are away.
RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Caller:
    """A bank whose signature holds on this request."""

    partner: str
    verified: signing.Verified
    at: datetime.datetime

    key: PublicKey

    def key_of(self, key_id: str) -> PublicKey | None:
        """A key of this very bank that counts now; another bank's signature is no evidence of this one's word."""
        if key_id == self.verified.keyid:
            return self.key
        found = keys.find_key(key_id, at=self.at)
        return found.public if found and found.partner == self.partner else None


Answered = tuple[int, Any]


def for_banks(*methods: str) -> Callable[[Callable[[HttpRequest, bytes, Caller], Answered]], Any]:
    """A view for signed requests of these methods: gets the raw body and the caller, returns (status, JSON value).

    Runs in the request's transaction at the desk `partner:<code>`. Every answer, refusals too, is signed and bound to
    the request. A refusal keeps what its verb has recorded (a conflict is a fact); an error of ours undoes everything.
    """

    def wrap(view: Callable[[HttpRequest, bytes, Caller], Answered]) -> Any:
        def answered(request: HttpRequest, at: datetime.datetime) -> Answered:
            body = _body_of(request)
            found: dict[str, keys.Found] = {}

            def key_of(key_id: str) -> PublicKey | None:
                if key_id not in found and (known := keys.find_key(key_id, at=at)):
                    found[key_id] = known
                return found[key_id].public if key_id in found else None

            verified = _verified(request, body, key_of, at)
            signer = found[verified.keyid]
            sit_at(f"partner:{signer.partner}")
            caller = Caller(signer.partner, verified, at, signer.public)
            return _within_its_rate(request, caller, lambda: view(request, body or b"", caller))

        return _door(methods, answered)

    return wrap


def _verified(request: HttpRequest, body: bytes | None, key_of: KeyOf, at: datetime.datetime) -> signing.Verified:
    """Who signed. That a body is too large is told only to who signed it; of a stranger's nothing is read."""
    try:
        verified = signing.verify_request(
            method=request.method or "",
            url=url_of(request),
            headers=list(request.headers.items()),
            body=body or b"",
            key_of=key_of,
            now=at,
        )
    except signing.BadSignature as why:
        if body is None and why.problem is problems.DIGEST_DIFFERS:
            raise Refusal(problems.TOO_LARGE) from why
        raise
    if body is None:
        raise Refusal(problems.TOO_LARGE)
    return verified


def _within_its_rate(request: HttpRequest, caller: Caller, view: Callable[[], Answered]) -> Answered:
    """Answer unless the key's bucket is empty; refused before anything is done, so that a repeat loses nothing.

    A refusal costs a token like an answer, a request that says `tokens` so many; what we could not do ourselves (a
    database error, a 5xx) costs none.
    """
    key_id, place = caller.verified.keyid, settings.JURISDICTION
    left = rates.left(key_id=key_id, jurisdiction=place, at=caller.at)
    request.rate_headers = left.as_headers()  # type: ignore[attr-defined]
    if left.tokens < 1:
        raise Refusal(problems.RATE_LIMITED, retry_after=max(1, left.wait_seconds))
    try:
        answered = view()
    except DatabaseError:
        raise
    except Exception:
        if not connection.needs_rollback:
            rates.spend(key_id=key_id, jurisdiction=place, at=caller.at)
        raise
    rates.spend(key_id=key_id, jurisdiction=place, at=caller.at, tokens=getattr(request, "tokens", 1))
    return answered


def for_anybody(*methods: str) -> Callable[[Callable[[HttpRequest], Answered]], Any]:
    """A view anybody may ask, signed or not; its answer is signed all the same."""

    def wrap(view: Callable[[HttpRequest], Answered]) -> Any:
        return _door(methods, lambda request, at: view(request))

    return wrap


def _door(methods: tuple[str, ...], answered: Callable[[HttpRequest, datetime.datetime], Answered]) -> Any:
    @csrf_exempt
    def door(request: HttpRequest, **_: Any) -> HttpResponse:
        at = datetime.datetime.now(datetime.UTC)
        correlation_id = new_id()
        headers = {"x-correlation-id": correlation_id, "cache-control": "no-store"}
        try:
            if request.method not in methods:
                headers["allow"] = ", ".join(methods)
                raise Refusal(problems.METHOD_NOT_ALLOWED)
            status, value = answered(request, at)
            content_type = "application/json"
        except Exception as error:
            if isinstance(error, IntegrityError):
                transaction.set_rollback(True)
            document = document_of(error, correlation_id=correlation_id) or _ours(error, correlation_id)
            status, value, content_type = document["status"], document, problems.CONTENT_TYPE
            wait = getattr(error, "retry_after", None) or (RETRY_SECONDS if status == 503 else None)
            headers |= {"retry-after": str(wait)} if wait else {}
        headers |= getattr(request, "rate_headers", {})
        return _signed(request, status, value, content_type, headers, at)

    # every route names whom it is for (a tidy test walks them)
    door.audience = "banks"  # type: ignore[attr-defined]
    return door


def _ours(error: Exception, correlation_id: str) -> dict[str, Any]:
    """Our own fault: nothing of the request is kept, the bank sends it again."""
    transaction.set_rollback(True)
    if isinstance(error, OperationalError | InterfaceError):
        return problems.UNAVAILABLE.document(correlation_id=correlation_id)
    log.exception("request %s", correlation_id)
    return problems.INTERNAL.document(correlation_id=correlation_id)


def _signed(
    request: HttpRequest, status: int, value: Any, content_type: str, headers: dict[str, str], at: datetime.datetime
) -> HttpResponse:
    body = canonical(value)
    response = HttpResponse(body, status=status, content_type=content_type)
    signed = signing.sign_response(
        status=status,
        body=body,
        method=request.method or "",
        url=url_of(request),
        request_headers=list(request.headers.items()),
        key=keys.platform_key(),
        created=at,
    )
    for name, content in (headers | signed).items():
        response[name] = content
    return response


def url_of(request: HttpRequest) -> str:
    """The absolute address as the sender wrote it: the query string is taken raw, or its signature would not hold."""
    try:
        host = request.get_host()
    except DisallowedHost:
        host = "unknown.invalid"
    query = request.META.get("QUERY_STRING", "")
    return signing.url_from(scheme=request.scheme or "http", host=host, path=request.path, raw_query=query)


def asked_by(request: HttpRequest, *names: str) -> dict[str, str]:
    """What the query asks, of these names only, each at most once. Raises Refusal."""
    try:
        lists = dict(request.GET.lists())
    except TooManyFieldsSent as why:
        raise Refusal(problems.BAD_QUERY, "too many parameters") from why
    if lists.keys() - set(names):
        raise Refusal(problems.BAD_QUERY, f"only {', '.join(names)}" if names else "nothing is asked here")
    if any(len(values) != 1 for values in lists.values()):
        raise Refusal(problems.BAD_QUERY, "each parameter once")
    return {name: str(values[0]) for name, values in lists.items()}


def _body_of(request: HttpRequest) -> bytes | None:
    """The body, or None when it is larger than any of ours."""
    length = request.headers.get("content-length", "")
    if not length and request.META.get("wsgi.input_terminated"):
        # sent in chunks, or over HTTP/2: the server knows where it ends, Django would read nothing
        body = _chunks_of(request.META["wsgi.input"])
        return body if len(body) <= MAX_BODY_BYTES else None
    if length and re.fullmatch("[0-9]{1,18}", length) is None:
        raise Refusal(problems.MALFORMED_JSON)
    if int(length or 0) > MAX_BODY_BYTES:
        return None
    return request.read(MAX_BODY_BYTES + 1) if request.method not in signing.SAFE_METHODS else request.body


def _chunks_of(stream: Any) -> bytes:
    """What such a stream still brings, up to a byte more than we take. Raises Refusal when it breaks off."""
    body = b""
    try:
        while len(body) <= MAX_BODY_BYTES and (chunk := stream.read(MAX_BODY_BYTES + 1 - len(body))):
            body += chunk
    except OSError as why:
        raise Refusal(problems.MALFORMED_JSON, "the body broke off") from why
    return body
