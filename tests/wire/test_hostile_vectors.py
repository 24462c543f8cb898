"""Every vector of hostile.py against every reader of the wire: read right, or refused by name."""

from __future__ import annotations

import base64
import datetime as dt
import json

import pytest

from thaam.wire import checkpoints, codec, jws, keys, rotation, signing, webhook
from thaam.wire.fields import InvalidMessage
from wire.hostile import false_signatures, other_writings, right_json, weak_keys, wrong_json
from wire_cast import AT

SEED = bytes(range(32))
KEY = keys.from_seed(SEED, key_id="demo1-1")
BODY = b'{"a":1}'


def known(key_id: str) -> keys.PublicKey | None:
    return KEY.public if key_id == KEY.key_id else None


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.mark.parametrize(("name", "raw"), list(right_json()), ids=lambda each: each if isinstance(each, str) else "")
def test_right_json_is_read_as_every_reader_reads_it(name: str, raw: bytes) -> None:
    assert codec.parse(raw) == json.loads(raw)


def test_wrong_json_is_refused_by_name_and_nothing_else_is_raised() -> None:
    cases = dict(wrong_json())
    assert len(cases) > 350
    for name, raw in cases.items():
        with pytest.raises(codec.BadMessage) as refused:
            codec.parse(raw)
        assert refused.value.problem.status in (400, 422), name


def test_a_message_is_refused_whatever_its_bytes_are_wrapped_in() -> None:
    for name, raw in {**dict(wrong_json()), **dict(right_json())}.items():
        with pytest.raises(codec.BadMessage):
            codec.decode(raw)
        # as the value of a field of a message that is right but for it
        whole = b'{"kind":"Acknowledged","version":1,"id":' + raw + b',"order_id":"x","answered_at":"x"}'
        with pytest.raises(codec.BadMessage):
            codec.decode(whole)
        assert name


@pytest.mark.parametrize(("name", "raw"), list(weak_keys()), ids=lambda each: each if isinstance(each, str) else "")
def test_a_weak_key_is_enrolled_nowhere(name: str, raw: bytes) -> None:
    with pytest.raises(keys.BadKey):
        keys.public_from_text(text(raw))


def test_a_key_written_in_another_way_is_refused() -> None:
    raw = KEY.public.public_bytes_raw()
    assert keys.public_from_text(text(raw))
    for name, other in other_writings(raw):
        with pytest.raises(keys.BadKey):
            keys.public_from_text(other)
        assert name


# -- each place where a signature is believed


def test_no_false_signature_holds_in_a_detached_jws() -> None:
    true = jws.sign_detached(BODY, KEY)
    header = true.partition("..")[0]
    assert jws.verify_detached(BODY, true, known) == KEY.key_id
    for name, signature in false_signatures(SEED, header.encode() + b"." + BODY):
        with pytest.raises(jws.BadEvidence):
            jws.verify_detached(BODY, f"{header}..{text(signature)}", known)
        assert name
    signature = KEY.sign(header.encode() + b"." + BODY)
    for name, other in other_writings(signature):
        with pytest.raises(jws.BadEvidence):
            jws.verify_detached(BODY, f"{header}..{other}", known)
        assert name
    for name, other in other_writings(codec.canonical(json.loads(base64.urlsafe_b64decode(header + "==")))):
        with pytest.raises(jws.BadEvidence):
            jws.verify_detached(BODY, f"{other}..{text(KEY.sign(other.encode() + b'.' + BODY))}", known)
        assert name


