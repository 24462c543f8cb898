"""`thaam conformance`: play the platform against a bank's implementation and judge every rule of docs/wire."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of `thaam conformance`."""
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--target", metavar="URL", help="the bank's test harness (docs/wire/conformance.md)")
    which.add_argument("--self", action="store_true", dest="own", help="our own node on a toy bank")
    parser.add_argument("--json", action="store_true", help='print {"cases": [{"id", "ok", "why"}]}')
    parser.add_argument("--report", type=Path, metavar="FILE", help="write an HTML page of what to put right, and how")
    parser.add_argument("--only", action="append", default=[], metavar="CASE", help="only this case; may be repeated")
    parser.add_argument(
        "--patience", type=float, default=15.0, metavar="SECONDS", help="how long to wait for an answer"
    )
    parser.add_argument("--listen", default="127.0.0.1", metavar="HOST", help="where the kit's platform listens")
    parser.add_argument("--port", type=int, default=0, help="its port; 0 takes a free one")


def run(args: argparse.Namespace) -> int:
    """0 when every case is kept, 1 when one is not, 2 when the bank cannot be tested at all."""
    from thaam.wire.conformance.harness import Harness, HarnessFailed, HttpHarness, SelfHarness
    from thaam.wire.conformance.platform import KitPlatform
    from thaam.wire.conformance.running import run_all

    platform = KitPlatform()
    address = platform.start(host=args.listen, port=args.port)
    with tempfile.TemporaryDirectory(prefix="thaam-conformance-") as folder:
        harness: Harness | None = None
        try:
            harness = SelfHarness(Path(folder)) if args.own else HttpHarness(args.target)
            verdicts = run_all(
                harness=harness, platform=platform, address=address, patience=args.patience, only=args.only
            )
        except HarnessFailed as why:
            print(f"thaam conformance: {why}", file=sys.stderr)
            return 2
        finally:
            if harness is not None:
                harness.close()
            platform.close()
    if args.report:
        from thaam.wire.conformance.report import page

        bank = "our own node" if args.own else args.target
        args.report.write_text(page(verdicts, bank=bank, at=datetime.now(UTC)), encoding="utf-8")
    if args.json:
        cases = [{"id": each.id, "ok": each.ok, "why": each.why} for each in verdicts]
        print(json.dumps({"cases": cases}, ensure_ascii=False))
    else:
        kept = sum(each.ok for each in verdicts)
        print(f"{kept} of {len(verdicts)} cases kept")
    return 0 if verdicts and all(each.ok for each in verdicts) else 1
