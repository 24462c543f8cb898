"""The one place where what is known about a payment's paise changes.

Lock: the trail lock. One transaction at a time changes lines and reckons accounts anew, so that no account is reckoned
from lines another transaction is about to change. One transaction takes many answers (project/loops.py), each row is
read and written once in it (journal/gathering.py): the lock is no limit before the machine is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from thaam.journal.gathering import Gathered, gathered, gathering, open_gathering
from thaam.money import ranges as sets
from thaam.money.ranges import Range, Ranges

from .models import Line, Payment
from .walking import Known

_LOCK = 0x7468_6161_6D  # "thaam"


@contextmanager
def trail_lock() -> Iterator[Gathered]:
    """A gathering that alone may change lines, claims and accounts; may be nested.

    Without savepoints of its own: what goes wrong inside undoes the whole of the caller's step.
    """
    with gathering() as rows:
        rows.once("trail lock", _lock)
        yield rows


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@dataclass(frozen=True, slots=True)
class Word:
    """What we learn about paise `[lo, hi)` of a payment."""

    lo: int
    hi: int
    kind: str
    order_id: Any = None
    why: str = ""
    particulars: str = ""
    child_id: Any = None
    child_lo: int | None = None
    until_at: dt.datetime | None = None
    claim_id: Any = None

    def part(self, lo: int, hi: int) -> Word:
        """The same about fewer paise."""
        child_lo = None if self.child_lo is None else self.child_lo + lo - self.lo
        return replace(self, lo=lo, hi=hi, child_lo=child_lo)


def put(payment_id: Any, words: Iterable[Word], *, at: dt.datetime) -> None:
    """Replace what was known about the paise of these words. The caller has the trail lock.

    Words must not overlap each other; what they leave untouched stays, lines half covered are cut.
    """
    rows = gathered()
    new = list(words)
    covered = sets.normalise((word.lo, word.hi) for word in new)
    stay: list[Line] = []
    for line in _lines_of(payment_id):
        left = sets.subtract([(line.lo, line.hi)], covered)
        if left == ((line.lo, line.hi),):
            stay.append(line)
            continue
        new.extend(_word_of(line).part(lo, hi) for lo, hi in left)
        rows.remove(line)
    added = [rows.add(_line_of(payment_id, word, at)) for word in new]
    _write_columns(payment_id, [*stay, *added])


def forget(payment_id: Any, ranges: Iterable[Range]) -> None:
    """Know nothing of these paise any more: they will be asked about anew. The caller has the trail lock."""
    rows = gathered()
    gone = sets.normalise(ranges)
    kept: list[Line] = []
    for line in _lines_of(payment_id):
        left = sets.subtract([(line.lo, line.hi)], gone)
        if left == ((line.lo, line.hi),):
            kept.append(line)
            continue
        rows.remove(line)
        kept += [rows.add(_line_of(payment_id, _word_of(line).part(lo, hi), line.since_at)) for lo, hi in left]
    _write_columns(payment_id, kept)


def of_order(payment_id: Any, order_id: Any, kinds: Collection[str]) -> Ranges:
    """The paise of the payment whose latest word came from this order and is of these kinds."""
    wanted = str(order_id)
    found = [line for line in _lines_of(payment_id) if str(line.order_id) == wanted and line.kind in kinds]
    return sets.normalise((line.lo, line.hi) for line in found)


def lines_of(payment_id: Any) -> list[Line]:
    """What is known of this payment, as of now."""
    return list(_lines_of(payment_id))


def _lines_of(payment_id: Any) -> list[Line]:
    return gathered().all_of(Line, "payment_id", payment_id)


def known_of(payment_ids: Iterable[Any]) -> dict[Any, list[Known]]:
    """The lines of these payments, sorted, as the walk reads them: one query, or what is gathered."""
    wanted = set(payment_ids)
    rows = open_gathering()
    if rows is None:
        lines = list(Line.objects.filter(payment_id__in=wanted))
    else:
        rows.load(Line, "payment_id", wanted)
        lines = [line for payment_id in wanted for line in rows.all_of(Line, "payment_id", payment_id)]
    known: dict[Any, list[Known]] = {}
    for line in sorted(lines, key=lambda line: line.lo):
        known.setdefault(line.payment_id, []).append(
            Known(
                line.lo,
                line.hi,
                line.kind,
                line.order_id,
                line.why,
                line.child_id,
                line.child_lo or 0,
                line.until_at,
                line.claim_id,
            )
        )
    return known


def free_of_other_parents(payment_id: Any, word: Word) -> tuple[Ranges, Ranges]:
    """Of an onward word's own paise: those whose child paise nobody else feeds, and those somebody else does.

    Two payments cannot be the source of one paisa; the later word is the one not believed.
    """
    length = word.hi - word.lo
    start = word.child_lo or 0
    others = [
        line
        for line in gathered().all_of(Line, "child_id", word.child_id)
        if (line.child_lo or 0) < start + length
        and not (str(line.payment_id) == str(payment_id) and line.lo < word.hi and line.hi > word.lo)
    ]
    taken = sets.normalise((line.child_lo or 0, (line.child_lo or 0) + line.hi - line.lo) for line in others)
    clash = sets.shift(sets.intersect(taken, [(start, start + length)]), word.lo - start)
    return sets.subtract([(word.lo, word.hi)], clash), clash


def _line_of(payment_id: Any, word: Word, at: dt.datetime) -> Line:
    return Line(
        payment_id=payment_id,
        lo=word.lo,
        hi=word.hi,
        kind=word.kind,
        order_id=word.order_id,
        why=word.why,
        particulars=word.particulars,
        child_id=word.child_id,
        child_lo=word.child_lo,
        until_at=word.until_at,
        claim_id=word.claim_id,
        since_at=at,
    )


def _word_of(line: Line) -> Word:
    return Word(
        line.lo, line.hi, line.kind, line.order_id, line.why, line.particulars, line.child_id, line.child_lo,
        line.until_at, line.claim_id,
    )  # fmt: skip


def _write_columns(payment_id: Any, lines: Iterable[Line]) -> None:
    columns: dict[str, list[Range]] = {kind: [] for kind in Payment.KINDS}
    for line in lines:
        columns[line.kind].append((line.lo, line.hi))
    rows = gathered()
    payment = rows.one(Payment, payment_id)
    assert payment is not None
    changed = []
    for kind, pairs in columns.items():
        if (ranges := sets.normalise(pairs)) != getattr(payment, kind):
            setattr(payment, kind, ranges)
            changed.append(kind)
    if changed:
        # all of them, so that the rows of one transaction are one statement
        rows.change(payment, *Payment.KINDS)
