"""The OpenAPI 3.1 description of the bank protocol, made from the message classes; nothing in it is written twice."""

from __future__ import annotations

import inspect
from typing import Any

from thaam.wire import codec, problems
from thaam.wire.fields import MAX_INTEGER, fields_of, rule_of
from thaam.wire.messages import ANSWERS, KINDS, ORDERS, UNASKED
from thaam.wire.parts import Basis, HoldShown, IssuedBy, Line, PaymentId, Range
from thaam.wire.words import Digest, Id, Position

# What can be asked about; the registry (suspects) keeps the same list, a test compares them.
IDENTIFIERS = (
    "account", "vpa", "phone", "imei", "device", "url", "app", "email", "social", "card", "header", "person",
)  # fmt: skip
_JSON = "application/json"
_RATES = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
_WAITS = (429, 503)
_STATES = ["open", "answered", "done", "cancelled", "lapsed", "tombstone"]


def document() -> dict[str, Any]:
    """The whole description as JSON-ready values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Thaam bank protocol",
            "version": f"{codec.VERSION}.0.0",
            "description": "What a bank's node says and hears. Read docs/wire/README.md first.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{"url": "/", "description": "the platform this document was read from"}],
        "security": [{"httpMessageSignature": []}],
        "paths": _paths(),
        "components": {
            "schemas": _schemas(),
            "responses": _responses(),
            "headers": _headers(),
            "parameters": _signature_parameters(),
            "securitySchemes": {
                "httpMessageSignature": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Signature",
                    "description": "HTTP Message Signatures (RFC 9421), Ed25519, over @method, @target-uri and "
                    "content-digest, with created and keyid, and a nonce for methods that may change something.",
                }
            },
        },
    }


def to_bytes() -> bytes:
    """The description as the file docs/wire/openapi.json and as the answer of /api/v1/openapi.json."""
    import json

    return (json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _paths() -> dict[str, Any]:
    after = _number("after", 0, MAX_INTEGER, "the last position seen; 0 for the beginning", default=0)
    limit = _number("limit", 1, 200, "how many orders at most", default=100)
    signed = [{"$ref": f"#/components/parameters/{name}"} for name in ("Signature", "SignatureInput")]
    changing = [*signed, {"$ref": "#/components/parameters/ContentDigest"}]
    evidence = {"$ref": "#/components/parameters/Jws"}
    mailbox = {
        "operationId": "takeMailbox",
        "summary": "Orders beyond a position, oldest first, each with its current revision and state.",
        "parameters": [after, limit, *signed],
        "responses": {"200": _ok("MailboxPage", "a page of the mailbox"), **_refusals("400", "401", "429", "503")},
    }
    answers = {
        "operationId": "sendAnswer",
        "summary": "An answer, or something a bank says unasked. Repeating the same bytes is safe.",
        "parameters": [*changing, evidence],
        "requestBody": {"required": True, "content": {_JSON: {"schema": {"$ref": "#/components/schemas/FromBank"}}}},
        "responses": {
            "200": _ok("Receipt", "kept; for an exact copy the first receipt again"),
            **_refusals("400", "401", "404", "409", "413", "415", "422", "429", "503"),
        },
    }
    keys = {
        "operationId": "readKeys",
        "summary": "The platform's keys, past, current and announced. Pin them; do not trust this address alone.",
        "security": [],
        "responses": {"200": _ok("Keys", "the keys"), **_refusals("429", "503")},
    }
    own = {
        "operationId": "readOpenapi",
        "summary": "This document.",
        "security": [],
        "responses": {"200": {"description": "this document", "content": {_JSON: {"schema": {"type": "object"}}}}},
    }
    return {
        "/api/v1/mailbox": {"get": mailbox},
        "/api/v1/answers": {"post": answers},
        "/api/v1/answers/together": {"post": _together(changing)},
        "/api/v1/keys": {"get": keys},
        "/api/v1/holds": {"get": _holds(signed)},
        "/api/v1/checkpoints": {"get": _checkpoints(signed)},
        "/api/v1/hints": {"get": _hints(signed)},
        "/api/v1/suspects": {"get": _suspects(signed)},
        "/api/v1/suspects/screen": {"post": _screening(changing)},
        "/api/v1/openapi.json": {"get": own},
    }


def _together(changing: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "operationId": "sendAnswersTogether",
        "summary": "Several answers or unasked messages in one request; each is judged by itself, in the order sent.",
        "parameters": changing,
        "requestBody": {"required": True, "content": {_JSON: {"schema": {"$ref": "#/components/schemas/Together"}}}},
        "responses": {
            "200": _ok("Results", "for each, in the order sent, its receipt or the problem it is refused with"),
            **_refusals("400", "401", "409", "413", "415", "422", "429", "503"),
        },
    }


def _suspects(signed: list[dict[str, str]]) -> dict[str, Any]:
    held = _number("from", 0, 999_999_999, "the version of the list the bank holds; 0 for nothing", default=0)
    return {
        "operationId": "takeSuspects",
        "summary": "The signed list of marked identifiers for screening at home: the changes since a version.",
        "parameters": [held, *signed],
        "responses": {"200": _ok("SuspectList", "the changes, signed"), **_refusals("400", "401", "404", "429", "503")},
    }


def _screening(changing: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "operationId": "screen",
        "summary": "How identifiers of a new customer or payment stand in the registry; a reason to look, no decision.",
        "parameters": changing,
        "requestBody": {"required": True, "content": {_JSON: {"schema": {"$ref": "#/components/schemas/Screening"}}}},
        "responses": {
            "200": _ok("ScreeningAnswers", "one answer an identifier, in order"),
            **_refusals("400", "401", "409", "413", "415", "422", "429", "503"),
        },
    }


def _holds(signed: list[dict[str, str]]) -> dict[str, Any]:
    place = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    return {
        "operationId": "compareHolds",
        "summary": "Sum of the digests of your open holds in a stretch of the walk; see section 8 of the guide.",
        "parameters": [
            *({"name": name, "in": "query", "required": True, "schema": place} for name in ("key", "first", "last")),
            *signed,
        ],
        "responses": {
            "200": _ok("OpenHolds", "sum, count, and the ids when they are few"),
            **_refusals("400", "401", "429", "503"),
        },
    }


def _checkpoints(signed: list[dict[str, str]]) -> dict[str, Any]:
    first = _number("first", 1, MAX_INTEGER, "the position of a head you have seen")
    return {
        "operationId": "proveJournal",
        "summary": "The newest signed head, and the proof that a head you have seen is its beginning.",
        "parameters": [first, *signed],
        "responses": {
            "200": _ok("ProvenHead", "the head, and the path of RFC 6962 section 2.1.2, each hash in hex"),
            **_refusals("400", "401", "429", "503"),
        },
    }


def _hints(signed: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "operationId": "readHints",
        "summary": "Where to listen for hints that something waits (Server-Sent Events), and for how long.",
        "parameters": signed,
        "responses": {"200": _ok("Hints", "the address"), **_refusals("400", "401", "429", "503")},
    }


def _number(name: str, least: int, most: int, words: str, *, default: int | None = None) -> dict[str, Any]:
    """A whole number in the query; one without a default has to be there."""
    schema = {"type": "integer", "minimum": least, "maximum": most}
    schema |= {} if default is None else {"default": default}
    return {"name": name, "in": "query", "required": default is None, "schema": schema, "description": words}


def _ok(schema: str, description: str) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {
            name: {"$ref": f"#/components/headers/{name}"}
            for name in ("Signature", "Signature-Input", "Content-Digest", *_RATES)
        },
        "content": {_JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


def _refusals(*statuses: str) -> dict[str, Any]:
    return {status: {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def _responses() -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for problem in problems.PROBLEMS.values():
        by_status.setdefault(problem.status, []).append(problem.code)
    return {
        f"Problem{status}": {
            "description": "one of: " + ", ".join(codes),
            "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            **({"headers": {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}} if status in _WAITS else {}),
        }
        for status, codes in sorted(by_status.items())
    }


def _headers() -> dict[str, Any]:
    return {
        "Signature": {"schema": {"type": "string"}, "description": "RFC 9421"},
        "Signature-Input": {"schema": {"type": "string"}, "description": "RFC 9421"},
        "Content-Digest": {"schema": {"type": "string"}, "description": "RFC 9530, sha-256"},
        "Retry-After": {"schema": {"type": "integer", "minimum": 1}, "description": "seconds to wait"},
        "RateLimit-Limit": {"schema": {"type": "integer"}, "description": "requests of this key at once after a rest"},
        "RateLimit-Remaining": {"schema": {"type": "integer"}, "description": "how many are left now"},
        "RateLimit-Reset": {"schema": {"type": "integer"}, "description": "seconds until there is one again"},
    }


def _signature_parameters() -> dict[str, Any]:
    def header(name: str, description: str) -> dict[str, Any]:
        return {
            "name": name,
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": "^[ -~]+$", "maxLength": 4096},
            "description": description,
        }

    return {
        "Signature": header("Signature", "RFC 9421"),
        "SignatureInput": header("Signature-Input", "RFC 9421"),
        "ContentDigest": header("Content-Digest", "RFC 9530, sha-256 of the body"),
        "Jws": header("x-jws-signature", "detached JWS (RFC 7515, RFC 7797 b64=false, EdDSA) over the exact body"),
    }


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = {
        part.__name__: _object(part) for part in (Range, PaymentId, Basis, IssuedBy, Line, HoldShown)
    }
    for kind, cls in KINDS.items():
        found[kind] = _object(cls, kind=kind)
    found["Order"] = _one_of(ORDERS)
    found["Answer"] = _one_of(ANSWERS)
    found["Unasked"] = _one_of(UNASKED)
    found["FromBank"] = _one_of(ANSWERS | UNASKED)
    found.update(_envelopes())
    found.update(_together_envelopes())
    found.update(_registry_envelopes())
    return found


def _one_of(kinds: frozenset[str]) -> dict[str, Any]:
    names = [kind for kind in KINDS if kind in kinds]
    return {
        "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {name: f"#/components/schemas/{name}" for name in names},
        },
    }


def _object(cls: type[Any], *, kind: str | None = None) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    if kind is not None:
        properties["kind"] = {"const": kind, "type": "string"}
        properties["version"] = {"const": codec.VERSION, "type": "integer"}
        required += ["kind", "version"]
    for field in fields_of(cls):
        schema = field.rule.schema()
        if field.optional:
            schema = {"anyOf": [schema, {"type": "null"}]}
        elif isinstance(field.default, int | str):
            schema = {**schema, "default": field.default}
        else:
            required.append(field.name)
        properties[field.name] = schema
    words = inspect.cleandoc(cls.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    return {
        "type": "object",
        "description": words,
        "additionalProperties": False,
        "required": required,
        "properties": properties,
    }


def _envelopes() -> dict[str, Any]:
    id_, digest, position = (rule_of(alias).schema() for alias in (Id, Digest, Position))
    time = {"type": "string", "format": "date-time"}
    text = {"type": "string"}

    nothing = {"type": "null"}
    item = _shape(
        position=position,
        order_id=id_,
        kind={"enum": [kind for kind in KINDS if kind in ORDERS]},
        revision={"type": "integer", "minimum": 1},
        state={"enum": _STATES},
        message={"$ref": "#/components/schemas/Order"},
        jws=text,
    )
    later = {"anyOf": [time, {"type": "null"}]}
    key = _shape(
        keyid=text, public_key=text, fingerprint=text, valid_from_at=time, valid_to_at=later, revoked_at=later,
        compromised_from_at=later,
    )  # fmt: skip
    problem = _shape(
        type=text, title=text, title_hi=text, status={"type": "integer"}, code={"enum": [*problems.PROBLEMS]}
    )
    problem["properties"].update(detail=text, pointer=text, instance=text, now=time)
    # RFC 9457 lets a problem carry members of its own.
    problem["additionalProperties"] = True
    return {
        "MailboxItem": item,
        "Checkpoint": _shape(position=position, root=digest, at=time, keyid=text, signature=text),
        "MailboxPage": _shape(
            items={"type": "array", "items": {"$ref": "#/components/schemas/MailboxItem"}},
            next=position,
            checkpoint={"anyOf": [{"$ref": "#/components/schemas/Checkpoint"}, nothing]},
            receipts={"type": "array", "items": _shape(id=id_, position=position)},
        ),
        "Receipt": _shape(id=id_, digest=digest, received_at=time, fact=text),
        "OpenHolds": _shape(
            sum=digest,
            count={"type": "integer", "minimum": 0},
            ids={"anyOf": [{"type": "array", "items": id_}, nothing]},
        ),
        "ProvenHead": _shape(
            checkpoint={"$ref": "#/components/schemas/Checkpoint"}, consistency={"type": "array", "items": digest}
        ),
        "Hints": _shape(url=text, seconds={"type": "integer", "minimum": 1}),
        "Keys": _shape(keys={"type": "array", "items": key}),
        "Problem": problem,
    }


def _together_envelopes() -> dict[str, Any]:
    """Several messages of one request, and what became of each."""
    return {
        "Together": _shape(
            answers={
                "type": "array",
                "items": _shape(message={"$ref": "#/components/schemas/FromBank"}, jws={"type": "string"}),
                "minItems": 1,
                "maxItems": codec.TOGETHER_MAX,
            }
        ),
        "Results": _shape(
            results={
                "type": "array",
                "items": {
                    "oneOf": [
                        _shape(receipt={"$ref": "#/components/schemas/Receipt"}),
                        _shape(problem={"$ref": "#/components/schemas/Problem"}),
                    ]
                },
            }
        ),
    }


def _registry_envelopes() -> dict[str, Any]:
    """What the doors of the registry of suspects take and give."""
    text = {"type": "string"}
    return {
        "SuspectList": _shape(body=text, jws=text),
        "Screening": _shape(
            purpose={"enum": ["account_opening", "payment", "review"]},
            identifiers={
                "type": "array",
                "items": _shape(kind={"enum": list(IDENTIFIERS)}, value={"type": "string", "maxLength": 300}),
                "minItems": 1,
                "maxItems": 200,
            },
        ),
        "ScreeningAnswers": _shape(answers={"type": "array", "items": {"type": "object"}}),
    }


def _shape(**properties: dict[str, Any]) -> dict[str, Any]:
    """An object of exactly these members, all of them required."""
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}
