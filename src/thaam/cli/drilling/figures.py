"""The figures a drill prints, read from the platform's own records and from what was really played."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from thaam.cli.drilling.desk import despite_restarts


def percentile(values: list[float], share: float) -> float | None:
    """The value below which `share` of the values lie (nearest rank); None without values."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[min(int(share * len(ordered)), len(ordered) - 1)], 3)


def times() -> dict[str, float | None]:
    """Seconds from a confirmed complaint to the first rupee held, and until its trail was quiet."""
    from thaam.chase.models import Chase

    rows = Chase.objects.exclude(started_at=None).values_list("started_at", "first_held_at", "quiet_at")
    held = [(first - start).total_seconds() for start, first, _ in rows if start and first]
    quiet = [(end - start).total_seconds() for start, _, end in rows if start and end]
    return {
        "p50_first_hold_s": percentile(held, 0.5),
        "p95_first_hold_s": percentile(held, 0.95),
        "p50_quiet_s": percentile(quiet, 0.5),
        "p95_quiet_s": percentile(quiet, 0.95),
    }


def reach() -> dict[str, tuple[int, int]]:
    """Deepest hop and number of banks of each complaint's trail, by complaint number."""
    from thaam.chase.models import Trail

    hops: dict[str, int] = defaultdict(int)
    banks: dict[str, set[str]] = defaultdict(set)
    rows = Trail.objects.values_list("claim__chase__reference", "hop", "payment__payer_bank", "payment__payee_bank")
    for reference, hop, *both in rows:
        hops[reference] = max(hops[reference], hop)
        banks[reference] |= {bank for bank in both if bank}
    return {reference: (hop, len(banks[reference])) for reference, hop in hops.items()}


def traced() -> dict[tuple[str, str], int]:
    """Paise of each claim in each payment, by (complaint number, reference), as the platform traced them."""
    from thaam.chase.models import Trail

    paise: dict[tuple[str, str], int] = defaultdict(int)
    for number, reference, lo, hi in Trail.objects.values_list(
        "claim__chase__reference", "payment__reference", "lo", "hi"
    ):
        paise[number, reference] += hi - lo
    return dict(paise)


def innocent_held(held_by_place: Mapping[tuple[str, str], int], guilty: Collection[tuple[str, str]]) -> int:
    """Paise held on accounts that belong to nobody in on it."""
    return sum(paise for place, paise in held_by_place.items() if place not in guilty)


def rupee_minutes(false_numbers: Collection[str], *, at: dt.datetime) -> float:
    """Rupees times minutes held for complaints that were false: the harm of believing them."""
    from thaam.chase.models import Trail
    from thaam.holds.models import Hold

    if not false_numbers:
        return 0.0
    payments = Trail.objects.filter(claim__chase__reference__in=list(false_numbers)).values_list(
        "payment_id", flat=True
    )
    total = 0.0
    for hold in Hold.objects.filter(payment_id__in=list(payments)).prefetch_related("entries"):
        total += sum(_harm(entry, hold.expires_at, at) for entry in hold.entries.all())
    return round(total, 1)


def _harm(entry: Any, expires_at: dt.datetime, at: dt.datetime) -> float:
    end = min(at, expires_at)
    minutes = (end - min(entry.at, end)).total_seconds() / 60
    return float((1 if entry.kind == "held" else -1) * entry.amount_paise / 100 * minutes)


@despite_restarts
def expired_by_nodes() -> int:
    """Holds that a node ended by its own clock and said so."""
    from thaam.mailbox.models import Answer

    return sum(
        answer.message.reason == "expired"
        for answer in Answer.objects.filter(kind="ReleaseDone").exclude(settled_at=None)
    )


@despite_restarts
def told() -> dict[str, int]:
    """What supervisors are told of: disagreements, differences, lapses, refusals, contradictions, breaches."""
    from thaam.journal.models import Fact

    kinds = {
        "banks_disagree": "banks:disagree",
        "holds_differ": "holds:differ",
        "orders_lapsed": "order:lapsed",
        "answers_refused": "answer:refused",
        "answers_in_conflict": "answer:conflict",
        "holds_broken": "hold:broken",
        "claims_denied": "claim:denied",
    }
    return {name: Fact.objects.filter(kind=kind).count() for name, kind in kinds.items()}


@despite_restarts
def pace(taken: Mapping[str, float]) -> dict[str, float | int | None]:
    """How fast orders travel. `taken`: when each order was in its node's hands, seconds since 1970, by order id.

    Round trips a second are counted from the first complaint confirmed to the last answer but for the tail of timers.
    """
    from thaam.chase.models import Chase, Trail
    from thaam.mailbox.models import Answer, Order

    waits = [
        taken[str(id)] - at.timestamp() for id, at in Order.objects.values_list("id", "posted_at") if str(id) in taken
    ]
    first: dict[str, float] = {}
    for order in Order.objects.filter(kind__in=["LocatePayment", "HoldOrder"]):
        if str(order.pk) in taken:
            number = order.message.basis.reference
            first[number] = min(first.get(number, taken[str(order.pk)]), taken[str(order.pk)])
    started = {number: at for number, at in Chase.objects.values_list("reference", "started_at") if at}
    reached = [first[number] - at.timestamp() for number, at in started.items() if number in first]
    answers = sorted(
        at.timestamp() for at in Answer.objects.exclude(order_id=None).values_list("settled_at", flat=True) if at
    )
    busy = [at for at in answers if started and at >= min(started.values()).timestamp()]
    middle = busy[: max(int(len(busy) * 0.95), 1)]
    seconds = middle[-1] - min(started.values()).timestamp() if middle and started else 0.0
    calls: dict[str, set[Any]] = defaultdict(set)
    for number, payment in Trail.objects.values_list("claim__chase__reference", "payment_id"):
        calls[number].add(payment)
    return {
        "p50_order_in_hand_s": percentile(waits, 0.5),
        "p95_order_in_hand_s": percentile(waits, 0.95),
        "p95_first_order_in_hand_s": percentile(reached, 0.95),
        "round_trips_per_s": round(len(middle) / seconds, 1) if seconds else None,
        "p50_payments_in_trail": percentile([float(len(each)) for each in calls.values()], 0.5),
    }
