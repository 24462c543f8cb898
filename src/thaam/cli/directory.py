"""`thaam directory`: sheets of banks, branches, nodal officers and offices into the directory, and out of it."""

from __future__ import annotations

import argparse
import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "what", choices=["import", "export", "national"], help="national: the list of all banks of India"
    )
    parser.add_argument("--kind", choices=["partners", "branches", "nodals", "offices"], default="branches")
    parser.add_argument("--file", type=Path, metavar="FILE", help="CSV or XLSX")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")


def run(args: argparse.Namespace) -> int:
    """Import: exit 0 when every row is good, 1 when some were left out (named on stderr), 2 when none can be read."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thaam.project.settings")
    os.environ.setdefault("THAAM_ROLE", "loops")
    django.setup()
    if args.what == "export":
        return _export(args)
    return _import(args)


def _export(args: argparse.Namespace) -> int:
    from thaam.files.tables import csv_table, xlsx_table
    from thaam.language.dates import in_ist
    from thaam.parties.exporting import directory_rows
    from thaam.parties.imports import SHEETS

    sheet = SHEETS[args.kind]
    rows = directory_rows(args.kind, on=in_ist(datetime.now(tz=UTC)).date())
    columns = [*sheet.columns, *sheet.more]
    if args.file and args.file.suffix == ".xlsx":
        args.file.write_bytes(xlsx_table([(args.kind, columns, rows)]))
    elif args.file:
        args.file.write_bytes(csv_table(columns, rows))
    else:
        sys.stdout.buffer.write(csv_table(columns, rows))
    return 0


def _import(args: argparse.Namespace) -> int:
    from thaam.files.sheets import UnreadableSheet, read_sheet
    from thaam.files.tables import unquoted
    from thaam.parties import banklist
    from thaam.parties.imports import SHEETS, go_on, look_at

    now = datetime.now(tz=UTC)
    kind = "partners" if args.what == "national" else args.kind
    if args.what == "national":
        rows, name, digest = banklist.partner_rows(), "national-list.csv", "national"
    else:
        if not args.file:
            print("thaam directory: say which file (--file)", file=sys.stderr)
            return 2
        content, name = args.file.read_bytes(), args.file.name
        digest = hashlib.sha256(content).hexdigest()
        try:
            rows = [
                {column: unquoted(cell) for column, cell in row.items()}
                for row in read_sheet(content, file_name=name, columns=SHEETS[kind].columns)
            ]
        except UnreadableSheet as why:
            print(f"thaam directory: {why.text.en}", file=sys.stderr)
            return 2
    found = look_at(kind=kind, rows=rows, digest=digest, file_name=name, by="command", at=now)
    for each in found.faults:
        for slip in each["slips"]:
            print(f"row {each['row']}, {slip['column']}: {slip['en']}", file=sys.stderr)
    print(f"{len(found.rows)} good rows, {len(found.faults)} to put right, {found.taken} written before")
    if not args.dry_run:
        while found.done_at is None:
            found = go_on(import_id=found.pk, by="command", at=datetime.now(tz=UTC))
            print(f"{found.taken} of {len(found.rows)}", file=sys.stderr)
        if kind == "partners":
            banklist.load_sublets()
        print(f"{found.changed} rows changed the directory")
    return 1 if found.faults else 0
