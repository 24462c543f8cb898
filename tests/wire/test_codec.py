"""Strict reading: everything that could be understood in two ways is refused with its code and a pointer."""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thaam.wire import codec, problems
from thaam.wire.codec import BadMessage, decode, encode
from thaam.wire.problems import Problem
from wire_cast import AT, EXAMPLES, HOLD, HOLD_ANSWER, LOCATE

RAW = encode(HOLD)


def as_json(**changes: Any) -> bytes:
    return json.dumps({**json.loads(RAW), **changes}).encode()


def refused(raw: bytes) -> BadMessage:
    with pytest.raises(BadMessage) as why:
        decode(raw)
    return why.value


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", problems.MALFORMED_JSON),
        (b"{", problems.MALFORMED_JSON),
        (b"}", problems.MALFORMED_JSON),
        (b"{}{}", problems.MALFORMED_JSON),
        (b"{'a':1}", problems.MALFORMED_JSON),
        (b'{"a":1,}', problems.MALFORMED_JSON),
        (b'{"a":01}', problems.MALFORMED_JSON),
        (b'{"a":+1}', problems.MALFORMED_JSON),
        (b'{"a":0x1}', problems.MALFORMED_JSON),
        (b'{"a":tru}', problems.MALFORMED_JSON),
        (b'{"a":"\n"}', problems.MALFORMED_JSON),
        (b'{"a":"\\x"}', problems.MALFORMED_JSON),
        (b'{"a":"\\u12"}', problems.MALFORMED_JSON),
        (b'{"a" 1}', problems.MALFORMED_JSON),
        (b"{1:1}", problems.MALFORMED_JSON),
        (b"// words\n{}", problems.MALFORMED_JSON),
        (b"\x00", problems.MALFORMED_JSON),
        (b'"unclosed', problems.MALFORMED_JSON),
        (b'{"a":NaN}', problems.NOT_AN_INTEGER),
        (b'{"a":Infinity}', problems.NOT_AN_INTEGER),
        (b'{"a":-Infinity}', problems.NOT_AN_INTEGER),
        (b'{"a":1.0}', problems.NOT_AN_INTEGER),
        (b'{"a":1e2}', problems.NOT_AN_INTEGER),
        (b'{"a":1E400}', problems.NOT_AN_INTEGER),
        (b'{"a":-0}', problems.NOT_AN_INTEGER),
        (b'{"a":9007199254740992}', problems.NUMBER_TOO_LARGE),
        (b'{"a":-9007199254740992}', problems.NUMBER_TOO_LARGE),
        (b'{"a":' + b"9" * 100_000 + b"}", problems.NUMBER_TOO_LARGE),
        (b'{"a":1,"a":1}', problems.DUPLICATE_KEY),
        (b'{"a":1,"\\u0061":2}', problems.DUPLICATE_KEY),
        (b'{"b":[{"a":1,"a":2}]}', problems.DUPLICATE_KEY),
        (b"\xef\xbb\xbf{}", problems.NOT_UTF8),
        (b"\xff\xfe{\x00}\x00", problems.NOT_UTF8),
        (b'{"a":"\xff"}', problems.NOT_UTF8),
        (b'{"a":"\xc0\xaf"}', problems.NOT_UTF8),
        (b'{"a":"\xed\xa0\x80"}', problems.NOT_UTF8),
        (b'{"a":"\\ud800"}', problems.NOT_UTF8),
        (b'{"\\udfff":1}', problems.NOT_UTF8),
        (b'["\\udc00\\ud800"]', problems.NOT_UTF8),
        (b'"\\ud800"', problems.NOT_UTF8),
        ("{}".encode("utf-16"), problems.NOT_UTF8),
        (b"[" * 100_000, problems.TOO_DEEP),
        (b'{"a":' * 100_000, problems.TOO_DEEP),
        (b"[" * 17 + b"]" * 17, problems.TOO_DEEP),
        (b" " * (codec.MAX_BODY_BYTES + 1), problems.TOO_LARGE),
        (b"[]", problems.WRONG_TYPE),
        (b"null", problems.WRONG_TYPE),
        (b'"text"', problems.WRONG_TYPE),
        (b"1", problems.WRONG_TYPE),
        (b"true", problems.WRONG_TYPE),
        (b"{}", problems.MISSING_FIELD),
        (b'{"kind":"HoldOrder"}', problems.MISSING_FIELD),
        (b'{"kind":1,"version":1}', problems.WRONG_TYPE),
        (b'{"kind":"Case","version":1}', problems.UNKNOWN_KIND),
        (b'{"kind":"__class__","version":1}', problems.UNKNOWN_KIND),
        (b'{"kind":"HoldOrder","version":2}', problems.UNKNOWN_VERSION),
        (b'{"kind":"HoldOrder","version":true}', problems.WRONG_TYPE),
        (b'{"kind":"HoldOrder","version":"1"}', problems.WRONG_TYPE),
    ],
)
def test_bytes_that_are_not_a_message_are_refused_by_name(raw: bytes, problem: Problem) -> None:
    assert refused(raw).problem == problem


