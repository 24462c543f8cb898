"""`thaam node`: run a bank's node."""

from __future__ import annotations

import argparse
import fcntl
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from thaam.node.pull import Node


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("--config", type=Path, required=True, help="the node's configuration (TOML)")
    parser.add_argument("--once", action="store_true", help="one pass: read, take, carry out, send; then end")
    parser.add_argument(
        "--newest", action="store_true", help="say once: these are the newest files, a copy has run; end"
    )
    parser.add_argument("--announce-key", type=Path, metavar="FILE", help="announce this next key (made if absent)")
    parser.add_argument("--valid-from", type=datetime.fromisoformat, metavar="TIME", help="when it begins to count")


def _announce(node: Node, file: Path, valid_from_at: datetime | None) -> int:
    """Put the announcement in the outbox; the node sends it at its next pass. Change `key` in the file on the day."""
    from thaam.node.rotating import announce_next_key
    from thaam.wire.keys import fingerprint

    if valid_from_at is None or valid_from_at.tzinfo is None:
        print("thaam node: --announce-key needs --valid-from, a time with its offset", file=sys.stderr)
        return 2
    key = announce_next_key(node.parts, file=file, valid_from_at=valid_from_at.astimezone(UTC), at=datetime.now(UTC))
    print(f"{key.key_id}\n{fingerprint(key.public)}")
    return 0


def _lock(data: Path) -> TextIO:
    """Two nodes on the same files would hold twice; the lock ends with the process, however it ends. Raises OSError."""
    data.mkdir(parents=True, exist_ok=True)
    file = (data / "lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise OSError(f"another node runs on {data}") from None
    return file


def run(args: argparse.Namespace) -> int:
    """Run until SIGTERM or Ctrl-C. Exits 1 on a bad configuration, 3 when its files are an old copy: it must stop."""
    from thaam.node.checking import PlatformWentBack
    from thaam.node.config import BadConfig, open_door, open_node, read_config
    from thaam.node.resuming import StoreIsOlder

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        config = read_config(args.config)
        node = open_node(config, now=lambda: datetime.now(UTC))
        if args.announce_key:  # beside a running node: it only adds to the outbox
            return _announce(node, args.announce_key, args.valid_from)
        lock = _lock(config.data)
        if args.newest:
            node.parts.records.say_newest()
            print("Noted. At its next start the node says anew what a copy of it has said differently.")
            return 0
        if args.once:
            while node.one_pass() or (node.looker is not None and node.looker.wait()):
                pass
        else:
            door = open_door(config, node)
            node.run(poll_seconds=config.poll_seconds, stop=stop)
            if door is not None:
                door.close()
    except (BadConfig, OSError) as why:
        print(f"thaam node: {why}", file=sys.stderr)
        return 1
    except (StoreIsOlder, PlatformWentBack) as why:
        print(f"thaam node: stopped: {why}", file=sys.stderr)
        return 3
    lock.close()
    return 0
