"""What a bank may ask: its mailbox, to keep answers, our keys, the description of all this."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from thaam.bank_api.door import Answered, Caller, asked_by, for_anybody, for_banks
from thaam.bank_api.problems import Refusal, document_of
from thaam.holds.reconciling import part_of
from thaam.journal.hints import TOKEN_SECONDS, stream_url_for
from thaam.journal.proof import NotNumberedYet, head_since
from thaam.mailbox import nonces
from thaam.mailbox.keeping import Receipt, Sent, keep, keep_all
from thaam.mailbox.reading import PAGE_MAX, page
from thaam.parties import keys
from thaam.wire import codec, jws, openapi, problems
from thaam.wire.fields import MAX_INTEGER, Moment
from thaam.wire.keys import PublicKey, fingerprint, public_text
from thaam.wire.messages import ANSWERS, UNASKED, Message

_HEX = re.compile(r"[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{1,18}")


@for_banks("GET")
def mailbox(request: HttpRequest, body: bytes, caller: Caller) -> Answered:
    """One page of the caller's mailbox after a position; changes nothing."""
    asked = asked_by(request, "after", "limit")
    after, limit = _number(asked, "after", 0), _number(asked, "limit", 100)
    if not 1 <= limit <= PAGE_MAX:
        raise Refusal(problems.BAD_QUERY, f"limit is 1 to {PAGE_MAX}")
    return 200, page(caller.partner, after, limit)


@for_banks("POST")
def answers(request: HttpRequest, body: bytes, caller: Caller) -> Answered:
    """Keep one answer or unasked message; the receipt, the same one for an exact copy inside the window."""
    if request.content_type != "application/json":
        raise Refusal(problems.MEDIA_TYPE)
    return 200, _once(request, body, caller, lambda: _kept(request, body, caller))


@for_banks("POST")
def many_answers(request: HttpRequest, body: bytes, caller: Caller) -> Answered:
    """Keep answers and unasked messages sent together; for each its receipt or its problem, in the order sent."""
    if request.content_type != "application/json":
        raise Refusal(problems.MEDIA_TYPE)
    found = codec.parse(body)
    sent = found.get("answers") if type(found) is dict else None
    if type(sent) is not list or found.keys() != {"answers"} or not 1 <= len(sent) <= codec.TOGETHER_MAX:
        raise Refusal(problems.WRONG_TYPE, f"answers is a list of 1 to {codec.TOGETHER_MAX}, each with message and jws")
    request.tokens = len(sent)  # type: ignore[attr-defined]  # each costs what it would alone
    return 200, _once(request, body, caller, lambda: {"results": _all_kept(sent, caller)})


def _kept(request: HttpRequest, body: bytes, caller: Caller) -> dict[str, str]:
    sent = _from_bank(codec.decode(body), body, request.headers.get(jws.HEADER, ""), caller)
    return keep(
        partner=caller.partner,
        message=sent.message,
        raw=sent.raw,
        jws=sent.jws,
        at=caller.at,
        skew_seconds=_skew(caller),
    ).as_json()


def _all_kept(sent: list[Any], caller: Caller) -> list[dict[str, Any]]:
    read = [_read(each, caller) for each in sent]
    good = [each for each in read if isinstance(each, Sent)]
    try:
        kept = iter(keep_all(partner=caller.partner, sent=good, at=caller.at, skew_seconds=_skew(caller)))
    except IntegrityError as why:
        # one of the ids was taken in this very moment; which one the repeat will show
        transaction.set_rollback(True)
        raise Refusal(problems.UNAVAILABLE) from why
    return [_result(next(kept) if isinstance(each, Sent) else each) for each in read]


def _read(each: Any, caller: Caller) -> Sent | Exception:
    if type(each) is not dict or each.keys() != {"message", "jws"} or type(each["jws"]) is not str:
        return Refusal(problems.WRONG_TYPE, "each has message and jws, nothing else")
    try:
        return _from_bank(codec.from_object(each["message"]), codec.canonical(each["message"]), each["jws"], caller)
    except (codec.BadMessage, jws.BadEvidence, Refusal) as why:
        return why


def _result(outcome: Receipt | Exception) -> dict[str, Any]:
    if isinstance(outcome, Receipt):
        return {"receipt": outcome.as_json()}
    return {"problem": document_of(outcome)}


