"""Looking identifiers up: at home in the mapped list, one process; and over the API: signed HTTP, 100 a question.

Peers, in the same run and on the same questions: a Python set of the digests (all in memory, several times as much of
it) and a SQLite table with an index. All three must agree on every answer, or the run fails.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import sqlite3
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from installation import Installation, installation, machine
from thaam.suspects.screening import DIGEST, Screen, entry_of, write_list

BATCH, CLIENTS = 100, 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes of the run."""
    parser.add_argument("--listed", type=int, default=1_000_000, help="identifiers on the list")
    parser.add_argument("--asked", type=int, default=1_000_000, help="look-ups, one in ten a hit")
    parser.add_argument("--seconds", type=float, default=8.0, help="for the API's verb")
    parser.add_argument("--no-api", action="store_true")


def main(args: argparse.Namespace) -> dict[str, Any]:
    """Look-ups a second of the list and its peers, and of the API's verb in batches."""
    found = {"machine": machine(), "listed": args.listed, **_local(args.listed, args.asked)}
    if not args.no_api:
        with installation(programs=("web",)) as here:
            found |= _api(args.seconds, here)
    return found


def _local(listed: int, asked: int) -> dict[str, Any]:
    digests = [hashlib.sha256(b"%d" % number).digest() for number in range(listed)]
    questions = [
        digests[number % listed] if number % 10 == 0 else hashlib.sha256(b"x%d" % number).digest()
        for number in range(asked)
    ]
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        write_list((entry_of(digest, 3) for digest in digests), path)
        screen = Screen(path)
        screen.levels_of(questions[:1000])
        seconds, answers = _timed(lambda: screen.levels_of(questions))
        told["list_batch_per_s"] = round(asked / seconds)
        few = questions[:50_000]
        seconds, ones = _timed(lambda: [screen.level_of(each) for each in few])
        told["list_one_by_one_per_s"] = round(len(few) / seconds)
        told["list_bytes"] = path.stat().st_size
        held = {digest[:DIGEST] for digest in digests}
        told["set_bytes"] = sys.getsizeof(held) + sum(map(sys.getsizeof, list(held)[:1000])) * len(held) // 1000
        seconds, peers = _timed(lambda: [3 if each[:DIGEST] in held else 0 for each in questions])
        told["python_set_per_s"] = round(asked / seconds)
        base = sqlite3.connect(Path(folder) / "base")
        base.execute("CREATE TABLE listed (digest BLOB PRIMARY KEY, level INTEGER) WITHOUT ROWID")
        base.executemany("INSERT INTO listed VALUES (?, 3)", ((each[:DIGEST],) for each in digests))
        base.commit()
        ask = "SELECT level FROM listed WHERE digest = ?"
        seconds, rows = _timed(lambda: [base.execute(ask, (each[:DIGEST],)).fetchone() for each in few])
        told["sqlite_per_s"] = round(len(few) / seconds)
    if not list(answers) == peers or not ones == peers[: len(few)] == [row[0] if row else 0 for row in rows]:
        raise SystemExit("the list and its peers disagree")
    return told


def _timed(do: Any) -> tuple[float, Any]:
    start = time.perf_counter()
    answer = do()
    return time.perf_counter() - start, answer


def _api(seconds: float, here: Installation) -> dict[str, Any]:
    """Signed questions of 100 identifiers over real HTTP from several clients, answers verified."""
    from thaam.journal.ids import id_from
    from thaam.language.text import Text
    from thaam.parties.directory import add_bank, add_officer
    from thaam.parties.keys import enrol_key, platform_key
    from thaam.suspects.models import Sighting
    from thaam.suspects.naming import IdentifierKind
    from thaam.suspects.sighting import note_sighting
    from thaam.wire.client import BankClient
    from thaam.wire.keys import from_seed

    now = dt.datetime.now(tz=dt.UTC)
    for number in range(2000):
        note_sighting(
            sighting_id=id_from("bench", number), kind=IdentifierKind.PHONE, typed=f"98765{number:05}",
            source=f"complaint:{number}", confidence=70, reason=Sighting.Reason.CALLED, seen_at=now, by="bench", at=now,
        )  # fmt: skip
    add_bank(code="DEMO1", name=Text("DEMO1", "DEMO1"))
    officers = [
        add_officer(username=n, name=Text(n, n), role="supervisor", by="bench", at=now) for n in ("Devi", "Kabir")
    ]
    key = from_seed(b"DEMO1".ljust(32, b"."))
    enrol_key(partner="DEMO1", public_key=key.public, read_by=officers[0], confirmed_by=officers[1], at=now)
    pinned = {platform_key().key_id: platform_key().public}
    until = time.perf_counter() + seconds

    def asks(client_no: int) -> int:
        client = BankClient(here.web, "DEMO1", key, pinned)
        many = 0
        while time.perf_counter() < until:
            numbers = [(many + n) * 7 % 20000 for n in range(BATCH)]
            told = client.screen("payment", [("phone", f"98765{number:05}") for number in numbers])
            if [each["level"] != "nothing" for each in told] != [number < 2000 for number in numbers]:
                raise SystemExit("a wrong level")
            many += BATCH
        client.close()
        return many

    with ThreadPoolExecutor(CLIENTS) as pool:
        start = time.perf_counter()
        many = sum(pool.map(asks, range(CLIENTS)))
        spent = time.perf_counter() - start
    return {"api_per_s": round(many / spent), "api_batch": BATCH, "api_clients": CLIENTS}
