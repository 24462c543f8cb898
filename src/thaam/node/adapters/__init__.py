"""Adapters from the node to core systems, by the name used in the node's configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from thaam.node.corebank import CoreBank


class UnknownAdapter(ValueError):
    """The configuration names an adapter that does not exist."""


def open_core(*, adapter: str, bank: str, settings: dict[str, Any]) -> CoreBank:
    """The core bank of a configuration's `[core]` table. Raises UnknownAdapter, or KeyError for a missing setting.

    Only the chosen adapter is loaded: a node of a bank on SQLite needs no PostgreSQL driver.
    """
    if adapter == "toybank":
        from thaam.node.adapters.toybank import ToyBankCore

        return ToyBankCore(bank=bank, url=settings["url"])
    if adapter == "http":
        from thaam.node.adapters.http import HttpCore

        token_file = settings.get("token_file")
        token = Path(token_file).read_text(encoding="ascii").strip() if token_file else ""
        return HttpCore(bank=bank, url=settings["url"], token=token, ca_file=settings.get("ca_file"))
    if adapter in ("sqlite", "postgresql"):
        from thaam.node.adapters.tables import PostgresDatabase, SqliteDatabase, TablesCore

        return TablesCore(
            bank=bank,
            database=SqliteDatabase(settings["path"]) if adapter == "sqlite" else PostgresDatabase(settings["url"]),
            answer_seconds=float(settings.get("answer_seconds", 10.0)),
            lag_seconds=float(settings.get("lag_seconds", 0.0)),
        )
    if adapter == "file":
        from thaam.node.adapters.file import FileCore

        accounts = settings.get("accounts")
        return FileCore(bank=bank, postings=Path(settings["postings"]), accounts=Path(accounts) if accounts else None)
    raise UnknownAdapter(f"no adapter {adapter!r}: known are http, sqlite, postgresql, file, toybank")
