"""`thaam trace`: follow claims through a postings file, without any server. One JSON line a claim.

Exit codes: 0 done, 2 an input that cannot be used (one sentence on stderr), 1 an answer that does not add up.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from thaam.money.trace import Rule, TotalsDiffer
from thaam.postings.files import BadFile, read_accounts, read_claims, read_postings, read_time
from thaam.postings.index import PostingsIndex
from thaam.postings.tracing import answer, trace_claims


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of architecture.md 6."""
    parser.add_argument("postings", type=Path, metavar="POSTINGS", help="postings file, CSV or Parquet")
    parser.add_argument("--claims", type=Path, help="claims file, CSV")
    parser.add_argument("--accounts", type=Path, help="accounts file, CSV: openings, limits, pools")
    parser.add_argument("--rule", choices=[str(rule) for rule in Rule], default=str(Rule.LIFO))
    parser.add_argument(
        "--as-of", metavar="T", help="trace all claims as of this time (ISO 8601), or END; default: each reported_at"
    )
    parser.add_argument("--max-hops", type=int, metavar="N", help="list payments of hop N+1, do not follow them")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the lines there instead of stdout")


def run(args: argparse.Namespace) -> int:
    """Trace, write, and say on stderr how long it took."""
    started = time.monotonic()
    try:
        if args.claims is None:
            raise BadFile("--claims FILE is missing")
        if args.max_hops is not None and args.max_hops < 1:
            raise BadFile("--max-hops counts from 1")
        as_of = None if args.as_of in (None, "END") else read_time(args.as_of, "--as-of")
        claims = read_claims(args.claims)
        stated = read_accounts(args.accounts) if args.accounts else {}
        index = PostingsIndex(read_postings(args.postings), stated)
        read = time.monotonic()
        rule = Rule(args.rule)
        lines: list[str] = []
        for claim, trail in trace_claims(
            index, claims, rule=rule, as_of=as_of, use_reported=args.as_of is None, max_hops=args.max_hops
        ):
            if trail is None:
                print(
                    f"row {claim.row} of the claims: payment {claim.tx_ref!r} is not in the postings", file=sys.stderr
                )
            lines.append(json.dumps(answer(index, claim, rule, trail), ensure_ascii=False) + "\n")
    except BadFile as problem:
        print(f"thaam trace: {problem}", file=sys.stderr)
        return 2
    except TotalsDiffer as problem:
        print(f"thaam trace: the totals do not add up, nothing was written: {problem}", file=sys.stderr)
        return 1
    if args.out:
        args.out.write_text("".join(lines), encoding="utf-8")
    else:
        sys.stdout.writelines(lines)
    print(
        f"{len(index.row)} postings read in {read - started:.1f} s, {len(claims)} claims traced in"
        f" {time.monotonic() - read:.1f} s",
        file=sys.stderr,
    )
    return 0
