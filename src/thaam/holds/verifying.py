"""Check the hold books: replayed line by line (thaam.money.book) they give what is held, each paisa once, and every
line is a fact of the journal."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from thaam.journal.kinds import Kind
from thaam.journal.models import Fact, Pending
from thaam.mailbox.models import Order
from thaam.money import book as core
from thaam.money import ranges as sets
from thaam.money.book import Place, Step
from thaam.wire.parts import pairs_of

from .book import _FACT
from .models import Entry, Hold

# What a fact tells of an entry: kind, cause, paise, ranges, when (None for a past carried over), reason.
Told = tuple[str, str, int, Any, dt.datetime | None, str]

_STEPS = {
    Entry.Type.HELD: Step.HOLD,
    Entry.Type.LOWERED: Step.LOWER,
    Entry.Type.RELEASED: Step.RELEASE,
    Entry.Type.EXPIRED: Step.EXPIRE,
    Entry.Type.RESTORED: Step.RESTORE,
    Entry.Type.BROKEN: Step.BREAK,
}


def entry_records() -> Iterator[dict[str, Any]]:
    """The books as records of an export (journal/verifying.py): every entry, to be found again in the lines."""
    young = set(Pending.objects.filter(fact__about__startswith="hold:").values_list("fact__about", flat=True))
    carried = _carried_over()
    for entry in Entry.objects.order_by("id").iterator():
        past = (str(entry.hold_id), str(entry.cause)) in carried
        yield {
            "entry": {
                "hold": str(entry.hold_id),
                "fact": Kind.HOLD_CARRIED_OVER.value if past else _FACT[Entry.Type(entry.kind)].value,
                "cause": str(entry.cause),
                "amount_paise": entry.amount_paise,
                "ranges": [list(pair) for pair in entry.ranges],
                "pending": f"hold:{entry.hold_id}" in young,
            }
        }


def _carried_over() -> set[tuple[str, str]]:
    """Lines of a past that was carried over as rows (project/history.py): (hold, cause). Their fact tells nobody
    anything and therefore has a kind of its own."""
    facts = Fact.objects.filter(kind=Kind.HOLD_CARRIED_OVER.value).values_list("about", "data")
    return {(about.removeprefix("hold:"), data["cause"]) for about, data in facts.iterator()}


def findings() -> Iterator[str]:
    """One sentence for everything that does not add up. Reads all books."""
    told: dict[str, list[Told]] = defaultdict(list)
    facts = Fact.objects.filter(about__startswith="hold:", data__has_keys=["cause", "ranges", "amount_paise"])
    for about, kind, at, data in facts.values_list("about", "kind", "at", "data").iterator():
        past = kind == Kind.HOLD_CARRIED_OVER.value  # written down long after it happened
        if past:
            kind = _FACT[Entry.Type(data["entry"])].value
        line = (kind, data["cause"], data["amount_paise"], data["ranges"], None if past else at, data.get("reason", ""))
        told[about.removeprefix("hold:")].append(line)
    entries: dict[Any, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.iterator():
        entries[entry.hold_id].append(entry)
    holds: dict[Any, list[Hold]] = defaultdict(list)
    for hold in Hold.objects.iterator():
        holds[hold.book_id].append(hold)
        yield from _against_the_journal(hold, entries[hold.pk], told[str(hold.pk)])
        yield from _against_its_order(hold)
    for of_one_account in holds.values():
        yield from _replayed(of_one_account, [entry for hold in of_one_account for entry in entries[hold.pk]])


def _replayed(holds: Iterable[Hold], entries: Iterable[Entry]) -> Iterator[str]:
    """Every line of one account's book played again, oldest first. A line that takes paise from where they are not, or
    holds one a second time, is a finding."""
    book = core.Book()
    payments = {hold.pk: str(hold.payment_id) for hold in holds}
    for hold in holds:
        if hold.asked:
            book.enter(core.Entry(f"ask:{hold.pk}", str(hold.pk), payments[hold.pk], Step.ASK, tuple(hold.asked)))
    for _, together in groupby(
        sorted(entries, key=lambda entry: (entry.at, str(entry.pk))), key=lambda entry: entry.at
    ):
        yield from _entered(book, [_line(entry, payments[entry.hold_id]) for entry in together])
    for hold in holds:
        held = book.ranges(Place.HELD, hold=str(hold.pk), payment=payments[hold.pk])
        if held != tuple(hold.held):
            yield (
                f"hold {hold.pk}: the entries add up to {sets.total(held)} paise {held}, {hold.held_paise} paise"
                f" {tuple(hold.held)} are held"
            )


def _entered(book: core.Book, lines: list[core.Entry]) -> Iterator[str]:
    """Lines of one moment: they say nothing of their order, so any in which all can be true will do."""
    refused: dict[str, core.EntryRefused] = {}
    while lines:
        waiting = []
        for line in lines:
            try:
                book.enter(line)
            except core.EntryRefused as problem:
                refused[line.id] = problem
                waiting.append(line)
        if len(waiting) == len(lines):
            yield from (f"hold {line.hold}: entry {refused[line.id]}" for line in waiting)
            return
        lines = waiting


def _line(entry: Entry, payment: str) -> core.Entry:
    step = _STEPS[Entry.Type(entry.kind)]
    return core.Entry(str(entry.pk), str(entry.hold_id), payment, step, tuple(entry.ranges))


def _against_its_order(hold: Hold) -> Iterator[str]:
    """Bank, paise, complaint and end are those of the order as signed and of the amendments the bank has taken."""
    order = Order.objects.filter(pk=hold.pk, kind__in=("HoldOrder", "FreezeToHoldOrder")).first()
    if order is None:
        return  # of a past that was carried over as rows
    words = order.message
    ends, references = {words.expires_at}, {words.basis.reference}
    for row in Order.objects.filter(about=hold.pk, kind="AmendOrder", pk__in=_taken(hold)):
        ends |= {row.message.expires_at} if row.message.expires_at else set()
        references |= {row.message.basis.reference} if row.message.basis else set()
    said = (order.partner_id, pairs_of(words.ranges))
    if (hold.bank_id, tuple(hold.asked)) != said or hold.expires_at not in ends or hold.reference not in references:
        yield f"hold {hold.pk}: its bank, paise, end or complaint are not those of its order and its amendments"


def _taken(hold: Hold) -> list[Any]:
    return [each.pk for each in hold.amendments.all() if each.accepted_at is not None]


def _against_the_journal(hold: Hold, entries: list[Entry], told: list[Told]) -> Iterator[str]:
    for entry in entries:
        if sets.total(entry.ranges) != entry.amount_paise:
            yield f"entry {entry.pk}: its ranges are not its amount"
        fact = _FACT[Entry.Type(entry.kind)].value
        mine = (fact, str(entry.cause), entry.amount_paise, [list(pair) for pair in entry.ranges])
        same = next((each for each in told if each[:4] == mine), None)
        if same is None:
            yield f"entry {entry.pk} of hold {hold.pk}: no fact tells of it"
            continue
        told.remove(same)
        if same[4] is not None and same[4:] != (entry.at, entry.reason):
            yield f"entry {entry.pk} of hold {hold.pk}: its fact tells of another time or reason"
        if entry.book_id != hold.book_id:
            yield f"entry {entry.pk} of hold {hold.pk}: it stands in the book of another account"
    for _, cause, amount_paise, *_ in told:
        yield f"hold {hold.pk}: a fact tells of an entry of {amount_paise} paise (cause {cause}) that is missing"
