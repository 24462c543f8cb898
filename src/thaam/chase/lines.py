"""The one place where what is known about a payment's paise changes.

Lock: the trail lock. One transaction at a time changes lines and reckons accounts anew, so that no account is reckoned
from lines another transaction is about to change. At 5 ms a change that is 200 answers a second; a platform that needs
more takes one lock per connected group of payments instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

from django.db import connection, transaction

from thaam.money import ranges as sets
from thaam.money.ranges import Range, Ranges

from .models import Line, Payment
from .walking import Known

_LOCK = 0x7468_6161_6D  # "thaam"


@contextmanager
def trail_lock() -> Iterator[None]:
    """A transaction that alone may change lines, claims and accounts; may be nested.

    Without savepoints of its own: what goes wrong inside undoes the whole of the caller's step.
    """
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


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
    new = list(words)
    covered = sets.normalise((word.lo, word.hi) for word in new)
    stay: list[Line] = []
    for line in Line.objects.filter(payment_id=payment_id):
        left = sets.subtract([(line.lo, line.hi)], covered)
        if left == ((line.lo, line.hi),):
            stay.append(line)
            continue
        line_id = line.pk
        new.extend(_word_of(line).part(lo, hi) for lo, hi in left)
        Line.objects.filter(pk=line_id).delete()
    added = [_line_of(payment_id, word, at) for word in new]
    Line.objects.bulk_create(added)
    _write_columns(payment_id, [*stay, *added])


def forget(payment_id: Any, ranges: Iterable[Range]) -> None:
    """Know nothing of these paise any more: they will be asked about anew. The caller has the trail lock."""
    gone = sets.normalise(ranges)
    kept: list[Line] = []
    for line in Line.objects.filter(payment_id=payment_id):
        left = sets.subtract([(line.lo, line.hi)], gone)
        if left == ((line.lo, line.hi),):
            kept.append(line)
            continue
        parts = [_line_of(payment_id, _word_of(line).part(lo, hi), line.since_at) for lo, hi in left]
        Line.objects.filter(pk=line.pk).delete()
        kept.extend(Line.objects.bulk_create(parts))
    _write_columns(payment_id, kept)


def of_order(order_id: Any, kinds: Iterable[str] | None = None) -> Ranges:
    """The paise whose latest word came from this order (of these kinds only)."""
    lines = Line.objects.filter(order_id=order_id)
    if kinds is not None:
        lines = lines.filter(kind__in=list(kinds))
    return sets.normalise(lines.values_list("lo", "hi"))


def known_of(payment_ids: Iterable[Any]) -> dict[Any, list[Known]]:
    """The lines of these payments, sorted, as the walk reads them: one query."""
    known: dict[Any, list[Known]] = {}
    rows = Line.objects.filter(payment_id__in=list(payment_ids)).order_by("payment_id", "lo")
    names = ("payment_id", "lo", "hi", "kind", "order_id", "why", "child_id", "child_lo", "until_at", "claim_id")
    for payment_id, *rest in cast(Iterable[Any], rows.values_list(*names)):
        known.setdefault(payment_id, []).append(Known(*rest))
    return known


def free_of_other_parents(payment_id: Any, word: Word) -> tuple[Ranges, Ranges]:
    """Of an onward word's own paise: those whose child paise nobody else feeds, and those somebody else does.

    Two payments cannot be the source of one paisa; the later word is the one not believed.
    """
    length = word.hi - word.lo
    start = word.child_lo or 0
    others = Line.objects.filter(child_id=word.child_id, child_lo__lt=start + length).exclude(
        payment_id=payment_id, lo__lt=word.hi, hi__gt=word.lo
    )
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
    Payment.objects.filter(pk=payment_id).update(**{kind: sets.normalise(pairs) for kind, pairs in columns.items()})
