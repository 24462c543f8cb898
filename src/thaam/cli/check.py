"""`thaam check`: all that can be judged without running the suite. One line a check; fails if any fails."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags."""
    parser.add_argument("names", nargs="*", help="only these checks")


def run(args: argparse.Namespace) -> int:
    """Run the checks; 1 when one fails, whose output is shown."""
    checks = _checks()
    unknown = set(args.names) - checks.keys()
    if unknown:
        print(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(checks)}", file=sys.stderr)
        return 2
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "DJANGO_SETTINGS_MODULE": "thaam.project.settings"}
    failed = 0
    for name, command in checks.items():
        if args.names and name not in args.names:
            continue
        started = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        print(
            f"{'ok    ' if not done.returncode else 'FAILED'} {name} ({time.monotonic() - started:.1f} s)", flush=True
        )
        if done.returncode:
            failed += 1
            print(done.stdout + done.stderr, flush=True)
    return 1 if failed else 0


def _checks() -> dict[str, list[str]]:
    python = [sys.executable, "-W", "ignore", "-m"]
    places = [name for name in ("src", "tests", "bench") if (ROOT / name).exists()]
    checks = {
        "lint": [*python, "ruff", "check", *places],
        "format": [*python, "ruff", "format", "--check", *places],
        "imports": [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        "types": [*python, "mypy"],
        "migrations": [*python, "django", "makemigrations", "--check", "--dry-run"],
        "django": [*python, "django", "check", "--fail-level", "WARNING"],
    }
    if find_spec("thaam.cli.docs"):
        checks["documents"] = [*python, "thaam", "docs", "--check"]
    return checks
