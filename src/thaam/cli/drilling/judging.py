"""What must be true after each fault of a drill; each check here can fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from thaam.cli.drilling.desk import despite_restarts, now
from thaam.cli.drilling.faults import Faults
from thaam.cli.drilling.system import System, answers_at

LATE = timedelta(seconds=20)
"""A loop may come so late to a lapse on a busy machine."""


@despite_restarts
def judge(faults: Faults, system: System) -> list[str]:
    """Sentences about faults that did not end as they must."""
    from thaam.holds.models import Entry

    problems = _up_again(system)
    for bank, lie in faults.liars.items():
        problems += _CHECKS.get(lie, _nothing_more)(bank, system)
    if not faults.breached:
        problems.append("no lien was breached: nothing was held at any honest bank")
    for bank in faults.breached:
        if not Entry.objects.filter(book__bank=bank, kind=Entry.Type.BROKEN).exists():
            problems.append(f"money left from under a lien at {bank}, and no hold is broken")
    return problems


@despite_restarts
def unlapsed(faults: Faults) -> list[str]:
    """Banks whose silence has not yet shown: they were asked to hold, and no order of theirs has run out of time."""
    from thaam.mailbox.models import Order

    waiting = []
    for bank in (bank for bank, lie in faults.liars.items() if lie in ("silent", "unbalanced")):
        orders = Order.objects.filter(partner=bank, kind="HoldOrder")
        if orders.exists() and not orders.filter(state=Order.State.LAPSED).exists():
            waiting.append(f"no order to {bank} has lapsed yet")
    return waiting


def _up_again(system: System) -> list[str]:
    """Whatever was killed or frozen runs."""
    down = [f"{name} is down" for name in system.supervisor.names() if name not in system.supervisor.pids()]
    if not answers_at(f"{system.web_url}/health"):
        down.append("the pages do not answer")
    return down


def _silent(bank: str, system: System) -> list[str]:
    """Nothing of it is believed, and what it never answered has lapsed as a fact for a supervisor."""
    from thaam.journal.models import Fact
    from thaam.mailbox.models import Answer, Order

    problems = []
    if Answer.objects.filter(partner=bank).exists():
        problems.append(f"{bank} is silent, and there are answers of it")
    over = Order.objects.filter(partner=bank, execute_before__lt=now() - LATE)
    if over.filter(state=Order.State.OPEN).exists():
        problems.append(f"{bank} is silent, and an order of it is open beyond its time")
    lapsed = {str(id) for id in over.filter(state=Order.State.LAPSED).values_list("id", flat=True)}
    told = {
        about.removeprefix("order:")
        for about in Fact.objects.filter(kind="order:lapsed").values_list("about", flat=True)
    }
    if lapsed - told:
        problems.append(f"{bank} is silent, and nobody is told that {len(lapsed - told)} orders lapsed")
    return problems


def _unbalanced(bank: str, system: System) -> list[str]:
    """Not one of its answers is believed; it was told why."""
    from thaam.mailbox.models import Answer, Order

    if Answer.objects.filter(partner=bank, kind="HoldAnswer", refused="").exists():
        return [f"{bank} is unbalanced, and an answer of it was believed"]
    asked = Order.objects.filter(partner=bank, kind="HoldOrder", posted_at__lt=now() - LATE).exists()
    if asked and "lines_do_not_balance" not in system.tail(f"badbank-{bank}", 10**6):
        return [f"{bank} is unbalanced, and nobody told it"]
    return []


def _says_cash(bank: str, system: System) -> list[str]:
    """Its money counts as drawn, on its own signed word; never as held."""
    lines = _lines_of(bank)
    return [f"{bank} says cash, and money is held there"] if any(line.kind == "held" for line in lines) else []


def _denies(bank: str, system: System) -> list[str]:
    """Nothing is held there; where another bank says it sent the money both are told, and the paise are unexplained."""
    from thaam.chase.models import Line
    from thaam.journal.models import Fact
    from thaam.mailbox.models import Order

    problems = []
    if any(line.kind == "held" for line in _lines_of(bank)):
        problems.append(f"{bank} denies, and money is held there")
    apart = Line.objects.filter(kind="unexplained", why="banks_disagree", payment__payee_bank=bank)
    if Line.objects.filter(kind="unexplained", why="not_found", payment__payee_bank=bank, payment__located="found"):
        problems.append(f"{bank} denies what the payer's bank has found, and that is not a disagreement")
    if apart.exists():
        if not Fact.objects.filter(kind="banks:disagree").exists():
            problems.append(f"{bank} denies, and there is no fact of it")
        if not Order.objects.filter(partner=bank, kind="Notice").exists():
            problems.append(f"{bank} denies, and it was not told")
    return problems


def _disowns(bank: str, system: System) -> list[str]:
    """A debit its own bank does not know is no ground to go on, unless somebody else answers for it."""
    from thaam.chase.models import Claim
    from thaam.mailbox.models import Answer

    orders = [
        answer.order_id
        for answer in Answer.objects.filter(partner=bank, kind="Located", refused="").exclude(settled_at=None)
        if not answer.message.found
    ]
    claims = Claim.objects.filter(locate_id__in=orders, denied_at=None, confirmed_at=None, withdrawn_at=None)
    return [f"{bank} disowns a debit, and {claim} goes on" for claim in claims]


def _wrong_clock(bank: str, system: System) -> list[str]:
    """It is served, and how wrong its clock is stands beside what it says."""
    from thaam.mailbox.models import Answer

    answers = Answer.objects.filter(partner=bank)
    if answers.exists() and not answers.exclude(skew_seconds=0).exists():
        return [f"the wrong clock of {bank} is not on record"]
    return []


def _twice(bank: str, system: System) -> list[str]:
    """What it says twice is kept once."""
    from thaam.mailbox.models import Answer

    answers = Answer.objects.filter(partner=bank)
    if answers.values("order_id", "kind", "digest").distinct().count() != answers.count():
        return [f"{bank} says everything twice, and something was kept twice"]
    return []


def _conflicts(bank: str, system: System) -> list[str]:
    """A second answer that does not say what it replaces is a fact for a supervisor, and changes nothing."""
    from thaam.journal.models import Fact
    from thaam.mailbox.models import Answer

    answers = Answer.objects.filter(partner=bank)
    told = Fact.objects.filter(kind="answer:conflict", by=f"bank:{bank}").exists() or answers.exclude(refused="")
    if answers.filter(kind="HoldAnswer").exists() and not told:
        return [f"{bank} contradicts itself, and nothing says so"]
    return []


def _nothing_more(bank: str, system: System) -> list[str]:
    """The books are compared like everybody's (checking.py)."""
    return []


def _lines_of(bank: str) -> list[Any]:
    """The lines of every answer of this bank that was believed."""
    from thaam.mailbox.models import Answer

    answers = Answer.objects.filter(partner=bank, kind="HoldAnswer", refused="").exclude(settled_at=None)
    return [line for answer in answers for line in answer.message.lines]


_CHECKS: dict[str, Callable[[str, System], list[str]]] = {
    "silent": _silent,
    "unbalanced": _unbalanced,
    "says_cash": _says_cash,
    "denies": _denies,
    "disowns": _disowns,
    "wrong_clock": _wrong_clock,
    "twice": _twice,
    "conflicts": _conflicts,
}
