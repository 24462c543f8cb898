"""Plays plots against running toy banks on the clock, and writes down what really happened."""

from __future__ import annotations

import contextlib
import functools
import heapq
import itertools
import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from thaam.world.bankline import BankLine, BankRefused
from thaam.world.plots import Happened, Person, Plot, Step

RETURN_SECONDS = 0.5
LEAST_PAISE = 100_00
"""A mule does not bother to move less."""


@dataclass(frozen=True, slots=True)
class Rails:
    """How payments travel: most arrive at once, some fly for a while, some of these come back."""

    rng: random.Random = field(default_factory=lambda: random.Random(0))
    in_flight_share: float = 0.0
    flight_seconds: tuple[float, float] = (1.0, 6.0)
    returned_of_flying: float = 0.0


class Stage:
    """Runs steps when they are due, one at a time, until closed. Use as a context manager.

    `happened` is the truth: every payment made for a plot, in order. A payment refused because the money is under
    a lien is tried once more for what the account still has, then dropped.
    """

    def __init__(
        self,
        *,
        line: BankLine,
        mark: str,
        on_paid: Callable[[Plot, Happened], None] | None = None,
        rails: Rails | None = None,
    ) -> None:
        self.line = line
        self.mark = mark
        self.on_paid = on_paid
        self.rails = rails or Rails()
        self.returned: list[Happened] = []
        self.happened: list[Happened] = []
        self.refused = 0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count(1)
        self._wake = threading.Condition()
        self._closed = False
        self._busy = False
        self._thread = threading.Thread(target=self._run, name="stage", daemon=True)

    def __enter__(self) -> Stage:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        self._thread.join(timeout=30)

    def play(self, plots: Iterable[Plot], *, seconds_apart: float) -> None:
        """Let the thefts begin one after the other."""
        for place, plot in enumerate(plots):
            self.later(place * seconds_apart, self._theft(plot))

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do `act` so many seconds from now; what it raises of a bank's refusals is ignored."""
        with self._wake:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), act))
            self._wake.notify_all()

    def idle(self) -> bool:
        """Whether nothing is left to do."""
        with self._wake:
            return not self._due and not self._busy

    def _theft(self, plot: Plot) -> Callable[[], None]:
        return lambda: self._pay(plot, plot.victim, plot.debit, hop=1)

    def _pay(self, plot: Plot, payer: Person, step: Step, *, hop: int) -> None:
        paise = step.paise
        for _ in range(2):
            id = f"{self.mark}-{plot.number}-{next(self._numbers)}"
            try:
                answer = self._post(id, payer, step, paise)
            except BankRefused as refused:
                if refused.code != "insufficient_funds":
                    raise
                self.refused += 1
                paise = min(paise, self.line.account(payer.bank, payer.account)["available_paise"])
                if paise < LEAST_PAISE:
                    return
                continue
            paid = Happened(plot.number, hop, paise, payer, step.to, step.channel, answer["tx_ref"])
            if isinstance(told := answer.get("payment"), dict):
                paid.payment = told
            self.happened.append(paid)
            if self.on_paid:
                self.on_paid(plot, paid)
            if answer.get("state") == "in_flight" and self.rails.rng.random() < self.rails.returned_of_flying:
                self.later(RETURN_SECONDS, functools.partial(self._bring_back, id, paid))
                return
            self._go_on(plot, step, paise, hop)
            return

    def _bring_back(self, id: str, paid: Happened) -> None:
        """The rail gives up on a payment still in flight; one that has arrived meanwhile stays."""
        self.line.ask(f"/banks/{paid.payer.bank}/transfers/{id}/bring-back")
        self.returned.append(paid)

    def _post(self, id: str, payer: Person, step: Step, paise: int) -> dict[str, Any]:
        if step.to is None:
            return self.line.take_cash(
                id=id, person=payer, paise=paise, detail=f"ATM S1KN{int(payer.account) % 10**5:05d} Durg"
            )
        rng, rails = self.rails.rng, self.rails
        delay = rng.uniform(*rails.flight_seconds) if rng.random() < rails.in_flight_share else 0.0
        return self.line.pay(id=id, payer=payer, payee=step.to, paise=paise, channel=step.channel, delay_seconds=delay)

    def _go_on(self, plot: Plot, step: Step, paise: int, hop: int) -> None:
        """The payee's steps, in proportion when less came than was planned."""
        payee = step.to
        if payee is None:
            return
        for later in step.then:
            part = later.paise if paise == step.paise else later.paise * paise // step.paise
            if part < LEAST_PAISE:
                continue
            smaller = Step(later.after_seconds, part, later.channel, later.to, later.then)
            then = smaller if part == later.paise else _scaled(smaller, later.paise)
            self.later(then.after_seconds, lambda then=then: self._pay(plot, payee, then, hop=hop + 1))  # type: ignore[misc]

    def _run(self) -> None:
        while True:
            with self._wake:
                self._busy = False
                while not self._closed and (not self._due or self._due[0][0] > time.monotonic()):
                    wait = self._due[0][0] - time.monotonic() if self._due else None
                    self._wake.wait(wait)
                if self._closed:
                    return
                _, _, act = heapq.heappop(self._due)
                self._busy = True
            with contextlib.suppress(BankRefused):
                act()


def _scaled(step: Step, planned: int) -> Step:
    """A step whose later steps were planned for `planned` paise and now have `step.paise`."""
    return Step(
        step.after_seconds,
        step.paise,
        step.channel,
        step.to,
        tuple(
            _scaled(Step(x.after_seconds, max(x.paise * step.paise // planned, 1), x.channel, x.to, x.then), x.paise)
            for x in step.then
        ),
    )
