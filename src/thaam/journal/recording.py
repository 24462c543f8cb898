"""Write down what happened, in the transaction in which it happens."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection

from thaam.journal.gathering import open_gathering
from thaam.journal.ids import new_id
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact
from thaam.journal.rows import insert

_GATHERED = "journal:facts"
_WAITING = "INSERT INTO journal_pending (fact_id) SELECT unnest(%s::uuid[])"


class OutsideTransaction(Exception):
    """A fact without the change it tells of would be a lie after a crash: call record() inside atomic()."""


def record(
    kind: Kind, *, about: str, by: str, at: datetime.datetime, topic: str = "", fact_id: str | None = None, **data: Any
) -> Fact:
    """Write one fact, unnumbered. Must be inside transaction.atomic(), else OutsideTransaction.

    `about` is "<noun>:<id>" ("complaint:26116...", "order:<uuid>"), `by` is "<noun>:<id>" too ("officer:7",
    "bank:DEMO1", "citizen", "loop:chase"). `at` is an aware UTC time. `data` holds JSON values (money as int paise,
    ids as text). `topic` names a stream readers page by ("mailbox:DEMO1"); most facts have none. `fact_id` is given
    when the caller needs to know it beforehand. Takes no lock: the position comes later from the sequencer. In a
    gathering (gathering.py) the fact is written with everything else when it closes.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(kind)
    fact = Fact(id=fact_id or new_id(), kind=kind.value, about=about, by=by, at=at, data=data, topic=topic)
    if (rows := open_gathering()) is not None:
        facts: list[Fact] = rows.once(_GATHERED, list)
        facts.append(fact)
        rows.at_the_end(_GATHERED, lambda: _write(facts))
    else:
        _write([fact])
    return fact


def _write(facts: list[Fact]) -> None:
    """The facts, and that each waits for its number, in the order in which they were recorded: one statement."""
    insert(Fact, facts, then=(_WAITING, [[fact.id for fact in facts]]))
