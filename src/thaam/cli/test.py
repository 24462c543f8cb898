"""`thaam test [PATH...] [--browser] [--long]`: the whole suite, or the named part, with whatever else pytest takes."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
# words this command does not know go to pytest
TAKES_REST = True
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's flags; what is not known here goes to pytest."""
    parser.add_argument("--browser", action="store_true", help="also the tests in chromium")
    parser.add_argument("--long", action="store_true", help="also the long tests")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders; pytest's own options work too")


def run(args: argparse.Namespace) -> int:
    """Run pytest in the checkout; its exit code. In CI a missing browser is a failure, elsewhere one skipped line."""
    rest = [*args.paths, *args.rest]
    # the order of sets is the same in every run; another one by PYTHONHASHSEED
    env = {"PYTHONHASHSEED": "0", **os.environ, "PYTHONPATH": str(ROOT / "src")}
    options = ["--long"] if args.long else []
    if args.browser:
        if browser := _browser():
            env["THAAM_CHROMIUM"] = browser
            options.append("--browser")
        else:
            sys.stderr.write("thaam: SKIPPED the browser tests: chromium is missing (Debian: apt install chromium)\n")
            if os.environ.get("CI"):
                return 1
    command = [sys.executable, "-m", "pytest", *options, *(rest if args.paths else [*rest, "tests"])]
    if not args.paths:
        # both cores; a named part is mostly one file, where workers only cost
        command += ["-n", "2", "--dist", "loadfile", "-q"]
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode


def _browser() -> str | None:
    """Debian's chromium, fetched by apt when we are root and it is absent; never a test library's own download."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    if os.getuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write("thaam: installing chromium (apt)\n")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]):
            packages = ["chromium"] if "install" in command else []
            done = subprocess.run([*command, *packages], env=env, stdout=sys.stderr, check=False)
            if done.returncode:
                break
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)
