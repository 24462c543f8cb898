"""Who may read a complaint, by place: the first of two fences (the database's policy desk_sees() is the second).

A complaint without an office is the helpline's and open to every desk that takes victims down. Once an office owns it,
the offices of that state read it, and those that handed it on or were offered it. An office of no state is national.
"""

from __future__ import annotations

from django.db.models import Q

from thaam.parties.districts import District, TwoPlaces, find_district, states
from thaam.parties.models import Officer

from .models import Complaint


def can_see(officer: Officer, complaint: Complaint) -> bool:
    """Whether the place of this officer's office lets them read the complaint."""
    owner, mine = complaint.office, officer.office
    if mine is None:
        return False
    if owner is None or owner.pk == mine.pk or not owner.state or not mine.state or owner.state == mine.state:
        return True
    return complaint.handings.filter(Q(from_office=mine) | Q(to_office=mine)).exists()


def of_district(officer: Officer, complaint: Complaint | None) -> bool:
    """Whether the officer sits in the complaint's district: its office's, else where the reporter lives.

    True where no district is known of the complaint. An office without a district (a state's) is in none.
    """
    district, _ = _place_of(complaint)
    mine = officer.office.district if officer.office else ""
    return not district or (bool(mine) and _code(mine) == _code(district))


def of_state(officer: Officer, complaint: Complaint | None) -> bool:
    """Whether the officer's office lies in the complaint's state; True where one of the two is not known."""
    _, state = _place_of(complaint)
    mine = officer.office.state if officer.office else ""
    return not state or not mine or mine.casefold() == state.casefold()


def _place_of(complaint: Complaint | None) -> tuple[str, str]:
    """District and state by name, "" where not known."""
    if complaint is None:
        return "", ""
    if complaint.office is not None and (complaint.office.district or complaint.office.state):
        return complaint.office.district, complaint.office.state
    found = _found(complaint.district)
    return complaint.district if found else "", states()[found.state_code].name_en if found else ""


def _code(name: str) -> int | str:
    found = _found(name)
    return found.code if found else name.casefold()


def _found(name: str) -> District | None:
    try:
        return find_district(name)
    except TwoPlaces:
        return None
