"""Ed25519 keys of a bank or of the platform: made, loaded, named and read aloud.

Enrolment is by fingerprint: two officers read it to each other over a second channel.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PublicKey = Ed25519PublicKey
KeyOf = Callable[[str], "PublicKey | None"]


# RFC 8032 section 5.1: the field, and the y of its eight points of small order (the two in the middle are of order 8).
_PRIME = 2**255 - 19
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8})


class BadKey(Exception):
    """The file or text is not an Ed25519 key of ours."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the id it signs under."""

    key_id: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        """The half that is shown to others."""
        return self.private.public_key()

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 over `message` exactly as given."""
        return self.private.sign(message)


def generate(*, key_id: str | None = None) -> SigningKey:
    """A fresh key; its id is derived from the public half unless one is given. Draws from the system's randomness."""
    private = Ed25519PrivateKey.generate()
    return SigningKey(key_id or key_id_of(private.public_key()), private)


def from_seed(seed: bytes, *, key_id: str | None = None) -> SigningKey:
    """The key of a 32-byte seed (RFC 8032). For tests, drills and stored secrets; raises BadKey."""
    try:
        private = Ed25519PrivateKey.from_private_bytes(seed)
    except ValueError as why:
        raise BadKey(str(why)) from why
    return SigningKey(key_id or key_id_of(private.public_key()), private)


def save(key: SigningKey, path: Path) -> None:
    """Write the private key as PKCS #8 PEM, readable by its owner only. Never overwrites: raises FileExistsError."""
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(pem)


def load(path: Path, *, key_id: str | None = None) -> SigningKey:
    """Read a PKCS #8 PEM private key; raises BadKey when it is anything but Ed25519."""
    try:
        private = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    except (ValueError, TypeError) as why:
        raise BadKey(f"{path}: not a private key in PEM") from why
    if not isinstance(private, Ed25519PrivateKey):
        raise BadKey(f"{path}: not an Ed25519 key")
    return SigningKey(key_id or key_id_of(private.public_key()), private)


def public_text(key: PublicKey) -> str:
    """The public key as unpadded base64url of its 32 bytes (the `x` of an RFC 8037 JWK)."""
    return base64.urlsafe_b64encode(_raw(key)).rstrip(b"=").decode()


def public_from_text(text: str) -> PublicKey:
    """The reverse of `public_text`; raises BadKey for anything not exactly 32 bytes, canonically written.

    A weak key (a point of small order, or one written in a second way) is refused: for some of them a signature can be
    made up over any message, so that it would be nobody's word.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw)
    except (ValueError, binascii.Error) as why:
        raise BadKey("not the base64url of an Ed25519 public key") from why
    if public_text(key) != text:
        raise BadKey("not canonical base64url")
    y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
    if y >= _PRIME or y in _SMALL_ORDER:
        raise BadKey("a weak key: its point is of small order, or not written in the one right way")
    return key


def fingerprint(key: PublicKey) -> str:
    """SHA-256 of the 32 raw bytes in sixteen groups of four hex digits, to be read aloud."""
    digits = hashlib.sha256(_raw(key)).hexdigest()
    return " ".join(digits[i : i + 4] for i in range(0, 64, 4))


def key_id_of(key: PublicKey) -> str:
    """The short name of a key: `ed25519-` and the first sixteen digits of its fingerprint."""
    return "ed25519-" + hashlib.sha256(_raw(key)).hexdigest()[:16]


def _raw(key: PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
