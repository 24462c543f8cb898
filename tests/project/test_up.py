"""`thaam up`: one command, one plain sentence when it cannot, nothing left behind when it ends."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from ports import free_port

ROOT = Path(__file__).resolve().parents[2]


def _up(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "thaam", "up", *arguments]
    return subprocess.run(command, env=_env(), capture_output=True, text=True, timeout=180, check=False)


def _env() -> dict[str, str]:
    dropped = {name: value for name, value in os.environ.items() if not name.startswith(("THAAM_", "DATABASE_"))}
    return dropped | {"PYTHONPATH": str(ROOT / "src")}


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder the database's user can reach."""
    folder = Path("/tmp") / f"thaam-up-{os.getpid()}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_port_in_use_is_one_sentence(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _up("--data", str(data), "--port", str(port))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"thaam: Port {port} cannot be used (Address already in use). Choose another one: --port N.\n"
    )


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = _up("--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert done.stderr.startswith("thaam: The data folder ")
    assert done.stderr.count("\n") == 1


def test_real_data_is_never_mixed_with_a_demo_and_never_forgotten(data: Path) -> None:
    data.mkdir()
    (data / "kind").write_text("real")
    port = str(free_port())
    assert "holds real data" in _up("--data", str(data), "--port", port).stderr
    assert "demo data only" in _up("--data", str(data), "--port", port, "--fresh").stderr
    assert (data / "kind").exists()


def test_up_serves_a_page_and_ends_every_child(data: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "thaam", "up", "--data", str(data), "--port", str(port), "--no-demo"]
    process = subprocess.Popen(command, env=_env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
        with urlopen(f"http://127.0.0.1:{port}/health", timeout=60) as page:
            assert page.status == 200
        again = _up("--data", str(data), "--port", str(free_port()))
        assert "already runs" in again.stderr
        children = _descendants(process.pid)
        assert len(children) >= 6
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(180)
    assert process.returncode == 0
    until = time.monotonic() + 60
    while left := [pid for pid in children if _alive(pid)]:
        assert time.monotonic() < until, left
        time.sleep(0.05)
    process.stdout.close()
    if process.stderr:
        process.stderr.close()


def _descendants(pid: int) -> list[int]:
    found = []
    with contextlib.suppress(OSError):  # a short-lived child may end while we look
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[-1].split()[0] != "Z"
    except OSError:
        return False
