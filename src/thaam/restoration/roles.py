"""Who may do what on the way of money back to a victim. Nobody may do two of the last two steps on one restoration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from thaam.parties.models import Officer
from thaam.rulebook.rules import Rule, rule

MAY_VERIFY = (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR, Officer.Role.CONSTABLE)
MAY_PROPOSE = (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR)
MAY_APPROVE = (Officer.Role.APPROVER, Officer.Role.SUPERVISOR)
# who keeps the register of courts' orders and tells the magistrate
MAY_ENTER = (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR)


class NotAllowed(Exception):
    """This officer's role does not do this."""


class RankTooLow(NotAllowed):
    """So much needs a higher rank. Carries the rule."""

    def __init__(self, rule_: Rule) -> None:
        super().__init__(rule_.explain("en"))
        self.rule = rule_


def check_role(officer: Officer, roles: Collection[str]) -> None:
    """Raise NotAllowed unless the officer is active and has one of the roles."""
    if not officer.is_active or officer.role not in roles:
        raise NotAllowed(f"{officer.username} is {officer.role}")


def check_rank(officer: Officer, *, paise: int, jurisdiction: str, at: dt.datetime) -> None:
    """Up to the rule's sum a supervisor may be the second officer, above it only an approver (DCP, SP).

    Raises NotAllowed, RankTooLow. Source: rule `restore_by_supervisor`.
    """
    check_role(officer, MAY_APPROVE)
    limit = rule("restore_by_supervisor", jurisdiction=jurisdiction, on=at)
    if officer.role != Officer.Role.APPROVER and paise > limit.value:
        raise RankTooLow(limit)
