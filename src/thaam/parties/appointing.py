"""Days of leave of a nodal officer: the ladder skips them, the request does not wait for them."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.parties.models import Leave, Nodal


class BadDays(ValueError):
    """The leave ends before it begins, or lies wholly outside the appointment."""


@transaction.atomic
def take_leave(*, nodal: Nodal, from_on: dt.date, until_on: dt.date, by: str, at: dt.datetime) -> Leave:
    """Note leave `[from_on, until_on]`, both days included; the same days again return the first. Raises BadDays."""
    if until_on < from_on or until_on < nodal.from_on or (nodal.until_on and from_on > nodal.until_on):
        raise BadDays(f"{from_on} to {until_on}")
    leave, new = Leave.objects.get_or_create(nodal=nodal, from_on=from_on, until_on=until_on)
    if new:
        record(
            Kind.NODAL_ON_LEAVE, about=f"nodal:{nodal.pk}", by=by, at=at,
            from_on=from_on.isoformat(), until_on=until_on.isoformat(),
        )  # fmt: skip
    return leave