HEADERS: tuple[object, ...] = (
    {"alg": "none"}, {"alg": "None"}, {"alg": "NONE"}, {"alg": ""}, {"alg": None}, {"alg": ["EdDSA"]}, {"alg": "ES256"},
    {"alg": "HS256"}, {"alg": "RS256"}, {"alg": "PS256"}, {"alg": "Ed448"}, {"alg": "Ed25519"}, {"alg": "eddsa"},
    {"b64": True}, {"b64": "false"}, {"b64": 0}, {"b64": None}, {"crit": []}, {"crit": ["exp"]}, {"crit": ["b64", "exp"]},
    {"crit": ["b64", "b64"]}, {"crit": "b64"}, {"crit": None}, {"crit": ["B64"]}, {"kid": ""}, {"kid": None}, {"kid": 1},
    {"kid": ["demo1-1"]}, {"kid": "x" * 65}, {"kid": "demo1-1\x00"}, {"kid": "DEMO1-1"}, {"kid": "../demo1-1"},
    {"jwk": {"kty": "OKP"}}, {"jku": "https://evil.example/keys"}, {"x5u": "https://evil.example"}, {"x5c": []},
    {"typ": "JOSE"}, {"cty": "json"}, {"zip": "DEF"}, {"exp": 1}, {"nonce": "a"}, {"url": "a"},
)  # fmt: skip


