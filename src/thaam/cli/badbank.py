"""`thaam badbank`: stand between a node and the platform and spoil what passes; for drills only."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    from thaam.world.badbank import FAULTS

    parser.add_argument("--config", type=Path, required=True, help="the honest node's configuration (TOML)")
    parser.add_argument("--fault", required=True, choices=sorted(FAULTS), help="what it does wrong")
    parser.add_argument("--share", type=float, default=1.0, help="the share of messages that are spoilt")
    parser.add_argument("--seed", type=int, default=0, help="decides which")
    parser.add_argument("--write", type=Path, help="write the configuration with which the node runs behind it")


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; the first line of stdout is `{"url", "key_id", "public_key"}`."""
    import tomllib

    from thaam.wire import keys
    from thaam.world.badbank import BadBank

    text = args.config.read_text(encoding="utf-8")
    found = tomllib.loads(text)
    bad = BadBank(
        platform_url=found["platform_url"],
        bank=found["bank"],
        bank_key=keys.load(args.config.parent / found["key"], key_id=found.get("key_id")),
        platform_keys={name: keys.public_from_text(key) for name, key in found["platform_keys"].items()},
        fault=args.fault,
        share=args.share,
        seed=args.seed,
    )
    public = keys.public_text(bad.key.public)
    if args.write:
        behind = text.replace(json.dumps(found["platform_url"]), json.dumps(bad.url), 1)
        behind = behind.replace("hints = true\n", "")  # a bad bank passes none on
        pinned = f"[platform_keys]\n{json.dumps(bad.key.key_id)} = {json.dumps(public)}\n"
        args.write.write_text(behind.replace("[platform_keys]\n", pinned, 1), encoding="utf-8")
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    bad.start()
    print(json.dumps({"url": bad.url, "key_id": bad.key.key_id, "public_key": public}), flush=True)
    stop.wait()
    print(f"spoilt {bad.spoilt} messages", file=sys.stderr)
    bad.close()
    return 0
