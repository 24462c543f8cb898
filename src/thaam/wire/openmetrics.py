"""Figures for a monitoring system, as OpenMetrics text: what a scraper reads, and nothing about anybody."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One family: its name without a suffix, its type, what it says, and its values by labels."""

    name: str
    type: Literal["gauge", "counter"]
    help: str
    values: Mapping[tuple[tuple[str, str], ...], float] = field(default_factory=dict)


def one(name: str, help: str, value: float, *, type: Literal["gauge", "counter"] = "gauge") -> Metric:
    """A family of a single value."""
    return Metric(name, type, help, {(): value})


def by(name: str, help: str, label: str, values: Mapping[str, float]) -> Metric:
    """A family of gauges by one label."""
    return Metric(name, "gauge", help, {((label, key),): value for key, value in values.items()})


def text(metrics: Iterable[Metric]) -> str:
    """The exposition, ended as the standard asks."""
    lines: list[str] = []
    for metric in metrics:
        lines += [f"# TYPE {metric.name} {metric.type}", f"# HELP {metric.name} {_escaped(metric.help)}"]
        suffix = "_total" if metric.type == "counter" else ""
        for labels, value in metric.values.items():
            inner = ",".join(f'{name}="{_escaped(word)}"' for name, word in labels)
            written = repr(value) if isinstance(value, float) else str(int(value))
            lines.append(f"{metric.name}{suffix}{'{' + inner + '}' if inner else ''} {written}")
    return "\n".join([*lines, "# EOF"]) + "\n"


def may_read(*, token: str, authorization: str, address: str, forwarded: bool) -> bool:
    """Whoever shows the token; without one configured, this machine itself, and nothing a proxy passed on."""
    if token:
        return hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())
    try:
        return not forwarded and ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
