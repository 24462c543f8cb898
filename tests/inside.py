"""The two networks without sockets: a bank's node into the platform, and into its own core bank."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import httpx
from django.core import signals
from django.db import close_old_connections

from thaam.node.adapters.toybank import ToyBankCore
from thaam.world.toybank.door import as_bytes, respond
from thaam.world.toybank.host import Host


@cache
def _application() -> Any:
    from thaam.project.wsgi import application

    return application


def _keep_the_connection() -> None:
    """A test's own transaction is open on this very connection: a request must not close it.

    Said before each request: Django's test client joins these signals again after its own."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)


class Inside(httpx.BaseTransport):
    """Hands each request to the application a web server would call."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request, one answer."""
        body = request.read()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": request.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": request.url.path,
            "QUERY_STRING": request.url.query.decode(),
            "SERVER_NAME": request.url.host,
            "SERVER_PORT": str(request.url.port or 80),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": request.url.scheme,
            "wsgi.version": (1, 0),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in request.headers.items():
            if name not in ("content-type", "content-length"):
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        status: list[Any] = []
        application = _application()
        _keep_the_connection()
        response = application(environ, lambda *told: status.extend(told))
        try:
            content = b"".join(response)
        finally:
            response.close()
        return httpx.Response(int(status[0].split()[0]), headers=status[1], content=content)


class CoreInside(ToyBankCore):
    """The adapter to a toy bank of this very process."""

    def __init__(self, *, bank: str, host: Host) -> None:
        super().__init__(bank=bank, url="http://127.0.0.1:9")
        self._host = host

    def _exchange(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        status, answer = respond(self._host, method, target, body or b"")
        return status, as_bytes(answer)
