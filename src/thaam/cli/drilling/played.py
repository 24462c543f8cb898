"""The drill that plays: frauds in the toy banks, complaints over HTTP, officers at work, and processes killed."""

from __future__ import annotations

import functools
import random
import signal
from collections import defaultdict
from pathlib import Path
from typing import Any, Protocol

from thaam.cli.drilling import desk, figures
from thaam.cli.drilling import faults as wrongs
from thaam.cli.drilling.judging import judge, unlapsed
from thaam.cli.drilling.playing import Show
from thaam.cli.drilling.system import System, running
from thaam.cli.drilling.telling import check, say, tell
from thaam.world.acting import Rails
from thaam.world.people import bank_code

SILENCE_SECONDS = 120.0
"""A silent bank's orders run out of their time (a minute in a rehearsal) within this."""


class Trouble(Protocol):
    """What goes wrong on the way; `look` is called several times a second and rests a little."""

    done: list[str]

    @property
    def aside(self) -> frozenset[str]: ...
    def look(self, system: System, filed: int) -> None: ...


def drill(*, data: Path, banks: int, complaints: int, seed: int, faults: bool) -> tuple[dict[str, Any], list[str]]:
    """Run it; the figures, and what is wrong in sentences (none: every rupee is accounted for)."""
    codes = [bank_code(number) for number in range(banks)]
    trouble: Trouble = Kills(seed=seed, codes=codes, at=complaints // 2)
    liars: dict[str, str] = {}
    if faults:
        extra = [bank_code(banks + number) for number in range(wrongs.LIARS)]
        plan = wrongs.plan(seed=seed, honest=codes, extra=extra, complaints=complaints)
        trouble, liars, codes = plan, plan.liars, codes + extra
    shows: list[Show] = []

    def people(system: System) -> None:
        aside = trouble.aside
        shows.append(_show(system, banks=len(codes), complaints=complaints, seed=seed, faults=faults, aside=aside))
        shows[0].open_accounts()

    poll = poll_seconds(len(codes))
    with running(data=data, codes=codes, poll_seconds=poll, before_nodes=people, liars=liars) as system:
        say(f"{len(codes)} banks with their nodes are up; pages at {system.web_url}; {liars or 'nobody lies'}")
        show = shows[0]
        with show.stage:
            problems = _run(system, show, trouble)
            if isinstance(trouble, wrongs.Faults):
                silent = functools.partial(unlapsed, trouble)
                problems += desk.wait_until_quiet(rest=system.rest, still=silent, patience_seconds=SILENCE_SECONDS)
                problems += judge(trouble, system)
        show.close()
        return _end(system, show, problems, trouble)


def _show(system: System, *, banks: int, complaints: int, seed: int, faults: bool, aside: frozenset[str]) -> Show:
    rng = random.Random(f"rails/{seed}")
    rails = Rails(rng, in_flight_share=0.1, returned_of_flying=0.2) if faults else Rails(rng)
    return Show(
        line=system.line,
        platform=system.web_url,
        gateway=system.gateway,
        banks=banks,
        complaints=complaints,
        seed=seed,
        false_share=0.05 if faults else 0.0,
        short=min(3, complaints // 4),
        aside=aside,
        rails=rails,
    )


def _run(system: System, show: Show, trouble: Trouble) -> list[str]:
    """Frauds, complaints, trouble; then quiet, officers' work, quiet again."""
    filed = 0

    def meanwhile(now_filed: int) -> None:
        nonlocal filed
        filed = now_filed
        trouble.look(system, filed)

    show.start(seconds_apart=0.3)
    show.wait_until_filed(seconds=300 + 10.0 * len(show.plots), meanwhile=meanwhile)
    problems = list(show.failed)
    while getattr(trouble, "events", None):  # what was planned for later than the last complaint
        trouble.look(system, len(show.plots))
    problems += _settle(system, show, trouble)
    problems += _work_at_the_desk(system, show, trouble)
    return problems + _settle(system, show, trouble)


def _settle(system: System, show: Show, trouble: Trouble) -> list[str]:
    def still() -> list[str]:
        trouble.look(system, len(show.plots))
        return ([] if show.stage.idle() else ["the players"]) + desk.restless(aside=trouble.aside)

    return desk.wait_until_quiet(rest=system.rest, still=still)


def _work_at_the_desk(system: System, show: Show, trouble: Trouble) -> list[str]:
    """One release, one restoration by two officers; and the short holds end by the nodes' own clocks."""
    victims = {filed.number: filed.plot.victim.place for filed in show.filed}
    problems = []
    try:
        released = desk.release_one(officer="meera", aside=trouble.aside)
        say(f"released: hold {released.hold_id}")
        restored = desk.restore_one(
            account_of=victims.__getitem__, proposer="meera", approver="kabir", aside=trouble.aside
        )
        say(f"restored: hold {restored.hold_id}")
    except desk.NothingToWorkOn as why:
        problems.append(str(why))

    def unexpired() -> list[str]:
        return [] if not show.short or figures.expired_by_nodes() else ["no hold has ended by a node's clock yet"]

    problems += desk.wait_until_quiet(rest=system.rest, still=unexpired)
    return problems


def _end(system: System, show: Show, problems: list[str], trouble: Trouble) -> tuple[dict[str, Any], list[str]]:
    number_of = {filed.plot.number: filed.number for filed in show.filed}
    carried: dict[tuple[str, str], int] = defaultdict(int)
    for paid in show.stage.happened:
        if paid.plot in number_of:
            carried[number_of[paid.plot], paid.reference] += paid.paise
    false = {filed.number for filed in show.filed if filed.plot.false}
    breached = frozenset(getattr(trouble, "breached", ()))
    found = check(system, rest=system.rest, breached=breached, aside=trouble.aside)
    guilty = {person.place for person in show.cast.mules}
    result = tell(found, guilty=guilty, carried=dict(carried), false_numbers=false)
    result |= figures.pace(system.taken()) | {
        "expired_by_nodes": figures.expired_by_nodes(),
        "faults": trouble.done,
        **figures.told(),
        "stopped_on_old_copy": getattr(trouble, "stopped_itself", []),
        "payments_played": len(show.stage.happened),
        "payments_refused": show.stage.refused,
    }
    problems += found.problems
    for state in ("released", "restored"):
        if not result[f"{state}_paise"]:
            problems.append(f"nothing was {state}")
    if not trouble.aside and result["deep_complaints"] * 2 < len(show.plots):
        problems.append(f"only {result['deep_complaints']} complaints reached hop 3 over 3 banks")
    return result, problems


def poll_seconds(banks: int) -> float:
    """How often each node looks by itself, hint or no hint: ten looks a second over all of them, each every second."""
    return max(1.0, banks / 10)


class Kills:
    """SIGKILL of one node and one loop, once half of the complaints are filed: what every drill goes through."""

    aside: frozenset[str] = frozenset()

    def __init__(self, *, seed: int, codes: list[str], at: int) -> None:
        rng = random.Random(f"kills/{seed}")
        self.at = at
        self.names = [f"node-{rng.choice(codes)}", rng.choice(("chase", "sequencer", "work"))]
        self.done: list[str] = []

    def look(self, system: System, filed: int) -> None:
        """Kill, once it is time."""
        if filed >= self.at:
            for name in self.names:
                if f"kill {name}" not in self.done and system.send(name, signal.SIGKILL):
                    self.done.append(f"kill {name}")
                    say(f"killed: {name}")
        system.rest(0.2)
