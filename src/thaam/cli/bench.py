"""`thaam bench NAME`: run one benchmark of bench/, with its peers in the same run.

A benchmark is a file `bench/NAME.py` (dashes become underscores) with `add_arguments(parser)` (optional)
and `main(args) -> dict`. Its dict is printed as a table, or as JSON with `--json`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

TAKES_REST = True


def bench_folder() -> Path:
    """The checkout's bench/: beside src/, or in the folder the command is called in."""
    beside = Path(__file__).resolve().parents[3] / "bench"
    return beside if beside.is_dir() else Path.cwd() / "bench"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The name; what this parser does not know belongs to the benchmark (`args.rest`)."""
    names = sorted(path.stem.replace("_", "-") for path in bench_folder().glob("*.py") if path.stem != "__init__")
    parser.add_argument("name", metavar="NAME", help=f"one of: {', '.join(names)}")


def run(args: argparse.Namespace) -> int:
    """Run it; a benchmark that finds different answers among its peers raises, and the exit code is not 0."""
    path = bench_folder() / f"{args.name.replace('-', '_')}.py"
    if not path.is_file():
        print(f"thaam bench: there is no benchmark {args.name!r} in {bench_folder()}", file=sys.stderr)
        return 2
    bench = _load(path)
    parser = argparse.ArgumentParser(prog=f"thaam bench {args.name}", description=bench.__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    if hasattr(bench, "add_arguments"):
        bench.add_arguments(parser)
    own = parser.parse_args(args.rest)
    figures: dict[str, Any] = bench.main(own)
    if own.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        width = max(map(len, figures))
        for name, value in figures.items():
            print(f"{name:<{width}}  {f'{value:,.3f}' if isinstance(value, float) else value}")
    return 0


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
