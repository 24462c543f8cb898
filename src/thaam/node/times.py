"""Times of the node: whole microseconds in its files, aware datetimes everywhere else, India's day on the wire."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from thaam.language.dates import IST

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_us(at: datetime) -> int:
    """Whole microseconds since 1970 of an aware time."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_us(us: int) -> datetime:
    """The reverse of `to_us`."""
    return _EPOCH + timedelta(microseconds=us)


def day_in_india(at: datetime) -> date:
    """The calendar day in India at that moment."""
    return at.astimezone(IST).date()
