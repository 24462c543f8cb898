"""How often one address may guess: a small window in the process's cache; never in the way of reporting or holding."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

WINDOW_SECONDS = 15 * 60
TRIES_MAX = 5


def too_many(request: HttpRequest, what: str, *, most: int = TRIES_MAX) -> bool:
    """Count one try of `what` from this address; true when it is one too many within fifteen minutes."""
    key = f"tries:{what}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:
        cache.set(key, 1, WINDOW_SECONDS)
        return False


def give_back(request: HttpRequest, what: str) -> None:
    """One that was right is no guess: an office of many people behind one address signs in without end."""
    key = f"tries:{what}:{request.META.get('REMOTE_ADDR', '')}"
    try:
        cache.decr(key)
    except ValueError:
        return
