"""Permission to hear that something changed: a short-lived signed token naming topics.

A page puts the token into its stream address; the stream process sends only "this topic changed". A topic is what a
fact is about ("complaint:26116..."), its stream ("mailbox:DEMO1"), or its kind ("complaint:filed").
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core import signing

TOKEN_SECONDS = 6 * 3600
TOPICS_MAX = 50


class BadToken(Exception):
    """The token is not ours or too old."""


def token_for(topics: Iterable[str]) -> str:
    """A token to hear of these topics. The caller has checked that the reader may."""
    return signing.dumps(sorted(set(topics))[:TOPICS_MAX], salt="thaam.stream", compress=False)


def stream_url_for(topics: Iterable[str]) -> str:
    """The address an EventSource opens to hear of these topics."""
    return f"{settings.STREAM_URL}/stream?topics={token_for(topics)}"


def topics_of(token: str) -> list[str]:
    """What the token allows to hear. Raises BadToken."""
    try:
        return list(signing.loads(token, salt="thaam.stream", max_age=TOKEN_SECONDS))
    except signing.BadSignature as why:
        raise BadToken(str(why)) from why
