"""Every night the bank's own postings are looked at for accounts used as mules, and the bank says which: signed.

The looking is `thaam mules` on the node's store, in a process of its own, so that it can never keep money from being
held; the node only starts it, sees it end and reads what it wrote. What leaves the bank is `SuspiciousAccount` with the
reasons in words and `scored` as its ground: the platform counts it less than a person's word and warns nobody by it.
Needs numpy (extra `looking`); off unless the configuration has a [mules] table.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from thaam.language.dates import IST
from thaam.node.parts import Parts, id_from
from thaam.wire.messages import SuspiciousAccount

_NEXT = "mules_at"
WORDS_MOST = 1500


@dataclass(frozen=True, slots=True)
class Looking:
    """When to look (a time of day in India), how far back, from which score an account is told, how many a night."""

    at: time = time(3)
    days: int = 180
    least: float = 0.95
    most: int = 10
    again_days: int = 90
    fewest_accounts: int = 200
    accounts: Path | None = None


class Looker:
    """Starts the looking when it is time and brings in what it found. One at a time; ended with the node."""

    def __init__(self, *, looking: Looking, folder: Path) -> None:
        self.looking = looking
        self.folder = folder
        self.child: subprocess.Popen[bytes] | None = None
        self._started = datetime.min.replace(tzinfo=UTC)
        self.trouble = ""

    def look_if_due(self, parts: Parts, *, at: datetime) -> int:
        """Begin, or take what is ready; how many accounts were told. Never waits."""
        if self.child is not None:
            code = self.child.poll()
            if code is None:
                return 0
            self.child = None
            self.trouble = "" if code == 0 else f"looking for mules ended with {code}; again tomorrow"
            return self._tell(parts, at) if code == 0 else 0
        due = parts.records.get(_NEXT)
        if due is not None and at >= datetime.fromisoformat(due):
            # Tomorrow is set first: a looking that kills the node is not tried again at once.
            parts.records.put(_NEXT, next_night(self.looking.at, at).isoformat())
            self._begin(parts, at)
        elif due is None:
            parts.records.put(_NEXT, next_night(self.looking.at, at).isoformat())
        return 0

    def close(self) -> None:
        """End a looking that still runs; it is done again the next night."""
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            self.child.wait(timeout=10)
        self.child = None

    def wait(self) -> bool:
        """Wait until a looking that runs has ended; whether one did. For who makes one pass and ends (`--once`)."""
        if self.child is None:
            return False
        self.child.wait()
        return True

    def _begin(self, parts: Parts, at: datetime) -> None:
        since = at - timedelta(days=self.looking.days)
        command = [
            sys.executable, "-m", "thaam", "mules", str(self.folder / "ledger.sqlite"), "--bank", parts.bank,
            "--since", since.isoformat(), "--as-of", at.isoformat(), "--out", str(self._out),
        ]  # fmt: skip
        if self.looking.accounts is not None:
            command += ["--accounts", str(self.looking.accounts)]
        self._out.unlink(missing_ok=True)
        self._started = at
        self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    @property
    def _out(self) -> Path:
        return self.folder / "mules.csv"

    def _tell(self, parts: Parts, at: datetime) -> int:
        with self._out.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        if len(rows) < self.looking.fewest_accounts:
            return 0
        told = 0
        # An account is told once in `again_days`, counted in fixed spans, so that a lost night repeats nothing.
        span = int(at.timestamp()) // (self.looking.again_days * 86_400)
        with parts.records.one_step():
            for row in rows:
                if told == self.looking.most or float(row["score"]) < self.looking.least:
                    break
                if row["bank"] != parts.bank or _is_pool(parts, row["account"]):
                    continue
                name = id_from("mule", parts.bank, row["account"], span)
                if not parts.records.has_answer(name):
                    parts.records.answer(_message(name, row, at), at=at)
                    told += 1
        return told


def _is_pool(parts: Parts, account: str) -> bool:
    """Money passes through a pool by its nature: its owner answers for it by its sub-ledger."""
    standing = parts.ledger.standing(account)
    return standing is not None and standing.pool


def _message(name: str, row: dict[str, str], at: datetime) -> SuspiciousAccount:
    seen = datetime.fromisoformat(row["window_to"]).astimezone(UTC) if row["window_to"] else at
    words = f"score {float(row['score']):.2f}, no person has looked: {row['reasons']}"[:WORDS_MOST]
    return SuspiciousAccount(name, at, row["account"], "scored", words, min(seen, at))


def next_night(of_day: time, at: datetime) -> datetime:
    """The next time of this hour in India after `at`."""
    here = at.astimezone(IST)
    night = datetime.combine(here.date(), of_day, IST)
    return (night if night > here else night + timedelta(days=1)).astimezone(UTC)
