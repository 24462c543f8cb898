"""Published vectors: RFC 8032, 9421 appendix B, 9530, 8037, 7797, 7515, 7520, 8785, 6962 trees, Standard Webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import types

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from thaam.wire import checkpoints, codec, jws, keys, problems, signing, webhook
from wire_cast import AT

# RFC 9421 appendix B.1.4
TEST_KEY = load_pem_public_key(
    b"-----BEGIN PUBLIC KEY-----\n"
    b"MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n"
    b"-----END PUBLIC KEY-----\n"
)
B_REQUEST = [
    ("Host", "example.com"),
    ("Date", "Tue, 20 Apr 2021 02:07:55 GMT"),
    ("Content-Type", "application/json"),
    (
        "Content-Digest",
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    ),
    ("Content-Length", "18"),
]
B26 = [
    (
        "Signature-Input",
        'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"',
    ),
    (
        "Signature",
        "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    ),
]


def key_of(key_id: str) -> keys.PublicKey | None:
    return TEST_KEY if key_id == "test-key-ed25519" else None  # type: ignore[return-value]


def holds(method: str, url: str, headers: list[tuple[str, str]]) -> bool:
    """Only the signature, without our rules of coverage."""
    message = types.SimpleNamespace(method=method, url=url, headers=signing._Fields(headers))
    try:
        signing._verify(message, key_of)
    except signing.BadSignature as why:
        assert why.problem == problems.BAD_SIGNATURE
        return False
    return True


def test_rfc_9421_b_2_6_holds_and_not_when_anything_covered_changes() -> None:
    url = "https://example.com/foo?param=Value&Pet=dog"
    assert holds("POST", url, B_REQUEST + B26)
    assert holds("POST", "https://example.com/foo?other=1", B_REQUEST + B26), "the query is not covered there"
    assert not holds("PUT", url, B_REQUEST + B26)
    assert not holds("POST", "https://example.com/bar", B_REQUEST + B26)
    assert not holds("POST", "https://example.org/foo", B_REQUEST + B26)
    for i, name in ((1, "Date"), (2, "Content-Type"), (4, "Content-Length")):
        changed = [*B_REQUEST]
        changed[i] = (name, "1" + B_REQUEST[i][1])
        assert not holds("POST", url, changed + B26)
        assert not holds("POST", url, B_REQUEST[:i] + B_REQUEST[i + 1 :] + B26)


def test_rfc_9421_b_2_6_is_too_thin_a_cover_for_an_order() -> None:
    with pytest.raises(signing.BadSignature) as refused:
        signing.verify_request(
            method="POST", url="https://example.com/foo?param=Value&Pet=dog", headers=B_REQUEST + B26,
            body=b'{"hello": "world"}', key_of=key_of, now=AT,
        )  # fmt: skip
    assert refused.value.problem == problems.NOT_COVERED


B4 = [
    (
        "Signature-Input",
        'transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"',
    ),
    (
        "Signature",
        "transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:",
    ),
]


@pytest.mark.parametrize(
    ("method", "url", "accept", "good"),
    [
        ("GET", "https://example.org/demo?name1=Value1&Name2=value2", ["application/json", "*/*"], True),
        ("GET", "https://example.org/demo?name1=Value1&Name2=value2&param=added", ["application/json", "*/*"], True),
        ("GET", "https://example.org/demo?name1=Value1&Name2=value2", ["application/json, */*"], True),
        ("POST", "https://example.org/demo?name1=Value1&Name2=value2", ["application/json", "*/*"], False),
        ("GET", "https://example.com/demo?name1=Value1&Name2=value2", ["application/json", "*/*"], False),
        ("GET", "https://example.org/demo?name1=Value1&Name2=value2", ["*/*", "application/json"], False),
    ],
)
def test_rfc_9421_b_4_survives_what_proxies_may_do_and_nothing_else(
    method: str, url: str, accept: list[str], good: bool
) -> None:
    headers = [("Host", "example.org"), *(("Accept", each) for each in accept), *B4]
    assert holds(method, url, headers) is good


@pytest.mark.parametrize("body", [b"", b'{"hello": "world"}\n', b'{"hello": "world"}'])
def test_rfc_9530_digests(body: bytes) -> None:
    expected = {
        b"": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        b'{"hello": "world"}': "X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
        b'{"hello": "world"}\n': "RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
    }[body]
    assert signing.content_digest(body) == f"sha-256=:{expected}:"


@pytest.mark.parametrize(
    ("seed", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ],
)
def test_rfc_8032_signatures(seed: str, public: str, message: str, signature: str) -> None:
    key = keys.from_seed(bytes.fromhex(seed))
    assert keys._raw(key.public).hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature


# RFC 8037 appendix A
RFC_8037_KEY = keys.from_seed(base64.urlsafe_b64decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="), key_id="k")
RFC_8037_JWS = (
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
)


def test_rfc_8037_key_and_signature_and_that_an_attached_jws_is_no_evidence() -> None:
    assert keys.public_text(RFC_8037_KEY.public) == "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    signing_input, _, signature = RFC_8037_JWS.rpartition(".")
    assert jws._encoded(RFC_8037_KEY.sign(signing_input.encode())) == signature
    with pytest.raises(jws.BadEvidence):
        jws.verify_detached(b"Example of Ed25519 signing", RFC_8037_JWS, lambda key_id: RFC_8037_KEY.public)
    header, _, signature = RFC_8037_JWS.split(".")
    with pytest.raises(jws.BadEvidence):
        jws.verify_detached(b"Example of Ed25519 signing", f"{header}..{signature}", lambda key_id: RFC_8037_KEY.public)


def test_rfc_7797_signing_input_is_ours_and_its_symmetric_key_is_refused() -> None:
    detached = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY"
    secret = base64.urlsafe_b64decode(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow=="
    )
    header, _, mac = detached.split(".")
    assert jws._encoded(hmac.digest(secret, header.encode() + b".$.02", "sha256")) == mac
    with pytest.raises(jws.BadEvidence):
        jws.verify_detached(b"$.02", detached, lambda key_id: RFC_8037_KEY.public)


@pytest.mark.parametrize(
    "vector",
    [
        # RFC 7515 A.1 (HS256), A.3 (ES256), A.5 (none)
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "eyJhbGciOiJFUzI1NiJ9."
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
        "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
    ],
)
def test_rfc_7515_signatures_of_other_algorithms_are_refused_attached_and_detached(vector: str) -> None:
    header, payload, signature = vector.split(".")
    body = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    for form in (vector, f"{header}..{signature}"):
        with pytest.raises(jws.BadEvidence):
            jws.verify_detached(body, form, lambda key_id: RFC_8037_KEY.public)


def test_rfc_8785_order_and_escapes() -> None:
    value = {"b": '€$\u000f\u000aA\'B"\\\\"/', "a": [56, {"d": True, "10": None, "1": "ö"}]}
    assert codec.canonical(value).decode() == (
        '{"a":[56,{"1":"ö","10":null,"d":true}],"b":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_rfc_8785_sorts_names_by_utf_16_units_not_by_character() -> None:
    # The names of section 3.2.3, in its order: the face stands before the Hebrew letter.
    names = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    for value in (dict.fromkeys(reversed(names), 0), [{"a": dict.fromkeys(sorted(names), 0)}]):
        found = json.loads(codec.canonical(value))
        found = found if isinstance(found, dict) else found[0]["a"]
        assert list(found) == names
    assert codec.canonical({"b": "\U0001f600", "a": ("x", 1)}).decode() == '{"a":["x",1],"b":"\U0001f600"}'


# The tree of eight entries that Certificate Transparency logs publish for RFC 6962.
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [checkpoints.leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]


@pytest.mark.parametrize("size", range(9))
def test_rfc_6962_roots(size: int) -> None:
    assert checkpoints.tree_root(LEAVES[:size]).hex() == ROOTS[size]


def test_standard_webhooks_signed_content() -> None:
    # The symmetric example every Standard Webhooks library is tested with: only the content is ours to get right.
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    content = webhook.signed_content(
        id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=b'{"test": 2432232314}'
    )
    mac = hmac.new(secret, content, hashlib.sha256).digest()
    assert base64.b64encode(mac).decode() == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


RFC_7520_KEY = "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"
RFC_7520_PAYLOAD = (
    "It\u2019s a dangerous business, Frodo, going out your door. You step onto the road, and if you don't keep your"
    " feet, there\u2019s no knowing where you might be swept off to."
).encode()


@pytest.mark.parametrize(
    ("header", "signature"),
    [
        # RFC 7520 4.4 and 4.5 (HS256, attached and detached), 4.6 (kid unprotected), 4.7 (nothing protected)
        ("eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9",
         "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0"),
        ("eyJhbGciOiJIUzI1NiJ9", "bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20"),
        ("", "xuLifqLGiblpv9zBpuZczWhNj1gARaLV3UxvxhJxZuk"),
    ],
)  # fmt: skip
def test_rfc_7520_signatures_are_what_they_say_and_are_no_evidence_in_any_serialisation(
    header: str, signature: str
) -> None:
    payload = jws._encoded(RFC_7520_PAYLOAD)
    secret = base64.urlsafe_b64decode(RFC_7520_KEY + "=")
    assert jws._encoded(hmac.digest(secret, f"{header}.{payload}".encode(), "sha256")) == signature
    general = f'{{"payload":"{payload}","signatures":[{{"protected":"{header}","signature":"{signature}"}}]}}'
    flattened = f'{{"payload":"{payload}","protected":"{header}","signature":"{signature}"}}'
    for form in (f"{header}.{payload}.{signature}", f"{header}..{signature}", general, flattened):
        with pytest.raises(jws.BadEvidence):
            jws.verify_detached(RFC_7520_PAYLOAD, form, lambda key_id: RFC_8037_KEY.public)
