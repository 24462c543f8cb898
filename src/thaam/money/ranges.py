"""Sets of paise inside one payment, as half-open ranges `[lo, hi)`.

A set is a tuple of `(lo, hi)` pairs, ascending, not touching each other, none empty. Every other
module of `money` speaks in these sets, so that "which paise" is never confused with "how many".
"""

from __future__ import annotations

from collections.abc import Iterable

Range = tuple[int, int]
Ranges = tuple[Range, ...]

NONE: Ranges = ()


class BadRange(ValueError):
    """A range that starts below zero, is empty, or ends before it starts."""


def check_range(lo: int, hi: int) -> None:
    """Raise BadRange unless `0 <= lo < hi`, both paise counted from the bottom of the payment."""
    if not 0 <= lo < hi:
        raise BadRange(f"[{lo}, {hi}) is not a range of paise")


def normalise(ranges: Iterable[Range]) -> Ranges:
    """The same paise in ascending order, touching and overlapping ranges joined, empty ones dropped."""
    ordered = tuple(ranges)
    if len(ordered) == 1 and ordered[0][0] < ordered[0][1]:
        return ordered  # mostly it is one range
    merged: list[Range] = []
    for lo, hi in sorted(ordered):
        if hi <= lo:
            continue
        if merged and lo <= merged[-1][1]:
            if hi > merged[-1][1]:
                merged[-1] = (merged[-1][0], hi)
        else:
            merged.append((lo, hi))
    return tuple(merged)


def union(*sets: Iterable[Range]) -> Ranges:
    """Paise that are in any of the sets."""
    return normalise(pair for ranges in sets for pair in ranges)


def intersect(one: Iterable[Range], other: Iterable[Range]) -> Ranges:
    """Paise that are in both sets."""
    a, b = normalise(one), normalise(other)
    found: list[Range] = []
    i = j = 0
    while i < len(a) and j < len(b):
        lo, hi = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if lo < hi:
            found.append((lo, hi))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def subtract(whole: Iterable[Range], part: Iterable[Range]) -> Ranges:
    """Paise of `whole` that are not in `part`."""
    left: list[Range] = []
    gone = normalise(part)
    start = 0
    for lo, hi in normalise(whole):
        while start < len(gone) and gone[start][1] <= lo:
            start += 1
        at = start
        while at < len(gone) and gone[at][0] < hi:
            if lo < gone[at][0]:
                left.append((lo, gone[at][0]))
            lo = gone[at][1]
            at += 1
        if lo < hi:
            left.append((lo, hi))
    return tuple(left)


def total(ranges: Iterable[Range]) -> int:
    """How many paise, each counted once."""
    return sum(hi - lo for lo, hi in normalise(ranges))


def disjoint(one: Iterable[Range], other: Iterable[Range]) -> bool:
    """True when no paisa is in both sets."""
    return not intersect(one, other)


def covers(whole: Iterable[Range], part: Iterable[Range]) -> bool:
    """True when every paisa of `part` is in `whole`."""
    return not subtract(part, whole)


def shift(ranges: Iterable[Range], by: int) -> Ranges:
    """The same ranges moved up by `by` paise (down when negative)."""
    return tuple([(lo + by, hi + by) for lo, hi in normalise(ranges)])


def top(ranges: Iterable[Range], paise: int) -> Ranges:
    """The highest `paise` of the set; the whole set when it has fewer. A claim on part of a payment is its top."""
    taken: list[Range] = []
    for lo, hi in reversed(normalise(ranges)):
        if paise <= 0:
            break
        size = min(paise, hi - lo)
        taken.append((hi - size, hi))
        paise -= size
    return normalise(taken)


def bottom(ranges: Iterable[Range], paise: int) -> Ranges:
    """The lowest `paise` of the set; the whole set when it has fewer."""
    taken: list[Range] = []
    for lo, hi in normalise(ranges):
        if paise <= 0:
            break
        size = min(paise, hi - lo)
        taken.append((lo, lo + size))
        paise -= size
    return normalise(taken)
