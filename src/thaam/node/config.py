"""A node's configuration file (TOML) and the node it describes.

    bank = "DEMO1"
    platform_url = "https://thaam.example"
    key = "demo1.pem"                      # our private key, PKCS #8 PEM
    key_id = "ed25519-..."                 # optional: derived from the key
    data = "data"                          # folder of the node's two files
    poll_seconds = 0.5
    hints = true                           # optional: listen for hints (listening.py); off, the node only polls

    [platform_keys]                        # pinned: key id = public key (base64url)
    "ed25519-..." = "..."

    [core]
    adapter = "toybank"
    url = "http://127.0.0.1:8100"

    [limits]                               # optional, see parts.Limits
    expect_days = 2

    [door]                                 # optional: /metrics, /health and /hint for the bank's own people
    listen = "127.0.0.1:9464"
    token_file = "metrics.token"           # needed when the address is not of this machine

    [mules]                                # optional: look for mule accounts each night (extra `looking`)
    at = "03:00"                           # time of day in India
    days = 180                             # how far back
    least = 0.95                           # score from which an account is told, most ten a night
    accounts = "accounts.csv"              # optional: KYC details (docs/mules.md)

    [relay]                                # optional: a NATS broker instead of HTTP to platform_url (extra `relay`)
    url = "nats://broker.example:4222"
    credentials = "bank.creds"

Relative paths are relative to the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

from thaam.node.adapters import open_core
from thaam.node.door import NodeDoor
from thaam.node.listening import Ear
from thaam.node.looking import Looker, Looking
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
    hints: bool = False
    limits: Limits = field(default_factory=Limits)
    door: Door | None = None
    relay: Relay | None = None
    looking: Looking | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """Where the node shows its figures and takes hints."""

    host: str
    port: int
    token: str


@dataclass(frozen=True, slots=True)
class Relay:
    """The broker that carries requests to the platform."""

    url: str
    credentials: Path | None


_NAMES = frozenset(
    {
        "bank",
        "platform_url",
        "key",
        "key_id",
        "platform_keys",
        "data",
        "poll_seconds",
        "hints",
        "core",
        "limits",
        "door",
        "relay",
        "mules",
    }
)


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
    if not isinstance(found.get("hints", False), bool):
        raise BadConfig(f"{path}: hints is true or false")
    try:
        told = dict(found.get("limits", {}))
        pools = told.pop("pools_at", [])
        if not isinstance(pools, list) or not all(isinstance(code, str) for code in pools):
            raise TypeError("pools_at is a list of banks' codes")
        limits = Limits(pools_at=tuple(pools), **told)
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
        hints=bool(found.get("hints", False)),
        limits=limits,
        door=_door(found.get("door"), path),
        relay=_relay(found.get("relay"), path),
        looking=_looking(found.get("mules"), path),
    )


def _door(told: dict[str, Any] | None, path: Path) -> Door | None:
    """The [door] table. An address others can reach shows nothing without a token."""
    if told is None:
        return None
    if unknown := told.keys() - {"listen", "token_file"}:
        raise BadConfig(f"{path}: door: unknown name {min(unknown)!r}")
    host, _, port = str(told.get("listen", "")).rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise BadConfig(f"{path}: door: listen is host:port")
    try:
        token = (path.parent / told["token_file"]).read_text().strip() if told.get("token_file") else ""
    except OSError as why:
        raise BadConfig(f"{path}: door: {why}") from why
    if not token and host not in ("127.0.0.1", "localhost", "::1", "[::1]"):
        raise BadConfig(f"{path}: door: {host} can be reached by others: name a token_file")
    return Door(host.strip("[]"), int(port), token)


def _relay(told: dict[str, Any] | None, path: Path) -> Relay | None:
    if told is None:
        return None
    if (unknown := told.keys() - {"url", "credentials"}) or not told.get("url"):
        raise BadConfig(f"{path}: relay: " + (f"unknown name {min(unknown)!r}" if unknown else "url is missing"))
    return Relay(str(told["url"]), path.parent / told["credentials"] if told.get("credentials") else None)


def _looking(told: dict[str, Any] | None, path: Path) -> Looking | None:
    """The [mules] table; a name or a value that cannot be is refused before anything runs."""
    if told is None:
        return None
    given = dict(told)
    try:
        if "at" in given:
            given["at"] = time.fromisoformat(given["at"])
        if "accounts" in given:
            given["accounts"] = path.parent / given["accounts"]
        looking = Looking(**given)
    except (TypeError, ValueError) as why:
        raise BadConfig(f"{path}: mules: {why}") from why
    if not 0 < looking.least <= 1 or looking.days < 1 or looking.most < 1:
        raise BadConfig(f"{path}: mules: least is above 0 and at most 1, days and most from 1")
    if looking.accounts is not None and not looking.accounts.is_file():
        raise BadConfig(f"{path}: mules: there is no file {looking.accounts}")
    return looking


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
        ledger=NodeStore.open(str(config.data / "ledger.sqlite"), synchronous="FULL"),
        records=Records(str(config.data / "records.sqlite"), key=key),
        limits=config.limits,
    )
    transport = None
    woken: list[Node] = []
    if config.relay is not None:
        from thaam.wire.relay import RelayTransport

        transport = RelayTransport(
            url=config.relay.url,
            bank=config.bank,
            credentials=config.relay.credentials,
            hinted=lambda: _wake(woken),
        )
    client = BankClient(
        base_url=config.platform_url, bank=config.bank, key=key, platform_keys=pinned, now=now, transport=transport
    )
    looker = Looker(looking=config.looking, folder=config.data) if config.looking else None
    node = Node(parts=parts, client=client, now=now, looker=looker)
    woken.append(node)
    return node


def _wake(nodes: list[Node]) -> None:
    for node in nodes:
        node.wake()


def open_door(config: Config, node: Node) -> NodeDoor | None:
    """The node's own address, when the configuration names one; and its ear, when it asks for hints.

    Raises OSError when the address is taken.
    """
    if config.hints:
        Ear(where=node.client.hints, wake=node.wake)
    if config.door is None:
        return None
    pinned = [keys.public_from_text(text) for text in config.platform_keys.values()]
    return NodeDoor(
        address=(config.door.host, config.door.port),
        token=config.door.token,
        parts=node.parts,
        beat=node.beat,
        platform_keys=lambda: pinned,
        wake=node.wake,
        now=node.now,
    )
