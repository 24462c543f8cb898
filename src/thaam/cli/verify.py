"""`thaam verify FILE | --all`: is the journal whole and unchanged, do the signatures hold, do books and letters?

`--all` reads this installation's database, with `--out FILE` also keeps what it read, so that anybody can check it
offline with `thaam verify FILE`. `--checkpoint FILE` adds heads a witness kept (a checkpoint or a list of them, as in
a mailbox page): then a cut of the tail shows. `--proof ORDER` writes the self-contained proof of one order.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from thaam.journal.verifying import Counts

FINDINGS_MAX = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("file", nargs="?", type=Path, help="an export, as --out writes it")
    parser.add_argument("--all", action="store_true", help="this installation's database")
    parser.add_argument("--data", type=Path, help="its data folder, when it is not ./data")
    parser.add_argument("--out", type=Path, help="keep the export, or the proof, here")
    parser.add_argument("--checkpoint", type=Path, help="heads kept elsewhere, to be found again in this journal")
    parser.add_argument("--proof", metavar="ORDER", help="write the proof of this order instead")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")


def run(args: argparse.Namespace) -> int:
    """0 when everything holds; 1 with findings; 2 when there is nothing to check."""
    if args.proof:
        return _prove(args)
    if bool(args.file) == args.all:
        print("thaam verify: name a file, or --all", file=sys.stderr)
        return 2
    from thaam.journal.verifying import Verifier, verify

    verifier = Verifier()
    heads = json.loads(args.checkpoint.read_text()) if args.checkpoint else []
    if args.all:
        with _database(args.data):
            from thaam.project import evidence

            records = _with_heads(_kept(evidence.records(), args.out), heads)
            found = [str(finding) for finding in verify(records, verifier)]
            found += evidence.findings()
    else:
        found = [str(finding) for finding in verify(_with_heads(_lines(args.file), heads), verifier)]
    return _tell(verifier.counts, found, as_json=args.json)


def _tell(counts: Counts, found: list[str], *, as_json: bool) -> int:
    if as_json:
        numbers = {name: getattr(counts, name) for name in counts.__slots__}
        print(json.dumps({"ok": not found, **numbers, "findings": found}, ensure_ascii=False))
    else:
        for finding in found[:FINDINGS_MAX]:
            print(f"DOES NOT HOLD  {finding}")
        if len(found) > FINDINGS_MAX:
            print(f"... and {len(found) - FINDINGS_MAX} more")
        verdict = "everything holds" if not found else f"{len(found)} findings"
        print(
            f"{counts.lines} lines, {counts.checkpoints} signed heads, "
            f"{counts.documents} orders, answers, entries and letters, {counts.keys} keys: {verdict}"
        )
    return 1 if found else 0


@contextlib.contextmanager
def _database(data: Path | None) -> Iterator[None]:
    """Django on this installation; its embedded database is started for the while when nobody runs it."""
    if data:
        os.environ["THAAM_DATA"] = str(data.resolve())
    os.environ["THAAM_ROLE"] = "loops"
    os.environ["DJANGO_SETTINGS_MODULE"] = "thaam.project.settings"
    import django
    from django.conf import settings

    django.setup()
    from thaam.project.cluster import Cluster

    cluster = None if os.environ.get("DATABASE_URL") else Cluster(settings.DATA)
    if cluster and not (cluster.store / "PG_VERSION").exists():
        sys.exit(f"thaam verify: there is no installation in {settings.DATA}; name its folder with --data")
    ours = cluster is not None and not cluster.running_pid()
    if cluster and ours:
        cluster.start()
    try:
        yield
    finally:
        if cluster and ours:
            cluster.stop()


def _kept(records: Iterable[dict[str, Any]], out: Path | None) -> Iterator[dict[str, Any]]:
    if not out:
        yield from records
        return
    with out.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
            yield record


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            yield record if isinstance(record, dict) and len(record) == 1 else {"unreadable line": line[:80]}


def _with_heads(records: Iterable[dict[str, Any]], heads: Any) -> Iterator[dict[str, Any]]:
    """Put the witness's heads among the journal's own, before the first line."""
    waiting = heads if isinstance(heads, list) else [heads]
    for record in records:
        if "line" in record and waiting:
            yield from ({"checkpoint": head} for head in waiting)
            waiting = []
        yield record
    yield from ({"checkpoint": head} for head in waiting)


def _prove(args: argparse.Namespace) -> int:
    with _database(args.data):
        return _write_proof(args)


def _write_proof(args: argparse.Namespace) -> int:
    from thaam.journal.proof import NotNumberedYet
    from thaam.mailbox.exporting import proof_of
    from thaam.mailbox.models import Order

    try:
        proof = json.dumps(proof_of(args.proof), ensure_ascii=False, indent=1)
    except (Order.DoesNotExist, ValueError):
        print(f"thaam verify: there is no order {args.proof}", file=sys.stderr)
        return 2
    except NotNumberedYet:
        print("thaam verify: no signed head covers this order and its answers yet; ask again", file=sys.stderr)
        return 2
    if args.out:
        args.out.write_text(proof, encoding="utf-8")
    else:
        print(proof)
    return 0
