"""`thaam calls`: import the helpline's calls, report service figures, suggest staffing."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from thaam.helpline.calls import BadCalls
from thaam.helpline.figures import service_figures
from thaam.helpline.importing import import_calls
from thaam.helpline.staffing import CannotStaff, suggest_agents
from thaam.helpline.store import CallStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    doings = parser.add_subparsers(dest="doing", metavar="DOING", required=True)
    take = doings.add_parser("import", help="import an Asterisk queue_log, or a CSV through its map")
    take.add_argument("file", type=Path, nargs="+", metavar="FILE", help="one or more, e.g. a file a day; .gz too")
    take.add_argument("--map", type=Path, metavar="MAP.toml", help="how a CSV's columns become calls")
    report = doings.add_parser("report", help="service figures of a period")
    report.add_argument(
        "--from", dest="from_at", metavar="T", help="first day, or a time (IST unless it has an offset)"
    )
    report.add_argument("--to", dest="to_at", metavar="T", help="last day, included; or a time, not included")
    report.add_argument("--json", action="store_true", help="JSON on stdout")
    report.add_argument("--timezone", metavar="ZONE", help="of bare days (default: that of the imported files)")
    report.add_argument("--wait-of", choices=("answered", "offered", "waited"), default="answered", help="mean_wait_s")
    report.add_argument("--within-of", choices=("offered", "answered"), default="offered", help="within_20s_pct")
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
    added = changed = unchanged = unusable = left_out = 0
    with CallStore(_folder(args)) as store:
        for path in args.file:
            taken = import_calls(path=path, map_path=args.map, store=store)
            for sentence in [*taken.problems, *taken.notes][:20]:
                print(f"thaam calls: {path.name}: {sentence}", file=sys.stderr)
            if (more := len(taken.problems) + len(taken.notes) - 20) > 0:
                print(f"thaam calls: {path.name}: and {more} more", file=sys.stderr)
            added, changed = added + taken.stored.added, changed + taken.stored.changed
            unchanged, unusable = unchanged + taken.stored.unchanged, unusable + len(taken.problems)
            left_out += taken.left_out
    told = {"added": added, "changed": changed, "unchanged": unchanged, "unusable": unusable, "left_out": left_out}
    print(json.dumps(told))
    return 1 if unusable else 0


def _report(args: argparse.Namespace) -> int:
    with CallStore(_folder(args)) as store:
        zone = _zone(args.timezone, store.zones())
        from_at, to_at = _moment(args.from_at, zone, last=False), _moment(args.to_at, zone, last=True)
        calls = store.calls_between(from_at, to_at)
    figures = service_figures(calls, wait_of=args.wait_of, within_of=args.within_of)
    if args.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:28}{'-' if figure is None else figure:>12}")
    return 0


def _zone(asked: str | None, known: list[str]) -> tzinfo:
    """Bare days are days where the calls came in; files of several zones need --timezone to say whose."""
    if not asked and len(known) > 1:
        print(f"thaam calls: files of {', '.join(known)}; days are those of India (--timezone)", file=sys.stderr)
    try:
        return ZoneInfo(asked or (known[0] if len(known) == 1 else "Asia/Kolkata"))
    except (ZoneInfoNotFoundError, ValueError):
        raise BadCalls([f"timezone {asked!r} is not known; write it as Asia/Kolkata"]) from None


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


def _moment(text: str | None, zone: tzinfo, *, last: bool) -> int | None:
    """A bare day means the whole day there: --to includes it. A month (2026-06) means all of it."""
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}", text):
            first = date.fromisoformat(f"{text}-01")
            text = (((first + timedelta(days=31)).replace(day=1) - timedelta(days=1)) if last else first).isoformat()
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=1 if last else 0)
            at = datetime.combine(day, datetime.min.time(), zone)
        else:
            at = datetime.fromisoformat(text)
    except ValueError:
        raise BadCalls([f"{text!r} is neither a day (2026-06-30), a month (2026-06) nor an ISO 8601 time"]) from None
    return round((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp() * 1000)
