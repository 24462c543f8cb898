"""What the readers of the journal cost: a turn in which nothing happened, and how fast all go past what concerns none.

Facts of a kind nobody reads are recorded and numbered; then every reader of the platform goes to the head. What a
fact costs that does concern somebody is that somebody's work (a letter, a message) and not measured here.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from installation import installation, machine


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many facts, how many idle turns."""
    parser.add_argument("--facts", type=int, default=5000)
    parser.add_argument("--turns", type=int, default=300)


def main(args: argparse.Namespace) -> dict[str, Any]:
    """Facts a second past all readers; milliseconds of an idle turn, on the clock and of our own CPU."""
    found: dict[str, Any] = {"machine": machine()}
    with installation(programs=()):
        from thaam.journal.reading import cursors, last_position
        from thaam.project.loops import joined, read_some

        table = joined()
        _happen(args.facts, table)
        began, turns = time.monotonic(), 0
        while set(cursors().values()) != {last_position()} or len(cursors()) < len(table.reads):
            read_some(table, at=_now())
            turns += 1
        seconds = time.monotonic() - began
        found |= {"readers": len(table.reads), "facts": args.facts, "turns": turns}
        found["facts_per_s_past_all_readers"] = args.facts / seconds
        began, cpu = time.monotonic(), time.process_time()
        for _ in range(args.turns):
            assert read_some(table, at=_now()) == 0
        found["idle_turn_ms"] = 1000 * (time.monotonic() - began) / args.turns
        found["idle_turn_cpu_ms"] = 1000 * (time.process_time() - cpu) / args.turns
    return found


def _happen(facts: int, table: Any) -> None:
    from django.db import transaction

    from thaam.journal.kinds import Kind
    from thaam.journal.recording import record
    from thaam.journal.sequencing import Sequencer
    from thaam.parties.keys import introduce_platform_key, platform_key

    introduce_platform_key(at=_now())
    read = {kind for kinds, _ in table.reads.values() for kind in kinds}
    kind = next(kind for kind in Kind if kind not in read)
    sequencer = Sequencer(platform_key())
    for start in range(0, facts, 500):
        with transaction.atomic():
            for number in range(start, min(start + 500, facts)):
                record(kind, about=f"bench:{number}", by="bench", at=_now())
        while sequencer.number_if_any(at=_now()):
            pass


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
