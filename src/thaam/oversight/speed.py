"""How fast: banks on their clock, reports after the fraud, holds after the report. Medians, never means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from thaam.language.text import Text
from thaam.oversight.models import BankTime, Snapshot, Summed
from thaam.oversight.tables import delay_table

PEERS_MIN = 20
# The steps of reckoning.DELAYS in words.
DELAYS = (
    Text(hi="0–15 मिनट", en="0–15 min"),
    Text(hi="15–30 मिनट", en="15–30 min"),
    Text(hi="30–60 मिनट", en="30–60 min"),
    Text(hi="1–6 घंटे", en="1–6 h"),
    Text(hi="6–24 घंटे", en="6–24 h"),
    Text(hi="24 घंटे बाद", en="after 24 h"),
)
# Banks are compared with their like.
PEERS = {
    "bank": Text(hi="बैंक", en="Banks"),
    "cooperative": Text(hi="सहकारी बैंक", en="Cooperative banks"),
    "wallet": Text(hi="वॉलेट और पेमेंट बैंक", en="Wallets and payment banks"),
    "aggregator": Text(hi="भुगतान कंपनियाँ", en="Payment companies"),
    "telecom": Text(hi="दूरसंचार", en="Telecom"),
}


@dataclass(frozen=True, slots=True)
class BankSpeed:
    """One bank's answers to hold orders. Minutes are of answered orders; an unanswered one past due counts as late.

    Time in which the clock stood still (the bank waited for us) is taken out; `paused` orders
    had such a time.
    """

    bank: str
    bank_kind: str
    way: str
    n: int
    in_time: int
    silent: int
    paused: int
    median_minutes: float | None
    p90_minutes: float | None
    book_held_paise: int

    @property
    def on_clock_percent(self) -> float:
        """Share of orders answered within the clock; an order whose clock still runs says nothing yet."""
        return 100 * self.in_time / self.n if self.n else 0.0

    @property
    def ranked(self) -> bool:
        """Fewer than 20 orders are shown, not ranked."""
        return self.n >= PEERS_MIN


def speed_of(row: BankTime) -> BankSpeed:
    """One bank in one snapshot, in the units people read: minutes and per cent."""
    return BankSpeed(
        bank=row.bank,
        bank_kind=row.bank_kind,
        way=row.way,
        n=row.n,
        in_time=row.in_time,
        silent=row.silent,
        paused=row.paused,
        median_minutes=row.half_s / 60 if row.half_s is not None else None,
        p90_minutes=row.p90_s / 60 if row.p90_s is not None else None,
        book_held_paise=row.book_held_paise,
    )


def bank_league(snapshot: Snapshot) -> list[BankSpeed]:
    """Banks by share answered within the clock, then by median; banks with few orders last."""
    speeds = [speed_of(row) for row in BankTime.objects.filter(snapshot=snapshot)]
    return sorted(
        speeds,
        key=lambda s: (
            not s.ranked,
            -s.on_clock_percent,
            s.median_minutes if s.median_minutes is not None else 1e9,
            s.bank,
        ),
    )


def golden_curve(snapshot: Snapshot) -> list[tuple[Text, float | None, int]]:
    """Percent of rupees held by the delay of the report: (words, percent or None, complaints)."""
    rows = delay_table(snapshot).rows
    return [
        (words, rows[step].held_percent if step in rows else None, rows[step].complaints if step in rows else 0)
        for step, words in enumerate(DELAYS)
    ]


def median_held_after_s(snapshot: Snapshot) -> int | None:
    """Half of the complaints with a hold had their first one within this many seconds of the report."""
    row = Summed.objects.filter(snapshot=snapshot, axis="all").first()
    return row.half_held_after_s if row else None


def week_of_hours(snapshot: Snapshot) -> list[list[int]]:
    """Complaints by weekday (Monday first) and hour in India: 7 rows of 24."""
    grid = [[0] * 24 for _ in range(7)]
    for key, n in Summed.objects.filter(snapshot=snapshot, axis="hour").values_list("key", "complaints"):
        day, _, hour = key.partition("|")
        grid[int(day)][int(hour)] = n
    return grid


def percentile(ordered: Sequence[float], percent: float) -> float | None:
    """Nearest-rank percentile of an ascending list; None when it is empty."""
    if not ordered:
        return None
    rank = max(1, -(-len(ordered) * percent // 100))
    return float(ordered[int(rank) - 1])
