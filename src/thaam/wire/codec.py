"""Messages as bytes and back: strict JSON in, canonical JSON (RFC 8785) out.

Reading refuses whatever could be understood in two ways: unknown or repeated names, floats, numbers beyond what every
reader keeps exactly, anything but plain UTF-8. Every refusal is BadMessage; no other exception leaves `decode`.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from thaam.wire import problems
from thaam.wire.fields import MAX_INTEGER, InvalidMessage, dump_object, load_object
from thaam.wire.messages import KINDS, Message
from thaam.wire.problems import Problem

VERSION = 1
MAX_BODY_BYTES = 1_048_576
MAX_DEPTH = 16
# Messages a bank may send in one request.
TOGETHER_MAX = 50

_ENVELOPE = frozenset({"kind", "version"})
# Strings are skipped whole (an unclosed one to its end), so that brackets inside words do not count.
_BEYOND_16_BITS = re.compile("[\U00010000-\U0010ffff]")
_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


class BadMessage(ValueError):
    """Bytes that are not a message. Carries the problem, a JSON pointer and one English sentence."""

    def __init__(self, problem: Problem, pointer: str = "", detail: str = "") -> None:
        super().__init__(f"{problem.code} at {pointer or '/'}: {detail or problem.title.en}")
        self.problem = problem
        self.pointer = pointer
        self.detail = detail or problem.title.en


def encode(message: Message) -> bytes:
    """The canonical bytes of a message; the detached JWS is made over exactly these."""
    return canonical({"kind": type(message).__name__, "version": VERSION, **dump_object(message)})


def decode(raw: bytes, *, limit: int = MAX_BODY_BYTES) -> Message:
    """The message these bytes say. Raises BadMessage, and nothing else, for anything not exactly one message."""
    return from_object(parse(raw, limit=limit))


def from_object(found: Any) -> Message:
    """The message of an already parsed JSON object (as in a mailbox page). Raises BadMessage."""
    if type(found) is not dict:
        raise BadMessage(problems.WRONG_TYPE, "", "a message is a JSON object")
    for name in ("kind", "version"):
        if name not in found:
            raise BadMessage(problems.MISSING_FIELD, f"/{name}", "this field is required")
    kind = found["kind"]
    if type(kind) is not str:
        raise BadMessage(problems.WRONG_TYPE, "/kind", "text is needed")
    if kind not in KINDS:
        raise BadMessage(problems.UNKNOWN_KIND, "/kind")
    if type(found["version"]) is not int:
        raise BadMessage(problems.WRONG_TYPE, "/version", "a whole number is needed")
    if found["version"] != VERSION:
        raise BadMessage(problems.UNKNOWN_VERSION, "/version", f"this is version {VERSION}")
    try:
        message: Message = load_object(_class_of(kind, found), found, "", also=_ENVELOPE)
    except InvalidMessage as why:
        raise BadMessage(why.problem, why.pointer, why.detail) from why
    return message


def parse(raw: bytes, *, limit: int = MAX_BODY_BYTES) -> Any:
    """Strict JSON: UTF-8 without a byte order mark or lone surrogates, whole numbers only, no name twice in an object.

    Raises BadMessage. The limit is in bytes and is looked at first.
    """
    if len(raw) > limit:
        raise BadMessage(problems.TOO_LARGE, "", f"at most {limit} bytes")
    try:
        text = bytes(raw).decode("utf-8", "strict")
    except UnicodeDecodeError as why:
        raise BadMessage(problems.NOT_UTF8, "", f"at byte {why.start}") from why
    if text.startswith("\ufeff"):
        raise BadMessage(problems.NOT_UTF8, "", "no byte order mark")
    _check_depth(raw)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_no_float,
            parse_int=_whole,
            parse_constant=_no_constant,
        )
        if "\\u" in text:
            canonical(value)  # only an escape can bring a lone surrogate into good UTF-8, and that has no bytes
        return value
    except BadMessage:
        raise
    except UnicodeEncodeError as why:
        raise BadMessage(problems.NOT_UTF8, "", "a lone surrogate") from why
    except (ValueError, RecursionError) as why:
        where = f"at character {why.pos}" if isinstance(why, json.JSONDecodeError) else ""
        raise BadMessage(problems.MALFORMED_JSON, "", where) from why


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a value of objects, lists, text, whole numbers, booleans and null."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    if not text.isascii() and _BEYOND_16_BITS.search(text):
        # only names beyond the first plane sort otherwise by UTF-16, as the RFC wants, than by character
        text = json.dumps(_by_utf_16(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _by_utf_16(value: Any) -> Any:
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: str(name).encode("utf-16-be"))
        return {name: _by_utf_16(value[name]) for name in names}
    return [_by_utf_16(each) for each in value] if isinstance(value, list | tuple) else value


def _class_of(kind: str, found: dict[str, Any]) -> type[Message]:
    # A hold order that lacks what makes it an order is named as such, not as any missing field.
    if kind == "HoldOrder":
        for name in ("ranges", "amount_paise", "basis", "issued_by", "issued_at", "expires_at"):
            if found.get(name) in (None, [], {}, ""):
                raise BadMessage(problems.EMPTY_ORDER, f"/{name}")
    return KINDS[kind]


def _check_depth(raw: bytes) -> None:
    depth = 0
    for mark in _NESTING.finditer(raw):
        first = mark[0][0]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise BadMessage(problems.TOO_DEEP, "", f"at most {MAX_DEPTH} levels")
        elif first in b"]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadMessage(problems.DUPLICATE_KEY, "", "a name appears twice in one object")
    return found


def _whole(digits: str) -> int:
    # Longer than any accepted number: refused before int() is asked to read it.
    if len(digits) > 17:
        raise BadMessage(problems.NUMBER_TOO_LARGE, "", "a number is beyond 2^53 - 1")
    if digits == "-0":
        raise BadMessage(problems.NOT_AN_INTEGER, "", "minus zero")
    number = int(digits)
    if abs(number) > MAX_INTEGER:
        raise BadMessage(problems.NUMBER_TOO_LARGE, "", "a number is beyond 2^53 - 1")
    return number


def _no_float(digits: str) -> NoReturn:
    raise BadMessage(problems.NOT_AN_INTEGER, "", f"{digits[:20]} is not a whole number")


def _no_constant(name: str) -> NoReturn:
    raise BadMessage(problems.NOT_AN_INTEGER, "", f"{name} is not a number")
