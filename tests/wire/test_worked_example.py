"""The worked example of docs/wire/README.md is recomputed, step by step, from what it says itself."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from thaam.wire import codec, jws, keys, signing

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "wire" / "README.md").read_text(encoding="utf-8")


def block(name: str) -> str:
    """The text of the fenced block that is introduced by the comment `worked:<name>`."""
    found = re.search(rf"<!-- worked:{name} -->\n```\w*\n(.*?)\n```", GUIDE, re.DOTALL)
    assert found, f"the guide has no block worked:{name}"
    return found[1]


SEED = bytes.fromhex(block("seed"))
BODY = block("body").encode()
KEY = keys.from_seed(SEED, key_id="demo2-1")
URL = "https://thaam.example/api/v1/answers"
CREATED = dt.datetime(2026, 11, 25, 9, 30, tzinfo=dt.UTC)


def test_each_step_follows_from_the_one_before_with_a_plain_cryptography_library() -> None:
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    assert block("public") == keys.public_text(private.public_key())
    digest = base64.b64encode(hashlib.sha256(BODY).digest()).decode()
    assert block("digest") == f"content-digest: sha-256=:{digest}:"
    base = block("base")
    lines = base.split("\n")
    assert lines[:3] == ['"@method": POST', f'"@target-uri": {URL}', f'"content-digest": sha-256=:{digest}:']
    signature = base64.b64encode(private.sign(base.encode())).decode()
    parameters = lines[3].removeprefix('"@signature-params": ')
    assert block("headers") == f"signature-input: thaam={parameters}\nsignature: thaam=:{signature}:"
    header = base64.urlsafe_b64encode(block("jws-header").encode()).rstrip(b"=")
    evidence = base64.urlsafe_b64encode(private.sign(header + b"." + BODY)).rstrip(b"=")
    assert block("jws") == f"x-jws-signature: {header.decode()}..{evidence.decode()}"


def test_our_own_code_makes_and_accepts_the_same() -> None:
    made = signing.sign_request(method="POST", url=URL, body=BODY, key=KEY, created=CREATED, nonce="3q2-7wABAgMEBQYH")
    headers = dict(line.split(": ", 1) for name in ("digest", "headers") for line in block(name).split("\n"))
    assert made == headers
    found = signing.verify_request(
        method="POST", url=URL, headers=headers, body=BODY, key_of=lambda key_id: KEY.public, now=CREATED
    )
    assert (found.keyid, found.nonce) == ("demo2-1", "3q2-7wABAgMEBQYH")
    detached = block("jws").removeprefix("x-jws-signature: ")
    assert jws.sign_detached(BODY, KEY) == detached
    assert jws.verify_detached(BODY, detached, lambda key_id: KEY.public) == "demo2-1"
    assert codec.encode(codec.decode(BODY)) == BODY
