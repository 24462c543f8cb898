"""How fast: banks on their clock, reports after the fraud, holds after the report. Medians, never means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from thaam.language.dates import IST
from thaam.oversight.models import Counted, CountedOrder, Snapshot

PEERS_MIN = 20
# Delay of the report: (seconds from, seconds to, label)
DELAYS = (
    (0, 900, "0–15"),
    (900, 1800, "15–30"),
    (1800, 3600, "30–60"),
    (3600, 21600, "1–6"),
    (21600, 86400, "6–24"),
    (86400, None, "24+"),
)


@dataclass(frozen=True, slots=True)
class BankSpeed:
    """One bank's answers to hold orders. Minutes are of answered orders; an unanswered one past due counts as late."""

    bank: str
    bank_kind: str
    n: int
    on_clock_percent: float
    median_minutes: float | None
    p90_minutes: float | None
    silent: int

    @property
    def ranked(self) -> bool:
        """Fewer than 20 orders are shown, not ranked."""
        return self.n >= PEERS_MIN


def bank_league(snapshot: Snapshot) -> list[BankSpeed]:
    """Banks by share answered within the clock, then by median; banks with few orders last."""
    by_bank: dict[tuple[str, str], list[CountedOrder]] = {}
    for order in CountedOrder.objects.filter(snapshot=snapshot).order_by("asked_at"):
        by_bank.setdefault((order.bank, order.bank_kind), []).append(order)
    speeds = [_speed(bank, kind, orders, snapshot) for (bank, kind), orders in by_bank.items()]
    return sorted(
        speeds,
        key=lambda s: (
            not s.ranked,
            -s.on_clock_percent,
            s.median_minutes if s.median_minutes is not None else 1e9,
            s.bank,
        ),
    )


def golden_curve(snapshot: Snapshot) -> list[tuple[str, float | None, int]]:
    """Percent of rupees held by the delay of the report: (label, percent or None, complaints)."""
    found = []
    for start, end, label in DELAYS:
        rows = Counted.objects.filter(snapshot=snapshot, withdrawn=False, reported_after_s__gte=start)
        if end is not None:
            rows = rows.filter(reported_after_s__lt=end)
        sums = list(rows.values_list("reported_paise", "held_paise", "restored_paise", "released_paise"))
        reported = sum(row[0] for row in sums)
        held = sum(sum(row[1:]) for row in sums)
        found.append((label, 100 * held / reported if reported else None, len(sums)))
    return found


def median_held_after_s(snapshot: Snapshot) -> float | None:
    """Half of the complaints with a hold had their first one within this many seconds of the report."""
    waits = Counted.objects.filter(snapshot=snapshot, withdrawn=False).exclude(held_after_s=None)
    return percentile(sorted(wait for wait in waits.values_list("held_after_s", flat=True) if wait is not None), 50)


def week_of_hours(snapshot: Snapshot) -> list[list[int]]:
    """Complaints by weekday (Monday first) and hour in India: 7 rows of 24."""
    grid = [[0] * 24 for _ in range(7)]
    for filed_at in Counted.objects.filter(snapshot=snapshot).values_list("filed_at", flat=True):
        here = filed_at.astimezone(IST)
        grid[here.weekday()][here.hour] += 1
    return grid


def percentile(ordered: Sequence[float], percent: float) -> float | None:
    """Nearest-rank percentile of an ascending list; None when it is empty."""
    if not ordered:
        return None
    rank = max(1, -(-len(ordered) * percent // 100))
    return float(ordered[int(rank) - 1])


def _speed(bank: str, kind: str, orders: list[CountedOrder], snapshot: Snapshot) -> BankSpeed:
    minutes = sorted((o.answered_at - o.asked_at).total_seconds() / 60 for o in orders if o.answered_at)
    # An order whose clock still runs says nothing yet.
    over = [o for o in orders if o.answered_at or o.due_at <= snapshot.taken_at]
    in_time = [o for o in over if o.answered_at and o.answered_at <= o.due_at]
    return BankSpeed(
        bank=bank,
        bank_kind=kind,
        n=len(over),
        on_clock_percent=100 * len(in_time) / len(over) if over else 0.0,
        median_minutes=percentile(minutes, 50),
        p90_minutes=percentile(minutes, 90),
        silent=sum(o.answered_at is None and o.due_at <= snapshot.taken_at for o in orders),
    )
