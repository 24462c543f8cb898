"""The whole of schemathesis, as anybody would run it, against our real web server."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from cast import NOON
from ports import free_port
from thaam.parties.keys import introduce_platform_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]


def test_schemathesis_finds_nothing_in_the_description_and_the_server(
    database_env: dict[str, str], tmp_path: Path
) -> None:
    """Coverage, fuzzing and stateful phases; a request nobody signed is refused, a wrong one too, never with a 5xx."""
    introduce_platform_key(at=NOON)
    port = str(free_port())
    address = f"http://127.0.0.1:{port}"
    env = database_env | {"THAAM_ROLE": "app", "THAAM_LOG": "CRITICAL"}
    web = subprocess.Popen([sys.executable, "-m", "thaam", "serve", "web", "--port", port], env=env)
    try:
        _until_up(f"{address}/health")
        command = ["run", f"{address}/api/v1/openapi.json", "--max-examples", "25", "--request-timeout", "60"]
        done = subprocess.run(
            [Path(sys.executable).with_name("schemathesis"), *command],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4_000:]
    finally:
        web.terminate()
        web.wait(60)


def _until_up(address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx.get(address, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")
