"""Prolong a hold beyond its end: only on a cited order of an authority, and only before the end."""

from __future__ import annotations

import datetime as dt

from thaam.journal.gathering import gathering
from thaam.journal.kinds import Kind
from thaam.journal.recording import record

from .amending import amend_order, ordered_end
from .asking import Mandate
from .book import lock_hold
from .models import Amendment
from .releasing import NothingHeld


class OrderMissing(ValueError):
    """A renewal names the order it stands on: which authority, which number."""


class NotLater(ValueError):
    """A renewal ends later than what it renews."""


@gathering()
def renew(
    *, hold_id: object, until_at: dt.datetime, authority: str, number: str, mandate: Mandate, by: str, at: dt.datetime
) -> Amendment:
    """Ask the bank to keep the hold until then; it counts when the bank has it before the old end. Locks the hold.

    Raises OrderMissing, NotLater, NothingHeld, and WrongState for a hold that is over.
    """
    if not authority.strip() or not number.strip():
        raise OrderMissing(f"{authority} {number}")
    hold = lock_hold(hold_id)
    if not hold.held_at(at):
        raise NothingHeld(str(hold.pk))
    if until_at <= ordered_end(hold):
        raise NotLater(until_at.isoformat())
    amendment = amend_order(hold=hold, mandate=mandate, by=by, at=at, expires_at=until_at, new_basis=True)
    record(
        Kind.HOLD_RENEWAL_ORDERED, about=f"hold:{hold.pk}", by=by, at=at, until=until_at.isoformat(),
        authority=authority.strip(), number=number.strip(),
    )  # fmt: skip
    return amendment
