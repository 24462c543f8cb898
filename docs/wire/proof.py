"""Check the proof of one hold offline:  python proof.py FILE ["FINGERPRINT of the platform's key, as you know it"]

Needs only Python 3.9 and the `cryptography` package, none of Thaam's code. docs/wire/proof.md says what is shown."""

import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def need(holds, why):
    return holds or sys.exit("DOES NOT HOLD: " + why)


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fingerprint(key):
    return " ".join(hashlib.sha256(unb64(key["public_key"])).hexdigest()[i : i + 4] for i in range(0, 64, 4))


def signed(proof, key_id, partners, at, signature, message, what):
    key = {each["key_id"]: each for each in proof["keys"]}.get(key_id)
    need(key is not None and key["partner"] in partners, f"{what} is signed by no key of {partners}")
    ends = [key[name] for name in ("valid_to_at", "revoked_at", "compromised_from_at") if key[name]]
    started, now, *ends = [(t[:-1] + "." * ("." not in t)).ljust(26, "0") for t in (key["valid_from_at"], at, *ends)]
    need(started <= now and all(now < end for end in ends), f"{what}: the key {key_id} did not count at {at}")
    try:
        Ed25519PublicKey.from_public_bytes(unb64(key["public_key"])).verify(unb64(signature), message)
    except InvalidSignature:
        need(False, "the signature of " + what)
    return key["partner"]


def line_of(proof, place, what):
    """The journal line, after checking its path to the root that the platform signed (RFC 9162 section 2.1.3.2)."""
    head, found = place["checkpoint"], hashlib.sha256(b"\0" + place["entry"].encode()).digest()
    node, last = place["position"] - 1, head["position"] - 1
    need(0 <= node <= last, what + ": its place is outside the journal")
    for step in map(bytes.fromhex, place["path"]):
        need(last > 0, what + ": the path is too long")
        if node & 1 or node == last:
            found = hashlib.sha256(b"\1" + step + found).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + step).digest()
        node, last = node >> 1, last >> 1
    need(last == 0 and found.hex() == head["root"], what + ": the path does not lead to the signed root")
    text = f"thaam journal\n{head['position']}\n{head['root']}\n{head['at']}\n".encode()
    signed(proof, head["keyid"], [proof["platform"]], head["at"], head["signature"], text, "the head of the journal")
    line = json.loads(place["entry"])
    need(line["position"] == place["position"], what + ": the line stands elsewhere")
    return line


def message_of(proof, document, signers, kind):
    """The message, after checking its bytes against the journal and its evidence against the signer's key then."""
    what = f"{document['kind']} {document['id']}"
    line, body, told = line_of(proof, document, what), document["body"].encode(), json.loads(document["body"])
    need(line["kind"] == kind and line["data"]["digest"] == hashlib.sha256(body).hexdigest(), what + ": other bytes")
    id, partner = line["data"].get("answer") or line["about"][6:], line["data"].get("partner") or line["by"][5:]
    labels = [document[name] for name in ("id", "kind", "partner")]
    need([id, *labels] == [told["id"], told["id"], told["kind"], partner], what + ": another id, kind or bank")
    says, (header, middle, signature) = json.loads(unb64(document["jws"].split(".")[0])), document["jws"].split(".")
    need((middle, says["alg"], says["b64"], says["crit"]) == ("", "EdDSA", False, ["b64"]), what + ": the JWS header")
    by = signed(proof, says["kid"], signers, line["at"], signature, header.encode() + b"." + body, what)
    print(f"line {line['position']:>6}  {line['at']}  {told['kind']} {id} signed by {by} ({says['kid']})")
    return told


def main(file, known=None):
    with open(file, encoding="utf-8") as opened:
        proof = json.load(opened)
    ours = [fingerprint(key) for key in proof["keys"] if key["partner"] == proof["platform"]]
    need(proof["version"] == 1 and known in (None, *ours), "this is not the version, or not the platform, you know")
    for key in proof["keys"]:
        line = line_of(proof, key["enrolment"], "key " + key["key_id"])
        said, start = line["data"], (line["data"].get("valid_from_at") or line["at"])[:19]
        told = (line["kind"][:4], said["key_id"], said["fingerprint"], line["about"], start)
        said = ("key:", key["key_id"], fingerprint(key), "partner:" + key["partner"], key["valid_from_at"][:19])
        need(told == said, f"key {key['key_id']}: the journal tells of another")
    for each in (proof, *proof["later"]):
        order = message_of(proof, each["order"], [proof["platform"]], "order:posted")
        for document in each["answers"]:
            answer = message_of(proof, document, [each["order"]["partner"], proof["platform"]], "answer:kept")
            need(answer["order_id"] == order["id"], "an answer to another order")
            for part in answer.get("lines", ()):
                print(f"             paise {part['lo']} to {part['hi']}: {part['kind']} {part.get('reason', '')}")
    print("HOLDS" + ("" if known else ", if the platform's key is: " + " or ".join(ours)))


try:
    main(*sys.argv[1:3])
except (KeyError, TypeError, ValueError, AttributeError, OSError) as why:
    sys.exit(f"DOES NOT HOLD: the file cannot be read: {type(why).__name__}: {why}")
