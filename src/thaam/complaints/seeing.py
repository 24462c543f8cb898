"""Who may read a complaint, by place: the first of two fences (the database's policy desk_sees() is the second).

A complaint without an office is the helpline's and open to every desk that takes victims down. Once an office owns it,
the offices of that state read it, and those that handed it on or were offered it. An office of no state is national.
"""

from __future__ import annotations

from django.db.models import Q

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
