"""Check the hold books: replayed line by line (thaam.money.book) they give what is held, each paisa once, and every
line is a fact of the journal."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any

from thaam.journal.ids import id_from
from thaam.journal.kinds import Kind
from thaam.journal.models import Fact, Pending
from thaam.journal.rows import read, read_by
from thaam.mailbox.models import Answer, Order
from thaam.money import book as core
from thaam.money import ranges as sets
from thaam.money.book import Place, Step
from thaam.wire import codec
from thaam.wire.messages import AmendOrder
from thaam.wire.parts import pairs_of

from .book import _FACT, book_id
from .models import Amendment, Book, Entry, Hold
from .states import HoldState

ORDERS = ("HoldOrder", "FreezeToHoldOrder")
# Holds looked at together: what stands beside them is read in five statements.
TOGETHER = 500

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

# What an amendment may change, and the word a finding has for it.
_TERMS = {"expires_at": "end", "reference": "complaint", "floor_paise": "floor", "provisional": "confirmation"}


def entry_records() -> Iterator[dict[str, Any]]:
    """The books as records of an export (journal/verifying.py): every entry, to be found again in the lines."""
    young = set(Pending.objects.filter(fact__about__startswith="hold:").values_list("fact__about", flat=True))
    carried = _carried_over()
    for entry in Entry.objects.order_by("id").iterator():
        past = (str(entry.hold_id), str(entry.cause)) in carried
        yield {
            "entry": {
                "hold": str(entry.hold_id),
                "fact": Kind.HOLD_CARRIED_OVER.value if past else _fact_of(entry.kind),
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


def _fact_of(kind: str) -> str:
    """The kind of fact that tells of an entry; a kind of entry there is none of has a fact there is none of."""
    return _FACT[Entry.Type(kind)].value if kind in Entry.Type.values else kind


def findings() -> Iterator[str]:
    """One sentence for everything that does not add up. Reads all books."""
    told: dict[str, list[Told]] = defaultdict(list)
    facts = Fact.objects.filter(about__startswith="hold:", data__has_keys=["cause", "ranges", "amount_paise"])
    for about, kind, at, data in facts.values_list("about", "kind", "at", "data").iterator():
        past = kind == Kind.HOLD_CARRIED_OVER.value  # written down long after it happened
        if past:
            kind = _fact_of(data["entry"])
        line = (kind, data["cause"], data["amount_paise"], data["ranges"], None if past else at, data.get("reason", ""))
        told[about.removeprefix("hold:")].append(line)
    entries: dict[Any, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.iterator():
        entries[entry.hold_id].append(entry)
    holds: dict[Any, list[Hold]] = defaultdict(list)
    every = Hold.objects.iterator()
    while some := list(islice(every, TOGETHER)):
        around = _Around(some, [entry.cause for hold in some for entry in entries[hold.pk]])
        for hold in some:
            holds[hold.book_id].append(hold)
            yield from _against_the_journal(hold, entries[hold.pk], told[str(hold.pk)])
            yield from _against_its_order(hold, around)
            yield from _against_its_answers(hold, entries[hold.pk], around)
            yield from _against_its_facts(hold, entries[hold.pk], around.facts[f"hold:{hold.pk}"])
    known = {hold.pk for together in holds.values() for hold in together}
    yield from _missing(known, [hold_id for hold_id, lines in entries.items() if lines])
    for of_one_account in holds.values():
        yield from _replayed(of_one_account, [entry for hold in of_one_account for entry in entries[hold.pk]])


class _Around:
    """What stands beside some holds: their orders, the amendments their banks have taken, their books and facts."""

    def __init__(self, holds: list[Hold], causes: list[Any]) -> None:
        keys = [hold.pk for hold in holds]
        self.orders = {order.pk: order for order in read_by(Order, "id", keys) if order.kind in ORDERS}
        self.amendments: dict[Any, list[Amendment]] = defaultdict(list)
        for each in read_by(Amendment, "hold_id", keys):
            self.amendments[each.hold_id].append(each)
        all_of_them = [each.pk for some in self.amendments.values() for each in some]
        self.amend_orders = {order.pk: order for order in read_by(Order, "id", all_of_them)}
        self.answers: dict[Any, list[Answer]] = defaultdict(list)
        for answer in read_by(Answer, "order_id", [*keys, *all_of_them]):
            self.answers[answer.order_id].append(answer)
        self.causes = {answer.pk: answer.stated_at for answer in read_by(Answer, "id", set(causes))}
        self.books: dict[Any, Book] = {
            book.pk: book for book in read_by(Book, "id", {hold.book_id for hold in holds} - {None})
        }
        self.facts: dict[str, list[Fact]] = defaultdict(list)
        kinds = [Kind.HOLD_ASKED.value, Kind.CREDIT_SECURED.value]
        for fact in read(Fact, "about = ANY(%s) AND kind = ANY(%s)", [[f"hold:{key}" for key in keys], kinds]):
            self.facts[fact.about].append(fact)


def _replayed(holds: Iterable[Hold], entries: Iterable[Entry]) -> Iterator[str]:
    """Every line of one account's book played again, oldest first. A line that takes paise from where they are not, or
    holds one a second time, is a finding."""
    book = core.Book()
    payments = {hold.pk: str(hold.payment_id) for hold in holds}
    for hold in holds:
        if hold.asked:
            book.enter(core.Entry(f"ask:{hold.pk}", str(hold.pk), payments[hold.pk], Step.ASK, tuple(hold.asked)))
    for _, together in groupby(
        sorted(
            (entry for entry in entries if entry.kind in Entry.Type.values),
            key=lambda entry: (entry.at, str(entry.pk)),
        ),
        key=lambda entry: entry.at,
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
    """Lines of one moment say nothing of their order: any in which all can be true will do.

    Holds that end in that moment come first, so that one that began and ended in it finds its place before the next.
    """
    ends = {line.hold for line in lines if line.step is not Step.HOLD}
    waiting = sorted(lines, key=lambda line: (line.hold not in ends, line.step is not Step.HOLD))
    refused: dict[str, core.EntryRefused] = {}
    while waiting:
        for line in waiting:
            try:
                book.enter(line)
            except core.EntryRefused as problem:
                refused[line.id] = problem
            else:
                waiting.remove(line)
                break
        else:
            yield from (f"hold {line.hold}: entry {refused[line.id]}" for line in waiting)
            return


def _line(entry: Entry, payment: str) -> core.Entry:
    step = _STEPS[Entry.Type(entry.kind)]
    return core.Entry(str(entry.pk), str(entry.hold_id), payment, step, tuple(entry.ranges))


def _against_its_order(hold: Hold, around: _Around) -> Iterator[str]:
    """Every term is that of the order as signed, or of an amendment the bank has taken."""
    order = around.orders.get(hold.pk)
    if order is None:
        return  # of a past that was carried over as rows
    try:
        words = order.message
        revisions = [(each, around.amend_orders[each.pk].message) for each in around.amendments[hold.pk]]
        if type(words).__name__ not in ORDERS or not all(isinstance(message, AmendOrder) for _, message in revisions):
            raise TypeError("another kind of order")
    except (codec.BadMessage, KeyError, TypeError) as why:
        yield f"hold {hold.pk}: its order or an amendment cannot be read: {why}"
        return
    basis = words.basis
    fixed = {
        "bank": (hold.bank_id, order.partner_id),
        "paise": (tuple(hold.asked), pairs_of(words.ranges)),
        "law": (
            (hold.jurisdiction, hold.section, hold.authority),
            (basis.jurisdiction, basis.section, basis.authority),
        ),
        "officer": ((hold.office, hold.officer), (words.issued_by.office, words.issued_by.officer)),
        "times": ((hold.asked_at, hold.execute_before), (words.issued_at, words.execute_before)),
    }
    wrong = [name for name, (kept, signed) in fixed.items() if kept != signed]
    amendments = around.amendments[hold.pk]
    wrong += [name for term, name in _TERMS.items() if getattr(hold, term) != _binding(term, words, amendments)]
    book = around.books.get(hold.book_id)
    if book is not None and str(book.pk) != book_id(bank=book.bank_id, account=book.account):
        wrong.append("account")
    if wrong:
        yield f"hold {hold.pk}: {', '.join(wrong)} not as in its order and its amendments"
    yield from _against_its_amendments(hold, revisions)


def _against_its_amendments(hold: Hold, revisions: list[tuple[Amendment, AmendOrder]]) -> Iterator[str]:
    """Each is kept as it was ordered, and they count up to the hold's own revision."""
    numbers = [*sorted(each.revision for each, _ in revisions), hold.revision]
    if numbers != [*range(2, len(revisions) + 2), 1 + len(revisions)]:
        yield f"hold {hold.pk}: it is kept at revision {hold.revision}, {len(revisions)} amend it"
    for each, message in revisions:
        kept = (each.revision, each.floor_paise, each.provisional, each.expires_at, each.reference, each.ordered_at)
        reference = message.basis.reference if message.basis else ""
        if (str(hold.pk), *kept) != (
            message.hold_order_id, message.revision, message.floor_paise, message.provisional, message.expires_at,
            reference, message.issued_at,
        ):  # fmt: skip
            yield f"hold {hold.pk}: amendment {each.pk} is not kept as it was ordered"


