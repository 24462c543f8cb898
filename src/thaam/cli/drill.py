"""`thaam drill`: a whole system on temporary data, headless; every rupee is checked at the end."""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from pathlib import Path

KEYS = (
    "complaints", "orders", "claimed_paise", "asked_paise", "held_paise", "seen_paise", "gone_paise", "returned_paise",
    "restored_paise", "released_paise", "unexplained_paise", "double_held_paise", "innocent_held_paise", "fidelity",
    "false_complaint_rupee_minutes", "p50_first_hold_s", "p95_first_hold_s", "p50_quiet_s", "p95_quiet_s",
)  # fmt: skip
"""What scripts of others rely on; more may be printed after them."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--banks", type=int, default=5, metavar="N", help="how many banks, each with a node (5)")
    parser.add_argument("--complaints", type=int, default=20, metavar="N", help="how many frauds are reported (20)")
    parser.add_argument("--postings", type=Path, metavar="FILE", help="load these postings, play nothing")
    parser.add_argument("--claims", type=Path, metavar="FILE", help="with --postings: file these claims")
    parser.add_argument("--accounts", type=Path, metavar="FILE", help="with --postings: the accounts file")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="same seed, same plots and faults (1)")
    parser.add_argument("--faults", action="store_true", help="kill, freeze, lie and be silent on the way")
    parser.add_argument("--data", type=Path, metavar="DIR", help="keep everything in this empty folder")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when every paisa is in one state, held once and where the banks say; else 1 (2: arguments)."""
    if (args.postings is None) != (args.claims is None):
        print("thaam drill: --postings and --claims belong together", file=sys.stderr)
        return 2
    if not 3 <= args.banks <= 99 or args.complaints < 1:
        print("thaam drill: --banks is a number from 3 to 99, --complaints at least 1", file=sys.stderr)
        return 2
    logging.getLogger("httpx").setLevel(logging.WARNING)
    if args.data is not None:
        args.data.mkdir(parents=True, exist_ok=True)
        return _report(args, args.data.resolve())
    from thaam.project.cluster import Cluster

    with tempfile.TemporaryDirectory(prefix="thaam-drill-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # the database's own user walks through it
        try:
            return _report(args, Path(folder))
        finally:
            Cluster(Path(folder)).wipe()


def _report(args: argparse.Namespace, data: Path) -> int:
    from thaam.cli.drilling.played import drill
    from thaam.cli.drilling.replayed import replay
    from thaam.cli.drilling.replaying import CannotReplay
    from thaam.cli.drilling.system import DidNotStart

    try:
        if args.postings is not None:
            result, problems = replay(data=data, postings=args.postings, claims=args.claims, accounts=args.accounts)
        else:
            result, problems = drill(
                data=data, banks=args.banks, complaints=args.complaints, seed=args.seed, faults=args.faults
            )
    except (DidNotStart, CannotReplay) as why:
        print(f"thaam drill: {why}", file=sys.stderr)
        return 1
    ordered = {key: result.pop(key) for key in KEYS} | result
    if args.json:
        print(json.dumps(ordered))
    else:
        for key, value in ordered.items():
            print(f"{key:32} {value}")
    for problem in problems:
        print(f"drill: {problem}", file=sys.stderr)
    return 1 if problems else 0
