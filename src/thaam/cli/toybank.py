"""`thaam toybank`: run small real core banks in one process."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("--data", type=Path, required=True, help="folder of the banks' files, one SQLite file a bank")
    parser.add_argument("--banks", required=True, help="codes of the banks, comma between")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one and prints it")
    parser.add_argument("--in-flight-seconds", type=float, default=0.0, help="how long a payment takes to arrive")
    parser.add_argument("--postings", type=Path, help="load this postings file first (once)")
    parser.add_argument("--accounts", type=Path, help="accounts file of the postings")


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
