"""Test vectors of the protocol (docs/wire/vectors.json), made by our own code for implementers in any language.

Every secret key in it is made of counted bytes and protects nothing. Each vector says what goes in and what must come
out; a refused one names the problem code. A test replays all of them with a plain cryptography library.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from typing import Any

from thaam.money import digest
from thaam.wire import checkpoints, codec, jws, keys, messages, rotation, signing, webhook
from thaam.wire.examples import AT, DEMO2, EXAMPLES, HOLD, HOLD_ANSWER, PLATFORM, uid
from thaam.wire.fields import Moment
from thaam.wire.keys import SigningKey

SEEDS = {"platform-1": bytes(range(32)), "demo2-1": bytes(range(2, 34)), "demo2-2": bytes(range(3, 35))}
BASE_URL = "https://thaam.example"
NONCE = "3q2-7wABAgMEBQYHCAkKCwwNDg8Q"
ACKNOWLEDGED = messages.Acknowledged(uid(14), uid(4), AT)


def document() -> dict[str, Any]:
    """All vectors, as JSON-ready values."""
    return {
        "about": "Test vectors of the Thaam bank protocol. Seeds are Ed25519 seeds (RFC 8032), hex.",
        "keys": [_key(name, seed) for name, seed in SEEDS.items()],
        "canonical_json": _canonical(),
        "requests": _requests(),
        "responses": _responses(),
        "evidence": _evidence(),
        "next_key": _next_key(),
        "checkpoints": _checkpoints(),
        "holds_compared": _holds(),
        "hints": _hints(),
        "balance": _balance(),
        "refused_bodies": _refused_bodies(),
        "refused_evidence": _refused_evidence(),
        "weak_public_keys": _weak_keys(),
    }


def to_text() -> str:
    """The file docs/wire/vectors.json."""
    return json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _key(name: str, seed: bytes) -> dict[str, str]:
    key = keys.from_seed(seed, key_id=name)
    return {
        "keyid": name,
        "seed": seed.hex(),
        "public_key": keys.public_text(key.public),
        "fingerprint": keys.fingerprint(key.public),
        "derived_keyid": keys.key_id_of(key.public),
    }


def _canonical() -> list[dict[str, Any]]:
    """The golden messages as the bytes that are signed."""
    return [
        {"kind": type(each).__name__, "bytes": codec.encode(each).decode(), "sha256": _sha(codec.encode(each))}
        for each in EXAMPLES
    ]


def _requests() -> list[dict[str, Any]]:
    body = codec.encode(ACKNOWLEDGED)
    evidence = {"content-type": "application/json", jws.HEADER: jws.sign_detached(body, DEMO2)}
    shapes: tuple[tuple[str, str, str, bytes, dict[str, str], int], ...] = (
        ("take the mailbox", "GET", "/api/v1/mailbox?after=41&limit=100", b"", {}, 0),
        ("send an answer", "POST", "/api/v1/answers", body, evidence, 0),
        ("a clock three hours slow, corrected", "GET", "/api/v1/mailbox?after=0&limit=100", b"", {}, 10_800),
    )
    found = []
    for name, method, target, sent, headers, offset in shapes:
        url = BASE_URL + target
        made = signing.sign_request(
            method=method, url=url, headers=headers, body=sent, key=DEMO2, created=AT,
            nonce=None if method == "GET" else NONCE, offset_seconds=offset,
        )  # fmt: skip
        covered = ['"@method": ' + method, '"@target-uri": ' + url]
        if offset:
            covered.append(f'"{signing.OFFSET_HEADER}": {offset}')
        if "content-digest" in made:
            covered.append(f'"content-digest": {made["content-digest"]}')
        found.append(
            {
                "name": name, "method": method, "url": url, "body": sent.decode(), "keyid": DEMO2.key_id,
                "created": int(AT.timestamp()), "headers": headers | made, "signature_base": _base(covered, made),
            }
        )  # fmt: skip
    return found


def _responses() -> list[dict[str, Any]]:
    """The page that answers the first request, and a refusal; both bound to the request's signature."""
    request = _requests()[0]
    evidence = jws.sign_detached(codec.encode(HOLD), PLATFORM)
    page = {
        "checkpoint": None,
        "items": [
            {
                "position": 42, "order_id": HOLD.id, "kind": "HoldOrder", "revision": 1, "state": "open",
                "message": json.loads(codec.encode(HOLD)), "jws": evidence,
            }
        ],
        "next": 42,
        "receipts": [],
    }  # fmt: skip
    found = []
    for status, value in (
        (200, page),
        (401, {"code": "stale", "now": Moment().dump(AT), "status": 401, "title": "Stale"}),
    ):
        body = codec.canonical(value)
        made = signing.sign_response(
            status=status, body=body, method=request["method"], url=request["url"], request_headers=request["headers"],
            key=PLATFORM, created=AT + dt.timedelta(seconds=1),
        )  # fmt: skip
        covered = [
            f'"@status": {status}', f'"@method";req: {request["method"]}', f'"@target-uri";req: {request["url"]}',
            f'"signature";req: {request["headers"]["signature"]}', f'"content-digest": {made["content-digest"]}',
        ]  # fmt: skip
        found.append(
            {
                "to": request["name"], "status": status, "body": body.decode(), "headers": made,
                "signature_base": _base(covered, made),
            }
        )  # fmt: skip
    return found


