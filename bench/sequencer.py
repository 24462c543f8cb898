"""How long a committed fact waits for its position, and what the sequencer buys.

Delay: writers commit facts at a steady rate; a listener hears of each from the sequencer's NOTIFY. Peer, in the same
run: the same facts with the chain's head locked inside each business transaction (the obvious design).
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from installation import installation, machine, percentile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Rate and length of the run."""
    parser.add_argument("--rate", type=int, default=100, help="facts a second")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--writers", type=int, default=4)


def main(args: argparse.Namespace) -> dict[str, Any]:
    """Delay at the steady rate; facts a second at full speed, both designs."""
    found: dict[str, Any] = {"machine": machine()}
    with installation(programs=("sequencer",)):
        delays = _delays(args)
        found |= {
            "rate_per_s": args.rate,
            "facts": len(delays),
            "delay_p50_ms": 1000 * percentile(delays, 0.5),
            "delay_p95_ms": 1000 * percentile(delays, 0.95),
            "delay_p99_ms": 1000 * percentile(delays, 0.99),
        }
        ours = _full_speed(args, head_locked=False)
        _wait_until_numbered()
        peer = _full_speed(args, head_locked=True)
        found |= {"facts_per_s": ours, "peer_head_locked_per_s": peer, "ratio": ours / peer}
        found["lines"] = _check_gap_free()
    return found


def _delays(args: argparse.Namespace) -> list[float]:
    """From just before COMMIT to the NOTIFY in a listener's hands, seconds."""
    committed: dict[str, float] = {}
    heard: dict[str, float] = {}
    stop = threading.Event()
    listener = threading.Thread(target=_listen, args=(heard, stop))
    listener.start()
    time.sleep(1.0)
    each = args.writers / args.rate

    def write(writer: int) -> None:
        start = time.monotonic() + writer * each / args.writers
        for number in range(int(args.rate * args.seconds / args.writers)):
            time.sleep(max(0.0, start + number * each - time.monotonic()))
            about = f"bench:{writer}-{number}"
            _record(about)
            committed[about] = time.monotonic()

    _threads(write, args.writers)
    time.sleep(1.0)
    stop.set()
    listener.join()
    missing = committed.keys() - heard.keys()
    if missing:
        raise AssertionError(f"{len(missing)} facts were never heard of")
    return [max(0.0, heard[about] - at) for about, at in committed.items()]


def _listen(heard: dict[str, float], stop: threading.Event) -> None:
    from django.db import connection

    listening = connection.get_new_connection(connection.get_connection_params())
    listening.autocommit = True
    listening.execute("LISTEN thaam_facts")
    while not stop.is_set():
        for notify in listening.notifies(timeout=0.2):
            now = time.monotonic()
            heard.update({about: now for _, _, about, _ in json.loads(notify.payload)})
    listening.close()


def _full_speed(args: argparse.Namespace, *, head_locked: bool) -> float:
    """Facts committed a second by twice as many writers as cores, nobody waiting between."""
    counts = [0] * 8
    until = time.monotonic() + args.seconds / 2

    def write(writer: int) -> None:
        while time.monotonic() < until:
            _record(f"full:{writer}", head_locked=head_locked)
            counts[writer] += 1

    started = time.monotonic()
    _threads(write, len(counts))
    return sum(counts) / (time.monotonic() - started)


def _record(about: str, *, head_locked: bool = False) -> None:
    from django.db import connection, transaction

    from thaam.journal.kinds import Kind
    from thaam.journal.recording import record

    with transaction.atomic():
        if head_locked:
            # the head of a chain, held from the first write to the commit
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(1)")
        record(Kind.CHASE_ADVANCED, about=about, by="bench", at=datetime.datetime.now(datetime.UTC))


def _wait_until_numbered() -> None:
    from thaam.journal.models import Pending

    while Pending.objects.exists():
        time.sleep(0.1)


def _check_gap_free() -> int:
    from django.db.models import Count, Max

    from thaam.journal.models import Line

    _wait_until_numbered()
    found = Line.objects.aggregate(count=Count("*"), last=Max("position"))
    if found["count"] != found["last"]:
        raise AssertionError("the journal has a gap")
    return int(found["count"])


def _threads(work: Any, count: int) -> None:
    def closing(number: int) -> None:
        from django.db import connection

        try:
            work(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=closing, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
