"""`thaam world`: generate synthetic banks, people and frauds, or convert AMLSim samples, into files."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "doing",
        nargs="?",
        choices=("history",),
        help="history: give a running demo a past of some months (--data, --months)",
    )
    parser.add_argument("--data", type=Path, metavar="DIR", help="history: the demo's folder (THAAM_DATA or ./data)")
    parser.add_argument(
        "--months", type=int, default=13, metavar="M", help="history: whole months before this one (13)"
    )
    parser.add_argument(
        "--a-month", type=int, default=150, metavar="N", help="history: complaints in the last month (150)"
    )
    parser.add_argument("--transactions", type=int, metavar="N", help="about how many payments")
    parser.add_argument("--banks", type=int, default=5, metavar="B", help="how many banks (5)")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same files (1)")
    parser.add_argument(
        "--setting", default="easy", metavar="NAME", help="a committed setting of world/settings.toml (easy)"
    )
    parser.add_argument(
        "--from-amlsim", type=Path, metavar="DIR", help="convert AMLSim samples (folders or .tgz) instead"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the files go")


def run(args: argparse.Namespace) -> int:
    """Write the files; prints one line a file set. Exit code 2 for arguments that make no world."""
    if args.doing == "history":
        return _history(args)
    if args.out is None:
        print("thaam world: say where the files go: --out DIR", file=sys.stderr)
        return 2
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


def _history(args: argparse.Namespace) -> int:
    """Write a past into a demo's database, as its loops would have; progress to stderr. Exit 2 without a demo."""
    import datetime
    import os

    os.environ.setdefault("THAAM_DATA", str((args.data or Path("data")).absolute()))
    os.environ["THAAM_ROLE"] = "loops"
    os.environ["DJANGO_SETTINGS_MODULE"] = "thaam.project.settings"
    import django
    from django.conf import settings

    django.setup()
    kind = settings.DATA / "kind"
    if not kind.exists() or kind.read_text().strip() != "demo":
        print(f"thaam world: {settings.DATA} holds no demo; a past is invented for a demo only", file=sys.stderr)
        return 2
    from thaam.project.seeding import seed

    try:
        seed(
            data=settings.DATA,
            months=args.months,
            a_month=args.a_month,
            now=datetime.datetime.now(datetime.UTC),
            say=lambda line: print(line, file=sys.stderr, flush=True),
        )
    except LookupError as problem:
        print(f"thaam world: {problem}", file=sys.stderr)
        return 2
    return 0