def _from_bank(message: Message, raw: bytes, evidence: str, caller: Caller) -> Sent:
    """What a bank may send, with evidence that holds. Raises Refusal, BadEvidence."""
    if type(message).__name__ not in ANSWERS | UNASKED:
        raise Refusal(problems.UNKNOWN_KIND, "a bank sends answers and unasked messages, not orders")
    jws.verify_detached(raw, evidence, caller.key_of)
    return Sent(message, raw, evidence)


def _skew(caller: Caller) -> int:
    """Our time minus the bank's, in whole seconds."""
    return round(caller.verified.skew.total_seconds()) + caller.verified.offset


def _once(request: HttpRequest, body: bytes, caller: Caller, effect: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The effect's receipt, stored with the nonce in one transaction; an exact copy gets the stored one."""
    key_id, nonce = caller.verified.keyid, caller.verified.nonce or ""
    digest = hashlib.sha256(body + request.headers.get("signature", "").encode()).hexdigest()
    receipt = nonces.remember(key_id=key_id, nonce=nonce, digest=digest, receipt=effect(), at=caller.at)
    if receipt is None:
        transaction.set_rollback(True)
        raise Refusal(problems.NONCE_USED)
    return receipt


@for_banks("GET")
def open_holds(request: HttpRequest, body: bytes, caller: Caller) -> Answered:
    """Sum and count of the caller's open holds in a stretch of the walk, under its fresh key; few are named."""
    asked = asked_by(request, "key", "first", "last")
    if len(asked) != 3 or not all(_HEX.fullmatch(value) for value in asked.values()):
        raise Refusal(problems.BAD_QUERY, "key, first and last, each 64 hex digits")
    key, first, last = (asked[name] for name in ("key", "first", "last"))
    part = part_of(bank=caller.partner, key=bytes.fromhex(key), first=int(first, 16), last=int(last, 16), at=caller.at)
    return 200, {"sum": f"{part.sum:064x}", "count": part.count, "ids": part.ids}


@for_banks("GET")
def checkpoints(request: HttpRequest, body: bytes, caller: Caller) -> Answered:
    """The newest signed head, and the proof that the journal of an older one is its beginning (RFC 6962 2.1.2)."""
    first = _number(asked_by(request, "first"), "first", 0)
    try:
        head, proof = head_since(first)
    except NotNumberedYet as why:
        raise Refusal(problems.BAD_QUERY, "first is the position of a head you have seen, from 1") from why
    return 200, {"checkpoint": head.document(), "consistency": [each.hex() for each in proof]}


@for_banks("GET")
def hints(request: HttpRequest, body: bytes, caller: Caller) -> Answered:
    """Where the caller's node may listen for "there is something new", and for how long; a hint, never the order."""
    asked_by(request)
    return 200, {"url": stream_url_for([f"mailbox:{caller.partner}"]), "seconds": TOKEN_SECONDS}


@for_anybody("GET")
def platform_keys(request: HttpRequest) -> Answered:
    """Our public keys, past and coming; a node pins them by fingerprint, read over a second channel."""
    return 200, {"keys": [_key(row) for row in keys.keys_of(settings.PLATFORM)]}


@for_anybody("GET")
def description(request: HttpRequest) -> Answered:
    """OpenAPI 3.1, generated from the messages."""
    return 200, openapi.document()


@for_anybody("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
def nothing_here(request: HttpRequest) -> Answered:
    """Any other address under /api/."""
    raise Refusal(problems.NOT_FOUND)


def _number(asked: dict[str, str], name: str, default: int) -> int:
    if name in asked and not (_NUMBER.fullmatch(asked[name]) and int(asked[name]) <= MAX_INTEGER):
        raise Refusal(problems.BAD_QUERY, f"{name} is one whole number up to {MAX_INTEGER}")
    return int(asked.get(name, default))


def _key(row: Any) -> dict[str, Any]:
    public = PublicKey.from_public_bytes(bytes(row.public_key))
    times = ("valid_from_at", "valid_to_at", "revoked_at", "compromised_from_at")
    return {
        "keyid": row.key_id,
        "public_key": public_text(public),
        "fingerprint": fingerprint(public),
        **{name: Moment().dump(getattr(row, name)) if getattr(row, name) else None for name in times},
    }