def _binding(term: str, words: Any, amendments: list[Amendment]) -> Any:
    """What a term is: as the newest amendment the bank has taken that names it says, else as the order does."""
    for each in sorted(amendments, key=lambda each: -each.revision):
        if each.accepted_at is not None and getattr(each, term) not in (None, ""):
            return getattr(each, term)
    return words.basis.reference if term == "reference" else getattr(words, term, 0)


def _against_its_answers(hold: Hold, entries: list[Entry], around: _Around) -> Iterator[str]:
    """What the bank said last, and when: taken from an answer that is kept, at the moment its verb ran."""
    if hold.pk not in around.orders:
        return
    mine = around.answers[hold.pk]
    stands = (hold.answer_revision, hold.exactness, hold.ranges_kind)
    said = [_stands_by(each) for each in mine if each.kind == "HoldAnswer"]
    if stands != (None, "", "") and stands not in said:
        yield f"hold {hold.pk}: no answer says what it is kept as: {stands}"
    ran = {each.settled_at for each in mine}
    if hold.answered_at is not None and hold.answered_at not in ran:
        yield f"hold {hold.pk}: no answer was taken at {hold.answered_at}"
    if hold.answer_revision is not None and hold.answered_at is None:
        yield f"hold {hold.pk}: it was answered, and does not say when"
    for each in around.amendments[hold.pk]:
        if each.accepted_at not in {None, *ran, *(answer.settled_at for answer in around.answers[each.pk])}:
            yield f"hold {hold.pk}: no answer accepted amendment {each.pk} at {each.accepted_at}"
    for entry in entries:
        if entry.cause in around.causes:
            wrong = entry.stated_at != around.causes[entry.cause]
        else:  # our own clock's word: its cause is made of the end it came to
            ended = id_from("expiry", hold.pk, entry.stated_at.isoformat(), entry.ranges)
            wrong = entry.kind == Entry.Type.EXPIRED and str(entry.cause) != ended
        if wrong:
            yield f"entry {entry.pk} of hold {hold.pk}: its cause states another time than {entry.stated_at}"


