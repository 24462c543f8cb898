"""Codes nobody can guess without our secret: of a hold's notice, of an objection's page, of a code by SMS."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings


def code_of(hold_id: Any) -> str:
    """Ten letters and digits that open the five facts of a hold."""
    return _ten(f"hold/{hold_id}")


def link_of(objection_id: Any) -> str:
    """Ten letters and digits that open the page of an objection: short enough for an SMS."""
    return _ten(f"objection/{objection_id}")


def digest_of_code(objection_id: Any, code: str) -> str:
    """What is kept of a code by SMS."""
    return _mac(f"objection code/{objection_id}/{code}").hex()


def _ten(words: str) -> str:
    return base64.b32encode(_mac(words))[:10].decode().lower()


def _mac(words: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), words.encode(), hashlib.sha256).digest()
