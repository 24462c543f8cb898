"""`thaam world`: generate synthetic banks, people and frauds, or convert AMLSim samples, into files."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--transactions", type=int, metavar="N", help="about how many payments")
    parser.add_argument("--banks", type=int, default=5, metavar="B", help="how many banks (5)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same files (1)")
    parser.add_argument(
        "--setting", default="easy", metavar="NAME", help="a committed setting of world/settings.toml (easy)"
    )
    parser.add_argument(
        "--from-amlsim", type=Path, metavar="DIR", help="convert AMLSim samples (folders or .tgz) instead"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the files go")


def run(args: argparse.Namespace) -> int:
    """Write the files; prints one line a file set. Exit code 2 for arguments that make no world."""
    if not 1 <= args.banks <= 99:
        print("thaam world: --banks is a number from 1 to 99", file=sys.stderr)
        return 2
    if args.from_amlsim is not None:
        return _convert(args)
    if args.transactions is None or args.transactions < 100:
        print("thaam world: say --transactions N, at least 100, or --from-amlsim DIR", file=sys.stderr)
        return 2
    from thaam.world.files import write_world
    from thaam.world.ledger import build
    from thaam.world.settings import UnknownSetting, setting

    started = time.monotonic()
    try:
        chosen = setting(args.setting)
    except UnknownSetting as problem:
        print(f"thaam world: {problem}", file=sys.stderr)
        return 2
    world = build(setting=chosen, payments=args.transactions, banks=args.banks, seed=args.seed)
    write_world(world, args.out)
    print(
        f"{args.out}: {len(world.payments.t):,} payments, {len(world.rows['t']):,} postings, "
        f"{len(world.claims['payment']):,} claims, setting {chosen.name}, {time.monotonic() - started:.1f} s"
    )
    return 0


def _convert(args: argparse.Namespace) -> int:
    from thaam.world.amlsim import NoSamples, convert

    try:
        written = convert(source=args.from_amlsim, banks=args.banks, out=args.out)
    except NoSamples as problem:
        print(f"thaam world: {problem}", file=sys.stderr)
        return 2
    for sample in written:
        print(f"{sample.folder}: {sample.postings:,} postings, {sample.claims:,} claims, {sample.banks} banks")
    return 0