def _evidence() -> list[dict[str, str]]:
    found = []
    for message, key in ((HOLD, PLATFORM), (HOLD_ANSWER, DEMO2)):
        body = codec.encode(message)
        found.append({"kind": type(message).__name__, "keyid": key.key_id, "bytes": body.decode(),
                      "x-jws-signature": jws.sign_detached(body, key)})  # fmt: skip
    return found


def _next_key() -> dict[str, Any]:
    second = keys.from_seed(SEEDS["demo2-2"], key_id="demo2-2")
    start = AT + dt.timedelta(days=7)
    message = rotation.next_key(id=uid(40), at=AT, bank="DEMO2", key=second, valid_from_at=start)
    proven = rotation.proven_text(bank="DEMO2", public_key=message.public_key, valid_from_at=start)
    return {"bank": "DEMO2", "proven_text": proven.decode(), "message": codec.encode(message).decode(),
            "x-jws-signature": jws.sign_detached(codec.encode(message), DEMO2)}  # fmt: skip


def _checkpoints() -> dict[str, Any]:
    """Seven journal lines, their root, the signed head, and the path of the fourth."""
    entries = [f'{{"line":{n}}}' for n in range(1, 8)]
    leaves = [checkpoints.leaf_hash(entry.encode()) for entry in entries]
    root = _root(leaves)
    head = checkpoints.sign_checkpoint(position=len(entries), root=root.hex(), at=AT, key=PLATFORM)
    return {
        "entries": entries,
        "leaves": [leaf.hex() for leaf in leaves],
        "root": root.hex(),
        "signed_text": checkpoints.signed_text(position=len(entries), root=root.hex(), at=AT).decode(),
        "checkpoint": head.document(),
        "inclusion": {"position": 4, "path": [step.hex() for step in _path(3, leaves)]},
    }


def _holds() -> dict[str, Any]:
    key = bytes(range(32))
    rows = [(uid(2), 1, ((20_000_00, 60_000_00),)), (uid(3), 2, ((0, 5), (10, 15)))]
    digests = [
        digest.row_digest(key=key, hold_id=id, revision=revision, ranges=ranges) for id, revision, ranges in rows
    ]
    return {
        "key": key.hex(),
        "holds": [
            {
                "hold_order_id": id, "revision": revision, "ranges": [list(pair) for pair in ranges],
                "digest": f"{each:064x}", "place": f"{digest.place_of(id):064x}",
            }
            for (id, revision, ranges), each in zip(rows, digests, strict=True)
        ],
        "sum": f"{digest.sum_of(digests):064x}",
        "count": len(rows),
    }  # fmt: skip


def _hints() -> dict[str, Any]:
    headers, body = webhook.sign_hint(hint=webhook.Hint("DEMO2", 42), id="hint-1", at=AT, keys=[PLATFORM])
    content = webhook.signed_content(id="hint-1", timestamp=int(AT.timestamp()), body=body)
    return {"headers": headers, "body": body.decode(), "signed_content": content.decode()}


def _balance() -> list[dict[str, Any]]:
    """Lines against what was asked: which partition it, and what is said of those that do not."""

    def line(kind: str, lo: int, hi: int, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "lo": lo, "hi": hi, **more}

    held, seen = line("held", 0, 60, lien_reference="L1"), line("seen", 60, 100, reason="floor")
    return [
        {"asked": [[0, 100]], "lines": [held, seen], "problem": None},
        {"asked": [[0, 100]], "lines": [held], "problem": "lines_do_not_balance"},
        {"asked": [[0, 100]], "lines": [held, line("seen", 61, 100, reason="floor")],
         "problem": "lines_do_not_balance"},
        {"asked": [[0, 100]], "lines": [held, line("seen", 59, 100, reason="floor")],
         "problem": "lines_do_not_balance"},
        {"asked": [[0, 100]], "lines": [seen, held], "problem": "lines_do_not_balance"},
        {"asked": [[0, 60]], "lines": [held, seen], "problem": "lines_do_not_balance"},
        {"asked": [[0, 60], [80, 100]], "lines": [held, line("seen", 80, 100, reason="floor")], "problem": None},
        {"asked": [[0, 60]], "lines": [line("terminal", 0, 60, terminal_kind="CASH_ATM")],
         "problem": "particulars_missing"},
        {"asked": [[0, 60]], "lines": [line("terminal", 0, 60, terminal_kind="CASH_ATM", particulars="not recorded")],
         "problem": None},
        {"asked": [[0, 60]], "lines": [line("onward", 0, 60)], "problem": "bad_line"},
        {"asked": [[0, 60]], "lines": [line("seen", 0, 60, reason="pool")], "problem": "bad_line"},
    ]  # fmt: skip


