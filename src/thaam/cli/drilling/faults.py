"""What goes wrong in `thaam drill --faults`: a schedule fixed by its seed, played as complaints are filed.

Processes are killed and frozen, banks lie or say nothing, a node comes back with an old copy of its files, a core lets
money out from under a lien. What must be true at the end is checked in judging.py.
"""

from __future__ import annotations

import random
import shutil
import signal
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from thaam.cli.drilling.desk import despite_restarts
from thaam.cli.drilling.system import System
from thaam.cli.drilling.telling import say

LIES = (
    "silent", "unbalanced", "says_cash", "denies", "disowns", "twice", "conflicts", "late", "wrong_clock",
)  # fmt: skip
LIARS = 3
"""So many of the banks lie, each in its own way; over the seeds every way comes up."""
HARMLESS = frozenset(("twice", "late", "wrong_clock"))
"""These banks say the truth in the end, so their books are compared like everybody's."""
KILLED = ("web", "stream", "sequencer", "chase", "work", "readers", "toybank", "database")
FREEZE_SECONDS = (1.5, 5.0)
TRIES = 30
"""So often money is looked for to breach a lien over; a drill in which nobody holds any is no drill."""


@dataclass(frozen=True, slots=True)
class Event:
    """One fault: it comes when so many complaints are filed."""

    at: int
    what: str
    target: str
    seconds: float = 0.0
    tries: int = 0


@dataclass(slots=True)
class Faults:
    """The schedule of one seed and what came of it."""

    seed: int
    honest: list[str]
    liars: dict[str, str]
    events: list[Event]
    done: list[str] = field(default_factory=list)
    copies: dict[str, Path] = field(default_factory=dict)
    breached: set[str] = field(default_factory=set)
    stopped_itself: list[str] = field(default_factory=list)
    _next_at: float = 0.0
    _old: dict[str, int] = field(default_factory=dict)

    @property
    def aside(self) -> frozenset[str]:
        """Banks whose word is worth nothing: their books are not compared, their answers not waited for."""
        return frozenset(bank for bank, lie in self.liars.items() if lie not in HARMLESS)

    def look(self, system: System, filed: int) -> None:
        """Play what is due; called several times a second from the main thread."""
        system.rest(0.2)
        now = time.monotonic()
        self._bring_back_newest(system)
        if self.events and filed >= self.events[0].at and now >= self._next_at:
            event = self.events.pop(0)
            self._next_at = now + 1.0
            if self._play(system, event):
                self.done.append(f"{event.what} {event.target}")
                say(f"fault: {event.what} {event.target}")
            elif event.tries < TRIES:  # nothing is held at that bank yet: later, and at another
                self.events.append(replace(event, target=self._another(event.target), tries=event.tries + 1))

    def _another(self, bank: str) -> str:
        restored = {event.target for event in self.events if event.what == "restore copy"} | set(self.copies)
        fit = [each for each in self.honest if each not in restored]
        return fit[(fit.index(bank) + 1) % len(fit)]

    def _play(self, system: System, event: Event) -> bool:
        """Play it; False when there was nothing to play it on."""
        if event.what == "kill":
            _signal(system, event.target, signal.SIGKILL)
        elif event.what == "freeze":
            if _signal(system, event.target, signal.SIGSTOP):
                # A thread of its own: this one may be waiting for the very database that stands still.
                thaw = threading.Timer(event.seconds, _signal, (system, event.target, signal.SIGCONT))
                thaw.daemon = True
                thaw.start()
        elif event.what == "copy":
            self._copy(system, event.target)
        elif event.what == "restore copy":
            self._restore_copy(system, event.target)
        elif event.what == "breach":
            return self._breach(system, event.target)
        return True

    def _copy(self, system: System, bank: str) -> None:
        """Copy a node's files, the node frozen meanwhile, as a careless backup would be made."""
        _signal(system, f"node-{bank}", signal.SIGSTOP)
        files, copy = system.node_folder(bank) / "data", system.node_folder(bank) / "old-copy"
        shutil.rmtree(copy, ignore_errors=True)
        if files.exists():
            shutil.copytree(files, copy)
            self.copies[bank] = copy
        _signal(system, f"node-{bank}", signal.SIGCONT)

    def _restore_copy(self, system: System, bank: str) -> None:
        """Run the node on the old copy. Where that contradicts what it has done it must notice and stop."""
        if bank not in self.copies:
            return
        folder = system.node_folder(bank)
        self._old[bank] = self._stops(system, bank)
        system.pause(f"node-{bank}")
        shutil.rmtree(folder / "newest", ignore_errors=True)
        shutil.move(folder / "data", folder / "newest")
        shutil.copytree(self.copies[bank], folder / "data")
        system.resume(f"node-{bank}")

    def _bring_back_newest(self, system: System) -> None:
        """A node that stopped and said so gets its newest files; one that found nothing wrong goes on with the old."""
        for bank, said in list(self._old.items()):
            if self._stops(system, bank) > said:
                del self._old[bank]
                folder = system.node_folder(bank)
                system.pause(f"node-{bank}")
                shutil.rmtree(folder / "data")
                shutil.move(folder / "newest", folder / "data")
                system.run_once("node", "--config", str(folder / "node.toml"), "--newest")  # as the guide tells them
                system.resume(f"node-{bank}")
                self.stopped_itself.append(bank)
                say(f"the node of {bank} noticed its old copy and stopped; it has its newest files back")

    @staticmethod
    def _stops(system: System, bank: str) -> int:
        return system.tail(f"node-{bank}", 10**6).count("stopped:")

    def _breach(self, system: System, bank: str) -> bool:
        """The core forgets its liens for a moment and money goes out from under one."""
        accounts = [system.line.account(bank, account) for account in _held_for_long(bank)]
        if not accounts:
            return False
        account = max(accounts, key=lambda each: each["lien_paise"])
        paise = max(account["available_paise"], 0) + account["lien_paise"] // 2
        if account["lien_paise"] < 2 or paise > account["balance_paise"]:
            return False
        system.line.ask(f"/banks/{bank}/switches", liens_hold=False)
        system.line.ask(
            f"/banks/{bank}/debits", id=f"breach-{bank}", account=account["account"], amount_paise=paise, channel="ATM",
            detail="ATM S1KN09999 Durg",
        )  # fmt: skip
        system.line.ask(f"/banks/{bank}/switches", liens_hold=True)
        self.breached.add(bank)
        return True


