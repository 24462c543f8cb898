"""The drill that plays: frauds in the toy banks, complaints over HTTP, officers at work, and processes killed."""

from __future__ import annotations

import random
import signal
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from thaam.cli.drilling import desk, figures
from thaam.cli.drilling.playing import Show
from thaam.cli.drilling.system import System, running
from thaam.cli.drilling.telling import check, tell
from thaam.world.people import bank_code


def drill(*, data: Path, banks: int, complaints: int, seed: int, faults: bool) -> tuple[dict[str, Any], list[str]]:
    """Run it; the figures, and what is wrong in sentences (none: every rupee is accounted for)."""
    codes = [bank_code(number) for number in range(banks)]
    shows: list[Show] = []

    def people(system: System) -> None:
        shows.append(
            Show(
                line=system.line,
                platform=system.web_url,
                gateway=system.gateway,
                banks=banks,
                complaints=complaints,
                seed=seed,
                false_share=0.05 if faults else 0.0,
                short=min(3, complaints // 4),
            )
        )
        shows[0].open_accounts()

    with running(data=data, codes=codes, poll_seconds=poll_seconds(banks), before_nodes=people) as system:
        say(f"{banks} banks with their nodes are up; pages at {system.web_url}")
        show = shows[0]
        problems: list[str] = []
        kills = _Kills(system, seed=seed, at=complaints // 2)
        with show.stage:
            show.start(seconds_apart=0.3)
            show.wait_until_filed(seconds=300 + 10.0 * complaints, meanwhile=kills.look)
            problems += show.failed
            problems += _settle(system, show)
            problems += _work_at_the_desk(system, show)
            problems += _settle(system, show)
        show.close()
        return _end(system, show, problems, kills)


def _settle(system: System, show: Show) -> list[str]:
    def still() -> list[str]:
        return ([] if show.stage.idle() else ["the players"]) + desk.restless()

    return desk.wait_until_quiet(rest=system.rest, still=still)


def _work_at_the_desk(system: System, show: Show) -> list[str]:
    """One release, one restoration by two officers; and the short holds end by the nodes' own clocks."""
    victims = {filed.number: filed.plot.victim.place for filed in show.filed}
    problems = []
    try:
        released = desk.release_one(officer="meera")
        say(f"released: hold {released.hold_id}")
        restored = desk.restore_one(account_of=victims.__getitem__, proposer="meera", approver="kabir")
        say(f"restored: hold {restored.hold_id}")
    except desk.NothingToWorkOn as why:
        problems.append(str(why))

    def unexpired() -> list[str]:
        return [] if not show.short or figures.expired_by_nodes() else ["no hold has ended by a node's clock yet"]

    problems += desk.wait_until_quiet(rest=system.rest, still=unexpired)
    return problems


def _end(system: System, show: Show, problems: list[str], kills: _Kills) -> tuple[dict[str, Any], list[str]]:
    number_of = {filed.plot.number: filed.number for filed in show.filed}
    carried: dict[tuple[str, str], int] = defaultdict(int)
    for paid in show.stage.happened:
        if paid.plot in number_of:
            carried[number_of[paid.plot], paid.reference] += paid.paise
    false = {filed.number for filed in show.filed if filed.plot.false}
    found = check(system, rest=system.rest)
    guilty = {person.place for person in show.cast.mules}
    result = tell(found, guilty=guilty, carried=dict(carried), false_numbers=false)
    result |= figures.pace(system.taken()) | {
        "expired_by_nodes": figures.expired_by_nodes(),
        "killed": kills.done,
        "payments_played": len(show.stage.happened),
        "payments_refused": show.stage.refused,
    }
    problems += found.problems
    for state in ("released", "restored"):
        if not result[f"{state}_paise"]:
            problems.append(f"nothing was {state}")
    if result["deep_complaints"] * 2 < len(show.plots):
        problems.append(f"only {result['deep_complaints']} complaints reached hop 3 over 3 banks")
    return result, problems


def poll_seconds(banks: int) -> float:
    """How often each node looks into its mailbox: twenty-five looks a second over all of them."""
    return max(0.2, banks / 25)


class _Kills:
    """SIGKILL of one node and one loop, once half of the complaints are filed."""

    def __init__(self, system: System, *, seed: int, at: int) -> None:
        rng = random.Random(f"kills/{seed}")
        self.system, self.at = system, at
        self.names = [f"node-{rng.choice(system.codes)}", rng.choice(("chase", "sequencer", "work"))]
        self.done: list[str] = []

    def look(self, filed: int) -> None:
        """Called while complaints are being filed."""
        if filed >= self.at:
            for name in self.names:
                if name not in self.done and self.system.send(name, signal.SIGKILL):
                    self.done.append(name)
                    say(f"killed: {name}")
        self.system.rest(0.2)


def say(sentence: str) -> None:
    """Progress goes to stderr."""
    print(f"drill: {sentence}", file=sys.stderr, flush=True)