def test_brackets_inside_words_do_not_count_as_depth() -> None:
    assert codec.parse(b'{"a":"' + b"[" * 500 + b'\\"{"}') == {"a": "[" * 500 + '"{'}


def test_a_hostile_body_is_refused_in_linear_time() -> None:
    began = time.process_time()
    for raw in (b'\\"' * 500_000, b'"' * 900_000, b'"\\' * 450_000, b'{"a":"' + b"\\\\" * 450_000):
        refused(raw)
    assert time.process_time() - began < 5, "quadratic reading would take minutes"


@pytest.mark.parametrize(
    ("change", "problem", "pointer"),
    [
        ({"more": 1}, problems.UNKNOWN_FIELD, "/more"),
        ({"a/b~c": 1}, problems.UNKNOWN_FIELD, "/a~1b~0c"),
        ({"payment": {**json.loads(RAW)["payment"], "victim": "Asha"}}, problems.UNKNOWN_FIELD, "/payment/victim"),
        ({"floor_paise": "100"}, problems.WRONG_TYPE, "/floor_paise"),
        ({"floor_paise": True}, problems.WRONG_TYPE, "/floor_paise"),
        ({"floor_paise": None}, problems.WRONG_TYPE, "/floor_paise"),
        ({"floor_paise": [1]}, problems.WRONG_TYPE, "/floor_paise"),
        ({"floor_paise": -1}, problems.BAD_VALUE, "/floor_paise"),
        ({"provisional": 1}, problems.WRONG_TYPE, "/provisional"),
        ({"provisional": "true"}, problems.WRONG_TYPE, "/provisional"),
        ({"payment": []}, problems.WRONG_TYPE, "/payment"),
        ({"payment": "UPI"}, problems.WRONG_TYPE, "/payment"),
        ({"ranges": {"lo": 0, "hi": 1}}, problems.WRONG_TYPE, "/ranges"),
        ({"ranges": [[0, 1]]}, problems.WRONG_TYPE, "/ranges/0"),
        ({"ranges": [{"lo": 0}]}, problems.MISSING_FIELD, "/ranges/0/hi"),
        ({"ranges": [{"lo": 0, "hi": 1}] * 6_000}, problems.BAD_VALUE, "/ranges"),
        ({"ranges": [{"lo": 5, "hi": 5}], "amount_paise": 1}, problems.BAD_RANGES, "/ranges/0"),
        ({"id": "1"}, problems.BAD_VALUE, "/id"),
        ({"id": "019ABC00-0000-7000-8000-000000000002"}, problems.BAD_VALUE, "/id"),
        ({"id": 7}, problems.WRONG_TYPE, "/id"),
        ({"issued_at": "2026-11-25T09:30:00"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": "2026-11-25T15:00:00+05:30"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": "2026-02-30T09:30:00Z"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": "2026-11-25T24:00:00Z"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": "2026-11-25T09:30:60Z"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": "2026-11-25 09:30:00Z"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": "२०२६-११-२५T09:30:00Z"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": "2026-11-25T09:30:00.1234567Z"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": "0001-01-01T00:00:00Z"}, problems.BAD_VALUE, "/issued_at"),
        ({"issued_at": 1764063000}, problems.WRONG_TYPE, "/issued_at"),
        ({"payee_hint": "balu @demo2"}, problems.BAD_VALUE, "/payee_hint"),
        ({"payee_hint": "बालू@demo2"}, problems.BAD_VALUE, "/payee_hint"),
        ({"payee_hint": ""}, problems.BAD_VALUE, "/payee_hint"),
    ],
)
def test_a_field_that_does_not_fit_is_refused_where_it_stands(
    change: dict[str, Any], problem: Problem, pointer: str
) -> None:
    found = refused(as_json(**change))
    assert (found.problem, found.pointer) == (problem, pointer)


