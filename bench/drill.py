"""End to end: complaints over HTTP, real nodes, real answers; round trips a second and the waits people feel.

Its figures are of this machine, shared with whatever else runs on it; nothing is asserted but that every rupee adds up.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--banks", type=int, default=20)
    parser.add_argument("--complaints", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)


def main(args: argparse.Namespace) -> dict[str, Any]:
    """Run one drill; raises AssertionError when a paisa is not in exactly one state."""
    from thaam.cli.drilling.played import drill

    with tempfile.TemporaryDirectory(prefix="thaam-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        result, problems = drill(
            data=Path(folder), banks=args.banks, complaints=args.complaints, seed=args.seed, faults=False
        )
    assert not problems, problems
    return {
        "machine_cores": os.cpu_count(),
        "machine_load_before": round(os.getloadavg()[2], 1),
        **{key: value for key, value in result.items() if not key.endswith("_paise")},
    }
