"""Sharing out what was held among several victims: pari passu by claim, to the paisa.

The pool is what is held on one account at the cut-off. A claimant is a claim whose money entered that
account; its weight is what entered, less what the claimant has back or held elsewhere; nobody gets
more than their own loss that is still unrecovered. This is the formula of Korea's act on refunds to
victims (money left x own loss / all losses), with the cap and with whole paise: what the division
leaves over goes to the largest remainders, the smaller claim id first among equals.

Money stolen twice: when B's stolen money was A's before, A's claim lies inside B's. Then B's part is
computed as if A did not exist, and A and B share that part by the same formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claimant:
    """One claim on the pool; all amounts in paise.

    `entered` came into this account from the claim, `elsewhere` of it is back or held elsewhere,
    `unrecovered` is the loss still open (the cap), `traced` is what tracing alone would give: the
    claim's own paise among those held. `inside` names the claim whose money this one's became.
    """

    claim_id: str
    entered: int
    elsewhere: int
    unrecovered: int
    traced: int = 0
    inside: str | None = None

    @property
    def weight(self) -> int:
        """What counts in the division."""
        return max(0, self.entered - self.elsewhere)


@dataclass(frozen=True, slots=True)
class Share:
    """What one claim gets, and beside it what tracing alone would give."""

    claim_id: str
    paise: int
    traced: int


class BadClaimants(ValueError):
    """Two claims with one id, an amount below zero, or a claim inside one that is not there or inside itself."""


def share_out(*, pool: int, claimants: Iterable[Claimant]) -> tuple[Share, ...]:
    """Divide `pool` paise among the claimants, in the order of their ids.

    The shares add up to the pool, or to all the caps when the pool is larger. Raises BadClaimants.
    """
    by_id = _checked(pool, claimants)
    children: dict[str | None, list[Claimant]] = {}
    for claimant in by_id.values():
        children.setdefault(claimant.inside, []).append(claimant)
    given: dict[str, int] = {}
    waiting: list[tuple[int, list[Claimant], str | None]] = [(pool, children.get(None, []), None)]
    while waiting:
        paise, group, owner = waiting.pop()
        # A claim with others inside stands for all of them, except in the division among themselves: its own open
        # loss bounds the part, and the part is never more than it could take alone.
        weights = {c.claim_id: c.weight for c in group}
        caps = {c.claim_id: c.unrecovered for c in group}
        for claim_id, part in apportion(paise, weights=weights, caps=caps).items():
            inside = children.get(claim_id, [])
            if inside and claim_id != owner:
                waiting.append((part, [by_id[claim_id], *inside], claim_id))
            else:
                given[claim_id] = part
    return tuple(Share(key, given[key], by_id[key].traced) for key in sorted(by_id))


def apportion(total: int, *, weights: Mapping[str, int], caps: Mapping[str, int] | None = None) -> dict[str, int]:
    """Whole paise in proportion to the weights, none above its cap; the largest remainders get what is left over.

    A part that reaches its cap stands still, and the rest is divided among the others again. The
    parts add up to `total`, or to the caps of all with weight when those are less.
    """
    limits = dict.fromkeys(weights, total) if caps is None else caps
    parts = dict.fromkeys(weights, 0)
    active = {key: weight for key, weight in weights.items() if weight > 0}
    left = total
    while active and left > 0:
        whole = sum(active.values())
        full = [key for key, weight in active.items() if left * weight >= limits[key] * whole]
        if not full:
            floors = {key: left * weight // whole for key, weight in active.items()}
            by_remainder = sorted(active, key=lambda key: (-(left * active[key] % whole), key))
            for key in by_remainder[: left - sum(floors.values())]:
                floors[key] += 1
            parts.update(floors)
            break
        for key in full:
            parts[key] = limits[key]
            left -= parts[key]
            del active[key]
    return parts


def _checked(pool: int, claimants: Iterable[Claimant]) -> dict[str, Claimant]:
    by_id: dict[str, Claimant] = {}
    for claimant in claimants:
        if claimant.claim_id in by_id:
            raise BadClaimants(f"two claims {claimant.claim_id}")
        if min(claimant.entered, claimant.elsewhere, claimant.unrecovered, claimant.traced) < 0:
            raise BadClaimants(f"claim {claimant.claim_id} has an amount below zero")
        by_id[claimant.claim_id] = claimant
    if pool < 0:
        raise BadClaimants(f"a pool of {pool} paise")
    for claimant in by_id.values():
        seen: set[str] = set()
        up: Claimant | None = claimant
        while up is not None and up.inside is not None:
            if up.claim_id in seen or up.inside not in by_id:
                raise BadClaimants(f"claim {claimant.claim_id} is inside {up.inside}, which leads nowhere")
            seen.add(up.claim_id)
            up = by_id[up.inside]
    return by_id
