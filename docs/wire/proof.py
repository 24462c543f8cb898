"""Check the proof of one hold offline:  python proof.py FILE ["FINGERPRINT of the platform's key, as you know it" ...]
Needs only Python 3.9 and the `cryptography` package, none of Thaam's code. docs/wire/proof.md says what is shown."""

import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def need(holds, why):
    return holds or sys.exit("DOES NOT HOLD: " + why)


def once(pairs):
    return need(len(dict(pairs)) == len(pairs), "a name stands twice in one object") and dict(pairs)


def unb64(text):
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return need(base64.urlsafe_b64encode(raw).decode().rstrip("=") == text, "loose base64") and raw


def fingerprint(key):
    return " ".join(hashlib.sha256(unb64(key["public_key"])).hexdigest()[i : i + 4] for i in range(0, 64, 4))


def when(text):
    return (text.replace("+00:00", "Z")[:-1] + "." * ("." not in text)).ljust(26, "0")


def signed(key_id, partners, at, signature, message, what):
    key = {each["key_id"]: each for each in proof["keys"]}.get(key_id)
    need(key is not None and key["partner"] in partners, f"{what} is signed by no key of {partners}")
    ends = [when(key[name]) for name in ("valid_to_at", "revoked_at", "compromised_from_at") if key[name]]
    need(when(key["valid_from_at"]) <= when(at) < min([*ends, "9"]), f"{what}: the key {key_id} did not count at {at}")
    Ed25519PublicKey.from_public_bytes(unb64(key["public_key"])).verify(unb64(signature), message)
    return key


def line_of(place, what):
    """The journal line, after checking its path to the root that the platform signed (RFC 9162 section 2.1.3.2)."""
    head, found = place["checkpoint"], hashlib.sha256(b"\0" + place["entry"].encode()).digest()
    node, last = place["position"] - 1, head["position"] - 1
    need(0 <= node <= last, what + ": its place is outside the journal")
    for step in map(bytes.fromhex, place["path"]):
        need(last > 0, what + ": the path is too long")
        left = node & 1 or node == last
        found = hashlib.sha256(b"\1" + (step + found if left else found + step)).digest()
        while left and not node & 1 and node:
            node, last = node >> 1, last >> 1
        node, last = node >> 1, last >> 1
    need(last == 0 and found.hex() == head["root"], what + ": the path does not lead to the signed root")
    text = f"thaam journal\n{head['position']}\n{head['root']}\n{head['at']}\n".encode()
    heads.add(fingerprint(signed(head["keyid"], [proof["platform"]], head["at"], head["signature"], text, "a head")))
    line = json.loads(place["entry"], object_pairs_hook=once)
    return need(line["position"] == place["position"], what + ": the line stands elsewhere") and line


def message_of(document, signers, kind):
    """The message, after checking its bytes against the journal and its evidence against the signer's key then."""
    what, body = f"{document['kind']} {document['id']}", document["body"].encode()
    line, told = line_of(document, what), json.loads(body, object_pairs_hook=once)
    need(line["kind"] == kind and line["data"]["digest"] == hashlib.sha256(body).hexdigest(), what + ": other bytes")
    id, partner = line["data"].get("answer") or line["about"][6:], line["data"].get("partner") or line["by"][5:]
    labels = [document[name] for name in ("id", "kind", "partner")]
    need([id, *labels] == [told["id"], told["id"], told["kind"], partner], what + ": another id, kind or bank")
    (header, middle, signature), form = document["jws"].split("."), {"alg": "EdDSA", "b64": False, "crit": ["b64"]}
    says = json.loads(unb64(header), object_pairs_hook=once)
    need((middle, says, says["b64"] is False) == ("", {**form, "kid": says["kid"]}, True), what + ": the JWS header")
    by = signed(says["kid"], signers, line["at"], signature, header.encode() + b"." + body, what)["partner"]
    print(f"line {line['position']:>6}  {line['at']}  {told['kind']} {id} signed by {by} ({says['kid']})")
    return told


try:
    (file, *known), heads = sys.argv[1:], set()
    with open(file, "rb") as opened:
        proof = json.load(opened, object_pairs_hook=once)
    need(proof["version"] == 1, "this version is not known")
    for key in proof["keys"]:
        line = line_of(key["enrolment"], "key " + key["key_id"])
        said, start = line["data"], when(line["data"].get("valid_from_at") or line["at"])
        told = (line["kind"][:4], said["key_id"], said["fingerprint"], line["about"], start)
        said = ("key:", key["key_id"], fingerprint(key), "partner:" + key["partner"], when(key["valid_from_at"]))
        need(told == said, f"key {key['key_id']}: the journal tells of another")
    for each in (proof, *proof["later"]):
        order = message_of(each["order"], [proof["platform"]], "order:posted")
        need(order.get("hold_order_id", order["id"]) == proof["order"]["id"], "a later order about another hold")
        for document in each["answers"]:
            answer = message_of(document, [each["order"]["partner"], proof["platform"]], "answer:kept")
            need(answer["order_id"] == order["id"], "an answer to another order")
            for part in answer.get("lines", ()):
                print(f"             paise {part['lo']} to {part['hi']}: {part['kind']} {part.get('reason', '')}")
    need(not known or heads <= {*known}, " and ".join(heads) + " signed its journal, which you do not know")
    print("HOLDS" + ("" if known else ", if the platform's key is: " + " and ".join(sorted(heads))))
except (KeyError, TypeError, ValueError, AttributeError, OSError, RecursionError, InvalidSignature) as why:
    sys.exit(f"DOES NOT HOLD: it cannot be read, or a signature is false: {type(why).__name__}: {why}")
