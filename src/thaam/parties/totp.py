"""One-time codes by time (RFC 6238 over RFC 4226): what an authenticator app shows, and when."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
# a phone's clock may be off by one step either way (RFC 6238, 5.2)
STEPS_AROUND = 1


def step_of(at: dt.datetime) -> int:
    """The number of the half minute that `at` (aware) falls into, counted from 1970."""
    return int(at.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int, *, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The code of one step. SHA-1 and six digits are what every authenticator app knows."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), algorithm)
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_for(secret: bytes, code: str, *, at: dt.datetime, after: int = -1) -> int | None:
    """The step near `at` and later than `after` whose code this is, or None; compares in constant time."""
    here = step_of(at)
    fits = [
        step
        for step in range(here - STEPS_AROUND, here + STEPS_AROUND + 1)
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > after
    ]
    return fits[-1] if fits else None


def typed_secret(secret: bytes) -> str:
    """Base32 in groups of four, for people who type it instead of scanning."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(plain[n : n + 4] for n in range(0, len(plain), 4))


def address_of(secret: bytes, *, name: str, issuer: str) -> str:
    """The otpauth:// address that an authenticator app reads from a QR code."""
    plain = base64.b32encode(secret).decode().rstrip("=")
    words = urlencode({"secret": plain, "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS})
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{words}"
