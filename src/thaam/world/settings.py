"""The generator's committed settings: one easy, the others hard in one way each, and one hard in every way."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, fields
from importlib import resources


class UnknownSetting(Exception):
    """There is no setting of this name in settings.toml."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What makes a world easy or hard to trace; the unit is in each name, the meaning in settings.toml."""

    name: str
    note: str
    days: int
    accounts_per_payment: float
    claims_per_payment: float
    local_share: float
    amount_median_rupees: float
    amount_sigma: float
    loss_median_rupees: float
    loss_sigma: float
    mules_per_claim: float
    hops_min: int
    hops_max: int
    fanout_weights: tuple[float, ...]
    split_floor_rupees: float
    keep_max: float
    cash_on_the_way: float
    leaf_kept: float
    innocent_leaf: float
    delay_mean_seconds: float
    report_median_seconds: float
    report_sigma: float
    stock_rupees: float
    mule_traffic: float
    mule_busy_share: float
    pool_share: float
    pool_traffic: float
    bulk_share: float
    overdraft_share: float
    refund_share: float
    in_flight_share: float
    wide_share: float
    evasion_share: float
    false_share: float


def setting(name: str = "easy") -> Setting:
    """The committed setting of this name; raises `UnknownSetting` naming those there are."""
    table = tomllib.loads(_text())
    if name not in table:
        raise UnknownSetting(f"no setting {name!r}; there are: {', '.join(table)}")
    values = {**table["easy"], **table[name], "name": name}
    values["fanout_weights"] = tuple(values["fanout_weights"])
    known = {field.name for field in fields(Setting)}
    if odd := set(values) - known:
        raise UnknownSetting(
            f"settings.toml says {', '.join(sorted(odd))} in {name!r}, which the generator does not know"
        )
    return Setting(**values)


def names() -> tuple[str, ...]:
    """All committed settings, the easy one first."""
    return tuple(tomllib.loads(_text()))


def fingerprint() -> str:
    """SHA-256 of the parsed settings, so that a comment may change and a number may not."""
    return hashlib.sha256(repr([setting(name) for name in names()]).encode()).hexdigest()


def _text() -> str:
    return resources.files("thaam.world").joinpath("settings.toml").read_text(encoding="utf-8")
