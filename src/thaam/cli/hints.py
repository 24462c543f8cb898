"""`thaam hints BANK URL|off`: where a bank wants hints that its mailbox has something new (off by default).

Needs THAAM_BANK_HINTS=1 in the loops' environment to be sent; see docs/wire, section 9.
"""

from __future__ import annotations

import argparse
import datetime
import getpass
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("bank", help="the bank's code")
    parser.add_argument("url", help="an https address, or `off`")
    parser.add_argument("--data", type=Path, help="this installation's data folder, when it is not ./data")


def run(args: argparse.Namespace) -> int:
    """0 when written down; 1 with one sentence when the bank or the address is wrong."""
    from thaam.cli.verify import _database

    with _database(args.data):
        from thaam.mailbox.hinting import NotAnAddress, set_address
        from thaam.parties.banks import find_bank

        bank = find_bank(args.bank)
        if bank is None:
            print(f"thaam hints: there is no bank {args.bank}", file=sys.stderr)
            return 1
        try:
            set_address(
                bank=bank.code, url="" if args.url == "off" else args.url, by=f"shell:{getpass.getuser()}",
                at=datetime.datetime.now(datetime.UTC),
            )  # fmt: skip
        except NotAnAddress as refused:
            print(f"thaam hints: {refused.text.en}", file=sys.stderr)
            return 1
    return 0
