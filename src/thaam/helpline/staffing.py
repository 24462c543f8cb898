"""How many people a shift needs: Erlang C (nobody hangs up) and Erlang A (callers have patience).

Erlang C: Erlang 1917. Erlang A (M/M/N+M): Palm 1946, as in Garnett, Mandelbaum and Reiman 2002. Pure arithmetic;
loads in calls per hour, times in seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

AGENTS_MAX = 2_000


class CannotStaff(ValueError):
    """A load or a target for which there is no sensible answer."""


@dataclass(frozen=True, slots=True)
class Service:
    """What a number of agents gives: shares 0..1 of calls, times in seconds."""

    agents: int
    waits: float
    within: float
    mean_wait_s: float
    abandons: float
    occupancy: float


def erlang_b(load: float, agents: int) -> float:
    """Share of calls lost when nobody waits (`load` in Erlangs)."""
    lost = 1.0
    for agent in range(1, agents + 1):
        lost = load * lost / (agent + load * lost)
    return lost


def erlang_c(*, calls_per_hour: float, handling_s: float, agents: int, within_s: float = 20) -> Service:
    """Service when every caller waits for ever. Raises CannotStaff when the queue would grow without end."""
    load = calls_per_hour * handling_s / 3600
    if agents <= load:
        raise CannotStaff(f"{agents} agents cannot carry {load:.2f} Erlangs")
    blocked = erlang_b(load, agents)
    waits = blocked / (1 - load / agents * (1 - blocked))
    spare = (agents - load) / handling_s
    return Service(agents, waits, 1 - waits * math.exp(-spare * within_s), waits / spare, 0.0, load / agents)


def erlang_a(
    *, calls_per_hour: float, handling_s: float, agents: int, patience_s: float, within_s: float = 20
) -> Service:
    """Service when callers hang up after an exponential patience with mean `patience_s`.

    Solved as a birth-death chain; `within` is the share of offered calls answered within `within_s`, by
    conditioning on the queue found (each place ahead leaves at the rate of service and of impatience)."""
    arrive, serve, leave = calls_per_hour / 3600, 1 / handling_s, 1 / patience_s
    weights = [1.0]
    most = 1.0
    while len(weights) < 200_000:
        state = len(weights)
        rate = min(state, agents) * serve + max(0, state - agents) * leave
        weights.append(weights[-1] * arrive / rate)
        most = max(most, weights[-1])
        if state > agents and weights[-1] < 1e-14 * most:
            break
        if weights[-1] > 1e200:
            weights, most = [weight * 1e-200 for weight in weights], most * 1e-200
    total = sum(weights)
    chance = [weight / total for weight in weights]
    waits = sum(chance[agents:])
    queue = sum((state - agents) * share for state, share in enumerate(chance) if state > agents)
    abandons = leave * queue / arrive if arrive else 0.0
    busy = sum(min(state, agents) * share for state, share in enumerate(chance))
    within = sum(chance[:agents])
    for ahead, share in enumerate(chance[agents : agents + 400]):
        served = _served_within(ahead, agents * serve, leave, within_s)
        within += share * served
        if served < 1e-9:
            break  # nobody further back is served in time either
    return Service(agents, waits, min(within, 1.0), queue / arrive if arrive else 0.0, abandons, busy / agents)


def _served_within(ahead: int, service: float, leave: float, within_s: float) -> float:
    """P(served by `within_s`) for a caller with `ahead` waiting before: the chain of places ahead moves at rates
    service + k*leave, and the caller's own patience runs beside it; integrated in small steps."""
    steps = 60
    step = within_s / steps
    places = [0.0] * (ahead + 1)
    places[ahead] = 1.0
    served = 0.0
    for _ in range(steps):
        fresh = [0.0] * (ahead + 1)
        for place, share in enumerate(places):
            moving = service + place * leave
            gone = share * (1 - math.exp(-(moving + leave) * step))
            fresh[place] += share - gone
            onward = gone * moving / (moving + leave)
            if place == 0:
                served += onward
            else:
                fresh[place - 1] += onward
        places = fresh
    return served


def suggest_agents(
    *,
    calls_per_hour: float,
    handling_s: float,
    within_s: float = 20,
    target: float = 0.8,
    patience_s: float | None = None,
    shrinkage: float = 0.3,
) -> tuple[Service, int]:
    """The fewest agents that answer `target` of the offered calls within `within_s`, and how many people to put on
    the roster when `shrinkage` of paid time is leave, training and breaks. Raises CannotStaff."""
    if calls_per_hour < 0 or handling_s <= 0 or not 0 < target < 1 or not 0 <= shrinkage < 1:
        raise CannotStaff("the load, the handling time, the target or the shrinkage makes no sense")
    load = calls_per_hour * handling_s / 3600
    low = max(1, math.floor(load) + 1 if patience_s is None else math.floor(load * 0.5))

    def served(agents: int) -> Service:
        if patience_s is None:
            return erlang_c(calls_per_hour=calls_per_hour, handling_s=handling_s, agents=agents, within_s=within_s)
        return erlang_a(
            calls_per_hour=calls_per_hour,
            handling_s=handling_s,
            agents=agents,
            patience_s=patience_s,
            within_s=within_s,
        )

    # More people never serve less: double until it is enough, then halve the gap.
    high = low
    while served(high).within < target:
        low, high = high + 1, high * 2
        if low > AGENTS_MAX:
            raise CannotStaff(f"more than {AGENTS_MAX} agents would be needed")
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if served(middle).within >= target else (middle + 1, high)
    return served(low), math.ceil(low / (1 - shrinkage))
