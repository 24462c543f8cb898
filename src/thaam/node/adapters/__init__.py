"""Adapters from the node to core systems, by the name used in the node's configuration."""

from __future__ import annotations

from typing import Any

from thaam.node.corebank import CoreBank


class UnknownAdapter(ValueError):
    """The configuration names an adapter that does not exist."""


def open_core(*, adapter: str, bank: str, settings: dict[str, Any]) -> CoreBank:
    """The core bank of a configuration's `[core]` table. Raises UnknownAdapter, or KeyError for a missing one."""
    if adapter == "toybank":
        from thaam.node.adapters.toybank import ToyBankCore

        return ToyBankCore(bank=bank, url=settings["url"])
    raise UnknownAdapter(f"no adapter {adapter!r}: known is toybank")
