"""docs/wire/vectors.json, replayed with a plain cryptography library as an implementer would, and by our readers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from thaam.wire import checkpoints, codec, jws, keys, messages, signing, vectors, webhook
from thaam.wire.examples import AT, HOLD
from thaam.wire.fields import InvalidMessage, load_object
from thaam.wire.parts import Line, Range

FILE = Path(__file__).resolve().parents[2] / "docs" / "wire" / "vectors.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public(key_id: str) -> Ed25519PublicKey:
    (found,) = [each for each in VECTORS["keys"] if each["keyid"] == key_id]
    return Ed25519PublicKey.from_public_bytes(raw(found["public_key"]))


def signature_of(headers: dict[str, str]) -> bytes:
    found = re.fullmatch(r"thaam=:([A-Za-z0-9+/=]+):", headers["signature"])
    assert found
    return base64.b64decode(found[1])


def test_the_file_is_the_one_our_code_makes() -> None:
    assert FILE.read_text(encoding="utf-8") == vectors.to_text()


def test_keys_follow_from_their_seeds() -> None:
    for each in VECTORS["keys"]:
        made = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(each["seed"])).public_key().public_bytes_raw()
        assert raw(each["public_key"]) == made
        digits = hashlib.sha256(made).hexdigest()
        assert each["fingerprint"].replace(" ", "") == digits
        assert each["derived_keyid"] == "ed25519-" + digits[:16]


def test_messages_are_sorted_compact_json_and_any_writer_makes_the_same_bytes() -> None:
    for each in VECTORS["canonical_json"]:
        again = json.dumps(json.loads(each["bytes"]), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        assert again == each["bytes"]
        assert hashlib.sha256(again.encode()).hexdigest() == each["sha256"]


def test_requests_and_responses_are_signed_over_their_bases() -> None:
    for each in VECTORS["requests"]:
        public(each["keyid"]).verify(signature_of(each["headers"]), each["signature_base"].encode())
        if each["body"]:
            digest = base64.b64encode(hashlib.sha256(each["body"].encode()).digest()).decode()
            assert each["headers"]["content-digest"] == f"sha-256=:{digest}:"
        verified = signing.verify_request(
            method=each["method"], url=each["url"], headers=each["headers"], body=each["body"].encode(),
            key_of=public, now=AT,
        )  # fmt: skip
        assert verified.keyid == each["keyid"]
    for each in VECTORS["responses"]:
        public("platform-1").verify(signature_of(each["headers"]), each["signature_base"].encode())
        request = next(one for one in VECTORS["requests"] if one["name"] == each["to"])
        signing.verify_response(
            status=each["status"], headers=each["headers"], body=each["body"].encode(), method=request["method"],
            url=request["url"], request_headers=request["headers"], key_of=public,
        )  # fmt: skip


def test_evidence_is_over_header_full_stop_and_body() -> None:
    for each in VECTORS["evidence"]:
        header, _, signature = each["x-jws-signature"].partition("..")
        public(each["keyid"]).verify(raw(signature), header.encode() + b"." + each["bytes"].encode())
        assert json.loads(raw(header)) == {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": each["keyid"]}


def test_the_next_key_proves_itself() -> None:
    found = VECTORS["next_key"]
    message = json.loads(found["message"])
    public("demo2-2").verify(raw(message["proof"]), found["proven_text"].encode())
    assert found["proven_text"].split("\n")[:3] == ["thaam next key", found["bank"], message["public_key"]]


def test_the_head_is_signed_and_a_line_is_proved_to_be_under_it() -> None:
    found = VECTORS["checkpoints"]
    head = found["checkpoint"]
    public("platform-1").verify(raw(head["signature"]), found["signed_text"].encode())
    leaf = hashlib.sha256(b"\0" + found["entries"][3].encode()).digest()
    assert leaf.hex() == found["leaves"][3]
    path = [bytes.fromhex(step) for step in found["inclusion"]["path"]]
    place = {"leaf": leaf, "size": head["position"], "path": path, "root": bytes.fromhex(head["root"])}
    checkpoints.check_inclusion(index=3, **place)
    with pytest.raises(checkpoints.BadCheckpoint):
        checkpoints.check_inclusion(index=4, **place)


def test_books_are_compared_by_a_keyed_sum() -> None:
    found, total = VECTORS["holds_compared"], 0
    for each in found["holds"]:
        ranges = ",".join(f"{lo}-{hi}" for lo, hi in each["ranges"])
        text = f"{len(each['hold_order_id'])}:{each['hold_order_id']}|{each['revision']}|{ranges}".encode()
        digest = hashlib.blake2b(text, key=bytes.fromhex(found["key"]), digest_size=32).hexdigest()
        assert digest == each["digest"]
        assert hashlib.blake2b(each["hold_order_id"].encode(), digest_size=32).hexdigest() == each["place"]
        total ^= int(digest, 16)
    assert f"{total:064x}" == found["sum"]


def test_a_hint_is_signed_as_standard_webhooks_say() -> None:
    found = VECTORS["hints"]
    version, _, signature = found["headers"]["webhook-signature"].partition(",")
    assert version == "v1a"
    public("platform-1").verify(base64.b64decode(signature), found["signed_content"].encode())
    hint = webhook.verify_hint(found["headers"], found["body"].encode(), public_keys=[public("platform-1")], now=AT)
    assert (hint.bank, hint.position) == ("DEMO2", 42)


@pytest.mark.parametrize("vector", VECTORS["balance"], ids=str)
def test_lines_partition_what_was_asked_or_are_refused_by_name(vector: dict[str, Any]) -> None:
    def judged() -> str | None:
        try:
            lines = tuple(load_object(Line, line, "") for line in vector["lines"])
            answer = messages.HoldAnswer(HOLD.id, HOLD.id, AT, 1, None, "a", 1, lines, "exact", "lifo", "exact")
            ranges = tuple(Range(lo, hi) for lo, hi in vector["asked"])
            messages.check_balances(HOLD, answer, ranges=ranges)
        except InvalidMessage as why:
            return why.problem.code
        return None

    assert judged() == vector["problem"]


def test_refused_bodies_and_evidence_are_refused_as_told() -> None:
    for each in VECTORS["refused_bodies"]:
        with pytest.raises(codec.BadMessage) as refused:
            codec.decode(base64.b64decode(each["body"]))
        assert refused.value.problem.code == each["problem"], each["name"]
    body = codec.encode(vectors.ACKNOWLEDGED)
    known = {each["keyid"] for each in VECTORS["keys"]}
    for each in VECTORS["refused_evidence"]:
        with pytest.raises((jws.BadEvidence, InvalidSignature)):
            jws.verify_detached(
                body, each["x-jws-signature"], lambda key_id: public(key_id) if key_id in known else None
            )
    for text in VECTORS["weak_public_keys"]:
        with pytest.raises(keys.BadKey):
            keys.public_from_text(text)
