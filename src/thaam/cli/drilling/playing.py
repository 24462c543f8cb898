"""What happens in a drill: frauds in the toy banks, and victims who report them on the public pages."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from thaam.cli.drilling.filing import FAILURES, file_one
from thaam.world.acting import Rails, Stage
from thaam.world.bankline import BankLine
from thaam.world.gateway import Gateway
from thaam.world.player import report_of
from thaam.world.plots import Cast, Happened, Pace, Plot, Step, cast_of, plot
from thaam.world.reporting import Report

DEEP = 3
"""Most victims notice when the money has made so many hops; the rest at once."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A complaint that the platform took."""

    plot: Plot
    number: str
    report: Report


class Show:
    """One run of frauds and complaints. `start`, then `wait_until_filed`; `stage.happened` is the truth."""

    def __init__(
        self,
        *,
        line: BankLine,
        platform: str,
        gateway: Gateway,
        banks: int,
        complaints: int,
        seed: int,
        false_share: float,
        short: int,
        aside: Collection[str] = (),
        rails: Rails | None = None,
    ) -> None:
        self.line, self.platform, self.gateway = line, platform, gateway
        self.rng = random.Random(f"drill/{seed}")
        self.cast: Cast = cast_of(
            seed=seed, banks=banks, victims=complaints, mules=max(complaints * 2, 8 * banks), persons=4 * banks
        )
        pace = Pace(wait_seconds=(0.1, 0.8), hops=(3, 6))
        false = set(self.rng.sample(range(complaints), int(complaints * false_share)))
        self.plots = [
            plot(number=n, cast=self.cast, pace=pace, rng=self.rng, false=n in false) for n in range(complaints)
        ]
        self.eager = {n for n in range(complaints) if n in false or self.rng.random() < 0.15}
        # holds that end while the drill runs, on plots whose money stays somewhere on the way that honest banks tell
        true = [each for each in self.plots if each.number not in false]
        stays = [each.number for each in true if _stays(each.debit, frozenset(aside))]
        self.short = set(self.rng.sample(stays, min(short, len(stays))))
        self.stage = Stage(line=line, mark=f"drill{seed}", on_paid=self._after_payment, rails=rails)
        self.filed: list[Filed] = []
        self.failed: list[str] = []
        self._stolen: dict[int, tuple[Happened, datetime]] = {}
        self._futures: dict[int, Future[None]] = {}
        self._lock = threading.Lock()
        self._reporters = ThreadPoolExecutor(max_workers=4, thread_name_prefix="victim")

    def open_accounts(self) -> None:
        for person in self.cast.everybody:
            self.line.open(person)

    def start(self, *, seconds_apart: float) -> None:
        """Begin the thefts; the caller has entered `stage`."""
        self.stage.play(self.plots, seconds_apart=seconds_apart)

    def wait_until_filed(self, *, seconds: float, meanwhile: Callable[[int], None]) -> None:
        """Until every complaint is filed or failed; `meanwhile(done)` is called several times a second."""
        until = time.monotonic() + seconds
        while len(self.filed) + len(self.failed) < len(self.plots):
            if time.monotonic() > until:
                self.failed.append(f"only {len(self.filed)} of {len(self.plots)} complaints were filed in {seconds} s")
                return
            self._nudge()
            meanwhile(len(self.filed))

    def close(self) -> None:
        self._reporters.shutdown(wait=False, cancel_futures=True)

    def _after_payment(self, started: Plot, paid: Happened) -> None:
        with self._lock:
            if paid.hop == 1:
                self._stolen[started.number] = (paid, datetime.now(UTC))
            if paid.hop >= DEEP or started.number in self.eager:
                self._hand_in(started)

    def _nudge(self) -> None:
        """A plot that has nothing more to come is reported as it stands."""
        if self.stage.idle():
            with self._lock:
                for started in self.plots:
                    if started.number in self._stolen:
                        self._hand_in(started)

    def _hand_in(self, started: Plot) -> None:
        if started.number not in self._futures:
            self._futures[started.number] = self._reporters.submit(self._report, started)

    def _report(self, started: Plot) -> None:
        paid, at = self._stolen[started.number]
        rng = random.Random(f"report/{started.number}")
        district = "Drill short" if started.number in self.short else "Drill"
        report = report_of(started, paid, at, rng=rng, district=district)
        try:
            number = file_one(self.platform, report, self.gateway)
        except FAILURES as problem:
            self.failed.append(f"complaint of plot {started.number}: {problem}")
            print(f"drill: {self.failed[-1][:500]}", file=sys.stderr)
            return
        self.filed.append(Filed(started, number, report))


def _stays(step: Step, aside: frozenset[str]) -> int:
    """Paise of a payment that stay on accounts to which only banks not set `aside` pass them on."""
    if step.to is None or step.to.bank in aside:
        return 0
    return step.paise - sum(each.paise for each in step.then) + sum(_stays(each, aside) for each in step.then)
