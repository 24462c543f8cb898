"""Who may do what on the way of money back to a victim. Nobody may do two of the last two steps on one restoration."""

from __future__ import annotations

from collections.abc import Collection

from thaam.parties.models import Officer

MAY_VERIFY = (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR, Officer.Role.CONSTABLE)
MAY_PROPOSE = (Officer.Role.INVESTIGATOR, Officer.Role.SUPERVISOR)
MAY_APPROVE = (Officer.Role.APPROVER, Officer.Role.SUPERVISOR)


class NotAllowed(Exception):
    """This officer's role does not do this."""


def check_role(officer: Officer, roles: Collection[str]) -> None:
    """Raise NotAllowed unless the officer is active and has one of the roles."""
    if not officer.is_active or officer.role not in roles:
        raise NotAllowed(f"{officer.username} is {officer.role}")
