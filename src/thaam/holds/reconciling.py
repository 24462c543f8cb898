"""Compare a bank's open holds with ours: sums under a key the bank has just drawn; what differs becomes a fact.

The bank walks (money/digest.py); we answer for a stretch of the walk. A fresh key each time means that nobody can have
prepared a set of holds with a wanted sum.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from thaam.journal.kinds import Kind
from thaam.journal.recording import record
from thaam.mailbox.models import Answer
from thaam.money.digest import place_of, row_digest, sum_of
from thaam.wire import codec, problems
from thaam.wire.answers import HoldsDiffer
from thaam.wire.fields import InvalidMessage

from .models import Hold

# So few ids are worth telling; above it the walk goes on.
IDS_MAX = 32


@dataclass(frozen=True, slots=True)
class Part:
    """What lies in a stretch of the walk: the sum of the digests, how many holds, and which when they are few."""

    sum: int
    count: int
    ids: list[str] | None


def part_of(*, bank: str, key: bytes, first: int, last: int, at: dt.datetime) -> Part:
    """Our open holds at `bank` whose place in the walk is from `first` to `last`, both included."""
    stands = Hold.objects.filter(bank_id=bank, expires_at__gt=at).exclude(held=()).order_by("id")
    found = [
        (str(id), revision, held)
        for id, revision, held in stands.values_list("id", "revision", "held")
        if first <= place_of(str(id)) <= last
    ]
    digests = [row_digest(key=key, hold_id=hold_id, revision=number, ranges=held) for hold_id, number, held in found]
    ids = [hold_id for hold_id, _, _ in found] if len(found) <= IDS_MAX else None
    return Part(sum_of(digests), len(found), ids)


def take_holds_differ(answer: Answer, at: dt.datetime) -> None:
    """Write the fact "holds:differ" for each hold, with what both sides have; a supervisor decides."""
    message = codec.decode(bytes(answer.body))
    if not isinstance(message, HoldsDiffer):
        raise InvalidMessage(problems.UNKNOWN_KIND, "/kind")
    for shown in message.holds:
        ours = Hold.objects.filter(id=shown.hold_order_id, bank_id=answer.partner_id).first()
        record(
            Kind.HOLDS_DIFFER,
            about=f"hold:{shown.hold_order_id}",
            by=f"bank:{answer.partner_id}",
            at=at,
            theirs=[list(each) for each in shown.ranges],
            their_revision=shown.revision,
            ours=[list(each) for each in ours.held_at(at)] if ours else None,
            our_revision=ours.revision if ours else None,
        )
