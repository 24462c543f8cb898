"""Which tricks grow: chosen tricks of complaints counted by week, with n and how sure the change is (S0.11, S2.5).

The rate is a trick's share of all complaints with a chosen trick, so that a busier month is no trend. The change of a
period against the one before is tested exactly on the two counts (binomial); an interval is given with it. What has
fewer than `FEWEST` complaints is not spoken of.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass

from thaam.prevention.models import TrickChosen
from thaam.prevention.tricks import Trick, tricks

FEWEST = 5
SURE = 0.05


@dataclass(frozen=True, slots=True)
class Trend:
    """A trick in a period of `days` against the one before: counts, shares' ratio with its interval, chance."""

    trick: Trick
    now: int
    before: int
    of_now: int
    of_before: int
    ratio: float | None
    low: float | None
    high: float | None
    chance: float

    @property
    def grows(self) -> bool:
        """More than chance explains, in the direction of more."""
        return grew(self.now, self.before, self.of_now, self.of_before)


def trends(*, at: dt.datetime, days: int = 30) -> list[Trend]:
    """Every trick seen in either period, growing ones first, then by count."""
    now = _counts(at - dt.timedelta(days=days), at)
    before = _counts(at - dt.timedelta(days=2 * days), at - dt.timedelta(days=days))
    of_now, of_before = sum(now.values()), sum(before.values())
    known = tricks()
    found = [
        compared(known[code], now[code], before[code], of_now, of_before) for code in {*now, *before} if code in known
    ]
    return sorted(found, key=lambda each: (not each.grows, -each.now, each.trick.code))


def grew(now: int, before: int, of_now: int, of_before: int) -> bool:
    """Whether `now` of `of_now` is more of them than `before` of `of_before`, and more than chance explains; pure."""
    chance = _two_sided(now, now + before, _share(of_now, of_before))
    return now >= FEWEST and chance < SURE and now * of_before > before * of_now


def _share(of_now: int, of_before: int) -> float:
    return of_now / (of_now + of_before) if of_now + of_before else 0.5


def compared(trick: Trick, now: int, before: int, of_now: int, of_before: int) -> Trend:
    """One trick's change; pure. `chance` is the two-sided probability of so unequal a split if nothing changed."""
    chance = _two_sided(now, now + before, _share(of_now, of_before))
    ratio = low = high = None
    if now and before and of_now and of_before:
        ratio = (now / of_now) / (before / of_before)
        spread = (
            1.96 * math.sqrt(1 / now - 1 / of_now + 1 / before - 1 / of_before)
            if of_now > now or of_before > before
            else 0
        )
        low, high = ratio * math.exp(-spread), ratio * math.exp(spread)
    return Trend(trick, now, before, of_now, of_before, ratio, low, high, chance)


def _counts(from_at: dt.datetime, to_at: dt.datetime) -> Counter[str]:
    newest: dict[object, str] = {}
    chosen = TrickChosen.objects.filter(
        complaint__filed_at__gt=from_at, complaint__filed_at__lte=to_at, complaint__withdrawn_at=None
    ).order_by("at", "id")
    for complaint_id, code in chosen.values_list("complaint_id", "code"):
        newest[complaint_id] = code
    return Counter(newest.values())


def _two_sided(hits: int, of: int, share: float) -> float:
    if not of:
        return 1.0
    logs = [
        math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
        + (k * math.log(share) if k else 0.0) + ((of - k) * math.log(1 - share) if of - k else 0.0)
        for k in range(of + 1)
    ] if 0 < share < 1 else []  # fmt: skip
    if not logs:
        return 1.0
    mine = logs[hits]
    return min(1.0, sum(math.exp(each) for each in logs if each <= mine + 1e-9))
