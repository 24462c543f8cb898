"""Change what is believed of a payment after a referee has spoken: a settlement report, or the proof of a terminal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from thaam.money.ranges import Range, intersect

from . import lines
from .advance import advance
from .counting import chases_through
from .lines import Word, trail_lock
from .models import Payment


def disputed_payments() -> list[Payment]:
    """Payments of which one bank says that it sent them and the other that it does not know them, oldest first."""
    return list(Payment.objects.filter(lines__why="banks_disagree").distinct().order_by("on", "reference"))


def decide_existed(*, payment_id: Any, at: dt.datetime) -> None:
    """The payment is real: its disputed paise are asked for anew. Takes the trail lock."""
    _decide(payment_id, at, "")


def decide_returned(*, payment_id: Any, at: dt.datetime) -> None:
    """The payment was sent back between the banks: its disputed paise are returned. Takes the trail lock."""
    _decide(payment_id, at, "returned")


def decide_never_was(*, payment_id: Any, at: dt.datetime) -> None:
    """The payment is in no settlement: its paise stay unexplained, and the bank that claims it must say where they are.

    Takes the trail lock.
    """
    _decide(payment_id, at, "unexplained", why="not_in_file")


def disbelieve(*, order_id: Any, lo: int, hi: int, at: dt.datetime) -> int:
    """What a bank said of these paise was false: they are unexplained again; how many. Takes the trail lock."""
    with trail_lock():
        changed = 0
        for payment in Payment.objects.filter(lines__order_id=order_id).distinct():
            ranges = intersect(lines.of_order(payment.pk, order_id, ["gone"]), ((lo, hi),))
            words = [Word(a, b, "unexplained", order_id, why="order_inconsistent") for a, b in ranges]
            lines.put(payment.pk, words, at=at)
            changed += sum(b - a for a, b in ranges)
            _go_on(payment.pk, at)
        return changed


def _decide(payment_id: Any, at: dt.datetime, kind: str, why: str = "") -> None:
    with trail_lock():
        disputed: list[tuple[Range, Any]] = [
            ((line.lo, line.hi), line.order_id) for line in lines.lines_of(payment_id) if line.why == "banks_disagree"
        ]
        if not disputed:
            return
        if kind:
            words = [Word(lo, hi, kind, order_id, why=why) for (lo, hi), order_id in disputed]
            lines.put(payment_id, words, at=at)
        else:
            lines.forget(payment_id, [ranges for ranges, _ in disputed])
        _go_on(payment_id, at)


def _go_on(payment_id: Any, at: dt.datetime) -> None:
    for chase in chases_through([payment_id]):
        advance(chase_id=chase.pk, at=at)
