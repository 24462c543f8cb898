"""The `thaam` command: one table of commands, each in its own module, imported only when asked for.

A command module offers `add_arguments(parser)` and `run(args) -> int` (the exit code). Output of the
command goes to stdout, set-up and progress to stderr.
"""

from __future__ import annotations

import argparse
import importlib
import sys

COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("thaam.cli.up", "start everything (what ./run does)"),
    "check": ("thaam.cli.check", "lint, types, import rules, generated docs, migrations"),
    "test": ("thaam.cli.test", "run the test suite, or the named part"),
    "serve": ("thaam.cli.serve", "run one process of the platform: web, stream, a loop"),
    "trace": ("thaam.cli.trace", "trace claims through a postings file"),
    "world": ("thaam.cli.world", "generate synthetic banks, people and frauds"),
    "drill": ("thaam.cli.drill", "a whole system on temporary data, headless"),
    "verify": ("thaam.cli.verify", "check journal, checkpoints, signatures and hold books"),
    "node": ("thaam.cli.node", "run a bank's node"),
    "toybank": ("thaam.cli.toybank", "run the toy core banks"),
    "badbank": ("thaam.cli.badbank", "a bank that lies, for drills"),
    "bench": ("thaam.cli.bench", "run one benchmark of bench/"),
    "extract": ("thaam.cli.extract", "read bank messages"),
    "conformance": ("thaam.cli.conformance", "play the platform against a bank's implementation"),
    "mules": ("thaam.cli.mules", "score accounts of a postings file for mule behaviour"),
    "calls": ("thaam.cli.calls", "import and report helpline calls"),
    "suspects": ("thaam.cli.suspects", "import lists of risky or revoked numbers"),
    "directory": ("thaam.cli.directory", "sheets of banks, branches and officers into the directory, and out"),
    "sandbox": ("thaam.cli.sandbox", "send a made-up fraud through the sandbox bank of a running demo"),
    "pool": ("thaam.cli.pool", "say who keeps the sub-ledger of a pool account"),
    "hints": ("thaam.cli.hints", "where a bank wants hints that something waits"),
    "docs": ("thaam.cli.docs", "write the generated documents"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; the return value is the exit code."""
    argv = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(prog="thaam", description="Hold the money. Steady the person.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    chosen = next((word for word in argv if word in COMMANDS), None)
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary)
        if name == chosen:
            importlib.import_module(module).add_arguments(command)
    args, rest = parser.parse_known_args(argv)
    command_module = importlib.import_module(COMMANDS[args.command][0])
    # only a command that hands words on to another program (`thaam test -k name`) takes what it does not know
    if rest and not getattr(command_module, "TAKES_REST", False):
        parser.error(f"unknown: {' '.join(rest)}")
    args.rest = rest
    return int(command_module.run(args))


if __name__ == "__main__":
    sys.exit(main())
