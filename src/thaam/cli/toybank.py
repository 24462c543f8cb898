"""`thaam toybank`: run small real core banks in one process."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("--data", type=Path, required=True, help="folder of the banks' files, one SQLite file a bank")
    parser.add_argument("--banks", required=True, help="codes of the banks, comma between")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one and prints it")
    parser.add_argument("--in-flight-seconds", type=float, default=0.0, help="how long a payment takes to arrive")
    parser.add_argument("--gateway", help="address of the local gateway that shows what the banks tell their customers")
    parser.add_argument("--postings", type=Path, help="load this postings file first (once)")
    parser.add_argument("--accounts", type=Path, help="accounts file of the postings")


def _bringer(gateway: str) -> Callable[[str, str, str], None]:
    """Shows a bank's message to its customer at the gateway; a gateway that is away costs the bank nothing."""
    from urllib.request import Request, urlopen

    def bring(id: str, to: str, text: str) -> None:
        body = json.dumps({"id": id, "channel": "bank", "to": to, "text": text}).encode()
        try:
            with urlopen(Request(f"{gateway.rstrip('/')}/send", data=body), timeout=5):
                pass
        except OSError as problem:
            print(f"thaam toybank: a message could not be shown: {problem}", file=sys.stderr)

    return bring


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; the first line of stdout is `{"port": ..., "banks": [...]}`."""
    from thaam.world.toybank.door import DoorServer
    from thaam.world.toybank.host import Host
    from thaam.world.toybank.refusals import Refused

    try:
        host = Host(
            data=args.data,
            codes=[code for code in args.banks.split(",") if code],
            clock=lambda: datetime.now(UTC),
            in_flight_seconds=args.in_flight_seconds,
            bring=_bringer(args.gateway) if args.gateway else None,
        )
        if args.postings:
            host.load(id=f"start:{args.postings.name}", postings=args.postings, accounts=args.accounts)
        server = DoorServer(host=host, port=args.port)
    except (Refused, OSError) as error:
        print(f"thaam toybank: {error}", file=sys.stderr)
        return 1
    host.start()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"port": server.server_port, "banks": list(host.banks)}), flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    host.close()
    return 0
