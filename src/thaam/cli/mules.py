"""`thaam mules`: score the accounts of a postings file for mule behaviour, without labels, with reasons."""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import datetime
from pathlib import Path

from thaam.language.dates import IST
from thaam.postings.files import BadFile
from thaam.postings.mules.ledger import read_ledger
from thaam.postings.mules.scoring import Scored, score_accounts

COLUMNS = ("bank", "account", "score", "window_from", "window_to", "reasons")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "postings", type=Path, metavar="POSTINGS", help="postings file, CSV or Parquet; or a node's ledger.sqlite"
    )
    parser.add_argument("--accounts", type=Path, metavar="FILE", help="accounts file: KYC details, opened_at ...")
    parser.add_argument("--as-of", metavar="T", help="ISO 8601 time with offset; later postings do not count")
    parser.add_argument("--since", metavar="T", help="ISO 8601 time with offset; earlier postings do not count")
    parser.add_argument("--bank", default="", metavar="CODE", help="whose node's store it is")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="CSV to write, highest score first")


def run(args: argparse.Namespace) -> int:
    """Write one row for each account that has postings; exit 2 when a file cannot be used."""
    try:
        ledger = read_ledger(
            args.postings, accounts=args.accounts, as_of=_time(args.as_of, "--as-of"),
            since=_time(args.since, "--since"), bank=args.bank,
        )  # fmt: skip
        scored = score_accounts(ledger)
    except BadFile as problem:
        print(f"thaam mules: {problem}", file=sys.stderr)
        return 2
    with args.out.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_row(account) for account in scored)
    print(f"{len(scored):,} accounts scored, {args.out}", file=sys.stderr)
    return 0


def _row(account: Scored) -> tuple[str, ...]:
    return (
        account.bank,
        account.account,
        f"{account.score:.6f}",
        account.window_from.astimezone(IST).isoformat() if account.window_from else "",
        account.window_to.astimezone(IST).isoformat() if account.window_to else "",
        "; ".join(f"{code}: {title.in_('en', n=number)}" for code, title, number in account.reasons),
    )


def _time(text: str | None, flag: str) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadFile(f"{flag} {text!r} is not an ISO 8601 time") from None
    if at.tzinfo is None:
        raise BadFile(f"{flag} {text!r} has no offset")
    return at
