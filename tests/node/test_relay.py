"""The same signed requests over a real NATS server that is killed and comes back: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from node.conftest import World
from ports import free_port
from thaam.node.pull import Node
from thaam.wire import relay as wire_relay
from thaam.wire.messages import HoldAnswer
from thaam.wire.relay import BadEnvelope, RelayTransport, pack, unpack
from wire.hostile import wrong_json

SERVER = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")


def needs_server() -> None:
    pytest.importorskip("nats", reason="the package nats-py (extra `relay`) is not installed")
    if SERVER is None:
        pytest.skip("nats-server is not installed (Debian: apt-get install nats-server)")


class Broker:
    """A nats-server with JetStream on a folder; may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        assert SERVER is not None
        self.process = subprocess.Popen(
            [SERVER, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self.folder)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("the broker did not come up")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


class PlatformsEnd:
    """stream/relay.py in a thread, before the small platform's door."""

    def __init__(self, broker: Broker, url: str) -> None:
        from thaam.stream.relay import Relay

        self.relay = Relay(url=broker.url, credentials=None, web_url=url, public_url=url)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self.relay.run()), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self.relay.stop)
        self._thread.join(60)
        self._loop.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    needs_server()
    made = Broker(tmp_path / "broker")
    yield made
    made.kill()


@pytest.fixture
def ours(broker: Broker, world: World) -> Iterator[PlatformsEnd]:
    """The platform's end, up."""
    made = PlatformsEnd(broker, world.platform.url)
    yield made
    made.stop()


def node_over(broker: Broker, world: World) -> Node:
    path = world.folder / "node.toml"
    if "[relay]" not in path.read_text():
        path.write_text(path.read_text() + f'[relay]\nurl = "{broker.url}"\n')
    return world.node()


def held(world: World) -> list[HoldAnswer]:
    return world.platform.answers(HoldAnswer)


def passes(node: Node, seconds: float, until: object) -> None:
    """Pass after pass, as the loop does, until something holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        node.one_pass()
        if until():  # type: ignore[operator]
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")


@pytest.mark.req("S1.7")
@pytest.mark.usefixtures("ours")
def test_an_order_is_taken_and_answered_over_the_broker(broker: Broker, world: World) -> None:
    order = world.hold_order(world.pays(500_000))
    node = node_over(broker, world)
    passes(node, 120, lambda: bool(held(world)))
    assert world.told() == {"held": 500_000}
    assert world.platform.answers()[0].order_id == order.id
    assert len(world.platform.posts) == 1
    node.client.close()


@pytest.mark.usefixtures("ours")
def test_a_killed_broker_costs_time_and_nothing_else(broker: Broker, world: World) -> None:
    first = world.hold_order(world.pays(500_000))
    node = node_over(broker, world)
    passes(node, 120, lambda: len(held(world)) == 1)
    broker.kill()
    second = world.hold_order(world.pays(300_000))
    node.one_pass()  # says that the platform cannot be reached, and holds go on ending by our clock
    assert node.beat.trouble
    broker.start()
    passes(node, 120, lambda: len(held(world)) == 2)
    assert {answer.order_id for answer in held(world)} == {first.id, second.id}
    assert world.lien() == 800_000
    node.client.close()


def test_what_the_broker_has_stored_is_dealt_with_when_the_platform_comes_back(broker: Broker, world: World) -> None:
    ours = PlatformsEnd(broker, world.platform.url)
    order = world.hold_order(world.pays(500_000))
    node = node_over(broker, world)
    passes(node, 120, lambda: bool(held(world)))
    ours.stop()
    world.platform.down = True  # the door is away, then the relay too: the request waits with the broker
    ours = PlatformsEnd(broker, world.platform.url)
    with pytest.raises(httpx.TransportError):
        node.client.transport.handle_request(
            httpx.Request("GET", f"{world.platform.url}/api/v1/mailbox?after=0&limit=1")
        )  # type: ignore[union-attr]
    world.platform.down = False
    again = world.hold_order(world.pays(200_000))
    passes(node, 120, lambda: len(held(world)) == 2)
    assert {answer.order_id for answer in held(world)} == {order.id, again.id}
    node.client.close()
    ours.stop()


def test_without_a_broker_the_node_only_says_so(world: World) -> None:
    needs_server()
    transport = RelayTransport(url=f"nats://127.0.0.1:{free_port()}", bank="B")
    with pytest.raises(httpx.ConnectError):
        transport.handle_request(httpx.Request("GET", "http://thaam.example/api/v1/mailbox"))
    transport.close()


def test_no_bytes_from_a_broker_are_taken_for_an_envelope() -> None:
    good = pack(id="a", method="GET", target="/api/v1/mailbox", headers=[("a", "b")], body=b"\x00\xff")
    shape = {"id": str, "method": str, "target": str}
    found = unpack(good, of=shape)
    assert (found["target"], found["headers"], found["body"]) == ("/api/v1/mailbox", [("a", "b")], b"\x00\xff")
    hostile = [raw for _, raw in wrong_json()]
    hostile += [b"{}", b"[]", good[:-1], good.replace(b'"GET"', b"1"), good.replace(b'"AP8="', b'"*"')]
    for other in (b'"ab"', b"[[1]]", b"{}", b"null"):
        hostile.append(good.replace(b'[["a","b"]]', other))
    hostile.append(good.replace(b'"id"', b'"ib"'))
    for raw in hostile:
        with pytest.raises(BadEnvelope):
            unpack(raw, of=shape)
    assert wire_relay.ASK != wire_relay.TOLD
