"""The signed head of the platform's journal, and the Merkle arithmetic (RFC 6962) to check against it.

Every mailbox page carries the newest checkpoint; a bank keeps each one it sees, and is thereby a witness: a journal
that loses or changes a line can no longer produce a proof that fits all of them.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature

from thaam.wire.fields import InvalidMessage, Moment
from thaam.wire.keys import KeyOf, SigningKey

ORIGIN = "thaam journal"
EMPTY_ROOT = hashlib.sha256(b"").hexdigest()


class BadCheckpoint(Exception):
    """The checkpoint is malformed, of an unknown key, or its signature or proof does not hold."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The first `position` lines of the journal have the Merkle root `root` (hex), said at `at` by `keyid`."""

    position: int
    root: str
    at: dt.datetime
    keyid: str
    signature: str

    def document(self) -> dict[str, Any]:
        """As it stands in a mailbox page."""
        return {
            "position": self.position,
            "root": self.root,
            "at": Moment().dump(self.at),
            "keyid": self.keyid,
            "signature": self.signature,
        }


def signed_text(*, position: int, root: str, at: dt.datetime) -> bytes:
    """The four lines that are signed: origin, number of lines, root in hex, time; each ended by a line feed."""
    return f"{ORIGIN}\n{position}\n{root}\n{Moment().dump(at)}\n".encode()


def sign_checkpoint(*, position: int, root: str, at: dt.datetime, key: SigningKey) -> Checkpoint:
    """A checkpoint signed with the platform's key; `root` in lower-case hex, `at` in UTC."""
    signature = key.sign(signed_text(position=position, root=root, at=at))
    return Checkpoint(position, root, at, key.key_id, base64.urlsafe_b64encode(signature).rstrip(b"=").decode())


def checkpoint_from(found: Any) -> Checkpoint:
    """Read a checkpoint out of a mailbox page. Raises BadCheckpoint; the signature is still to be verified."""
    names = {"position": int, "root": str, "at": str, "keyid": str, "signature": str}
    if type(found) is not dict or found.keys() != names.keys():
        raise BadCheckpoint("a checkpoint has position, root, at, keyid, signature")
    for name, kind in names.items():
        if type(found[name]) is not kind:
            raise BadCheckpoint(f"{name} has the wrong type")
    if found["position"] < 0 or re.fullmatch(r"[0-9a-f]{64}", found["root"]) is None:
        raise BadCheckpoint("position or root is not one")
    try:
        at = Moment().load(found["at"], "/at")
    except InvalidMessage as why:
        raise BadCheckpoint(str(why)) from why
    return Checkpoint(found["position"], found["root"], at, found["keyid"], found["signature"])


def verify_checkpoint(checkpoint: Checkpoint, key_of: KeyOf) -> None:
    """Raises BadCheckpoint unless a known platform key signed it."""
    key = key_of(checkpoint.keyid)
    if key is None:
        raise BadCheckpoint(f"the key {checkpoint.keyid[:80]} is not a pinned key of the platform")
    try:
        if re.fullmatch("[A-Za-z0-9_-]{85}[AQgw]", checkpoint.signature) is None:
            raise ValueError("64 bytes in base64url without padding have exactly this form")
        key.verify(
            base64.urlsafe_b64decode(checkpoint.signature + "=="),
            signed_text(position=checkpoint.position, root=checkpoint.root, at=checkpoint.at),
        )
    except (InvalidSignature, ValueError) as why:
        raise BadCheckpoint("the signature of the checkpoint does not hold") from why


def leaf_hash(entry: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256 of 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of leaf hashes in order (RFC 6962 section 2.1)."""
    if not leaves:
        return bytes.fromhex(EMPTY_ROOT)
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(tree_root(leaves[:half]), tree_root(leaves[half:]))


def inclusion_path(leaves: list[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index` (RFC 6962 section 2.1.1), nearest sibling first."""
    if len(leaves) <= 1:
        return []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < half:
        return [*inclusion_path(leaves[:half], index), tree_root(leaves[half:])]
    return [*inclusion_path(leaves[half:], index - half), tree_root(leaves[:half])]


def check_inclusion(*, leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> None:
    """Raises BadCheckpoint unless `leaf` is entry `index` of `size` leaves under `root` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        raise BadCheckpoint("the entry lies outside the tree")
    _check_hashes(leaf, root, *path)
    node, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise BadCheckpoint("the proof is too long")
        if node % 2 or node == last:
            found = node_hash(sibling, found)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    if last != 0 or found != root:
        raise BadCheckpoint("the proof does not lead to the root")


def consistency_path(leaves: list[bytes], first: int) -> list[bytes]:
    """The proof that the first `first` leaves are a beginning of all (RFC 6962 section 2.1.2)."""
    if first in (0, len(leaves)):
        return []
    return _subproof(leaves, first, whole=True)


def check_consistency(*, first: int, first_root: bytes, second: int, second_root: bytes, path: list[bytes]) -> None:
    """Raises BadCheckpoint unless the first tree is the beginning of the second (RFC 9162 2.1.4.2)."""
    if not 0 <= first <= second:
        raise BadCheckpoint("the journal has become shorter")
    if first == 0 and first_root.hex() != EMPTY_ROOT:
        raise BadCheckpoint("no lines have another root")
    if first in (0, second) and (path or (first == second and first_root != second_root)):
        raise BadCheckpoint("two different roots for the same lines")
    if first == second:
        return
    _check_hashes(first_root, second_root, *path)
    if first == 0:
        return
    proof = list(path) if first & (first - 1) else [first_root, *path]
    if not proof:
        raise BadCheckpoint("the proof is too short")
    node, last = first - 1, second - 1
    while node % 2:
        node, last = node >> 1, last >> 1
    old = new = proof[0]
    for step in proof[1:]:
        if last == 0:
            raise BadCheckpoint("the proof is too long")
        if node % 2 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while node % 2 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    if last != 0 or old != first_root or new != second_root:
        raise BadCheckpoint("the journal seen earlier is not the beginning of this one")


def _check_hashes(*hashes: bytes) -> None:
    if any(len(each) != 32 for each in hashes):
        raise BadCheckpoint("a hash has 32 bytes")


def _subproof(leaves: list[bytes], first: int, *, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [tree_root(leaves)]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    if first <= half:
        return [*_subproof(leaves[:half], first, whole=whole), tree_root(leaves[half:])]
    return [*_subproof(leaves[half:], first - half, whole=False), tree_root(leaves[:half])]
