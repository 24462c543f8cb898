"""How often one address may guess: one small window for all processes; never in the way of reporting or holding.

No staff page that files, sends or answers counts here: whoever has signed in is known by name and is never slowed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from thaam.parties.guessing import count_guess, uncount_guess

WINDOW = timedelta(minutes=15)
TRIES_MAX = 5


def too_many(request: HttpRequest, what: str, *, most: int = TRIES_MAX) -> bool:
    """Count one try of `what` from this address; true when it is one too many within fifteen minutes."""
    return count_guess(key=_key(request, what), at=datetime.now(tz=UTC), within=WINDOW) > most


def give_back(request: HttpRequest, what: str) -> None:
    """One that was right is no guess: an office of many people behind one address signs in without end."""
    uncount_guess(key=_key(request, what))


def _key(request: HttpRequest, what: str) -> str:
    return f"{what}:{request.META.get('REMOTE_ADDR', '')}"
