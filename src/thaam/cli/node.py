"""`thaam node`: run a bank's node."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("--config", type=Path, required=True, help="the node's configuration (TOML)")
    parser.add_argument("--once", action="store_true", help="one pass: read, take, carry out, send; then end")


def run(args: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C. Exits 1 on a bad configuration, 3 when its files are an old copy: it must stop."""
    from thaam.node.checking import PlatformWentBack
    from thaam.node.config import BadConfig, open_node, read_config
    from thaam.node.resuming import StoreIsOlder

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        config = read_config(args.config)
        node = open_node(config, now=lambda: datetime.now(UTC))
        if args.once:
            while node.one_pass():
                pass
        else:
            node.run(poll_seconds=config.poll_seconds, stop=stop)
    except (BadConfig, OSError) as why:
        print(f"thaam node: {why}", file=sys.stderr)
        return 1
    except (StoreIsOlder, PlatformWentBack) as why:
        print(f"thaam node: stopped: {why}", file=sys.stderr)
        return 3
    return 0
