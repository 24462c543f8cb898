"""A bank installs the node and nothing of the platform: no Django, no numpy, no database driver is needed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from node.conftest import World
from thaam.wire.messages import HoldAnswer

ROOT = Path(__file__).resolve().parents[2]
ALONE = """
import sys

class Only:
    allowed = set(sys.stdlib_module_names) | {
        "thaam", "httpx", "httpcore", "h11", "anyio", "sniffio", "certifi", "idna", "cryptography", "cffi",
        "_cffi_backend", "http_message_signatures", "http_sf", "typing_extensions", "exceptiongroup",
    }

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in self.allowed:
            raise ModuleNotFoundError(f"a bank has no {name}", name=name)

sys.meta_path.insert(0, Only())
from thaam.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def thaam(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ALONE, *arguments], capture_output=True, text=True, timeout=180, check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
    )  # fmt: skip


def test_the_packages_a_bank_installs_are_three() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {each.partition(">")[0] for each in project["dependencies"]}
    assert names == {"cryptography", "http-message-signatures", "httpx"}
    assert project["optional-dependencies"]["node"] == ["psycopg[binary]>=3.3.9"]


@pytest.mark.req("S1.7")
def test_an_order_is_carried_out_with_nothing_of_the_platform_installed(world: World) -> None:
    from datetime import UTC, datetime

    world.clock.at = datetime.now(UTC)
    world.hold_order(world.pays(500_000))
    done = thaam("node", "--config", str(world.folder / "node.toml"), "--once")
    assert done.returncode == 0, done.stderr
    assert world.told() == {"held": 500_000}
    assert len(world.platform.answers(HoldAnswer)) == 1


@pytest.mark.parametrize("command", ["node", "conformance", "sandbox"])
def test_what_a_banks_engineer_calls_explains_itself_without_the_platform(command: str) -> None:
    done = thaam(command, "--help")
    assert done.returncode == 0, done.stderr
    assert "usage" in done.stdout
