"""Service figures of a period, with the definitions call centres use (docs/how-to/calls.md).

Means and percentages are rounded half up to two decimals from whole milliseconds; None where nothing is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from thaam.helpline.calls import Call, Outcome

Figure = int | float | None


def service_figures(
    calls: Iterable[Call], *, wait_of: str = "answered", within_of: str = "offered"
) -> dict[str, Figure]:
    """The figures of these calls. `offered` = `answered` + `abandoned`; excluded and open calls stand outside.

    `wait_of`: whose wait `mean_wait_s` is: answered, offered (abandoned too), or waited (answered, above 0 s).
    `within_of`: of what `within_20s_pct` is a share: offered or answered.
    """
    answered: list[Call] = []
    abandoned: list[Call] = []
    excluded = still_open = 0
    for call in calls:
        if call.outcome is Outcome.ANSWERED:
            answered.append(call)
        elif call.outcome is Outcome.ABANDONED:
            abandoned.append(call)
        elif call.outcome is Outcome.EXCLUDED:
            excluded += 1
        else:
            still_open += 1
    offered = len(answered) + len(abandoned)
    waits = _known(call.wait_ms for call in answered)
    lost = _known(call.wait_ms for call in abandoned)
    handled = _known(call.handling_ms for call in answered)
    within = {limit: sum(wait <= limit * 1000 for wait in waits) for limit in (20, 60)}
    return {
        "offered": offered,
        "answered": len(answered),
        "abandoned": len(abandoned),
        "excluded": excluded,
        "abandonment_pct": _percent(len(abandoned), offered),
        "within_20s_pct": _percent(within[20], offered if within_of == "offered" else len(answered)),
        "mean_wait_s": _mean({"offered": waits + lost, "waited": [one for one in waits if one]}.get(wait_of, waits)),
        "mean_handling_s": _mean(handled),
        "within_60s_pct": _percent(within[60], offered if within_of == "offered" else len(answered)),
        "within_20s_of_answered_pct": _percent(within[20], len(answered)),
        "mean_wait_all_s": _mean(waits + lost),
        "mean_wait_of_waiting_s": _mean([one for one in waits if one]),
        "mean_wait_abandoned_s": _mean(lost),
        "longest_wait_s": _seconds(max(waits + lost)) if waits + lost else None,
        "open": still_open,
    }


def _known(values: Iterable[int | None]) -> list[int]:
    return [value for value in values if value is not None]


def _rounded(value: Decimal) -> float:
    return float(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _percent(part: int, whole: int) -> float | None:
    return _rounded(Decimal(100 * part) / whole) if whole else None


def _mean(milliseconds: list[int]) -> float | None:
    return _rounded(Decimal(sum(milliseconds)) / len(milliseconds) / 1000) if milliseconds else None


def _seconds(milliseconds: int) -> float:
    return _rounded(Decimal(milliseconds) / 1000)