@pytest.mark.parametrize("name", sorted(set(json.loads(RAW)) - {"payee_hint"}))
def test_every_required_field_left_out_is_named(name: str) -> None:
    body = json.loads(RAW)
    del body[name]
    found = refused(json.dumps(body).encode())
    assert found.pointer == f"/{name}"
    assert found.problem in (problems.MISSING_FIELD, problems.EMPTY_ORDER)


@pytest.mark.req("S1.7")
@pytest.mark.parametrize("name", ["ranges", "amount_paise", "basis", "issued_by", "issued_at", "expires_at"])
@pytest.mark.parametrize("nothing", [None, "", [], {}, "left out"])
def test_a_hold_order_without_what_makes_it_an_order_has_its_own_code(name: str, nothing: object) -> None:
    body = json.loads(as_json(**{name: nothing}))
    if nothing == "left out":
        del body[name]
    assert refused(json.dumps(body).encode()).problem == problems.EMPTY_ORDER


def test_null_and_absence_of_what_may_be_absent_are_the_same() -> None:
    assert decode(as_json(payee_hint=None)) == decode(json.dumps(
        {name: value for name, value in json.loads(RAW).items() if name != "payee_hint"}
    ).encode())  # fmt: skip


def test_space_and_order_of_names_do_not_matter_but_the_canonical_bytes_are_one() -> None:
    spaced = json.dumps(dict(reversed(json.loads(RAW).items())), indent=3).encode()
    assert decode(spaced) == HOLD
    assert encode(decode(spaced)) == RAW


def test_devanagari_words_pass_and_stay_as_they_are() -> None:
    raw = encode(HOLD).replace(b"Devi Sahu", "देवी साहू".encode())
    assert decode(raw).issued_by.officer == "देवी साहू"  # type: ignore[union-attr]
    assert encode(decode(raw)) == raw


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_bad_message(raw: bytes) -> None:
    with pytest.raises(BadMessage):
        decode(raw)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from([encode(each) for each in EXAMPLES]),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4_000), st.binary(min_size=1, max_size=4)), max_size=4),
)
def test_a_broken_message_is_read_or_refused_and_nothing_else(raw: bytes, cuts: list[tuple[int, int, bytes]]) -> None:
    for what, where, other in cuts:
        at = where % len(raw) if raw else 0
        raw = {
            0: raw[:at] + other + raw[at:],
            1: raw[:at] + raw[at + len(other) :],
            2: raw[:at] + other + raw[at + len(other) :],
            3: raw[:at],
        }[what]
    try:
        message = decode(raw)
    except BadMessage:
        return
    assert decode(encode(message)) == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(EXAMPLES), st.data())
def test_any_value_in_any_field_is_read_or_refused(message: Any, data: st.DataObject) -> None:
    body = json.loads(encode(message))
    for _ in range(data.draw(st.integers(1, 2))):
        body[data.draw(st.sampled_from(sorted(body)))] = data.draw(JSON)
    try:
        found = decode(json.dumps(body).encode())
    except BadMessage as why:
        json.dumps(why.problem.document(detail=why.detail, pointer=why.pointer)).encode()
        return
    assert decode(encode(found)) == found


@settings(max_examples=300, deadline=None)
@given(
    st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(9998, 1, 1)),  # noqa: DTZ001 hypothesis wants naive bounds
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=100).filter(str.strip),
    st.integers(1, 2**53 - 1),
    st.dates(dt.date(1900, 1, 1)),
)
def test_every_good_message_comes_back(moment: dt.datetime, words: str, amount: int, day: dt.date) -> None:
    at = moment.replace(tzinfo=dt.UTC)
    words = words.replace("\ufeff", "x")
    message = replace(
        LOCATE,
        payment=replace(LOCATE.payment, amount_paise=amount, date=day),
        basis=replace(LOCATE.basis, authority=words),
        issued_at=at,
        execute_before=at + dt.timedelta(microseconds=1),
    )
    assert decode(encode(message)) == message


def test_times_keep_their_microseconds() -> None:
    late = replace(HOLD_ANSWER, answered_at=AT + dt.timedelta(microseconds=7))
    assert b'"2026-11-25T09:30:00.000007Z"' in encode(late)
    assert decode(encode(late)) == late
    assert decode(encode(late).replace(b".000007Z", b".5Z")) == replace(
        late, answered_at=AT + dt.timedelta(milliseconds=500)
    )
