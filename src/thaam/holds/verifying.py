"""Check the hold books: what is held is what the entries add up to, and every entry is a fact of the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from thaam.journal.models import Fact
from thaam.money import ranges as sets
from thaam.money.ranges import NONE, Ranges

from .models import Entry, Hold


def findings() -> Iterator[str]:
    """One sentence for everything that does not add up. Reads all books."""
    told: dict[str, list[tuple[str, int, Any]]] = defaultdict(list)
    facts = Fact.objects.filter(about__startswith="hold:", data__has_keys=["cause", "ranges", "amount_paise"])
    for about, data in facts.values_list("about", "data").iterator():
        told[about.removeprefix("hold:")].append((data["cause"], data["amount_paise"], data["ranges"]))
    entries: dict[Any, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.order_by("at", "id").iterator():
        entries[entry.hold_id].append(entry)
    for hold in Hold.objects.iterator():
        yield from _of_hold(hold, entries[hold.pk], told[str(hold.pk)])


def _of_hold(hold: Hold, entries: list[Entry], told: list[tuple[str, int, Any]]) -> Iterator[str]:
    added: Ranges = sets.union(NONE, *(entry.ranges for entry in entries if entry.kind == Entry.Type.HELD))
    added_paise = sum(entry.amount_paise for entry in entries if entry.kind == Entry.Type.HELD)
    taken_paise = sum(entry.amount_paise for entry in entries if entry.kind != Entry.Type.HELD)
    if added_paise - taken_paise != hold.held_paise:
        yield f"hold {hold.pk}: the entries add up to {added_paise - taken_paise} paise, {hold.held_paise} are held"
    if not sets.covers(hold.asked, added):
        yield f"hold {hold.pk}: more was held than was asked for"
    for entry in entries:
        if sets.total(entry.ranges) != entry.amount_paise:
            yield f"entry {entry.pk}: its ranges are not its amount"
        mine = (str(entry.cause), entry.amount_paise, [list(pair) for pair in entry.ranges])
        if mine in told:
            told.remove(mine)
        else:
            yield f"entry {entry.pk} of hold {hold.pk}: no fact tells of it"
    for cause, amount_paise, _ in told:
        yield f"hold {hold.pk}: a fact tells of an entry of {amount_paise} paise (cause {cause}) that is missing"
