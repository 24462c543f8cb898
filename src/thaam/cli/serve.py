"""`thaam serve NAME`: one process of the platform, in the foreground, until SIGTERM.

The database is the embedded one of THAAM_DATA (which `thaam up` runs) or DATABASE_URL's.
"""

from __future__ import annotations

import argparse
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

LOOPS = ("sequencer", "chase", "work", "readers")
NAMES = ("web", "stream", *LOOPS, "gateway", "relay")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="for web, stream and gateway")
    parser.add_argument("--workers", type=int, default=1, help="processes of web")
    parser.add_argument("--threads", type=int, default=4, help="threads of each web process")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    if args.name == "gateway":
        return _gateway(args)
    os.environ.setdefault("THAAM_ROLE", "loops" if args.name in LOOPS else "app")
    os.environ["DJANGO_SETTINGS_MODULE"] = "thaam.project.settings"
    if args.name == "web":
        return _web(args)
    import django

    django.setup()
    if args.name == "stream":
        return _stream(args)
    if args.name == "relay":
        return _relay()
    from thaam.project import running

    stop = running.Stop()
    stop.on_signals()
    getattr(running, f"run_{args.name}")(stop)
    return 0


def _web(args: argparse.Namespace) -> int:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "thaam.project.wsgi:application",
        interface=Interfaces.WSGI,
        address=args.host,
        port=args.port,
        workers=args.workers,
        blocking_threads=args.threads,
        websockets=False,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()
    return 0


def _connect() -> Callable[[], Awaitable[psycopg.AsyncConnection]]:
    """A way to a connection of its own that can LISTEN."""
    import psycopg
    from django.db import connection

    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname", "options")
    conninfo = {name: parameters[name] for name in names if parameters.get(name)}

    async def connect() -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(**conninfo, autocommit=True)

    return connect


def _relay() -> int:
    import asyncio
    import sys

    from django.conf import settings

    from thaam.stream.relay import Relay

    if not settings.NATS_URL:
        print("thaam serve relay: set THAAM_NATS_URL, such as nats://127.0.0.1:4222", file=sys.stderr)
        return 1

    async def run() -> None:
        relay = Relay(
            url=settings.NATS_URL,
            credentials=settings.NATS_CREDENTIALS,
            web_url=settings.WEB_URL,
            public_url=settings.PUBLIC_URL,
            listen=_connect(),
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, relay.stop)
        await relay.run()

    asyncio.run(run())
    return 0


def _stream(args: argparse.Namespace) -> int:
    import uvicorn

    from thaam.stream.app import Stream

    uvicorn.run(
        Stream(_connect()), host=args.host, port=args.port, log_level="warning", access_log=False, lifespan="on",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    return 0


def _gateway(args: argparse.Namespace) -> int:
    from thaam.notices.gateway import Gateway

    server = Gateway(host=args.host, port=args.port)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    return 0
