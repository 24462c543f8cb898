"""The express lane: "open the rest of my account". A whole account stopped over one sum becomes a hold of that sum.

No merits are weighed first: holding the disputed sum only is the law's default (SOP of 2 January 2026; ux.md 6.1), so
the order goes out at once and has four hours (rule `freeze_to_hold`). Who stopped the account does not matter.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from thaam.chase.asking import schedule_expiry
from thaam.chase.models import Payment
from thaam.chase.payments import identity_of
from thaam.holds.asking import mandate_of
from thaam.holds.models import Hold
from thaam.holds.opening import order_opening
from thaam.holds.releasing import NothingHeld
from thaam.holds.states import HoldState
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.rulebook.clocks import due_at
from thaam.work.scheduling import schedule

from .climbing import lock, write_step
from .models import Opening

LOOK = "grievances:look at opening"
# How often the order's answer is looked for; the page shows it at once, this owes the message.
LOOK_EVERY = dt.timedelta(minutes=1)


class NotOurs(Exception):
    """The objection is about a bank's own hold: only that bank can open the account, and it has been told."""


@transaction.atomic
def ask_to_open(*, objection_id: Any, at: dt.datetime) -> Opening:
    """Order the bank to end the freeze and keep the disputed paise; one order an objection at a time.

    Locks the objection, then the hold. Raises NotOurs, NothingHeld.
    """
    objection = lock(objection_id)
    if objection.hold_id is None:
        raise NotOurs(str(objection.pk))
    if waiting := objection.openings.filter(done_at=None, refused_why="").first():
        return waiting
    hold = objection.hold
    assert hold is not None
    if not hold.held_at(at) or hold.book is None:
        raise NothingHeld(str(hold.pk))
    due = due_at("freeze_to_hold", jurisdiction=hold.jurisdiction, start=at)
    opening = Opening(
        id=id_from("opening", hold.pk, objection.openings.count(), at.isoformat()),
        objection=objection, hold=hold, asked_at=at, due_at=due,
    )  # fmt: skip
    opening.save(force_insert=True)
    made = order_opening(
        order_id=str(opening.pk),
        hold=hold,
        payment=identity_of(Payment.objects.get(pk=hold.payment_id)),
        mandate=mandate_of(hold),
        execute_before=due,
        by="holder",
        at=at,
    )
    schedule_expiry(made.pk, made.expires_at)
    write_step(objection, "opening", "holder", "", at)
    record(Kind.OPENING_ASKED, about=f"objection:{objection.pk}", by="holder", at=at, order=str(opening.pk))
    _look_later(opening, at)
    return opening


def look(payload: dict[str, Any], at: dt.datetime) -> None:
    """Has the bank opened the account? Looks again in a minute; after four hours supervisors are told, once."""
    opening = Opening.objects.select_related("objection").get(pk=payload["opening_id"])
    if opening.done_at is not None or opening.refused_why:
        return
    made = Hold.objects.get(pk=opening.pk)
    about = f"objection:{opening.objection_id}"
    if made.answer_revision is not None:
        opening.done_at = made.answered_at or at
        write_step(opening.objection, "opened", f"bank:{made.bank_id}", "", at)
        record(Kind.OPENING_DONE, about=about, by=f"bank:{made.bank_id}", at=at)
    elif made.state in (HoldState.DECLINED, HoldState.CANCELLED):
        opening.refused_why = made.state
        write_step(opening.objection, "not opened", f"bank:{made.bank_id}", "", at)
        record(Kind.OPENING_REFUSED, about=about, by=f"bank:{made.bank_id}", at=at)
    elif at >= opening.due_at and opening.late_at is None:
        opening.late_at = at
        write_step(opening.objection, "opening late", "clock", "", at)
        record(Kind.OPENING_LATE, about=about, by="clock", at=at, bank=made.bank_id)
    opening.save(update_fields=["done_at", "refused_why", "late_at"])
    if opening.done_at is None and not opening.refused_why and at < made.expires_at:
        _look_later(opening, at)


def _look_later(opening: Opening, at: dt.datetime) -> None:
    """Every minute until it is due, then every hour: a bank that is late is still waited for."""
    due = at + LOOK_EVERY if at + LOOK_EVERY <= opening.due_at else max(opening.due_at, at + dt.timedelta(hours=1))
    if at < opening.due_at < due:
        due = opening.due_at
    schedule(kind=LOOK, key=f"{LOOK}:{opening.pk}:{due.isoformat()}", run_at=due, opening_id=str(opening.pk))