def _stands_by(answer: Answer) -> tuple[int | None, str, str]:
    try:
        said = answer.message
        return said.revision, said.exactness, said.ranges_kind
    except (codec.BadMessage, AttributeError):
        return None, "", ""


def _against_its_facts(hold: Hold, entries: list[Entry], facts: list[Fact]) -> Iterator[str]:
    """The payment it was asked for, what it was secured as, and the state that follows from what is held."""
    for fact in facts:
        if fact.kind == Kind.HOLD_ASKED and fact.data["payment"] != str(hold.payment_id):
            yield f"hold {hold.pk}: it was asked for another payment"
    if any(fact.kind == Kind.CREDIT_SECURED for fact in facts) != hold.secured:
        yield f"hold {hold.pk}: the facts tell otherwise of what it was secured as"
    whole = HoldState.HELD if hold.held == hold.asked else HoldState.PARTLY_HELD
    if (hold.held or entries) and hold.state != (whole if hold.held else HoldState.ENDED):
        yield f"hold {hold.pk}: it cannot be {hold.state}"


def _missing(known: set[Any], entries: Iterable[Any]) -> Iterator[str]:
    """Orders to hold that have no hold, entries of no hold, holds of no book."""
    for order_id in Order.objects.filter(kind__in=ORDERS).values_list("pk", flat=True):
        if order_id not in known:
            yield f"hold {order_id}: it was ordered, and is missing"
    yield from (f"hold {hold_id}: it has entries, and is missing" for hold_id in set(entries) - known)
    books = dict(Book.objects.values_list("pk", "bank_id"))
    for hold_id, bank, book in Hold.objects.exclude(book=None).values_list("pk", "bank_id", "book_id"):
        if books.get(book) != bank:
            yield f"hold {hold_id}: its book is {'missing' if book not in books else 'of another bank'}"


def _against_the_journal(hold: Hold, entries: list[Entry], told: list[Told]) -> Iterator[str]:
    for entry in entries:
        if sets.total(entry.ranges) != entry.amount_paise:
            yield f"entry {entry.pk}: its ranges are not its amount"
        mine = (_fact_of(entry.kind), str(entry.cause), entry.amount_paise, [list(pair) for pair in entry.ranges])
        same = next((each for each in told if each[:4] == mine), None)
        if same is None:
            yield f"entry {entry.pk} of hold {hold.pk}: no fact tells of it"
            continue
        told.remove(same)
        if same[4] is not None and str(entry.pk) != id_from("entry", hold.pk, entry.kind, entry.cause):
            yield f"entry {entry.pk} of hold {hold.pk}: its id is not that of its hold, kind and cause"
        if same[4] is not None and same[4:] != (entry.at, entry.reason):
            yield f"entry {entry.pk} of hold {hold.pk}: its fact tells of another time or reason"
        if entry.book_id != hold.book_id:
            yield f"entry {entry.pk} of hold {hold.pk}: it stands in the book of another account"
    for _, cause, amount_paise, *_ in told:
        yield f"hold {hold.pk}: a fact tells of an entry of {amount_paise} paise (cause {cause}) that is missing"
