"""httpx into the platform without a socket: for banks' nodes in the same process as the platform."""

from __future__ import annotations

import httpx
from django.test import Client


class Inside(httpx.BaseTransport):
    """Hands each request to Django's own request handling."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer."""
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-type")}
        got = Client(raise_request_exception=False).generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            request.headers.get("content-type", ""),
            headers=headers,
        )
        return httpx.Response(got.status_code, headers=list(got.items()), content=got.content)
