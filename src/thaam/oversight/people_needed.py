"""How many people each hour of the helpline needs, from the calls of a period (Erlang A; helpline/staffing.py)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from thaam.helpline.staffing import CannotStaff, Service, suggest_agents

TARGET = 0.8


def staffing_of(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """For each hour of the day: mean calls, mean handling, share answered in 60 s, and the fewest people that answer
    80 % within 20 s when callers hang up as patiently as they did; empty without calls.

    About 25 ms an hour of the day: reckoned when a snapshot is taken, and frozen with it.
    """
    if not figures.get("hours") or not figures.get("days"):
        return []
    abandoned = figures.get("abandoned") or 0
    patience = (
        max(10.0, (figures.get("mean_wait_all_s") or 30.0) * figures["offered"] / abandoned) if abandoned else 600.0
    )
    found = []
    for hour in range(24):
        offered, within, answered, handled = (sum(day[hour][place] for day in figures["hours"]) for place in range(4))
        calls = offered / figures["days"]
        handling = handled / answered / 1000 if answered else figures.get("mean_handling_s") or 180.0
        service, roster = _people(round(calls, 1), round(handling), round(patience))
        found.append(
            {
                "hour": hour,
                "calls": round(calls, 1),
                "handling": round(handling),
                "agents": service.agents if service else 1,
                "roster": roster,
                "within": round(100 * within / offered, 1) if offered else None,
                "busy": round(100 * service.occupancy) if service else 0,
            }
        )
    return found


@lru_cache(maxsize=2000)
def _people(calls: float, handling: int, patience: int) -> tuple[Service | None, int]:
    try:
        return suggest_agents(
            calls_per_hour=max(calls, 0.1), handling_s=max(handling, 1), target=TARGET, patience_s=patience
        )
    except CannotStaff:
        return None, 1
