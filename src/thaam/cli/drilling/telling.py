"""The checks and figures every kind of drill ends with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import Any

from thaam.cli.drilling import checking, figures
from thaam.cli.drilling.checking import Findings
from thaam.cli.drilling.desk import despite_restarts, now
from thaam.cli.drilling.system import System

TRIES = 6
"""A node may be a breath behind the platform when the last answer is settled; a difference that stays is an error."""


def check(
    system: System,
    *,
    rest: Callable[[float], None],
    breached: frozenset[str] = frozenset(),
    aside: frozenset[str] = frozenset(),
) -> Findings:
    """Look at everything; what does not agree is looked at again a little later, and stays in the findings.

    `breached` banks let money out from under liens, `aside` banks have no honest node: theirs cannot be compared.
    """
    for attempt in range(TRIES):
        found = _look(system, breached=breached, aside=aside)
        if not found.problems:
            break
        if attempt < TRIES - 1:
            rest(1.5)
    return found


@despite_restarts
def _look(system: System, *, breached: frozenset[str], aside: frozenset[str]) -> Findings:
    at = now()
    found = Findings()
    stores = {code: system.node_folder(code) / "data" for code in system.codes if code not in aside}
    checking.check_accounts(found, at=at)
    checking.check_books(found, at=at)
    checking.check_lines(found, at=at)
    checking.check_banks(found, at=at, stores=stores, liens_of=system.line.liens)
    checking.check_balances(found, account_of=system.line.account, breached=breached | aside)
    return found


@despite_restarts
def tell(
    found: Findings,
    *,
    guilty: Collection[tuple[str, str]],
    carried: dict[tuple[str, str], int] | None,
    false_numbers: Collection[str],
) -> dict[str, Any]:
    """The figures by the names scripts rely on, and a few more."""
    from thaam.complaints.models import Complaint
    from thaam.mailbox.models import Order
    from thaam.world.judging import fidelity

    reach = figures.reach()
    traced = {key: paise for key, paise in figures.traced().items() if key[0] not in false_numbers}
    agreement = None if carried is None else fidelity(traced, carried)
    return {
        "complaints": Complaint.objects.count(),
        "orders": Order.objects.count(),
        "claimed_paise": found.claimed_paise,
        **{f"{state}_paise": paise for state, paise in found.state_paise.items()},
        "double_held_paise": found.double_held_paise,
        "innocent_held_paise": figures.innocent_held(found.held_by_place, guilty),
        "fidelity": None if agreement is None else round(agreement, 4),
        "false_complaint_rupee_minutes": figures.rupee_minutes(false_numbers, at=now()),
        **figures.times(),
        "deep_complaints": sum(hop >= 3 and banks >= 3 for hop, banks in reach.values()),
        "deepest_hop": max((hop for hop, _ in reach.values()), default=0),
        "problems": len(found.problems),
    }


def say(sentence: str) -> None:
    """Progress goes to stderr."""
    print(f"drill: {sentence}", file=sys.stderr, flush=True)
