"""`thaam trace`: follow claims through a postings file, without any server. One JSON line a claim.

`--compare` prints the rules side by side instead, `--back` goes from where money is to whose it was, `--plot`
draws one claim. Exit codes: 0 done, 2 an input that cannot be used (one sentence on stderr), 1 an answer that
does not add up.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from thaam.money.ranges import Ranges
from thaam.money.trace import Rule, TotalsDiffer
from thaam.postings.comparing import as_text, compare, legend
from thaam.postings.drawing import draw
from thaam.postings.files import BadFile, ClaimAsked, read_accounts, read_claims, read_postings, read_time
from thaam.postings.index import PostingsIndex
from thaam.postings.tracing import answer, back_answer, back_starts, trace_claims


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files are described in ARCHITECTURE, "Commands and files"."""
    parser.add_argument("postings", type=Path, metavar="POSTINGS", help="postings file, CSV or Parquet")
    parser.add_argument("--claims", type=Path, help="claims file, CSV")
    parser.add_argument("--accounts", type=Path, help="accounts file, CSV: openings, limits, pools")
    parser.add_argument("--rule", choices=[str(rule) for rule in Rule], default=str(Rule.LIFO))
    parser.add_argument(
        "--as-of", metavar="T", help="trace all claims as of this time (ISO 8601), or END; default: each reported_at"
    )
    parser.add_argument("--max-hops", type=int, metavar="N", help="list payments of hop N+1, do not follow them")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the answer there instead of stdout")
    parser.add_argument("--compare", action="store_true", help="a table a claim: all rules, each with a sentence")
    parser.add_argument(
        "--back", nargs="?", const="", metavar="WHERE",
        help="backwards to victims: from TX_REF, TX_REF:LO-HI or BANK/ACCOUNT; without WHERE from all that is held",
    )  # fmt: skip
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw one claim's lanes as SVG")
    parser.add_argument("--claim", metavar="ID", help="the claim to draw; default: the first")


def run(args: argparse.Namespace) -> int:
    """Trace, write, and say on stderr how long it took."""
    started = time.monotonic()
    try:
        if args.claims is None and not args.back:
            raise BadFile("--claims FILE is missing")
        if args.max_hops is not None and args.max_hops < 1:
            raise BadFile("--max-hops counts from 1")
        as_of = None if args.as_of in (None, "END") else read_time(args.as_of, "--as-of")
        claims = read_claims(args.claims) if args.claims else []
        stated = read_accounts(args.accounts) if args.accounts else {}
        index = PostingsIndex(read_postings(args.postings), stated)
        read = time.monotonic()
        text = "".join(f"{line}\n" for line in _lines(args, index, claims, as_of))
        if args.out:
            _write(args.out, text)
    except BadFile as problem:
        print(f"thaam trace: {problem}", file=sys.stderr)
        return 2
    except TotalsDiffer as problem:
        print(f"thaam trace: the totals do not add up, nothing was written: {problem}", file=sys.stderr)
        return 1
    if not args.out:
        sys.stdout.buffer.write(text.encode())  # Hindi sentences, whatever the terminal says it can show
        sys.stdout.flush()
    print(
        f"{len(index.row)} postings read in {read - started:.1f} s, {len(claims)} claims traced in"
        f" {time.monotonic() - read:.1f} s",
        file=sys.stderr,
    )
    return 0


def _write(path: Path, text: str) -> None:
    """Write a file the command was asked for. Raises BadFile where it cannot be."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise BadFile(f"{path} cannot be written: {problem.strerror}") from None


def _lines(
    args: argparse.Namespace, index: PostingsIndex, claims: list[ClaimAsked], as_of: int | None
) -> Iterator[str]:
    """What the command prints, after any drawing is made."""
    rule, use_reported = Rule(args.rule), args.as_of is None
    for sentence in index.over_credited()[:10]:
        print(f"{args.postings.name}: {sentence}", file=sys.stderr)
    for claim in claims:
        if claim.tx_ref not in index.ref_ids:
            print(f"row {claim.row} of the claims: payment {claim.tx_ref!r} is not in the postings", file=sys.stderr)
    if args.plot:
        _plot(args, index, claims, as_of)
    if args.compare:
        tables, over = compare(index, claims, as_of=as_of, use_reported=use_reported)
        yield from legend()
        for table in tables:
            yield from as_text(table)
        if use_reported and any(claim.reported_at is not None for claim in claims):
            return  # balances of different moments cannot be compared with one sum of claims
        yield "accounts where all claims together exceed the balance:"
        yield "  " + ", ".join(f"{name} {count}" for name, count in over.items())
    elif args.back is not None:
        yield from _back(args, index, claims, as_of)
    else:
        traced = trace_claims(index, claims, rule=rule, as_of=as_of, use_reported=use_reported, max_hops=args.max_hops)
        for claim, trail in traced:
            yield json.dumps(answer(index, claim, rule, trail), ensure_ascii=False)


def _back(args: argparse.Namespace, index: PostingsIndex, claims: list[ClaimAsked], as_of: int | None) -> Iterator[str]:
    """One JSON line a starting point."""
    rule = Rule(args.rule)
    starts: list[tuple[dict[str, object], list[tuple[int, Ranges]], int | None]] = []
    if args.back:
        found = back_starts(index, args.back)
        if isinstance(found, tuple):
            bank, account = index.accounts[found[0]]
            starts.append(({"bank": bank, "account": account}, index.lying(rule, found[0], as_of), as_of))
        else:
            starts.append(({"range": args.back}, found, as_of))
    else:
        for claim, trail in trace_claims(
            index, claims, rule=rule, as_of=as_of, use_reported=args.as_of is None, max_hops=args.max_hops
        ):
            cut = claim.reported_at if args.as_of is None else as_of
            for part in trail.held if trail else ():
                start: dict[str, object] = {
                    "claim_id": claim.claim_id,
                    "bank": index.accounts[part.account][0],
                    "account": index.accounts[part.account][1],
                    "tx_ref": index.refs[part.payment],
                    "lo": part.lo,
                    "hi": part.hi,
                }
                starts.append((start, [(part.payment, ((part.lo, part.hi),))], cut))
    for begin, from_paise, cut in starts:
        yield json.dumps(back_answer(index, begin, from_paise, claims, rule=rule, cut=cut), ensure_ascii=False)


def _plot(args: argparse.Namespace, index: PostingsIndex, claims: list[ClaimAsked], as_of: int | None) -> None:
    """Write the drawing of one claim. Raises BadFile when there is none of that name."""
    chosen = [claim for claim in claims if args.claim in (None, claim.claim_id)][:1]
    for claim, trail in trace_claims(
        index, chosen, rule=Rule(args.rule), as_of=as_of, use_reported=args.as_of is None, max_hops=args.max_hops
    ):
        if trail is not None:
            title = f"{claim.claim_id}: {claim.tx_ref} ({args.rule})"
            _write(args.plot, draw(index, trail, title=title))
            return
    which = f"no claim {args.claim!r}" if args.claim else "no claim"
    raise BadFile(f"--plot: there is {which} on a payment of the file to draw")
