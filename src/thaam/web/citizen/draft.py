"""An unfinished report, kept on the person's own phone: one sealed cookie, nothing on our side.

The cookie is encrypted (a phone is often shared), lives for a day, holds answers page by page and what was typed
but not yet accepted, and is deleted on sending. Without cookies the report still works: the check page carries
the same sealed text in its form.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from thaam.journal.ids import new_id

COOKIE = "thaam-draft"
KEPT_FOR = timedelta(hours=24)
DEBITS_MAX = 6
_COOKIE_SIGNS = 3800
"""A browser keeps 4096 bytes a cookie; a longer draft is cut over several."""
_COOKIES_MAX = 3


@dataclass(slots=True)
class DebitDraft:
    """One loss as far as it has been told; times are ISO text, money is paise."""

    amount_paise: int | None = None
    paid_at: str = ""
    exact: bool = False
    choice: str = ""
    rail: str = ""
    reference: str = ""
    weak: bool = False
    payer_bank: str = ""
    payer_bank_name: str = ""
    payer_last4: str = ""
    payee_bank: str = ""
    payee_account: str = ""
    payee_ifsc: str = ""
    payee_vpa: str = ""
    payee_name: str = ""
    sms: str = ""
    spans: list[list[Any]] = field(default_factory=list)

    @property
    def paid(self) -> datetime | None:
        """When the money left, or None while that is not known."""
        return datetime.fromisoformat(self.paid_at) if self.paid_at else None

    @property
    def complete(self) -> bool:
        """Enough for a bank to look: amount, time and the bank (or a reference that names it)."""
        return bool(self.amount_paise and self.paid_at and (self.payer_bank or self.payer_bank_name))


@dataclass(slots=True)
class Draft:
    """The answers so far; `typed` is what was typed on a page but not accepted yet, by page."""

    id: str
    debits: list[DebitDraft] = field(default_factory=list)
    current: DebitDraft = field(default_factory=DebitDraft)
    mobile: str = ""
    name: str = ""
    district: str = ""
    typed: dict[str, dict[str, str]] = field(default_factory=dict)

    def seal(self) -> str:
        """Encrypted text of everything."""
        body = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()
        return _fernet().encrypt(zlib.compress(body, 9)).decode()

    @property
    def told(self) -> list[DebitDraft]:
        """Every debit that is complete, the one in hand last."""
        return [*self.debits, *([self.current] if self.current.complete else [])]


def unseal(text: str) -> Draft | None:
    """The draft inside, or None when it is older than a day, damaged or not ours."""
    try:
        body = zlib.decompress(_fernet().decrypt(text.encode(), ttl=int(KEPT_FOR.total_seconds())))
        kept = json.loads(body)
        kept["debits"] = [DebitDraft(**each) for each in kept["debits"]]
        kept["current"] = DebitDraft(**kept["current"])
        return Draft(**kept)
    except (InvalidToken, ValueError, TypeError, KeyError, zlib.error):
        return None


def draft_of(request: HttpRequest) -> Draft:
    """The draft this phone brought along, or a fresh one with a fresh complaint id."""
    return find_draft(request) or Draft(id=new_id())


def find_draft(request: HttpRequest) -> Draft | None:
    """The draft this phone brought along, if any."""
    pieces = [request.COOKIES.get(f"{COOKIE}-{place}", "") for place in range(_COOKIES_MAX)]
    sealed = "".join(pieces)
    return unseal(sealed) if sealed else None


def keep(response: HttpResponse, draft: Draft, *, secure: bool) -> HttpResponse:
    """Give the draft back to the phone; a draft that grew too long first loses the pasted messages, never an answer."""
    sealed = draft.seal()
    if len(sealed) > _COOKIE_SIGNS * _COOKIES_MAX:
        for debit in [*draft.debits, draft.current]:
            debit.sms, debit.spans = "", []
        draft.typed = {}
        sealed = draft.seal()
    for place in range(_COOKIES_MAX):
        piece = sealed[place * _COOKIE_SIGNS : (place + 1) * _COOKIE_SIGNS]
        if piece:
            response.set_cookie(
                f"{COOKIE}-{place}", piece, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=secure
            )
        else:
            response.delete_cookie(f"{COOKIE}-{place}")
    return response


def forget(response: HttpResponse) -> HttpResponse:
    """Take the draft off the phone: it was sent, or the person asked."""
    for place in range(_COOKIES_MAX):
        response.delete_cookie(f"{COOKIE}-{place}")
    return response


def _fernet() -> Fernet:
    key = hashlib.sha256(b"thaam citizen draft\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