@pytest.mark.parametrize("change", HEADERS, ids=str)
def test_a_true_signature_under_a_header_of_another_kind_is_no_evidence(change: dict[str, object]) -> None:
    header = {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": KEY.key_id} | change
    protected = text(json.dumps(header).encode())
    for signed in (protected.encode() + b"." + BODY, protected.encode() + b"." + text(BODY).encode()):
        with pytest.raises(jws.BadEvidence):
            jws.verify_detached(BODY, f"{protected}..{text(KEY.sign(signed))}", known)


@pytest.mark.parametrize("left_out", ["alg", "b64", "crit", "kid"])
def test_a_header_that_lacks_what_it_must_say_is_no_evidence(left_out: str) -> None:
    header = {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": KEY.key_id}
    del header[left_out]  # type: ignore[arg-type]
    protected = text(json.dumps(header).encode())
    with pytest.raises(jws.BadEvidence):
        jws.verify_detached(BODY, f"{protected}..{text(KEY.sign(protected.encode() + b'.' + BODY))}", known)


def test_wrong_json_is_no_header_though_truly_signed() -> None:
    for name, raw in wrong_json():
        protected = text(raw[:1_500])
        evidence = f"{protected}..{text(KEY.sign(protected.encode() + b'.' + BODY))}"
        with pytest.raises(jws.BadEvidence):
            jws.verify_detached(BODY, evidence, known)
        assert name


@pytest.mark.parametrize(
    "shape",
    ["{h}.{p}.{s}", "{h}..{s}.", ".{h}..{s}", "{h}.{s}", "{h}...{s}", "..{s}", "{h}..", "{s}..{h}", " {h}..{s}", "{h}..{s}\n",
     '{{"protected":"{h}","signature":"{s}"}}', "{h}..{s},{h}..{s}"],
)  # fmt: skip
def test_another_serialisation_is_no_evidence(shape: str) -> None:
    header, _, signature = jws.sign_detached(BODY, KEY).partition("..")
    with pytest.raises(jws.BadEvidence):
        jws.verify_detached(BODY, shape.format(h=header, p=text(BODY), s=signature), known)


def test_no_false_signature_holds_on_a_request() -> None:
    url, nonce = "https://thaam.example/api/v1/answers", "n" * 20

    def verify(headers: dict[str, str]) -> signing.Verified:
        return signing.verify_request(method="POST", url=url, headers=headers, body=BODY, key_of=known, now=AT)

    true = signing.sign_request(method="POST", url=url, body=BODY, key=KEY, created=AT, nonce=nonce)
    assert verify(true).keyid == KEY.key_id
    signed = next(value for name, value in true.items() if name.lower() == "signature")
    name = next(name for name in true if name.lower() == "signature")
    base = _base(true, url)
    label = signed.partition("=")[0]
    for case, signature in false_signatures(SEED, base):
        with pytest.raises(signing.BadSignature):
            verify({**true, name: f"{label}=:{base64.b64encode(signature).decode()}:"})
        assert case


def _base(headers: dict[str, str], url: str) -> bytes:
    found = {name.lower(): value for name, value in headers.items()}
    params = found["signature-input"].partition("=")[2]
    lines = [
        '"@method": POST', f'"@target-uri": {url}', f'"content-digest": {found["content-digest"]}',
        f'"@signature-params": {params}',
    ]  # fmt: skip
    return "\n".join(lines).encode()


def test_the_base_of_these_vectors_is_what_we_sign() -> None:
    url = "https://thaam.example/api/v1/answers"
    true = signing.sign_request(method="POST", url=url, body=BODY, key=KEY, created=AT, nonce="n" * 20)
    signature = next(value for name, value in true.items() if name.lower() == "signature").partition("=")[2].strip(":")
    KEY.public.verify(base64.b64decode(signature), _base(true, url))


def test_no_false_signature_holds_on_a_hint_a_checkpoint_or_a_next_key() -> None:
    headers, body = webhook.sign_hint(hint=webhook.Hint("DEMO1", 7), id="h1", at=AT, keys=[KEY])
    content = webhook.signed_content(id="h1", timestamp=int(AT.timestamp()), body=body)
    for name, signature in false_signatures(SEED, content):
        for value in (f"v1a,{base64.b64encode(signature).decode()}", f"v1,{base64.b64encode(signature).decode()}"):
            with pytest.raises(webhook.BadWebhook):
                webhook.verify_hint({**headers, "webhook-signature": value}, body, public_keys=[KEY.public], now=AT)
        assert name
    head = checkpoints.sign_checkpoint(position=1, root="0" * 64, at=AT, key=KEY)
    assert checkpoints.verify_checkpoint(head, known) is None
    for name, signature in false_signatures(
        SEED, checkpoints.signed_text(position=head.position, root=head.root, at=head.at)
    ):
        document = {**head.document(), "signature": text(signature)}
        with pytest.raises(checkpoints.BadCheckpoint):
            checkpoints.verify_checkpoint(checkpoints.checkpoint_from(document), known)
        assert name
    for name, other in other_writings(base64.urlsafe_b64decode(head.signature + "==")):
        with pytest.raises(checkpoints.BadCheckpoint):
            document = {**head.document(), "signature": other}
            checkpoints.verify_checkpoint(checkpoints.checkpoint_from(document), known)
        assert name
    right_one = headers["webhook-signature"].removeprefix("v1a,")
    for other in (
        right_one[:-3] + chr(ord(right_one[-3]) + 1) + "==",
        right_one.rstrip("="),
        right_one + "=",
        "\u0967" + right_one,
    ):
        with pytest.raises(webhook.BadWebhook):
            other_headers = {**headers, "webhook-signature": f"v1a,{other}"}
            webhook.verify_hint(other_headers, body, public_keys=[KEY.public], now=AT)
    start = AT + dt.timedelta(days=1)
    proven = rotation.proven_text(bank="DEMO1", public_key=keys.public_text(KEY.public), valid_from_at=start)
    right = rotation.next_key(
        id="019abc00-0000-7000-8000-00000000000e", at=AT, bank="DEMO1", key=KEY, valid_from_at=start
    )
    for name, signature in false_signatures(SEED, proven):
        with pytest.raises(InvalidMessage):
            rotation.check_next_key(_replaced(right, text(signature)), bank="DEMO1")
        assert name


def _replaced(message: object, proof: str) -> object:
    import dataclasses

    return dataclasses.replace(message, proof=proof)  # type: ignore[type-var]


def test_wrong_json_is_no_hint_though_truly_signed() -> None:
    for name, raw in wrong_json():
        content = webhook.signed_content(id="h1", timestamp=int(AT.timestamp()), body=raw)
        headers = {
            "webhook-id": "h1", "webhook-timestamp": str(int(AT.timestamp())),
            "webhook-signature": f"v1a,{base64.b64encode(KEY.sign(content)).decode()}",
        }  # fmt: skip
        with pytest.raises(webhook.BadWebhook):
            webhook.verify_hint(headers, raw, public_keys=[KEY.public], now=AT)
        assert name
