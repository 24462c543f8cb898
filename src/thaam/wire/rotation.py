"""How a bank changes its key: the next one is said under the current one, and proves itself."""

from __future__ import annotations

import base64
import binascii
import datetime as dt

from cryptography.exceptions import InvalidSignature

from thaam.wire import problems
from thaam.wire.answers import NextKey
from thaam.wire.fields import InvalidMessage, Moment
from thaam.wire.keys import BadKey, PublicKey, SigningKey, public_from_text, public_text


def next_key(*, id: str, at: dt.datetime, bank: str, key: SigningKey, valid_from_at: dt.datetime) -> NextKey:
    """The message that announces `key`; it is then signed, as every message, with the bank's current key."""
    public = public_text(key.public)
    signature = key.sign(proven_text(bank=bank, public_key=public, valid_from_at=valid_from_at))
    return NextKey(id, at, public, valid_from_at, base64.urlsafe_b64encode(signature).rstrip(b"=").decode())


def proven_text(*, bank: str, public_key: str, valid_from_at: dt.datetime) -> bytes:
    """The four lines the next key signs: what this is, the bank, the key, from when; each ended by a line feed."""
    return f"thaam next key\n{bank}\n{public_key}\n{Moment().dump(valid_from_at)}\n".encode()


def check_next_key(message: NextKey, *, bank: str) -> PublicKey:
    """The announced key, once its proof holds for this bank. Raises InvalidMessage."""
    text = proven_text(bank=bank, public_key=message.public_key, valid_from_at=message.valid_from_at)
    try:
        public = public_from_text(message.public_key)
        public.verify(base64.urlsafe_b64decode(message.proof + "=="), text)
    except (BadKey, InvalidSignature, ValueError, binascii.Error) as why:
        raise InvalidMessage(problems.BAD_VALUE, "/proof", "the proof is not made with the announced key") from why
    return public
