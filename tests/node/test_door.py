"""What a node shows to its own people: figures to whom they are for, health, and an ear for hints."""

from __future__ import annotations

import dataclasses
import re
import threading
import time
from pathlib import Path

import httpx
import pytest

from node.conftest import World
from thaam.node.config import BadConfig, open_door, read_config
from thaam.node.door import NodeDoor
from thaam.wire import keys
from thaam.wire.webhook import Hint, sign_hint


def with_door(world: World, told: str) -> Path:
    path = world.folder / "node.toml"
    path.write_text(path.read_text() + f"[door]\n{told}\n")
    return path


def opened(world: World, told: str = 'listen = "127.0.0.1:0"') -> tuple[NodeDoor, str]:
    path = with_door(world, told)
    node = world.until_quiet()
    door = open_door(read_config(path), node)
    assert door is not None
    return door, f"http://127.0.0.1:{door.port}"


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, trust_env=False, timeout=60)


def value_of(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, text
    return float(found[1])


@pytest.mark.req("S1.7")
def test_a_monitoring_system_sees_what_is_held_and_what_is_owed(world: World) -> None:
    world.hold_order(world.pays(500_000))
    world.platform.deaf = True
    door, url = opened(world)
    answer = get(f"{url}/metrics")
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.text.endswith("# EOF\n")
    assert value_of(answer.text, "thaam_node_held_paise") == 500_000
    assert value_of(answer.text, "thaam_node_answers_owed") == 1
    assert value_of(answer.text, 'thaam_node_holds{state="held"}') == 1
    assert value_of(answer.text, "thaam_node_trouble") == 1
    world.platform.deaf = False
    world.until_quiet(world.nodes[-1])
    after = get(f"{url}/metrics").text
    assert (value_of(after, "thaam_node_answers_owed"), value_of(after, "thaam_node_trouble")) == (0, 0)
    for name in re.findall(r"^# TYPE (\S+) counter$", after, re.MULTILINE):
        assert f"\n{name}_total " in after
    assert "balu" not in after  # figures, and nobody's account
    door.close()


def test_figures_are_for_this_machine_or_for_the_token(world: World) -> None:
    door, url = opened(world)
    assert get(f"{url}/metrics", **{"X-Forwarded-For": "203.0.113.7"}).status_code == 403
    door.close()
    (world.folder / "secret").write_text("long and secret\n")
    path = world.folder / "node.toml"
    path.write_text(path.read_text() + 'token_file = "secret"\n')
    node = world.nodes[-1]
    second = open_door(read_config(path), node)
    assert second is not None
    url = f"http://127.0.0.1:{second.port}/metrics"
    assert get(url).status_code == 403
    assert get(url, authorization="Bearer wrong").status_code == 403
    assert get(url, authorization="Bearer long and secret").status_code == 200
    second.close()


@pytest.mark.parametrize("listen", ["0.0.0.0:9464", "bank.example:80"])
def test_an_address_others_can_reach_needs_a_token(world: World, listen: str) -> None:
    with pytest.raises(BadConfig, match="token_file"):
        read_config(with_door(world, f'listen = "{listen}"'))


@pytest.mark.parametrize("told", ["listen = 'x'", "listen = '127.0.0.1:99999'", "lisen = '127.0.0.1:1'", ""])
def test_a_door_that_is_not_understood_is_refused(world: World, told: str) -> None:
    with pytest.raises(BadConfig, match="door"):
        read_config(with_door(world, told))


def test_only_a_true_hint_for_this_bank_wakes_the_node(world: World) -> None:
    door, url = opened(world)
    node = world.nodes[-1]
    key = world.platform.key

    def send(bank: str = "B", signer: keys.SigningKey = key) -> int:
        headers, body = sign_hint(hint=Hint(bank, 7), id="h1", at=world.clock(), keys=[signer])
        return httpx.post(f"{url}/hint", content=body, headers=headers, trust_env=False).status_code

    assert (send("C"), send(signer=keys.generate())) == (204, 401)
    assert not node._woken.is_set()
    assert send() == 204
    assert node._woken.is_set()
    assert httpx.post(f"{url}/hint", content=b"x" * 2_000, trust_env=False).status_code == 413
    assert httpx.post(f"{url}/hint", content=b"\x00", trust_env=False).status_code == 401
    assert httpx.post(f"{url}/else", content=b"", trust_env=False).status_code == 404
    door.close()


def test_a_woken_node_does_not_wait_for_its_poll(world: World) -> None:
    node = world.until_quiet()
    stop = threading.Event()
    loop = threading.Thread(target=node.run, kwargs={"poll_seconds": 600.0, "stop": stop}, daemon=True)
    loop.start()
    time.sleep(0.3)
    order = world.hold_order(world.pays(300_000))
    node.wake()
    until = time.monotonic() + 120
    while not world.platform.answers() and time.monotonic() < until:
        time.sleep(0.02)
    assert [answer.order_id for answer in world.platform.answers()] == [order.id]
    stop.set()
    loop.join(60)
    assert dataclasses.is_dataclass(order)


def test_health_says_whether_the_loop_still_turns(world: World) -> None:
    door, url = opened(world)
    node = world.nodes[-1]
    node.beat.pass_ended = time.time() - 300
    assert get(f"{url}/health").status_code == 503
    node.beat.passed()
    assert get(f"{url}/health").status_code == 200
    assert get(f"{url}/else").status_code == 404
    door.close()
