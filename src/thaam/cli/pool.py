"""`thaam pool BANK ACCOUNT OWNER`: write down who keeps the sub-ledger of an account that holds many people's money."""

from __future__ import annotations

import argparse
import datetime
import getpass
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("bank", help="the bank the account is at")
    parser.add_argument("account", help="the account, as the bank names it in its answers")
    parser.add_argument("owner", help="the code of the aggregator, wallet or sponsored bank that owns it")
    parser.add_argument("--data", type=Path, help="this installation's data folder, when it is not ./data")


def run(args: argparse.Namespace) -> int:
    """0 when written down; 1 with one sentence when a party is not known."""
    from thaam.cli.verify import _database

    with _database(args.data):
        from thaam.parties.banks import find_bank
        from thaam.parties.pools import OwnPool, declare_pool

        for code in (args.bank, args.owner):
            if find_bank(code) is None:
                print(f"thaam pool: there is no party {code} in the directory", file=sys.stderr)
                return 1
        try:
            declare_pool(
                bank=args.bank, account=args.account, owner=args.owner, by=f"shell:{getpass.getuser()}",
                at=datetime.datetime.now(datetime.UTC),
            )  # fmt: skip
        except OwnPool as refused:
            print(f"thaam pool: {refused.text.en}", file=sys.stderr)
            return 1
    return 0