def _refused_bodies() -> list[dict[str, str]]:
    """Bodies that are no message, base64, with the code they are refused with."""
    good = codec.encode(ACKNOWLEDGED)
    bodies = {
        "byte order mark": b"\xef\xbb\xbf" + good,
        "utf-16": good.decode().encode("utf-16"),
        "latin-1": good.replace(b"Acknowledged", b"\xe9"),
        "trailing comma": good[:-1] + b",}",
        "single quotes": good.replace(b'"', b"'"),
        "nothing": b"",
        "two values": good + good,
        "a name twice": good[:-1] + b',"version":1}',
        "a name twice, once escaped": good[:-1] + b',"\\u0076ersion":1}',
        "an unknown field": good[:-1] + b',"victim":"Asha"}',
        "a float": good.replace(b'"version":1', b'"version":1.0'),
        "minus zero": good.replace(b'"version":1', b'"version":-0'),
        "a huge exponent": good.replace(b'"version":1', b'"version":1e400'),
        "beyond 2^53": good.replace(b'"version":1', b'"version":9007199254740992'),
        "another version": good.replace(b'"version":1', b'"version":2'),
        "a lone surrogate": good.replace(b"Acknowledged", b"\\ud800"),
        "17 levels": good[:-1] + b',"x":' + b"[" * 17 + b"]" * 17 + b"}",
        "another kind": good.replace(b"Acknowledged", b"Frozen"),
        "a time with an offset": good.replace(b"09:30:00Z", b"15:00:00+05:30"),
        "an id in upper case": good.replace(
            b"019abc00-0000-7000-8000-00000000000e", b"019ABC00-0000-7000-8000-00000000000E"
        ),
    }
    found = []
    for name, body in bodies.items():
        try:
            codec.decode(body)
        except codec.BadMessage as why:
            found.append({"name": name, "body": base64.b64encode(body).decode(), "problem": why.problem.code})
    assert len(found) == len(bodies)
    return found


def _refused_evidence() -> list[dict[str, str]]:
    """Detached signatures over the Acknowledged message that must not be believed, all but the first truly signed."""
    body = codec.encode(ACKNOWLEDGED)
    right = {"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": DEMO2.key_id}
    headers: dict[str, dict[str, Any]] = {
        "alg none": {**right, "alg": "none"},
        "alg HS256": {**right, "alg": "HS256"},
        "b64 true": {**right, "b64": True},
        "crit empty": {**right, "crit": []},
        "crit with an unknown word": {**right, "crit": ["b64", "exp"]},
        "an embedded key": {**right, "jwk": {"crv": "Ed25519", "kty": "OKP", "x": keys.public_text(DEMO2.public)}},
        "no kid": {name: value for name, value in right.items() if name != "kid"},
        "another bank's key": {**right, "kid": "demo1-1"},
    }
    found = [{"name": name, "x-jws-signature": _signed(header, body, DEMO2)} for name, header in headers.items()]
    true = jws.sign_detached(body, DEMO2)
    header, _, signature = true.partition("..")
    raw = base64.urlsafe_b64decode(signature + "==")
    order = 2**252 + 27742317777372353535851937790883648493
    more = {
        "attached": f"{header}.{_text(body)}.{signature}",
        "padded": true + "==",
        "one byte short": f"{header}..{_text(raw[:-1])}",
        "s plus the order of the group": f"{header}.." + _text(
            raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")),
        "over other bytes": jws.sign_detached(body + b" ", DEMO2),
        "over the base64url of the body":
            f"{header}..{_text(DEMO2.sign(header.encode() + b'.' + _text(body).encode()))}",
    }  # fmt: skip
    return found + [{"name": name, "x-jws-signature": text} for name, text in more.items()]


def _weak_keys() -> list[str]:
    """Public keys that are refused at enrolment: points of small order and second writings."""
    prime = 2**255 - 19
    points = (0, 1, prime - 1, prime, prime + 1)
    return [_text(y.to_bytes(32, "little")) for y in points]


def _signed(header: dict[str, Any], body: bytes, key: SigningKey) -> str:
    protected = _text(codec.canonical(header))
    return f"{protected}..{_text(key.sign(protected.encode() + b'.' + body))}"


def _base(covered: list[str], made: dict[str, str]) -> str:
    return "\n".join([*covered, '"@signature-params": ' + made["signature-input"].partition("=")[2]])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _path(at: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if at < split:
        return [*_path(at, leaves[:split]), _root(leaves[split:])]
    return [*_path(at - split, leaves[split:]), _root(leaves[:split])]
