"""Vectors made by rule: JSON that is right, wrong or doubtful, and Ed25519 signatures and texts that must not hold.

The names follow the public collections (JSONTestSuite: y_ must be read, n_ must be refused, i_ is refused here though a
reader may choose; Project Wycheproof for signatures); every case is made here, from the standards.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, PRIME) % PRIME
Point = tuple[int, int]
IDENTITY: Point = (0, 1)


def right_json() -> Iterator[tuple[str, bytes]]:
    """y_: every reader must read it."""
    values = {
        "empty_object": b"{}", "empty_array": b"[]", "null": b"null", "true": b"true", "false": b"false", "zero": b"0",
        "negative": b"-1", "largest": b"9007199254740991", "smallest": b"-9007199254740991", "text": b'"a"',
        "empty_text": b'""', "empty_name": b'{"":0}', "spaces": b" [ 1 ,\t2\r\n] ", "escapes": rb'"\"\\\/\b\f\n\r\t"',
        "escaped_nul": rb'"\u0000"', "escaped_pair": rb'"\ud83d\ude00"', "escaped_noncharacter": rb'"\uffff"',
        "plain_del": b'"\x7f"', "hindi": '"थाम"'.encode(), "astral": '"😀"'.encode(), "u2028": "\"\u2028\"".encode(),
        "nested": b"[" * 16 + b"]" * 16, "name_like_escape": rb'{"a":1,"\\u0061":2}', "upper_hex": rb'"\u00E9\u00e9"',
        "prototype": b'{"__proto__":{"a":1}}', "long_text": b'"' + b"x" * 100_000 + b'"',
    }  # fmt: skip
    yield from values.items()


def wrong_json() -> Iterator[tuple[str, bytes]]:
    """n_ and i_: refused, whatever else may be wrong or right about it."""
    texts = {
        "nothing": b"", "space": b" ", "nul": b"\x00", "bom_only": b"\xef\xbb\xbf", "bom_object": b"\xef\xbb\xbf{}",
        "form_feed": b"[\x0c]", "vertical_tab": b"[\x0b]", "nbsp": b"[\xa0]", "u2060": "[⁠]".encode(),
        "no_break": "\u00a0{}".encode(), "two_values": b"[][]", "two_numbers": b"1 2", "object_then_text": b'{}"a"',
        "trailing_nul": b"{}\x00", "trailing_hash": b"{}#", "trailing_comment": b"{}/**/", "leading_comment": b"//\n{}",
        "inside_comment": b"[1/**/,2]", "xml": b"<a/>", "html": b"<!doctype html>", "yaml": b"a: 1", "form": b"a=1&b=2",
        "unclosed_array": b"[", "unclosed_object": b"{", "unclosed_text": b'"', "unclosed_name": b'{"', "close": b"]",
        "close_object": b"}", "wrong_close": b"[}", "wrong_close_2": b"{]", "open_text_in_array": b'["a',
        "array_comma": b"[,]", "array_comma_end": b"[1,]", "array_comma_begin": b"[,1]", "array_two_commas": b"[1,,2]",
        "array_colon": b"[1:2]", "array_space": b"[1 2]", "array_no_comma": b'["a""b"]', "object_comma": b"{,}",
        "object_comma_end": b'{"a":1,}', "object_two_commas": b'{"a":1,,"b":2}', "object_no_colon": b'{"a" 1}',
        "object_two_colons": b'{"a"::1}', "object_no_value": b'{"a":}', "object_only_name": b'{"a"}',
        "object_comma_for_colon": b'{"a",1}', "name_unquoted": b"{a:1}", "name_single": b"{'a':1}", "name_number": b"{1:1}",
        "name_null": b"{null:1}", "name_array": b"{[]:1}", "text_single": b"'a'", "text_backtick": b"`a`",
        "true_upper": b"TRUE", "true_title": b"True", "true_short": b"tru", "null_upper": b"NULL", "none": b"None",
        "undefined": b"undefined", "nan": b"NaN", "minus_nan": b"-NaN", "inf": b"Infinity", "minus_inf": b"-Infinity",
        "inf_short": b"Inf", "bare_word": b"abc", "escape_x": rb'"\x41"', "escape_u_short": rb'"\u00"',
        "escape_u_bad": rb'"\u00zz"', "escape_u_plus": rb'"\u+123"', "escape_upper_u": rb'"\U0041"', "escape_a": rb'"\a"',
        "escape_quote_single": rb'''"\'"''', "escape_newline": b'"\\\n"', "escape_end": b'"\\', "plain_tab": b'"\t"',
        "plain_newline": b'"\n"', "plain_nul": b'"\x00"', "plain_unit": b'"\x1f"', "byte_ff": b'"\xff"', "lone_80": b'"\x80"',
        "overlong_slash": b'"\xc0\xaf"', "overlong_nul": b'"\xc0\x80"', "overlong_3": b'"\xe0\x80\xaf"',
        "surrogate_bytes": b'"\xed\xa0\x80"', "pair_bytes": b'"\xed\xa0\xbd\xed\xb8\x80"', "beyond_unicode": b'"\xf4\x90\x80\x80"',
        "truncated_utf8": b'"\xe0\xa4"', "five_bytes": b'"\xf8\x88\x80\x80\x80"', "latin1": b'"\xe9"',
        "lone_high": rb'"\ud800"', "lone_low": rb'"\udc00"', "two_highs": rb'"\ud800\ud800"', "low_high": rb'"\udc00\ud800"',
        "high_letter": rb'"\ud800a"', "high_escape": rb'"\ud800\n"', "lone_in_name": rb'{"\ud800":1}',
        "deep_open": b"[" * 100_000, "deep_closed": b"[" * 17 + b"]" * 17, "deep_objects": b'{"a":' * 50_000,
        "deep_mixed": b'[{"a":' * 20_000, "deep_after_text": b'["[",' + b"[" * 20 + b"]" * 21,
    }  # fmt: skip
    numbers = (
        "-", "+1", "++1", "01", "-01", "00", "0x1", "0b1", "0o7", "1_000", "1,000", ".5", "-.5", "5.", "-5.", "1.e1", "1e",
        "1e+", "1e-", "1eE2", "1E", "0e", "0e+", "0.3e", "0.3e+", "1.0", "-1.5", "1e0", "1E2", "1e-2", "1e400", "-1e400",
        "1e-400", "1e9999999999", "-0", "-0.0", "-0e1", "9007199254740992", "-9007199254740992", "9" * 5_000,
        "1" + "0" * 400, "0." + "0" * 400 + "1", "1.7976931348623157e308", "١", "१", "１", "½", "1 000", "1a", "1-", "1+2",
        "--1", "- 1", "1e1.5", "2.e3", "2.e-3", "0.e1", "∞", "1f", "1n", "1d", "1L", "0.1", "123456789012345678",
    )  # fmt: skip
    yield from texts.items()
    for number in numbers:
        name = number if len(number) < 20 else f"{number[:6]}_{len(number)}"
        yield f"number_{name}", number.encode()
        yield f"number_in_array_{name}", f"[{number}]".encode()
        yield f"number_in_object_{name}", f'{{"a":{number}}}'.encode()
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        yield f"encoded_{encoding}", '{"kind":"Acknowledged"}'.encode(encoding)
    yield "encoded_utf_7", b"{+AGE-:1}"
    for name, twice in {
        "plain": b'{"a":1,"a":2}', "same": b'{"a":1,"a":1}', "escaped": rb'{"a":1,"\u0061":2}', "nested": b'[{"b":{"a":1,"a":2}}]',
        "far": b'{"a":1,' + b",".join(b'"n%d":0' % n for n in range(500)) + b',"a":2}', "empty": b'{"":1,"":2}',
    }.items():  # fmt: skip
        yield f"name_twice_{name}", twice
    good = b'{"answered_at":"2026-11-25T09:30:00Z","kind":"Acknowledged","list":[1,{"a":null}],"n":-1}'
    for cut in range(1, len(good)):
        yield f"cut_at_{cut}", good[:cut]


# -- Ed25519


def _add(p: Point, q: Point) -> Point:
    (x1, y1), (x2, y2) = p, q
    t = _D * x1 * x2 * y1 * y2 % PRIME
    x3 = (x1 * y2 + x2 * y1) * pow(1 + t, -1, PRIME) % PRIME
    return x3, (y1 * y2 + x1 * x2) * pow(1 - t, -1, PRIME) % PRIME


def times(n: int, point: Point) -> Point:
    """n times a point, the plain way."""
    found = IDENTITY
    while n:
        if n & 1:
            found = _add(found, point)
        point, n = _add(point, point), n >> 1
    return found


def written(point: Point) -> bytes:
    """The 32 bytes of a point."""
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def weak_keys() -> Iterator[tuple[str, bytes]]:
    """Every writing of the points of small order, canonical or not: 14 of them."""
    order_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
    for y in (0, 1, PRIME - 1, order_8, PRIME - order_8, PRIME, PRIME + 1):
        for sign in (0, 1):
            yield f"y_{y % 1000}_{sign}_{y >= PRIME}", (y | sign << 255).to_bytes(32, "little")


def false_signatures(seed: bytes, message: bytes) -> Iterator[tuple[str, bytes]]:
    """Signatures that must not hold for the key of this seed over this message."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    true = key.sign(message)
    r, s = true[:32], int.from_bytes(true[32:], "little")
    half = hashlib.sha512(seed).digest()[:32]
    secret = (int.from_bytes(half, "little") & ((1 << 254) - 8)) | 1 << 254

    def with_s(value: int) -> bytes:
        return r + value.to_bytes(32, "little")

    def over(wrong_r: bytes) -> bytes:
        # S is right for this R: only the R itself is wrong
        k = int.from_bytes(hashlib.sha512(wrong_r + public + message).digest(), "little") % ORDER
        return wrong_r + (k * secret % ORDER).to_bytes(32, "little")

    for n in (1, 2, 7, 15):
        if s + n * ORDER < 2**256:
            yield f"s_plus_{n}_times_the_order", with_s(s + n * ORDER)
    yield "s_negated", with_s(ORDER - s)
    yield "s_zero", with_s(0)
    yield "s_one", with_s(1)
    yield "s_order", with_s(ORDER)
    yield "s_all_ones", with_s(2**256 - 1)
    yield "s_top_bit", with_s(s | 1 << 255)
    yield "r_zero_s_zero", bytes(64)
    yield "r_identity_s_zero", written(IDENTITY) + bytes(32)
    yield "r_not_canonical", over((PRIME + 1).to_bytes(32, "little"))
    yield "r_minus_zero", over((1 | 1 << 255).to_bytes(32, "little"))
    yield "r_no_point", over((2).to_bytes(32, "little"))
    yield "r_flipped_sign", bytes([*r[:31], r[31] ^ 0x80]) + true[32:]
    yield "halves_swapped", true[32:] + r
    yield "big_endian", r[::-1] + true[32:][::-1]
    for length in (0, 1, 31, 32, 63):
        yield f"cut_to_{length}", true[:length]
    yield "one_byte_more", true + b"\x00"
    yield "twice", true + true
    yield "in_asn_1", b"\x30\x44\x02\x20" + r + b"\x02\x20" + true[32:]
    for at in range(64):
        flipped = bytearray(true)
        flipped[at] ^= 1 << (at % 8)
        yield f"bit_{at}_flipped", bytes(flipped)
    yield "of_other_words", key.sign(message + b" ")
    yield "of_a_digest", key.sign(hashlib.sha512(message).digest())
    yield "of_another_key", Ed25519PrivateKey.from_private_bytes(bytes(32)).sign(message)


def other_writings(raw: bytes) -> Iterator[tuple[str, str]]:
    """The right bytes in a base64 that is not the one right unpadded base64url."""
    url = base64.urlsafe_b64encode(raw).decode()
    bare = url.rstrip("=")
    plain = base64.b64encode(raw).decode()
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".index(bare[-1])
    yield "padded", url if url != bare else url + "="
    yield "padded_more", bare + "===="
    if plain.rstrip("=") != bare:
        yield "other_alphabet", plain.rstrip("=")
    yield "space", bare[:10] + " " + bare[10:]
    yield "line_feed", bare + "\n"
    yield "tab", "\t" + bare
    yield (
        "loose_bits",
        bare[:-1]
        + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last | 1 if last % 2 == 0 else last - 1],
    )
    yield "wide_letters", bare[:-1] + "Ａ"
    yield "hex", raw.hex()
    yield "one_letter_less", bare[:-1]
    yield "percent", "%41" + bare[1:]
