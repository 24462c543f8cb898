"""Keys are made once, kept for their owner only, and named so that two people can compare them aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from thaam.wire import keys
from wire_cast import DEMO1


def test_a_key_is_kept_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "node.pem"
    key = keys.generate()
    keys.save(key, path)
    assert path.stat().st_mode & 0o077 == 0
    assert keys.load(path).key_id == key.key_id
    with pytest.raises(FileExistsError):
        keys.save(keys.generate(), path)


def test_anything_but_an_ed25519_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    for content in (
        b"", b"not a key",
        ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    ):  # fmt: skip
        path.write_bytes(content)
        with pytest.raises(keys.BadKey):
            keys.load(path)
    for text in ("", "AAAA", "!", keys.public_text(DEMO1.public) + "=", keys.public_text(DEMO1.public)[:-1] + "é"):
        with pytest.raises(keys.BadKey):
            keys.public_from_text(text)
    with pytest.raises(keys.BadKey):
        keys.from_seed(b"short")


def test_a_fingerprint_can_be_read_aloud_and_the_private_half_is_never_shown() -> None:
    words = keys.fingerprint(DEMO1.public).split()
    assert len(words) == 16 and all(len(word) == 4 for word in words)
    assert keys.public_from_text(keys.public_text(DEMO1.public)) == DEMO1.public
    assert "private" not in repr(DEMO1)