def plan(*, seed: int, honest: list[str], extra: list[str], complaints: int) -> Faults:
    """The faults of a seed. `extra` banks are the liars, the others are honest but not safe from anything."""
    rng = random.Random(f"faults/{seed}")
    # Seeds in a row go round all lies.
    lies = [LIES[(seed * len(extra) + place) % len(LIES)] for place in range(len(extra))]
    events = []
    for place, name in enumerate(rng.sample(KILLED, 5) + [f"node-{bank}" for bank in rng.sample(honest, 2)]):
        events.append(Event(1 + (place * complaints) // 8, "kill", name))
    for name in rng.sample([*KILLED[:-1], *(f"node-{bank}" for bank in honest)], 4):
        events.append(Event(rng.randrange(1, complaints + 1), "freeze", name, rng.uniform(*FREEZE_SECONDS)))
    for _ in range(3):  # a slow disk: the database stops and goes on
        events.append(Event(rng.randrange(1, complaints + 1), "freeze", "database", rng.uniform(0.3, 1.5)))
    old = rng.choice(honest)
    events.append(Event(max(complaints // 3, 1), "copy", old))
    events.append(Event(complaints, "restore copy", old))
    events.append(Event(max(complaints * 2 // 3, 1), "breach", rng.choice([bank for bank in honest if bank != old])))
    return Faults(seed, honest, dict(zip(extra, lies, strict=True)), sorted(events, key=lambda event: event.at))


@despite_restarts
def _held_for_long(bank: str) -> list[str]:
    """Accounts of this bank with holds that do not end while the drill runs."""
    from thaam.holds.models import Hold

    holds = Hold.objects.filter(bank=bank, jurisdiction="DRILL", provisional=False).exclude(book=None)
    return sorted({hold.book.account for hold in holds.select_related("book") if hold.book and hold.held})


def _signal(system: System, name: str, what: signal.Signals) -> bool:
    if name == "database":
        return system.send_database(what)
    return system.send(name, what)
