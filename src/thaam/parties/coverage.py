"""Who answers for a branch now, and whom silence reaches next: deputy at half the clock, zone at 80 %, then the state.

The ladder never comes out empty while the bank has any nodal officer, so an unassigned request climbs too (S0.6).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from thaam.language.dates import IST
from thaam.parties.models import Bank, Branch, Nodal

_NIGHT = (20, 8)  # hours in India between which a night officer, where named, stands before the primary one
_LADDER = ((Nodal.Duty.PRIMARY, 0), (Nodal.Duty.DEPUTY, 50), (Nodal.Duty.ZONAL, 80), (Nodal.Duty.STATE, 100))


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody, and the share of the clock (percent) after which the request reaches them."""

    nodal: Nodal
    from_percent: int


def ladder_of(*, bank: Bank, branch: Branch | None, at: dt.datetime) -> list[Rung]:
    """The rungs for a request to this branch (or bank) at this moment, lowest first; empty only without any nodal.

    People on leave or past their appointment are skipped and the rung above takes their place: the first rung
    always starts at 0 %.
    """
    here = at.astimezone(IST)
    people = _in_post(bank, branch, here.date())
    by_duty: dict[str, Nodal] = {}
    for person in people:  # a branch's own officer before the bank's
        by_duty.setdefault(person.duty, person)
    rungs = [Rung(by_duty[duty], percent) for duty, percent in _LADDER if duty in by_duty]
    night = by_duty.get(Nodal.Duty.NIGHT)
    if night and (here.hour >= _NIGHT[0] or here.hour < _NIGHT[1]):
        rungs.insert(0, Rung(night, 0))
    if rungs and rungs[0].from_percent:
        rungs[0] = Rung(rungs[0].nodal, 0)
    return rungs


def reached(rungs: list[Rung], *, elapsed_percent: float) -> list[Nodal]:
    """Everybody the request has reached when this much of its clock is over."""
    return [rung.nodal for rung in rungs if rung.from_percent <= elapsed_percent]


def ending_soon(*, on: dt.date, days: int) -> list[Nodal]:
    """Appointments that end within `days` and have no successor yet: for the reminder."""
    ending = Nodal.objects.filter(until_on__gte=on, until_on__lte=on + dt.timedelta(days=days)).order_by("until_on")
    return [
        person
        for person in ending
        if not Nodal.objects.filter(
            bank=person.bank, branch=person.branch, duty=person.duty, from_on__gt=person.from_on
        ).exists()
    ]


def uncovered_branches(*, bank: Bank, on: dt.date) -> list[Branch]:
    """Open branches without a nodal officer of their own in post that day."""
    covered = Nodal.objects.filter(_posted(on), bank=bank, branch__isnull=False).values("branch")
    return list(Branch.objects.filter(bank=bank, open=True).exclude(ifsc__in=covered).order_by("ifsc"))


def _in_post(bank: Bank, branch: Branch | None, day: dt.date) -> list[Nodal]:
    mine = Q(branch=None) if branch is None else Q(branch=branch) | Q(branch=None)
    found = (
        Nodal.objects.filter(_posted(day), mine, bank=bank)
        .exclude(leaves__from_on__lte=day, leaves__until_on__gte=day)
        .order_by("-from_on", "pk")
    )
    return sorted(found, key=lambda person: person.branch_id is None)


def _posted(day: dt.date) -> Q:
    return Q(from_on__lte=day) & (Q(until_on=None) | Q(until_on__gte=day))
