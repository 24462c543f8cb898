"""A node's configuration file (TOML) and the node it describes.

    bank = "DEMO1"
    platform_url = "https://thaam.example"
    key = "demo1.pem"                      # our private key, PKCS #8 PEM
    key_id = "ed25519-..."                 # optional: derived from the key
    data = "data"                          # folder of the node's two files
    poll_seconds = 0.5

    [platform_keys]                        # pinned: key id = public key (base64url)
    "ed25519-..." = "..."

    [core]
    adapter = "toybank"
    url = "http://127.0.0.1:8100"

    [limits]                               # optional, see parts.Limits
    expect_days = 2

Relative paths are relative to the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from thaam.node.adapters import open_core
from thaam.node.parts import Limits, Parts
from thaam.node.pull import Node
from thaam.node.records import Records
from thaam.postings.store import NodeStore
from thaam.wire import keys
from thaam.wire.client import BankClient


class BadConfig(ValueError):
    """The file lacks something or says something that cannot be; the message says what, in one sentence."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the file says."""

    bank: str
    platform_url: str
    key: Path
    key_id: str | None
    platform_keys: dict[str, str]
    data: Path
    poll_seconds: float
    core: dict[str, Any]
    limits: Limits = field(default_factory=Limits)


_NAMES = frozenset({"bank", "platform_url", "key", "key_id", "platform_keys", "data", "poll_seconds", "core", "limits"})


def read_config(path: Path) -> Config:
    """Read the file. Raises BadConfig."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        raise BadConfig(f"{path}: {why}") from why
    if unknown := found.keys() - _NAMES:
        raise BadConfig(f"{path}: unknown name {min(unknown)!r}")
    for name in ("bank", "platform_url", "key", "platform_keys", "core"):
        if not found.get(name):
            raise BadConfig(f"{path}: {name} is missing")
    poll = found.get("poll_seconds", 0.5)
    if not isinstance(poll, int | float) or not 0.05 <= poll <= 60:
        raise BadConfig(f"{path}: poll_seconds must be from 0.05 to 60")
    try:
        limits = Limits(**found.get("limits", {}))
    except TypeError as why:
        raise BadConfig(f"{path}: limits: {why}") from why
    return Config(
        bank=str(found["bank"]),
        platform_url=str(found["platform_url"]),
        key=path.parent / str(found["key"]),
        key_id=found.get("key_id"),
        platform_keys=dict(found["platform_keys"]),
        data=path.parent / str(found.get("data", "data")),
        poll_seconds=float(poll),
        core=dict(found["core"]),
        limits=limits,
    )


def open_node(config: Config, *, now: Callable[[], datetime]) -> Node:
    """The node of a configuration, its files opened. Raises BadConfig, OSError."""
    try:
        key = keys.load(config.key, key_id=config.key_id)
        pinned = {key_id: keys.public_from_text(text) for key_id, text in config.platform_keys.items()}
        settings = {name: value for name, value in config.core.items() if name != "adapter"}
        core = open_core(adapter=config.core["adapter"], bank=config.bank, settings=settings)
    except KeyError as why:
        raise BadConfig(f"[core] lacks {why}") from why
    except (OSError, keys.BadKey, ValueError) as why:
        raise BadConfig(str(why)) from why
    config.data.mkdir(parents=True, exist_ok=True)
    parts = Parts(
        bank=config.bank,
        core=core,
        ledger=NodeStore.open(str(config.data / "ledger.sqlite")),
        records=Records(str(config.data / "records.sqlite"), key=key),
        limits=config.limits,
    )
    client = BankClient(base_url=config.platform_url, bank=config.bank, key=key, platform_keys=pinned, now=now)
    return Node(parts=parts, client=client, now=now)
