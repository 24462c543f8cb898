"""`thaam suspects`: import other people's lists into the registry (national risk levels, revoked numbers)."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    doings = parser.add_subparsers(dest="doing", metavar="DOING", required=True)
    take = doings.add_parser("import", help="read a CSV list; a newer edition corrects the older")
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--profile", choices=("risk-levels", "revoked-numbers"), required=True)
    take.add_argument("--edition", metavar="NAME", help="name of this edition (default: the file's name)")


def run(args: argparse.Namespace) -> int:
    """Exit 0; 1 when some lines could not be used; 2 when the file cannot be read as this list."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thaam.project.settings")
    os.environ.setdefault("THAAM_ROLE", "loops")
    import django

    django.setup()
    from thaam.suspects.importing import PROFILES, UnknownColumns, import_list

    try:
        with args.file.open(encoding="utf-8-sig", newline="") as lines:
            told = import_list(
                profile=PROFILES[args.profile], lines=lines, list_name=args.edition or args.file.stem,
                by="command", at=dt.datetime.now(tz=dt.UTC),
            )  # fmt: skip
    except (OSError, UnicodeDecodeError) as problem:
        print(f"thaam suspects: {args.file}: {problem}", file=sys.stderr)
        return 2
    except UnknownColumns as problem:
        print(f"thaam suspects: {problem.text.en}", file=sys.stderr)
        return 2
    for line, why in told.refused[:20]:
        print(f"thaam suspects: line {line}: {why} cannot be read", file=sys.stderr)
    print(f"{told.kept} new, {told.same} as before, {told.withdrawn} no longer listed", file=sys.stderr)
    return 1 if told.refused else 0
