"""`thaam calls`: import the helpline's calls, report service figures, suggest staffing."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

from thaam.helpline.calls import BadCalls
from thaam.helpline.figures import service_figures
from thaam.helpline.importing import import_calls
from thaam.helpline.staffing import CannotStaff, suggest_agents
from thaam.helpline.store import CallStore
from thaam.language.dates import IST


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    doings = parser.add_subparsers(dest="doing", metavar="DOING", required=True)
    take = doings.add_parser("import", help="import an Asterisk queue_log, or a CSV through its map")
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--map", type=Path, metavar="MAP.toml", help="how a CSV's columns become calls")
    report = doings.add_parser("report", help="service figures of a period")
    report.add_argument(
        "--from", dest="from_at", metavar="T", help="first day, or a time (IST unless it has an offset)"
    )
    report.add_argument("--to", dest="to_at", metavar="T", help="last day, included; or a time, not included")
    report.add_argument("--json", action="store_true", help="JSON on stdout")
    for doing in (take, report):
        doing.add_argument(
            "--data", type=Path, metavar="DIR", help="folder of the store (default THAAM_DATA or ./data)"
        )
    staff = doings.add_parser("staffing", help="how many people an hour needs (Erlang C, or Erlang A with --patience)")
    staff.add_argument("--calls", type=float, required=True, metavar="N", help="calls an hour")
    staff.add_argument("--handling", type=float, required=True, metavar="S", help="seconds a call takes")
    staff.add_argument("--within", type=float, default=20, metavar="S", help="answered within (20 s)")
    staff.add_argument("--target", type=float, default=80, metavar="PCT", help="share of calls (80 %%)")
    staff.add_argument(
        "--patience", type=float, metavar="S", help="seconds a caller waits on average before hanging up"
    )
    staff.add_argument("--shrinkage", type=float, default=30, metavar="PCT", help="leave, training, breaks (30 %%)")


def run(args: argparse.Namespace) -> int:
    """Exit 0; 1 when some rows could not be used (the good ones are in); 2 when nothing could."""
    try:
        return {"import": _import, "report": _report, "staffing": _staffing}[args.doing](args)
    except BadCalls as bad:
        for problem in bad.problems[:20]:
            print(f"thaam calls: {problem}", file=sys.stderr)
    except CannotStaff as problem:
        print(f"thaam calls: {problem}", file=sys.stderr)
    return 2


def _import(args: argparse.Namespace) -> int:
    with CallStore(_folder(args)) as store:
        done, problems = import_calls(path=args.file, map_path=args.map, store=store)
    for problem in problems[:20]:
        print(f"thaam calls: {args.file.name}: {problem}", file=sys.stderr)
    print(
        json.dumps(
            {"added": done.added, "changed": done.changed, "unchanged": done.unchanged, "unusable": len(problems)}
        )
    )
    return 1 if problems else 0


def _report(args: argparse.Namespace) -> int:
    from_at, to_at = _moment(args.from_at, last=False), _moment(args.to_at, last=True)
    with CallStore(_folder(args)) as store:
        figures = service_figures(store.calls_between(from_at, to_at))
    if args.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:28}{'-' if figure is None else figure:>12}")
    return 0


def _staffing(args: argparse.Namespace) -> int:
    service, roster = suggest_agents(
        calls_per_hour=args.calls,
        handling_s=args.handling,
        within_s=args.within,
        target=args.target / 100,
        patience_s=args.patience,
        shrinkage=args.shrinkage / 100,
    )
    answer = {
        "agents": service.agents,
        "on_roster": roster,
        "within_pct": round(100 * service.within, 2),
        "mean_wait_s": round(service.mean_wait_s, 2),
        "abandonment_pct": round(100 * service.abandons, 2),
        "occupancy_pct": round(100 * service.occupancy, 2),
    }
    print(json.dumps(answer))
    return 0


def _folder(args: argparse.Namespace) -> Path:
    return Path(args.data or os.environ.get("THAAM_DATA") or "data")


def _moment(text: str | None, *, last: bool) -> int | None:
    """A bare day means the whole day in India's time: --to includes it."""
    if not text:
        return None
    try:
        if len(text) == 10:
            day = datetime.combine(date.fromisoformat(text), datetime.min.time(), IST)
            at = day + timedelta(days=1) if last else day
        else:
            at = datetime.fromisoformat(text)
    except ValueError:
        raise BadCalls([f"{text!r} is neither a day (2026-06-30) nor an ISO 8601 time"]) from None
    return round((at if at.tzinfo else at.replace(tzinfo=IST)).timestamp() * 1000)
