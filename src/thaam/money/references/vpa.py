"""UPI addresses: `name@handle`, and who stands behind the handle."""

from __future__ import annotations

import re
from dataclasses import dataclass

from thaam.money.references.handles import HANDLES

_SHAPE = re.compile(r"[a-z0-9.\-_]{2,256}@[a-z][a-z0-9]{1,63}")


@dataclass(frozen=True, slots=True)
class Vpa:
    """A UPI address in lower case; `app` and `bank` are None when the handle is not in our table."""

    local: str
    handle: str
    app: str | None
    bank: str | None

    def __str__(self) -> str:
        return f"{self.local}@{self.handle}"


def vpa_of(typed: str) -> Vpa | None:
    """The UPI address typed, or None when it has not the shape of one (an e-mail address has not)."""
    plain = re.sub(r"\s", "", typed).lower()
    if not _SHAPE.fullmatch(plain):
        return None
    local, _, handle = plain.partition("@")
    app, bank = HANDLES.get(handle, (None, None))
    return Vpa(local, handle, app, bank or None)
