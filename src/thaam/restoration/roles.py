"""Who may do what on the way of money back to a victim. Nobody may do two of the last two steps on one restoration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from thaam.complaints.models import Complaint
from thaam.complaints.seeing import can_see, of_district
from thaam.parties.models import Officer
from thaam.rulebook.rules import Rule, rule

MAY_VERIFY = (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR, Officer.Role.CONSTABLE)
MAY_PROPOSE = (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR)
MAY_APPROVE = (Officer.Role.APPROVER, Officer.Role.SUPERVISOR)
# who keeps the register of courts' orders and tells the magistrate
MAY_ENTER = (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR)


class NotAllowed(Exception):
    """This officer's role does not do this."""


class NotTheirPlace(NotAllowed):
    """The complaint belongs to another state, or, for a supervisor, to another district."""


class RankTooLow(NotAllowed):
    """So much needs a higher rank. Carries the rule."""

    def __init__(self, rule_: Rule) -> None:
        super().__init__(rule_.explain("en"))
        self.rule = rule_


def check_role(officer: Officer, roles: Collection[str]) -> None:
    """Raise NotAllowed unless the officer is active and has one of the roles."""
    if not officer.is_active or officer.role not in roles:
        raise NotAllowed(f"{officer.username} is {officer.role}")


def approves_here(officer: Officer, complaint: Complaint) -> bool:
    """Whether the second officer's place lets them decide: whoever may read it; a supervisor in the own district, or
    of the state's office. Read-only."""
    if not can_see(officer, complaint) and officer.office is not None:
        return False
    if officer.role != Officer.Role.SUPERVISOR or officer.office is None or not officer.office.district:
        return True
    return of_district(officer, complaint)


def check_rank(officer: Officer, *, paise: int, jurisdiction: str, at: dt.datetime) -> None:
    """Up to the rule's sum a supervisor may be the second officer, above it only an approver (DCP, SP).

    Raises NotAllowed, RankTooLow. Source: rule `restore_by_supervisor`.
    """
    check_role(officer, MAY_APPROVE)
    limit = rule("restore_by_supervisor", jurisdiction=jurisdiction, on=at)
    if officer.role != Officer.Role.APPROVER and paise > limit.value:
        raise RankTooLow(limit)
