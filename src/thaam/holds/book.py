"""Write entries into a hold book. Every change of what is held passes here, in the transaction of its cause.

Lock: the caller has the hold's row (lock_hold); a hold belongs to one book, so no other order of locks arises. Every
verb works in a gathering (journal/gathering.py): rows are read once and written once, when the outermost verb ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from thaam.journal.gathering import gathered
from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Range, Ranges

from .models import Book, Entry, Hold
from .states import HoldState, check_can_become

_FACT = {
    Entry.Type.HELD: Kind.HOLD_HELD,
    Entry.Type.LOWERED: Kind.HOLD_LOWERED,
    Entry.Type.RELEASED: Kind.HOLD_RELEASED,
    Entry.Type.EXPIRED: Kind.HOLD_EXPIRED,
    Entry.Type.RESTORED: Kind.HOLD_RESTORED,
    Entry.Type.BROKEN: Kind.HOLD_BROKEN,
}
_FINAL = (Entry.Type.RELEASED, Entry.Type.EXPIRED, Entry.Type.RESTORED, Entry.Type.BROKEN)


class NoSuchHold(LookupError):
    """There is no hold under this order id."""


class OutsideOrder(ValueError):
    """Paise the order never asked for cannot be entered under it."""


def lock_hold(hold_id: Any) -> Hold:
    """The hold, its row locked until the transaction ends; the caller gathers. Raises NoSuchHold."""
    hold = gathered().one(Hold, hold_id, lock=True)
    if hold is None:
        raise NoSuchHold(str(hold_id))
    return hold


def book_id(*, bank: str, account: str) -> str:
    """The id of an account's book."""
    return id_from("book", bank, account)


def book_of(*, bank: str, account: str, at: dt.datetime) -> Book:
    """The book of an account, opened if it is new. Of two at once one must repeat."""
    rows = gathered()
    id = book_id(bank=bank, account=account)
    return rows.one(Book, id) or rows.add(Book(id=id, bank_id=bank, account=account, opened_at=at))


def enter(
    hold: Hold,
    kind: Entry.Type,
    ranges: Iterable[Range],
    *,
    cause: Any,
    by: str,
    at: dt.datetime,
    stated_at: dt.datetime,
    reason: str = "",
) -> Ranges:
    """Write one entry and its fact; returns the paise it moved, none when they had moved before.

    HELD adds paise of the order not held yet; every other kind takes paise that are held. Contested and earmarked
    ranges shrink with what is held. Raises OutsideOrder for paise beyond the order. The caller holds the hold's row.
    """
    asked_for = sets.normalise(ranges)
    if kind is Entry.Type.HELD:
        if not sets.covers(hold.asked, asked_for):
            raise OutsideOrder(f"{asked_for} is not inside {hold.asked}")
        moved = sets.subtract(asked_for, hold.held)
        held = sets.union(hold.held, moved)
    else:
        moved = sets.intersect(asked_for, hold.held)
        held = sets.subtract(hold.held, moved)
    if moved == NONE or hold.book_id is None:
        return NONE
    rows = gathered()
    rows.add(
        Entry(
            id=id_from("entry", hold.pk, kind, cause),
            book_id=hold.book_id,
            hold=hold,
            kind=kind,
            ranges=moved,
            amount_paise=sets.total(moved),
            reason=reason,
            cause=cause,
            at=at,
            stated_at=stated_at,
        )
    )
    hold.held = held
    hold.contested = sets.intersect(hold.contested, held)
    hold.earmarked = sets.intersect(hold.earmarked, held)
    settle_state(hold)
    rows.change(hold, "held", "contested", "earmarked", "state")
    record(
        _FACT[kind],
        about=f"hold:{hold.pk}",
        by=by,
        at=at,
        amount_paise=sets.total(moved),
        ranges=[list(pair) for pair in moved],
        reason=reason,
        cause=str(cause),
    )
    return moved


def ended_ranges(hold: Hold) -> Ranges:
    """Paise whose hold ended for good (released, expired, restored, broken); a later answer cannot revive them."""
    return sets.union(*(entry.ranges for entry in entries_of(hold) if entry.kind in _FINAL))


def entries_of(hold: Hold) -> list[Entry]:
    """Everything entered under this hold."""
    return gathered().all_of(Entry, "hold_id", hold.pk)


def settle_state(hold: Hold) -> None:
    """Set the state that follows from what is held; not saved here."""
    if hold.held:
        state = HoldState.HELD if hold.held == hold.asked else HoldState.PARTLY_HELD
    else:
        state = HoldState.ENDED if entries_of(hold) else HoldState.NOT_HELD
    check_can_become(hold.state, state)
    hold.state = state
